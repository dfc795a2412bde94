/**
 * A year that nobody does anything in: how long the desk takes to be moved through it with a hundred open tickets, over `POST
 * /local/clock` as anybody would. Every timer fires at its own moment, with all that follows; a hundred unanswered tickets miss
 * their targets on all tiers, and the managers are reminded daily.
 */
import type { Bench, Context, Measured } from './bench.ts';
import { expectStatus, startDeskProcess } from './desk-process.ts';
import { median, spreadOf } from './figures.ts';
import { customerOn } from './request-path.ts';

const TICKETS = 100;
/** Odd, so that the median is one of them. */
const ROUNDS = 3;
const MOST_SECONDS = 10;
const REQUEST = { subject: 'Mail is stuck', description: 'Since this morning.', priority: 'standard' };

/** Seconds that the year took. */
const year = async (answered: boolean): Promise<number> => {
  const desk = await startDeskProcess();
  try {
    const manager = await desk.as({ role: 'manager', email: 'manager@example.com' });
    const engineer = await desk.as({ role: 'engineer', email: 'engineer@example.com', tier: 'TS1' });
    const { accountId, person } = await customerOn(desk, manager, 0);
    for (let number = 0; number < TICKETS; number += 1) {
      const { text } = expectStatus(await person.post('/v1/tickets', { accountId, ...REQUEST }), 201);
      if (!answered) continue;
      const { ticketId } = JSON.parse(text) as { ticketId: string };
      const answer = { body: 'We look into it.', visibility: 'public' };
      expectStatus(await engineer.post(`/v1/tickets/${ticketId}/messages`, answer), 201);
    }
    await desk.calm();
    const startedAt = performance.now();
    expectStatus(await desk.connection.post('/local/clock', JSON.stringify({ advance: 'P365D' })), 200);
    return (performance.now() - startedAt) / 1000;
  } finally {
    await desk.stop();
  }
};

const run = async ({ progress, quick }: Context): Promise<readonly Measured[]> => {
  const seconds: Record<string, number[]> = {};
  // They take turns, so that a slow minute of the machine is nobody's alone.
  for (let round = 1; round <= (quick ? 1 : ROUNDS); round += 1) {
    for (const answered of [false, true]) {
      const label = `${String(TICKETS)} tickets, ${answered ? 'each answered once' : 'nobody answers'}`;
      progress(`${label}, round ${String(round)}`);
      (seconds[label] ??= []).push(await year(answered));
    }
  }
  return Object.entries(seconds).map(([label, values]) => ({
    ...{ case: label, value: median(values), unit: 's', goal: { atMost: MOST_SECONDS } },
    ...(values.length > 1 && { spread: spreadOf(values) }),
  }));
};

export const idleYear: Bench = { name: 'idle-year', run };
