/**
 * Load in a closed loop: so many clients, each of which asks again as soon as it is answered. It must not know what is asked. The
 * trap: what is compared has to take turns in one run, because the machine is never twice the same.
 */
import { median, percentile, spreadOf } from './figures.ts';

/** One request of a client; `turn` counts the requests of that client. Rejects where the answer is not the one that is wanted. */
export type Task = (client: number, turn: number) => Promise<void>;

export interface Load {
  /** Milliseconds from asking to the answer, of every request. */
  readonly latencies: readonly number[];
  readonly perSecond: number;
}

const runFor = async (task: Task, clients: number, millis: number, firstTurn: number): Promise<Load> => {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const client = async (_: unknown, number: number): Promise<void> => {
    for (let turn = firstTurn; performance.now() - startedAt < millis; turn += 1) {
      const askedAt = performance.now();
      await task(number, turn);
      latencies.push(performance.now() - askedAt);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return { latencies, perSecond: latencies.length / ((performance.now() - startedAt) / 1000) };
};

export interface LoadOptions {
  readonly clients: number;
  readonly rounds: number;
  readonly roundMillis: number;
  /** Waits until what a round has set off is done, so that it does not slow down the next. */
  readonly calm: () => Promise<void>;
}

/** Runs each task in turn, round by round, after a short round to warm up; answers the rounds of each. */
export const loadInTurns = async (
  tasks: readonly Task[],
  { clients, rounds, roundMillis, calm }: LoadOptions,
): Promise<readonly (readonly Load[])[]> => {
  const loads: Load[][] = tasks.map(() => []);
  for (const task of tasks) await runFor(task, clients, roundMillis / 3, 0);
  await calm();
  for (let round = 1; round <= rounds; round += 1) {
    for (const [place, task] of tasks.entries()) {
      loads[place]?.push(await runFor(task, clients, roundMillis, round * 1_000_000));
      await calm();
    }
  }
  return loads;
};

export interface LoadFigures {
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
  /** Of the rounds' own p99. */
  readonly spread: readonly [number, number];
}

/** The rounds taken together; medians of the rounds' own percentiles. */
export const figuresOf = (loads: readonly Load[]): LoadFigures => {
  const p99s = loads.map(({ latencies }) => percentile(latencies, 0.99));
  return {
    p50: median(loads.map(({ latencies }) => median(latencies))),
    p99: median(p99s),
    perSecond: median(loads.map(({ perSecond }) => perSecond)),
    spread: spreadOf(p99s),
  };
};
