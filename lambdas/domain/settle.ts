/**
 * What the passing of time has caused: misses, their make-goods and escalations, and the closing of resolved tickets. Settling is
 * a function of the ticket and the moment alone, so a late, early, lost or doubled timer can delay a make-good but never change it.
 */
import { evolve } from './evolve.ts';
import type { Instant } from './instant.ts';
import { nextDeadline } from './targets.ts';
import type { Target, Ticket } from './ticket.ts';
import type { TicketEvent, TicketFact } from './ticket-event.ts';
import { theDesk, tierAbove, type TargetKind } from './vocabulary.ts';

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

/** Every span in which an answer is owed gives the make-good of the first response; a resolution gives its own. */
const makeGoodKind = (kind: TargetKind): 'first-response' | 'resolution' =>
  kind === 'resolution' ? 'resolution' : 'first-response';

/** The units that a miss gives back: the whole charge, unless the plan gives none or they came back before (rule EV-12). */
const makeGoodFor = (ticket: Ticket, target: Target): number =>
  target.guaranteed !== false && ticket.terms.makeGood.includes(makeGoodKind(target.kind))
    ? ticket.charge.amount - ticket.credited
    : 0;

/** A missed answer climbs one tier and starts the same span again there; a missed resolution stays where it is. */
const missFacts = (ticket: Ticket, target: Target, deadline: Instant): TicketFact[] => {
  const about = { at: deadline, actor: theDesk };
  const { unit, draws } = ticket.charge;
  const amount = makeGoodFor(ticket, target);
  const owesAnswer = target.kind !== 'resolution' && target.guaranteed !== false;
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
  if (amount > 0) facts.push({ type: 'credited', ...about, amount, unit, draws, target: target.kind });
  if (to) {
    const { span, calendar } = target;
    facts.push({ type: 'escalated', ...about, from: ticket.tier, to, reason: `${target.kind} missed`, span, calendar });
  }
  return facts;
};

/**
 * Everything that deadlines before `now` have caused and nobody wrote down yet, in order, each at its own moment. A deadline
 * that is exactly `now` is not passed: an answer at that moment still keeps the promise.
 */
export const settle = (ticket: Ticket, now: Instant): Unfolding => {
  let unfolding: Unfolding = { ticket, events: [] };
  for (let due = nextDeadline(ticket); due && due.at < now; due = nextDeadline(unfolding.ticket)) {
    const facts: TicketFact[] =
      due.cause === 'close'
        ? [{ type: 'closed', at: due.at, actor: theDesk, cause: 'time' }]
        : missFacts(unfolding.ticket, due.target, due.at);
    unfolding = unfold(unfolding, facts, now);
  }
  return unfolding;
};

/** Whether the managers are due a reminder: nobody answered at TS3, and the first telling was before `now` (rule EV-12). */
export const needsReminder = (ticket: Pick<Ticket, 'unansweredSince' | 'status'>, now: Instant): boolean =>
  ticket.unansweredSince !== undefined &&
  ticket.unansweredSince < now &&
  (ticket.status === 'open' || ticket.status === 'waiting');
