/**
 * Clocks: every open ticket has a live one, which waits for just what time will do to it next, or the sweep is about to find it, or what
 * gives it one is on its way. The traps: the sweep looks for deadlines, so what lies days ahead is no excuse; and a clock that died young
 * is not replaced where some died before it: its ticket waits for the sweep at its deadline, however far that is.
 */
import type { Stored, TicketItems } from './table.ts';
import { DISPATCHED_WITHIN_MS, SWEPT_AT_LAST_MS, SWEPT_WITHIN_MS, TRIED_WITHIN_MS } from './under-way.ts';
import type { Moment } from './under-way.ts';

export interface Execution {
  readonly name: string;
  readonly status: string;
  /** ms since the epoch, as the other. */
  readonly startedAt: number;
  readonly stoppedAt?: number;
}

export interface ClockReport {
  readonly faults: string[];
  /** Open tickets with a live clock, those that count on the sweep, and those whose clock is on its way. */
  readonly alive: number;
  readonly swept: number;
  readonly coming: number;
}

export interface ClockOptions extends Moment {
  /** The names of clocks of whose death the news lies in a dead-letter queue. */
  readonly untold: ReadonlySet<string>;
}

/** What dies before this is not replaced at once where so many died before it. */
const YOUNG_MS = 5 * 60_000;
const MOST_GENERATIONS = 5;
/** A clock tries so long to leave its first token. */
const PARKED_WITHIN_MS = 5 * 60_000;

interface Clock extends Execution {
  readonly generation: number;
}

/** The youngest clock of each ticket, by the ticket. */
const youngest = (executions: readonly Execution[]): Map<string, Clock> => {
  const clocks = new Map<string, Clock>();
  for (const execution of executions) {
    const [, ticketId = '', number] = /^(.+)-(\d+)$/.exec(execution.name) ?? [];
    const generation = Number(number);
    if (generation >= (clocks.get(ticketId)?.generation ?? 0)) clocks.set(ticketId, { ...execution, generation });
  }
  return clocks;
};

const isOpen = (status: unknown): boolean => status !== 'closed' && status !== 'declined';
const at = (text: unknown): number => Date.parse(text as string);

/** When it last became due that somebody start a clock: the ticket's opening, or its reopening after it was closed. */
const startDueAt = ({ events }: TicketItems): number =>
  Math.max(
    ...events
      .filter(({ type, from }) => type === 'opened' || (type === 'reopened' && from === 'closed'))
      .map(({ recordedAt }) => at(recordedAt)),
  );

type Standing = 'alive' | 'swept' | 'coming' | 'lost';

const standingOf = (ticket: TicketItems, clock: Clock | undefined, options: ClockOptions): Standing => {
  const { now, calm, last, untold } = options;
  const { generation, waitToken, queueSk } = ticket.item ?? {};
  const present = Number(generation?.N);
  const since = (moment: number, limitMs: number): boolean => !calm && !last && now - moment <= limitMs;
  const runs = clock?.status === 'RUNNING' && clock.generation >= present;
  if (runs && clock.generation === present && waitToken?.S !== undefined) return 'alive';
  if (runs && since(clock.startedAt, PARKED_WITHIN_MS)) return 'coming';
  if (calm) return 'lost';
  const due = at(queueSk?.S?.split('#')[0]);
  if (now - (last ? SWEPT_WITHIN_MS : SWEPT_AT_LAST_MS) <= due && due <= now + SWEPT_WITHIN_MS) return 'swept';
  if (clock === undefined || clock.generation < present)
    return since(startDueAt(ticket), DISPATCHED_WITHIN_MS) ? 'coming' : 'lost';
  if (clock.stoppedAt === undefined || clock.status === 'SUCCEEDED') return 'lost';
  if (clock.stoppedAt - clock.startedAt < YOUNG_MS && clock.generation >= MOST_GENERATIONS) return 'swept';
  return since(clock.stoppedAt, TRIED_WITHIN_MS) || (!last && untold.has(clock.name)) ? 'coming' : 'lost';
};

/** What makes a clock that is not there worth a look. */
const told = (clock: Clock | undefined, { item }: TicketItems): string => {
  const what = clock === undefined ? 'none was ever started' : `${clock.name} is ${clock.status}`;
  return `generation ${item?.generation?.N ?? ''}, ${what}, next deadline ${item?.queueSk?.S?.split('#')[0] ?? ''}`;
};

export const clockFaults = (
  { tickets }: Stored,
  executions: readonly Execution[],
  options: ClockOptions,
): ClockReport => {
  const clocks = youngest(executions);
  const faults: string[] = [];
  const counts = { alive: 0, swept: 0, coming: 0, lost: 0 };
  for (const ticket of tickets.values()) {
    const { ticketId, item, record } = ticket;
    if (item === undefined || record === undefined) continue;
    const { deadlineAt, queueSk, queuePk, waitUntil } = item;
    if (!isOpen(record.status)) {
      if (queueSk !== undefined || deadlineAt !== undefined)
        faults.push(`${ticketId} is ${String(record.status)} and still queued`);
      continue;
    }
    const queued =
      queuePk?.S?.startsWith(`QUEUE#${String(record.tier)}#`) === true && queueSk?.S?.endsWith(`#${ticketId}`) === true;
    if (!queued) faults.push(`${ticketId} is open and in no queue`);
    const standing = standingOf(ticket, clocks.get(ticketId), options);
    counts[standing] += 1;
    if (standing === 'lost')
      faults.push(
        `${ticketId} is open, has no clock and no sweep about to find it: ${told(clocks.get(ticketId), ticket)}`,
      );
    if (standing === 'alive' && options.calm && waitUntil?.S !== deadlineAt?.S)
      faults.push(`${ticketId} has a clock that waits for something else`);
  }
  return { faults, ...counts };
};
