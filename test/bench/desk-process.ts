/**
 * A desk in a process of its own, on an engine that the benchmark started: so desk, engine and whoever loads them are three
 * processes. The trap: the desk must be gone when the benchmark is, however that ends, so it lives on the channel between the two.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { startEngine, type Engine } from '../../lib/local/engine.ts';
import type { Question, Reply } from './desk-child.ts';
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
  /** Invokes the function of an entry point as AWS would. Rejects where it fails. */
  readonly invoke: (entry: string, event: unknown) => Promise<void>;
  /** Resolves when all that was set off is done. */
  readonly calm: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** More than any benchmark does in an hour, so that a quota is never what is measured; and a log of what failed only. */
const SETTINGS = {
  MAKEGOOD_LOG_LEVEL: 'ERROR',
  MAKEGOOD_OPENINGS_PER_HOUR: '1000000',
  MAKEGOOD_OPENINGS_PER_DAY: '1000000',
  MAKEGOOD_CHANGES_PER_HOUR: '1000000',
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

type Unnumbered<One> = One extends Question ? Omit<One, 'number'> : never;

/** Asks the desk's process, and waits for the answer with the same number. */
const asker = (child: ChildProcess) => {
  const waiting = new Map<number, (reply: Reply) => void>();
  let last = 0;
  child.on('message', (reply: Reply) => {
    waiting.get(reply.number)?.(reply);
    waiting.delete(reply.number);
  });
  return async (question: Unnumbered<Question>): Promise<void> => {
    const number = (last += 1);
    const { failure } = await new Promise<Reply>((resolve) => {
      waiting.set(number, resolve);
      child.send({ ...question, number });
    });
    if (failure !== undefined) throw new Error(failure);
  };
};

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
};

/**
 * Starts a desk and waits until it is ready. `nodeArguments` are such as `--cpu-prof`; without an `endpoint` the desk gets an engine
 * of its own, and otherwise the one that runs there, which is its caller's to stop.
 */
export const startDeskProcess = async (
  nodeArguments: readonly string[] = [],
  endpoint?: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<DeskProcess> => {
  const engine = await startEngine(endpoint === undefined ? {} : { endpoint });
  const child = fork(new URL('desk-child.ts', import.meta.url).pathname, {
    execArgv: [...nodeArguments, '--import', 'tsx'],
    env: { ...process.env, ...SETTINGS, ...settings, DYNAMODB_ENDPOINT: engine.endpoint },
  });
  const [{ url }] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('the desk ended before it was ready'))),
  ])) as [{ url: string }];
  const connection = connectTo(url);
  const ask = asker(child);
  return {
    ...{ engine, url, connection },
    as: async (claims) => {
      const answer = expectStatus(await connection.post('/local/token', JSON.stringify(claims)), 200);
      return personOf(connection, (JSON.parse(answer.text) as { token: string }).token);
    },
    invoke: (entry, event) => ask({ ask: 'invoke', entry, event }),
    calm: () => ask({ ask: 'calm' }),
    stop: async () => {
      connection.close();
      await end(child);
      await engine.stop();
    },
  };
};
