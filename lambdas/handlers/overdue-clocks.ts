/**
 * How the sweep goes through tickets whose clocks are late: the oldest deadline first, several at once, and no more in a run than it surely
 * has the time for. It knows neither the table nor Step Functions. The trap: after a long outage there may be any number of them, so a run
 * must not have to reach the end.
 */
import pMap from 'p-map';
import type { OverdueTicket } from '../store/queue.ts';
import type { Log } from './log.ts';

/** `settled`: the index lagged. */
export type Restart = 'restarted' | 'settled';

export interface Restarts {
  readonly restarted: number;
  readonly failed: number;
}

/** Each is a read, a start and a write, one after the other; Step Functions lets an account start some hundred clocks a second. */
const CLOCKS_AT_ONCE = 8;
/** A minute's work where each clock takes a quarter of a second, which is long; a run has two, and the next one begins within five. */
export const MOST_CLOCKS = 2_000;

export const oldestFirst = (tickets: readonly OverdueTicket[]): OverdueTicket[] =>
  tickets.toSorted((one, other) =>
    one.deadlineAt < other.deadlineAt ? -1 : Number(one.deadlineAt > other.deadlineAt),
  );

/** Restarts the clocks of these, in their order. One for which that fails must not keep the others from theirs. */
export const restartAll = async (
  overdue: readonly OverdueTicket[],
  restart: (ticketId: string) => Promise<Restart>,
  log: Log,
): Promise<Restarts> => {
  const outcomes = await pMap(
    overdue.slice(0, MOST_CLOCKS),
    ({ ticketId }) =>
      restart(ticketId).catch((error: unknown) => {
        log.error('clock not restarted', { ticketId, error: error instanceof Error ? error : undefined });
        return 'failed' as const;
      }),
    { concurrency: CLOCKS_AT_ONCE },
  );
  const left = overdue.length - outcomes.length;
  if (left > 0) log.warn('clocks left to the next run', { left, from: overdue[MOST_CLOCKS]?.deadlineAt });
  const count = (wanted: string): number => outcomes.filter((outcome) => outcome === wanted).length;
  return { restarted: count('restarted'), failed: count('failed') };
};
