import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { startEngine } from '../../lib/local/engine.ts';
import type { Engine, EngineOptions } from '../../lib/local/engine.ts';
import { findDynamoDbLocal, findDynoxide } from '../../lib/local/engine/programs.ts';
import { startSupervised } from '../../lib/local/engine/supervised.ts';

const engines: Engine[] = [];
const folders: string[] = [];
const start = async (options: EngineOptions): Promise<Engine> => {
  const engine = await startEngine(options);
  engines.push(engine);
  return engine;
};

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(engines.splice(0).map((engine) => engine.stop()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const client = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

const createTable = (endpoint: string): Promise<unknown> =>
  client(endpoint).send(
    new CreateTableCommand({
      TableName: 'things',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
const put = (endpoint: string, pk: string): Promise<unknown> =>
  client(endpoint).send(new PutItemCommand({ TableName: 'things', Item: { pk: { S: pk } } }));
const has = async (endpoint: string, pk: string): Promise<boolean> => {
  const found = await client(endpoint).send(
    new GetItemCommand({ TableName: 'things', Key: { pk: { S: pk } }, ConsistentRead: true }),
  );
  return found.Item !== undefined;
};

const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Whether the process is gone before the bound; the poll ends as soon as it is. */
const goneWithin = async (pid: number, boundMs: number): Promise<boolean> => {
  const giveUpAt = performance.now() + boundMs;
  while (lives(pid) && performance.now() < giveUpAt) await pause(10);
  return !lives(pid);
};

const dynoxideMissing = findDynoxide() === undefined;
const localMissing = findDynamoDbLocal() === undefined;
const kinds = [
  { engine: 'dynoxide', missing: dynoxideMissing },
  { engine: 'dynamodb-local', missing: localMissing },
] as const;

/** A JVM that hangs as it starts is given up after twenty seconds, and a second one is tried. */
const LONGEST_MS = 60_000;

describe.each(kinds)('$engine', { timeout: LONGEST_MS }, ({ engine, missing }) => {
  test.skipIf(missing)('two run side by side and know nothing of each other', async () => {
    const [one, other] = await Promise.all([start({ engine }), start({ engine })]);
    expect(one.name).toBe(engine);
    await Promise.all([createTable(one.endpoint), createTable(other.endpoint)]);
    await put(one.endpoint, 'only here');
    expect(await has(one.endpoint, 'only here')).toBe(true);
    expect(await has(other.endpoint, 'only here')).toBe(false);
  });

  test.skipIf(missing)('keeps what it answered for when it is killed', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'engine-'));
    folders.push(dataDir);
    const first = await start({ engine, dataDir });
    await createTable(first.endpoint);
    await put(first.endpoint, 'kept');
    process.kill(first.pid!, 'SIGKILL');
    await first.stop();
    const second = await start({ engine, dataDir });
    expect(await has(second.endpoint, 'kept')).toBe(true);
  });
});

test.skipIf(dynoxideMissing)(
  'an engine is gone once it is stopped, and its data is there at the next start',
  async () => {
    const dataDir = join(mkdtempSync(join(tmpdir(), 'engine-')), 'data');
    folders.push(dataDir);
    const first = await start({ dataDir });
    await createTable(first.endpoint);
    await put(first.endpoint, 'kept');
    await first.stop();
    expect(lives(first.pid!)).toBe(false);
    const second = await start({ dataDir });
    expect(await has(second.endpoint, 'kept')).toBe(true);
  },
);

describe.skipIf(dynoxideMissing)('no engine outlives its desk', () => {
  const tsx = join(import.meta.dirname, '../../node_modules/tsx/dist/loader.mjs');
  const desk = async (ending: string) => {
    const child = spawn(process.execPath, ['--import', tsx, join(import.meta.dirname, 'engine-child.ts'), ending], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    return { child, ended, pid: (JSON.parse(line) as { pid: number }).pid };
  };

  test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('that ends by %s', async (signal) => {
    const { child, ended, pid } = await desk('waits');
    expect(lives(pid)).toBe(true);
    child.kill(signal);
    expect(await ended).toEqual([null, signal]);
    expect(await goneWithin(pid, 5_000)).toBe(true);
  });

  test.each([
    { ending: 'throws', how: 'by an error that nobody catches', code: 1 },
    { ending: 'returns', how: 'without having stopped it', code: 0 },
  ])('that ends $how', async ({ ending, code }) => {
    const { ended, pid } = await desk(ending);
    expect(await ended).toEqual([code, null]);
    expect(await goneWithin(pid, 5_000)).toBe(true);
  });
});

describe('a supervised program', () => {
  test('that ignores the request to end is killed', async () => {
    const stubborn = await startSupervised('/bin/sh', ['-c', 'trap "" TERM; echo ready; while :; do sleep 1; done']);
    while (stubborn.printed() !== 'ready') await pause(5);
    await stubborn.stop();
    expect(await goneWithin(stubborn.pid, 1_000)).toBe(true);
  });

  test('that ends by itself is known to have ended, with its last words', async () => {
    const failing = await startSupervised('/bin/sh', ['-c', 'echo no room >&2; exit 3']);
    while (failing.running()) await pause(5);
    expect(failing.printed()).toBe('no room');
    await failing.stop();
  });

  test.each([true, false])('tells of its end unless it was asked to end: %j', async (byItself) => {
    const program = await startSupervised('/bin/sh', ['-c', 'sleep 60']);
    let told = false;
    const watching = program.endedByItself.then(() => (told = true));
    if (byItself) process.kill(program.pid, 'SIGKILL');
    else await program.stop();
    while (program.running()) await pause(5);
    if (byItself) await watching;
    expect(told).toBe(byItself);
  });
});

describe('a DynamoDB that somebody else runs', () => {
  test.skipIf(dynoxideMissing)('is used when DYNAMODB_ENDPOINT names it, and is left running', async () => {
    const theirs = await start({ engine: 'dynoxide' });
    vi.stubEnv('DYNAMODB_ENDPOINT', theirs.endpoint);
    const ours = await startEngine();
    expect(ours).toMatchObject({ name: 'endpoint', endpoint: theirs.endpoint });
    await ours.stop();
    expect(lives(theirs.pid!)).toBe(true);
  });

  test('is refused clearly when nothing answers there', async () => {
    await expect(startEngine({ endpoint: 'http://127.0.0.1:1' })).rejects.toThrow(
      'No DynamoDB answers at http://127.0.0.1:1',
    );
  });

  test('is refused clearly when something else answers there', async () => {
    const server = createServer((_request, response) => response.end('{"hello":"world"}')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(startEngine({ endpoint })).rejects.toThrow(`No DynamoDB answers at ${endpoint}`);
    server.close();
  });
});

describe('where the first engine cannot run', () => {
  test.skipIf(localMissing)('the other one is taken', async () => {
    vi.spyOn(process, 'arch', 'get').mockReturnValue('mips');
    expect((await start({})).name).toBe('dynamodb-local');
    vi.restoreAllMocks();
  });

  test('and the other one neither, the message names all three ways', async () => {
    vi.spyOn(process, 'arch', 'get').mockReturnValue('mips');
    vi.stubEnv('PATH', '/nowhere');
    vi.stubEnv('JAVA_HOME', '');
    const message = await startEngine().catch((error: unknown) => (error as Error).message);
    expect(message).toMatch(/@dynoxide\/linux-x64[^]*amplify-dynamodb-simulator[^]*DYNAMODB_ENDPOINT=/);
    expect(message).toMatch(/dynoxide: not on this machine\n {2}dynamodb-local: not on this machine/);
    vi.restoreAllMocks();
  });
});
