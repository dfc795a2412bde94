/**
 * What the passing of time has caused: misses, their make-goods and escalations, and the closing of resolved tickets. Settling is
 * a function of the ticket and the moment alone, so a late, early, lost or doubled timer can delay a make-good but never lessen it.
 */
import { earnsMakeGood } from './charge.ts';
import { evolve } from './evolve.ts';
import type { Instant } from '../time/instant.ts';
import { dueAt, nextWake, ruleFor, type NextWake } from './targets.ts';
import type { Target, Ticket } from './ticket.ts';
import type { TicketEvent, TicketFact } from './ticket-event.ts';
import { isResponse, theDesk, tierAbove } from '../vocabulary.ts';

/** A ticket together with the events of one command, each already applied. */
export interface Unfolding {
  readonly ticket: Ticket;
  readonly events: readonly TicketEvent[];
}

/** Adds facts to a ticket's timeline, one after the other. `recordedAt` is the moment of the command that writes them. */
export const unfold = (start: Unfolding, facts: readonly TicketFact[], recordedAt: Instant): Unfolding =>
  facts.reduce<Unfolding>(({ ticket, events }, fact) => {
    const { ticketId, accountId, version } = ticket;
    const event: TicketEvent = { ...fact, ticketId, accountId, seq: version + 1, recordedAt };
    return { ticket: evolve(ticket, event), events: [...events, event] };
  }, start);

/** The units that a miss gives back: the whole charge, unless the plan gives none or they came back before (rule EV-12). */
const makeGoodFor = (ticket: Ticket, target: Target): number =>
  earnsMakeGood(ticket, target) ? ticket.charge.amount - ticket.credited : 0;

/**
 * The span in which the next tier owes the answer: what the ticket's terms promise at its present priority. A raise may have left
 * the deadline as it was, because it was sooner; where the priority promises no answer, the span that was missed starts again.
 */
const spanAgain = ({ terms, priority }: Ticket, missed: Target): Pick<Target, 'span' | 'calendar'> => {
  const rule = ruleFor(terms, missed.kind, priority);
  const { span, calendar } = rule && rule.guaranteed !== false ? rule : missed;
  return { span, calendar };
};

/** A missed answer climbs one tier and is owed again there; a missed resolution stays where it is. */
const missFacts = (ticket: Ticket, target: Target, deadline: Instant): TicketFact[] => {
  const about = { at: deadline, actor: theDesk };
  const { unit, draws } = ticket.charge;
  const amount = makeGoodFor(ticket, target);
  const owesAnswer = isResponse(target.kind) && target.guaranteed !== false;
  const to = owesAnswer ? tierAbove(ticket.tier) : undefined;
  const tellsManagers = owesAnswer && to === undefined;
  const facts: TicketFact[] = [
    {
      type: 'missed',
      ...about,
      target: target.kind,
      tier: ticket.tier,
      deadline,
      makeGood: amount,
      unit,
      tellsManagers,
      ...(to && { escalatesTo: to }),
    },
  ];
  if (amount > 0) facts.push({ type: 'credited', ...about, amount, unit, draws, cause: 'miss', target: target.kind });
  if (to) {
    const again = spanAgain(ticket, target);
    const reason = `${target.kind} missed`;
    facts.push({ type: 'escalated', ...about, from: ticket.tier, to, cause: 'miss', reason, again });
  }
  return facts;
};

const factsOf = (ticket: Ticket, due: NextWake): TicketFact[] => {
  switch (due.cause) {
    case 'close':
      return [{ type: 'closed', at: due.at, actor: theDesk, cause: 'time' }];
    case 'miss':
      return missFacts(ticket, due.target, due.at);
    case 'warn': {
      const { kind: target, tier } = due.target;
      return [{ type: 'warned', at: due.at, actor: theDesk, target, tier, deadline: dueAt(ticket, due.target) }];
    }
  }
};

/**
 * Everything that deadlines before `now` have caused and nobody wrote down yet, in order, each at its own moment. A deadline
 * that is exactly `now` is not passed: an answer at that moment still keeps the promise.
 */
export const settle = (ticket: Ticket, now: Instant): Unfolding => {
  let unfolding: Unfolding = { ticket, events: [] };
  for (let due = nextWake(ticket); due && due.at < now; due = nextWake(unfolding.ticket)) {
    unfolding = unfold(unfolding, factsOf(unfolding.ticket, due), now);
  }
  return unfolding;
};

/** Whether the managers are due a reminder: nobody answered at TS3, and the first telling was before `now` (rule EV-12). */
export const needsReminder = (ticket: Pick<Ticket, 'unansweredSince' | 'status'>, now: Instant): boolean =>
  ticket.unansweredSince !== undefined &&
  ticket.unansweredSince < now &&
  (ticket.status === 'open' || ticket.status === 'waiting');
