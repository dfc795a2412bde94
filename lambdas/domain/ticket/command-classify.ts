/**
 * What a ticket turned out to be: a product bug or a free issue gives its units back (rules SX-13, LX-11), a case that the vendor
 * does not take is declined and costs nothing (rule SX-16). Only what is still out comes back, to the lots or to the card, never
 * to both. A manager's word is the last one, but not about a ticket that was late: its units stay with the customer (rule LX-09).
 */
import { wasBought } from '../account/ledger.ts';
import { drawMore } from './adjustments.ts';
import { outstanding, priceAt, wasLate } from './charge.ts';
import { addOnOf, facts, isUnderWay, wrongState, type About, type Facts, type Funds } from './command.ts';
import { refuse } from '../refusal.ts';
import type { Ticket } from './ticket.ts';
import type { TicketFact } from './ticket-event.ts';
import type { Classification, RefundTo } from '../vocabulary.ts';

export interface Classify {
  readonly type: 'classify';
  readonly as: Classification;
  readonly refundTo?: RefundTo | undefined;
  readonly reason?: string | undefined;
}

/** Whether a finding says nothing new: the same of people of the same rank, with nothing left to give back. It is recorded once. */
const isKnown = (ticket: Ticket, { as, reason, refundTo }: Classify, { actor }: About): boolean => {
  const { classification: before } = ticket;
  if (before?.as !== as || before.by.role !== actor.role || outstanding(ticket) > 0) return false;
  return (reason ?? before.reason) === before.reason && (refundTo ?? before.returnedTo) === before.returnedTo;
};

const against = (ticket: Ticket, { as, refundTo }: Classify, { actor }: About) => {
  if (ticket.status === 'declined') return wrongState(ticket, 'that is the end of it.');
  if (as === 'declined' && !isUnderWay(ticket)) return wrongState(ticket, 'it was worked on, so it can’t be declined.');
  if (ticket.classification?.by.role === 'manager' && actor.role !== 'manager') {
    return refuse('forbidden', 'A manager has decided what this ticket is, and has the last word.');
  }
  if (refundTo === 'card' && !ticket.charge.draws.every(wasBought)) {
    return refuse('validation', 'Units that were included or granted were not paid for: they go back as credits.');
  }
  return undefined;
};

/**
 * What a ticket that is to be paid for after all takes: its price at the priority that it has by now. Nothing where a promise was
 * missed that gives the charge back: that the units had come back before is why the miss gave none, and the customer was told
 * that nothing is charged. The finding may be wrong and taken back, the miss stays.
 */
const takenAgain = (ticket: Ticket): number => {
  if (wasLate(ticket)) return 0;
  const { amount } = ticket.charge;
  return Math.max(0, Math.min(priceAt(ticket, ticket.priority) ?? amount, amount) - outstanding(ticket));
};

/** A manager takes a finding back, and its price is taken. What went to the card is the billing system's. */
const charge = (ticket: Ticket, { as, reason }: Classify, about: About, { account, plan }: Funds): Facts => {
  const {
    classification,
    charge: { unit },
  } = ticket;
  if (about.actor.role !== 'manager') return refuse('forbidden', 'Only a manager takes such a finding back.');
  if (!classification || classification.as === 'chargeable')
    return wrongState(ticket, 'it is chargeable as it stands.');
  if (classification.returnedTo === 'card' && classification.returned > 0) {
    return wrongState(ticket, 'its refund is with the billing system.');
  }
  const taken = drawMore(account, { amount: takenAgain(ticket), unit, now: about.at, addOn: addOnOf(plan) });
  if (!taken.ok) return taken;
  return facts({
    type: 'classified',
    ...about,
    as,
    unit,
    returned: 0,
    returnedTo: 'credits',
    drawn: taken.draws,
    ...(reason !== undefined && { reason }),
  });
};

export const classify = (ticket: Ticket, command: Classify, about: About, funds: Funds): Facts => {
  const refused = against(ticket, command, about);
  if (refused) return refused;
  const { as, reason, refundTo: returnedTo = 'credits' } = command;
  if (as === 'chargeable') return charge(ticket, command, about, funds);
  if (isKnown(ticket, command, about)) return facts();
  const returned = outstanding(ticket);
  const { unit, draws } = ticket.charge;
  const finding: TicketFact = {
    type: 'classified',
    ...about,
    as,
    unit,
    returned,
    returnedTo,
    drawn: [],
    ...(reason !== undefined && { reason }),
  };
  return returned === 0 || returnedTo === 'card'
    ? facts(finding)
    : facts(finding, { type: 'credited', ...about, amount: returned, unit, draws, cause: 'classified' });
};
