/**
 * Many clients open tickets on one account at the same time, so that all of them write its one balance. It owns the question whether
 * anything is lost or anybody starves; who is told to come again does so, as any client would.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Context, Measured } from './bench.ts';
import { expectStatus, startDeskProcess, type DeskProcess, type Person } from './desk-process.ts';
import { median, percentile, spreadOf } from './figures.ts';
import { customerOn, UNITS } from './request-path.ts';

const CLIENTS = 32;
const TICKETS_A_CLIENT = 10;
/** Each on an account of its own; odd, so that the median is one of them. */
const ROUNDS = 5;
/** What the desk says in `Retry-After`, ms. */
const COME_AGAIN = 1000;
const MOST_TRIES = 30;

interface Waited {
  readonly millis: number;
  readonly refusals: number;
}

/** What came of it, once. */
interface Outcome {
  readonly opened: number;
  readonly lost: number;
  readonly refusals: number;
  readonly median: number;
  readonly p99: number;
  readonly slowest: number;
}

/** All clients open all their tickets on one new account. */
const contend = async (desk: DeskProcess, manager: Person, round: number): Promise<Outcome> => {
  const { accountId, person } = await customerOn(desk, manager, round);
  const wanted = { accountId, subject: 'Mail is stuck', description: 'Since this morning.', priority: 'standard' };
  const openOne = async (): Promise<Waited> => {
    const startedAt = performance.now();
    for (let refusals = 0; refusals < MOST_TRIES; refusals += 1) {
      const answer = await person.post('/v1/tickets', wanted);
      if (answer.status === 201) return { millis: performance.now() - startedAt, refusals };
      expectStatus(answer, 503);
      await pause(COME_AGAIN);
    }
    throw new Error('a client starved');
  };
  const client = async (): Promise<Waited[]> => {
    const waited: Waited[] = [];
    for (let number = 0; number < TICKETS_A_CLIENT; number += 1) waited.push(await openOne());
    return waited;
  };
  const all = (await Promise.all(Array.from({ length: CLIENTS }, client))).flat();
  await desk.calm();
  const { text } = expectStatus(await manager.get(`/v1/accounts/${accountId}/balance`), 200);
  const { available } = JSON.parse(text) as { available: number };
  const millis = all.map((one) => one.millis);
  return {
    opened: all.length,
    lost: Math.abs(UNITS - available - all.length),
    refusals: all.reduce((sum, { refusals }) => sum + refusals, 0),
    ...{ median: median(millis), p99: percentile(millis, 0.99), slowest: Math.max(...millis) },
  };
};

/** Waits are medians of the rounds; of what must never be, the worst round counts. */
const rowsOf = (outcomes: readonly Outcome[]): Measured[] => {
  const label = `${String(CLIENTS)} clients on one account`;
  const wanted = CLIENTS * TICKETS_A_CLIENT;
  const figure = (name: string, what: keyof Outcome, unit: string, of: (values: readonly number[]) => number) => {
    const values = outcomes.map((one) => one[what]);
    const spread = values.length > 1 && { spread: spreadOf(values) };
    return { case: `${label}: ${name}`, value: of(values), unit, ...spread };
  };
  return [
    {
      ...figure('opened', 'opened', `of ${String(wanted)}`, (values) => Math.min(...values)),
      goal: { atLeast: wanted },
    },
    { ...figure('units lost', 'lost', 'units', (values) => Math.max(...values)), goal: { atMost: 0 } },
    figure('told to come again', 'refusals', 'times', median),
    figure('median', 'median', 'ms', median),
    figure('p99', 'p99', 'ms', median),
    figure('the slowest', 'slowest', 'ms', median),
  ];
};

export const contention = async ({ progress, quick }: Context): Promise<Measured[]> => {
  const desk = await startDeskProcess();
  try {
    const manager = await desk.as({ role: 'manager', email: 'manager@example.com' });
    const outcomes: Outcome[] = [];
    for (let round = 1; round <= (quick ? 1 : ROUNDS); round += 1) {
      progress(`${String(CLIENTS)} clients on one account, round ${String(round)}`);
      outcomes.push(await contend(desk, manager, round));
    }
    return rowsOf(outcomes);
  } finally {
    await desk.stop();
  }
};
