/**
 * Every promise that a ticket ever had, read from its timeline: those it has now, and those that a later event replaced, as a new
 * priority does. It looks at the tickets before and after each event and not at what the event is, so it needs to know none.
 */
import { evolve } from '../ticket/evolve.ts';
import type { Instant } from '../time/instant.ts';
import type { Target, Ticket } from '../ticket/ticket.ts';
import type { TicketEvent } from '../ticket/ticket-event.ts';
import { ruleFor } from '../ticket/targets.ts';
import { isResponse, type Priority } from '../vocabulary.ts';

export interface Promised {
  /** Tells it from the ticket's other promises. */
  readonly name: string;
  /** The promise as it last stood. */
  readonly target: Target;
  /** The ticket as it last stood with this promise: its terms and pauses are the ones that count. */
  readonly ticket: Ticket;
  /** The priority under which the promise was made. */
  readonly priority: Priority;
  /** When another promise took its place. */
  readonly replacedAt?: Instant;
}

/** A promise keeps its name when another tier takes it over. */
const nameOf = ({ kind, span, calendar, startedAt }: Target): string => [kind, span, calendar, startedAt].join(' ');

/** Targets by name; of two that began in the same second with the same terms, the later has a number. */
const byName = (targets: readonly Target[]): Map<string, Target> => {
  const named = new Map<string, Target>();
  for (const target of targets) {
    let name = nameOf(target);
    while (named.has(name)) name += '+';
    named.set(name, target);
  }
  return named;
};

/**
 * The priority whose promise this is: the ticket's own, unless its terms promise another span for that. Then the span was promised
 * before the priority changed, and counts again: after a miss, or because somebody lowered the ticket and raised it again.
 */
const priorityOf = (ticket: Ticket, { kind, span, calendar }: Target, known: readonly Promised[]): Priority => {
  const rule = ruleFor(ticket.terms, kind, ticket.priority);
  if (rule?.span === span && rule.calendar === calendar) return ticket.priority;
  const isSame = ({ target }: Promised): boolean =>
    (target.kind === kind || (isResponse(target.kind) && isResponse(kind))) &&
    target.span === span &&
    target.calendar === calendar;
  return known.findLast(isSame)?.priority ?? ticket.priority;
};

const afterEvent = (promised: readonly Promised[], ticket: Ticket): Promised[] => {
  const standing = byName(ticket.targets);
  const known = promised.map((one): Promised => {
    if (one.replacedAt !== undefined) return one;
    const target = standing.get(one.name);
    standing.delete(one.name);
    return target ? { ...one, target, ticket } : { ...one, replacedAt: ticket.changedAt };
  });
  const made = [...standing].map(([name, target]) => ({
    ...{ name, target, ticket },
    priority: priorityOf(ticket, target, known),
  }));
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
