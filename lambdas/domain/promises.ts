/**
 * Every promise that a ticket ever had, read from its timeline: those it has now, and those that a later event replaced, as a new
 * priority does. It looks at the tickets before and after each event and not at what the event is, so it needs to know none.
 */
import { evolve } from './evolve.ts';
import type { Instant } from './instant.ts';
import type { Target, Ticket } from './ticket.ts';
import type { TicketEvent } from './ticket-event.ts';
import type { Priority } from './vocabulary.ts';

export interface Promised {
  /** The promise as it last stood. */
  readonly target: Target;
  /** The ticket as it last stood with this promise: its terms and pauses are the ones that count. */
  readonly ticket: Ticket;
  /** The priority under which the promise was made. */
  readonly priority: Priority;
  /** When another promise took its place. */
  readonly replacedAt?: Instant;
}

const nameOf = ({ kind, tier, span, calendar, startedAt }: Target): string =>
  [kind, tier, span, calendar, startedAt].join(' ');

const afterEvent = (promised: readonly Promised[], ticket: Ticket): Promised[] => {
  const standing = new Map(ticket.targets.map((target) => [nameOf(target), target]));
  const known = promised.map((one): Promised => {
    if (one.replacedAt !== undefined) return one;
    const name = nameOf(one.target);
    const target = standing.get(name);
    standing.delete(name);
    return target ? { ...one, target, ticket } : { ...one, replacedAt: ticket.changedAt };
  });
  const made = [...standing.values()].map((target) => ({ target, ticket, priority: ticket.priority }));
  return [...known, ...made];
};

/** The ticket that a whole timeline gives, and its promises in the order in which they were made. */
export const promisesIn = (timeline: readonly TicketEvent[]): { ticket: Ticket; promises: Promised[] } => {
  let ticket: Ticket | undefined;
  let promises: Promised[] = [];
  for (const event of timeline) {
    ticket = evolve(ticket, event);
    promises = afterEvent(promises, ticket);
  }
  if (!ticket) throw new Error('a timeline begins with its opening');
  return { ticket, promises };
};
