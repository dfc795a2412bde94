/** Changing a ticket's priority: who may, and what it costs or gives back. What becomes of its promises is in `changed-promises.ts`. */
import { contactWith } from '../account/account.ts';
import { channelRefusal, missionRefusal } from '../opening/entitlement.ts';
import type { Statements } from '../opening/statements.ts';
import { drawMore } from './adjustments.ts';
import { owesAny, promisesNothing, raises, targetsAt, withdrawnAt } from './changed-promises.ts';
import { isFree, lastTaken, outstanding, priceAt, wasLate } from './charge.ts';
import { addOnOf, facts, isStaff, isUnderWay, wrongState, type About, type Facts, type Funds } from './command.ts';
import { refuse, type Refusal } from '../refusal.ts';
import type { Target, Ticket } from './ticket.ts';
import type { TicketFact } from './ticket-event.ts';
import { tellUnits, type Priority } from '../vocabulary.ts';

export interface Reprioritize {
  readonly type: 'reprioritize';
  readonly priority: Priority;
  readonly reason: string;
  /** Says of a raise that the problem keeps the customer's business from running. */
  readonly missionCritical?: boolean | undefined;
  /** What the customer has agreed that the ticket costs from then on: without it, a raise by staff costs nothing. */
  readonly authorizedCharge?: number | undefined;
}

const isSeverity = (priority: Priority): boolean => priority.startsWith('severity-');
const against = (ticket: Ticket, to: Priority, { actor }: About): { ok: false; refusal: Refusal } | undefined => {
  const { priority: from } = ticket;
  if (isSeverity(to) && !isStaff(actor)) {
    return refuse('forbidden', 'A severity follows from its definitions: ask an engineer to correct it.');
  }
  if (isSeverity(to) || raises(from, to)) return undefined;
  if (isStaff(actor) && !(from === 'emergency' && to === 'urgent')) {
    return refuse('forbidden', 'The customer sets the priority; only an emergency that is none is demoted, to urgent.');
  }
  if (!isStaff(actor) && (ticket.answeredAt !== undefined || ticket.targets.some(({ state }) => state === 'met'))) {
    return wrongState(ticket, 'it was worked on at its priority already, so the priority can’t be lowered any more.');
  }
  return undefined;
};

/**
 * What the ticket costs at its new priority: more only where it is raised and gets something for it. Of one that was late all has come
 * back, so its price stays what that was. A priority whose promises are all over already is given for nothing; one that promises nothing
 * to anybody has its price.
 */
const newCharge = (ticket: Ticket, to: Priority, targets: readonly Target[]): number | undefined => {
  const { amount } = ticket.charge;
  const price = priceAt(ticket, to);
  if (price === undefined) return undefined;
  if (wasLate(ticket)) return amount;
  if (price <= amount) return price;
  return raises(ticket.priority, to) && (promisesNothing(ticket, to) || owesAny(ticket, targets, to)) ? price : amount;
};

/**
 * A customer changes a priority to one at which they could open the ticket: as one of its plan's openers among the account's
 * contacts (rule LX-12), and by its channel (rule LX-13). Staff do so in a customer's name.
 */
const openerRefusal = (
  { channel }: Ticket,
  priority: Priority,
  { actor }: About,
  { account, plan }: Funds,
): { ok: false; refusal: Refusal } | undefined => {
  if (isStaff(actor)) return undefined;
  const contact = contactWith(account, actor.email);
  if (!contact)
    return refuse('not-entitled', 'A contact of the account sets the priority, and this address is not one.');
  if (plan?.openers === 'administrators' && contact.role !== 'administrator')
    return refuse('not-entitled', 'Only account administrators set the priority under this plan.');
  const refusal = plan && channelRefusal({ plan, priority, channel });
  return refusal && { ok: false, refusal };
};

const statementsOf = ({ missionCritical, authorizedCharge }: Reprioritize): Statements => ({
  ...(missionCritical !== undefined && { missionCritical }),
  ...(authorizedCharge !== undefined && { authorizedCharge }),
});

/** A raise is asked what an opening at its priority would be asked, under a plan that the vendor still has. */
const raiseRefusal = (
  { priority: from, channel }: Ticket,
  statements: Statements,
  to: Priority,
  { plan }: Funds,
): { ok: false; refusal: Refusal } | undefined => {
  const refusal = plan && raises(from, to) && missionRefusal({ plan, priority: to, channel, statements });
  return refusal ? { ok: false, refusal } : undefined;
};

/**
 * The customer sets the priority and spends the units (rule LX-02). Staff who raise it take no more of them, unless they say what the
 * customer has agreed to.
 */
const agreed = (before: number, price: number, { authorizedCharge }: Reprioritize, { actor }: About): number =>
  isStaff(actor) && authorizedCharge === undefined ? Math.min(before, price) : price;

const otherThanAgreed = (
  { charge: { unit } }: Ticket,
  { priority, authorizedCharge }: Reprioritize,
  charge: number,
): { ok: false; refusal: Refusal } | undefined => {
  if (authorizedCharge === undefined || authorizedCharge === charge) return undefined;
  const message = `At priority ${priority} this ticket costs ${tellUnits(charge, unit)}, and not the \`authorizedCharge\` of ${String(authorizedCharge)}.`;
  return refuse('not-entitled', message, { authorizedCharge: charge, unit });
};

export const reprioritize = (ticket: Ticket, command: Reprioritize, about: About, funds: Funds): Facts => {
  const { priority: to, reason } = command;
  if (!isUnderWay(ticket)) return wrongState(ticket, 'its priority matters no more.');
  const targets = targetsAt(ticket, to, about.at);
  const price = newCharge(ticket, to, targets);
  if (!funds.priorities.includes(to) || price === undefined) {
    return refuse('validation', `The plan has no priority ${to}.`, { priorities: funds.priorities });
  }
  if (to === ticket.priority) return wrongState(ticket, `its priority is ${to} already.`, { priority: to });
  const statements = statementsOf(command);
  const refused =
    against(ticket, to, about) ??
    openerRefusal(ticket, to, about, funds) ??
    raiseRefusal(ticket, statements, to, funds);
  if (refused) return refused;
  const { unit, amount: before, draws } = ticket.charge;
  const charge = agreed(before, price, command, about);
  const unagreed = otherThanAgreed(ticket, command, charge);
  if (unagreed) return unagreed;
  // Of a ticket that was found to be free only the price changes: it is what a manager takes who finds otherwise.
  const more = isFree(ticket) ? 0 : Math.max(0, charge - before);
  const returned = Math.min(Math.max(0, before - charge), outstanding(ticket));
  const taken = drawMore(funds.account, { amount: more, unit, now: about.at, addOn: addOnOf(funds.plan) });
  if (!taken.ok) return taken;
  const withdrawn = withdrawnAt(ticket, to, targets, about.at);
  const change: TicketFact = {
    type: 'reprioritized',
    ...about,
    from: ticket.priority,
    to,
    reason,
    ...(Object.keys(statements).length > 0 && { statements }),
    unit,
    charge,
    drawn: taken.draws,
    returned,
    targets,
    ...((ticket.withdrawn !== undefined || withdrawn.length > 0) && { withdrawn }),
  };
  if (returned === 0) return facts(change);
  const back = { amount: returned, unit, draws: lastTaken(draws, returned), cause: 'reprioritized' } as const;
  return facts(change, { type: 'credited', ...about, ...back });
};
