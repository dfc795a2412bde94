/**
 * The real `npm start`, as a process of its own: whoever ends it, and however, nothing of it stays behind. Its processes are found in
 * `/proc`, by their parents, so this runs on Linux alone; how long a start takes is measured by no test.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findDynamoDbLocal, findDynoxide } from '../../lib/local/engine/programs.ts';
import { PROJECT_ROOT } from '../../lib/local/project-root.ts';

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Ticks since the machine started: a process id may be given away again. */
  readonly startedAt: string;
  readonly command: string;
}

const processAt = (pid: string): Process | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in brackets and may hold anything; state, parent and the rest follow the last of them.
    const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return state === 'Z' ? undefined : { pid: Number(pid), parent: Number(parent), startedAt: rest[17] ?? '', command };
  } catch {
    return undefined;
  }
};

const processes = (): Process[] =>
  readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (processAt(name) ?? []) : []));

/** A process and all that it has started, and they in turn. */
const familyOf = (pid: number): Process[] => {
  const all = processes();
  const withChildren = (one: Process): Process[] => [
    one,
    ...all.filter(({ parent }) => parent === one.pid).flatMap(withChildren),
  ];
  return all.filter((one) => one.pid === pid).flatMap(withChildren);
};

const stillThere = (family: readonly Process[]): Process[] =>
  family.filter(({ pid, startedAt }) => processAt(String(pid))?.startedAt === startedAt);

/** What is left of a family once it had time to end; the poll ends as soon as nothing is. */
const leftOf = async (family: readonly Process[]): Promise<string[]> => {
  const giveUpAt = performance.now() + 10_000;
  while (stillThere(family).length > 0 && performance.now() < giveUpAt) await pause(20);
  return stillThere(family).map(({ command }) => command);
};

const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself between the two lines.
  }
};

const start = async () => {
  const npm = spawn('npm', ['start'], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, PORT: '0', SMTP_PORT: '0', DATA_DIR: '', DYNAMODB_ENDPOINT: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  npm.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  let family = familyOf(npm.pid!);
  onTestFinished(() => {
    for (const { pid } of [...familyOf(npm.pid!), ...stillThere(family)]) kill(pid);
  });
  const lines = createInterface({ input: npm.stdout });
  const ended = once(npm, 'exit') as Promise<[code: number | null, signal: string | null]>;
  const ready = new Promise<{ url: string; smtp: string }>((resolve, reject) => {
    // Before it come npm's own lines, and after it nothing.
    lines.on('line', (line) => {
      if (line.startsWith('{')) resolve(JSON.parse(line) as { url: string; smtp: string });
    });
    void ended.then(([code]) => {
      reject(new Error(`the desk ended with ${String(code)} as it started: ${said}`));
    });
  });
  const { url, smtp } = await ready;
  family = familyOf(npm.pid!);
  return { npm, ended, url, smtp, family };
};

const plansAt = async (url: string): Promise<unknown> => {
  const bearer = { role: 'manager', email: 'manager@example.com' };
  const issued = await fetch(`${url}/local/token`, { method: 'POST', body: JSON.stringify(bearer) });
  const { token } = (await issued.json()) as { token: string };
  const answer = await fetch(`${url}/v1/plans`, { headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, body: await answer.json() };
};

const canRun = process.platform === 'linux' && [findDynoxide(), findDynamoDbLocal()].some(Boolean);

describe.skipIf(!canRun)('npm start says where the desk is, which answers, and leaves no process behind', () => {
  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'when npm is ended by %s',
    async (signal) => {
      const { npm, ended, url, smtp, family } = await start();
      expect(smtp).toMatch(/^127\.0\.0\.1:\d+$/);
      expect(await plansAt(url)).toMatchObject({ status: 200, body: { items: expect.any(Array) } });
      const commands = family.map(({ command }) => command);
      expect(commands).toContainEqual(expect.stringContaining('bin/desk.ts'));
      expect(commands).toContainEqual(expect.stringMatching(/^\S*dynoxide serve|DynamoDBLocal\.jar/));
      npm.kill(signal);
      await ended;
      expect(await leftOf(family)).toEqual([]);
      await expect(fetch(url)).rejects.toThrow('fetch failed');
    },
    60_000,
  );
});
