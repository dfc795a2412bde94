/**
 * Many clients open tickets on one account at the same time, so that all of them write its one balance. It owns the question whether
 * anything is lost or anybody starves; who is told to come again does so, as any client would.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Context, Measured } from './bench.ts';
import { expectStatus, startDeskProcess } from './desk-process.ts';
import { median, percentile } from './figures.ts';
import { customerOn, UNITS } from './request-path.ts';

const CLIENTS = 32;
const TICKETS_A_CLIENT = 10;
/** What the desk says in `Retry-After`, ms. */
const COME_AGAIN = 1000;
const MOST_TRIES = 30;

interface Waited {
  readonly millis: number;
  readonly refusals: number;
}

export const contention = async ({ progress }: Context): Promise<Measured[]> => {
  const desk = await startDeskProcess();
  try {
    progress(`${String(CLIENTS)} clients on one account`);
    const manager = await desk.as({ role: 'manager', email: 'manager@example.com' });
    const { accountId, person } = await customerOn(desk, manager, 0);
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
    const label = `${String(CLIENTS)} clients on one account`;
    const millis = all.map((one) => one.millis);
    const wantedUnits = CLIENTS * TICKETS_A_CLIENT;
    return [
      {
        case: `${label}: opened`,
        value: all.length,
        unit: `of ${String(wantedUnits)}`,
        goal: { atLeast: wantedUnits },
      },
      {
        case: `${label}: units lost`,
        value: Math.abs(UNITS - available - all.length),
        unit: 'units',
        goal: { atMost: 0 },
      },
      {
        case: `${label}: told to come again`,
        value: all.reduce((sum, { refusals }) => sum + refusals, 0),
        unit: 'times',
      },
      { case: `${label}: median`, value: median(millis), unit: 'ms' },
      { case: `${label}: p99`, value: percentile(millis, 0.99), unit: 'ms' },
      { case: `${label}: the slowest`, value: Math.max(...millis), unit: 'ms' },
    ];
  } finally {
    await desk.stop();
  }
};
