/**
 * Gives the local desk a DynamoDB: Dynoxide where there is a binary for the platform, else AWS's DynamoDB Local, or one that
 * somebody else runs. It must not know any table. The trap: an engine of ours must be gone however this process ends, which
 * `engine/supervised.ts` sees to.
 */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { answersAsDynamoDb } from './engine/answers.ts';
import { findDynamoDbLocal, findDynoxide } from './engine/programs.ts';
import type { EngineName, Program } from './engine/programs.ts';
import { startSupervised } from './engine/supervised.ts';
import type { Supervised } from './engine/supervised.ts';

export interface EngineOptions {
  /** Where the data is kept; in memory without it. */
  dataDir?: string;
  /** Only this engine; otherwise the first that can run. */
  engine?: EngineName;
  /** A DynamoDB that already runs; without it the environment's DYNAMODB_ENDPOINT, unless `engine` asks for one of ours. */
  endpoint?: string;
}

export interface Engine {
  readonly name: EngineName | 'endpoint';
  readonly endpoint: string;
  /** The id of the engine's own process, when it is ours. */
  readonly pid?: number;
  /** Resolves when an engine of ours has ended without being asked to. */
  readonly endedByItself?: Promise<void>;
  /** Ends the engine and waits until it is gone; nothing to do for one that is not ours. */
  stop(): Promise<void>;
}

/** Another program may take the free port before the engine does; a new port is tried so often. */
const attempts = 3;
const givenEndpointAnswersWithinMs = 5_000;

const ways = `The local desk needs a DynamoDB. There are three ways to one:
  1. Dynoxide, from the npm package @dynoxide/linux-x64 (an optional dependency; Linux on x64 only);
  2. DynamoDB Local, from the npm package amplify-dynamodb-simulator: needs "java" (17 or so) on the PATH;
  3. one that already runs: DYNAMODB_ENDPOINT=http://127.0.0.1:8000`;

/** Starts an engine, or checks the one that is named. Throws an Error that says what to do when there is none. */
export const startEngine = async (options: EngineOptions = {}): Promise<Engine> => {
  const endpoint = options.endpoint ?? (options.engine === undefined ? process.env.DYNAMODB_ENDPOINT : undefined);
  if (endpoint) return useEndpoint(endpoint);
  const tried: string[] = [];
  const names: EngineName[] = options.engine === undefined ? ['dynoxide', 'dynamodb-local'] : [options.engine];
  for (const name of names) {
    const program = name === 'dynoxide' ? findDynoxide() : findDynamoDbLocal();
    if (program === undefined) {
      tried.push(`${name}: not on this machine`);
      continue;
    }
    const outcome = await start(program, options.dataDir).catch(String);
    if (typeof outcome !== 'string') return outcome;
    tried.push(`${name}: ${outcome}`);
  }
  throw new Error(`${ways}\nTried here:\n${tried.map((each) => `  ${each}`).join('\n')}`);
};

const useEndpoint = async (endpoint: string): Promise<Engine> => {
  if (!(await answersAsDynamoDb(endpoint, givenEndpointAnswersWithinMs))) {
    throw new Error(`No DynamoDB answers at ${endpoint}, which DYNAMODB_ENDPOINT names.\n${ways}`);
  }
  return { name: 'endpoint', endpoint, stop: () => Promise.resolve() };
};

/** The running engine, or in words why it doesn't run. */
const start = async (program: Program, dataDir: string | undefined): Promise<Engine | string> => {
  let failure = '';
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const port = await freePort();
    const endpoint = `http://127.0.0.1:${port}`;
    const args = program.args(port, dataDir === undefined ? undefined : resolve(dataDir));
    const supervised = await startSupervised(program.command, args, program.directory);
    if (await answersInTime(supervised, endpoint, program.startsWithinMs)) {
      const { pid, endedByItself } = supervised;
      return { name: program.name, endpoint, pid, endedByItself, stop: () => supervised.stop() };
    }
    failure = supervised.running() ? `did not answer within ${program.startsWithinMs} ms` : 'ended as it started';
    failure = `${failure} ${supervised.printed()}`.trim();
    await supervised.stop();
  }
  return failure;
};

const answersInTime = async (supervised: Supervised, endpoint: string, withinMs: number): Promise<boolean> => {
  const giveUpAt = performance.now() + withinMs;
  for (let waitMs = 2; performance.now() < giveUpAt && supervised.running(); waitMs = Math.min(waitMs * 2, 100)) {
    // The second look: an engine that found its port taken ends, and somebody else's must not pass for it.
    if ((await answersAsDynamoDb(endpoint, 1_000)) && supervised.running()) return true;
    await pause(waitMs);
  }
  return false;
};

const freePort = (): Promise<number> =>
  new Promise((found, failed) => {
    const probe = createServer();
    probe.once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => {
        found(port);
      });
    });
  });
