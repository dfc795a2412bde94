/** A folder has one desk: the second is told which process has it, and one that was killed leaves nothing in the way. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startDesk } from '../../lib/local/desk.ts';
import { lockFolder } from '../../lib/local/folder-lock.ts';
import { preparedDesk } from '../support/desk.ts';

const freshFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'makegood-lock-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
};

/** A process that lives until the test ends. */
const neighbour = async (): Promise<number> => {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => undefined, 1000)']);
  await once(child.stdout, 'data');
  onTestFinished(() => void child.kill('SIGKILL'));
  return child.pid!;
};

/** The id of a process that is over. */
const deadPid = async (): Promise<number> => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid!;
};

describe('the lock of a folder', () => {
  it('is had by one at a time, and again by the next one', () => {
    const folder = join(freshFolder(), 'new');
    const release = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(
      new RegExp(`Another desk \\(process ${String(process.pid)}\\) .*DATA_DIR`),
    );
    release();
    lockFolder(folder)();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is respected while its process lives, which need not be this one', async () => {
    const folder = freshFolder();
    const pid = await neighbour();
    writeFileSync(join(folder, 'desk.lock'), JSON.stringify({ pid }));
    expect(() => lockFolder(folder)).toThrow(`process ${String(pid)}`);
    expect(readdirSync(folder)).toEqual(['desk.lock']);
  });

  it.each<[string, () => Promise<string> | string]>([
    ['a process that is gone', async () => JSON.stringify({ pid: await deadPid() })],
    [
      'a process whose id another one has now',
      async () => JSON.stringify({ pid: await neighbour(), startedAt: 'before' }),
    ],
    ['a desk that died while it wrote', () => '{"pi'],
  ])('of %s is taken over', async (_, left) => {
    const folder = freshFolder();
    writeFileSync(join(folder, 'desk.lock'), await left());
    const release = lockFolder(folder);
    expect(JSON.parse(readFileSync(join(folder, 'desk.lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    release();
    expect(readdirSync(folder)).toEqual([]);
  });
});

it('a second desk does not start on a folder, harms nothing there, and starts once the first is gone', async () => {
  const dataDir = freshFolder();
  const start = () => startDesk({ prepared: preparedDesk(), dataDir });
  const first = await start();
  await expect(start()).rejects.toThrow('Another desk');
  expect((await fetch(`${first.url}/local/clock`)).status).toBe(200);
  await expect(start()).rejects.toThrow('Another desk');
  await first.stop();
  expect(existsSync(join(dataDir, 'desk.lock'))).toBe(false);
  await (await start()).stop();
});
