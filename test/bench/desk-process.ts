/**
 * A desk in a process of its own, started as `npm start` starts it, on an engine that the benchmark started: so desk, engine and
 * whoever loads them are three processes. The trap: the desk must be gone when the benchmark is, however that ends.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { startEngine, type Engine } from '../../lib/local/engine.ts';
import { connectTo, type Answer, type Connection } from './http.ts';

export interface Person {
  readonly get: (path: string) => Promise<Answer>;
  readonly post: (path: string, body: unknown) => Promise<Answer>;
}

export interface DeskProcess {
  readonly engine: Engine;
  readonly url: string;
  readonly connection: Connection;
  /** Somebody with a token of these claims. */
  readonly as: (claims: Readonly<Record<string, string>>) => Promise<Person>;
  /** Resolves when all that was set off is done. */
  readonly calm: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface DeskProcessOptions {
  /** An engine that runs and is its caller's to stop; without it the desk gets one of its own. */
  readonly engine?: Engine;
  /** Where the desk finds its engine, if not at the engine itself. */
  readonly endpoint?: string;
  /** Arguments of Node, such as `--cpu-prof`. */
  readonly nodeArguments?: readonly string[];
}

/** More than any benchmark does in an hour, so that a quota is never what is measured; and a log of what failed only. */
const SETTINGS = {
  MAKEGOOD_LOG_LEVEL: 'ERROR',
  MAKEGOOD_OPENINGS_PER_HOUR: '1000000',
  MAKEGOOD_OPENINGS_PER_DAY: '1000000',
  MAKEGOOD_CHANGES_PER_HOUR: '1000000',
};

const readyLine = async (child: ChildProcess): Promise<{ url: string }> => {
  if (child.stdout === null) throw new Error('the desk has no standard output');
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line) as { url: string };
  throw new Error('the desk ended before it was ready');
};

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
};

/** Checks an answer's status. Throws with the body where it is another. */
export const expectStatus = (answer: Answer, status: number): Answer => {
  if (answer.status !== status) throw new Error(`answered with ${String(answer.status)}: ${answer.text}`);
  return answer;
};

const personOf = (connection: Connection, token: string): Person => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return {
    get: (path) => connection.get(path, headers),
    post: (path, body) => connection.post(path, JSON.stringify(body), headers),
  };
};

/** Starts a desk and waits until it is ready. */
export const startDeskProcess = async (options: DeskProcessOptions = {}): Promise<DeskProcess> => {
  const engine = options.engine ?? (await startEngine());
  const script = new URL('../../bin/desk.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [...(options.nodeArguments ?? []), '--import', 'tsx', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ...SETTINGS,
      PORT: '0',
      SMTP_PORT: '0',
      DYNAMODB_ENDPOINT: options.endpoint ?? engine.endpoint,
      // By this the desk ends itself when its parent is gone.
      npm_lifecycle_event: 'bench',
    },
  });
  const { url } = await readyLine(child);
  const connection = connectTo(url);
  const as: DeskProcess['as'] = async (claims) => {
    const answer = expectStatus(await connection.post('/local/token', JSON.stringify(claims)), 200);
    return personOf(connection, (JSON.parse(answer.text) as { token: string }).token);
  };
  return {
    ...{ engine, url, connection, as },
    calm: async () => {
      // Whoever moves the clock is answered when all has settled.
      expectStatus(await connection.post('/local/clock', JSON.stringify({ advance: 'PT1S' })), 200);
    },
    stop: async () => {
      connection.close();
      await end(child);
      if (!options.engine) await engine.stop();
    },
  };
};
