/**
 * Opening a ticket: who may, what it costs and what it promises. A quote and an opening are the same assessment, so a quote never
 * says anything else than what opening at that moment would give (rule EV-07).
 */
import type { Account, Contact } from '../account/account.ts';
import { notEntitled } from './entitlement.ts';
import { evolve } from '../ticket/evolve.ts';
import { joining } from '../ticket/followers.ts';
import { availableAt, drawUnits, type LedgerEntry } from '../account/ledger.ts';
import { offerOf, priorityOf } from './offer.ts';
import { contactFor, openerRefusal } from './opener.ts';
import { prepare, type Offer, type OpeningContext, type OpeningRequest, type Settled } from './opening-context.ts';
import { chargeOf } from '../plan/plan.ts';
import { refuse, type Refusal } from '../refusal.ts';
import { shortOf } from './shortage.ts';
import type { Statements } from './statements.ts';
import type { Charge, Ticket } from '../ticket/ticket.ts';
import type { TicketEvent } from '../ticket/ticket-event.ts';
import type { Priority } from '../vocabulary.ts';

export type { HolidaysOf, Offer, OpeningContext, OpeningRequest } from './opening-context.ts';

/** An offer, with what stands against taking it now; or no offer at all, where the plan has none for such a request. */
export type Assessment =
  | { readonly ok: true; readonly offer: Offer; readonly contact?: Contact; readonly refusal?: Refusal }
  | { readonly ok: false; readonly refusal: Refusal };

const statementsOf = ({ severity, missionCritical, authorizedCharge }: OpeningRequest): Statements => ({
  ...(severity && { severity }),
  ...(missionCritical !== undefined && { missionCritical }),
  ...(authorizedCharge !== undefined && { authorizedCharge }),
});

/** Everything that stands against opening but the units on hand: the caller, the contact, and what the plan demands. */
const against = (
  context: Settled,
  request: OpeningRequest,
  contact: Contact | undefined,
  asked: { priority: Priority; amount: number },
): Refusal | undefined =>
  openerRefusal(context, request, contact) ??
  notEntitled({
    ...context,
    priority: asked.priority,
    channel: request.channel,
    category: request.category,
    statements: statementsOf(request),
    charge: { unit: context.plan.unit, amount: asked.amount },
  });

const assessSettled = (context: Settled, request: OpeningRequest): Assessment => {
  const { plan } = context;
  const priority = priorityOf(plan, request);
  if (typeof priority !== 'string') return { ok: false, refusal: priority };
  if (!plan.priorities.includes(priority)) {
    return refuse('validation', `The plan ${plan.name} has no priority ${priority}.`, { priorities: plan.priorities });
  }
  const amount = chargeOf(plan.charges, { channel: request.channel, priority });
  const contact = contactFor(context, request);
  if (amount === undefined) {
    const refusal = openerRefusal(context, request, contact);
    return refusal
      ? { ok: false, refusal }
      : refuse('not-entitled', `The plan ${plan.name} has no price for such a ticket.`);
  }
  const offer = offerOf(context, priority, amount);
  const refusal = against(context, request, contact, { priority, amount }) ?? shortOf(context, amount);
  return { ok: true, offer, ...(contact && { contact }), ...(refusal && { refusal }) };
};

/** What this request would cost and promise at this moment, and whether anything stands against it. */
export const assess = (context: OpeningContext, request: OpeningRequest): Assessment => {
  const prepared = prepare(context, request);
  return prepared.ok ? assessSettled(prepared.context, request) : prepared;
};

export type Opening =
  | {
      readonly ok: true;
      readonly ticket: Ticket;
      readonly events: readonly [TicketEvent];
      readonly account: Account;
      readonly entries: readonly LedgerEntry[];
    }
  | { readonly ok: false; readonly refusal: Refusal };

/**
 * Opens a ticket: its first event, the units drawn, and the line in the ledger (rules SX-10, EV-04), after whatever time had
 * caused to the account before.
 */
export const open = (asked: OpeningContext, request: OpeningRequest, ticketId: string): Opening => {
  const prepared = prepare(asked, request);
  if (!prepared.ok) return prepared;
  const { context } = prepared;
  const assessment = assessSettled(context, request);
  if (!assessment.ok) return assessment;
  if (assessment.refusal) return { ok: false, refusal: assessment.refusal };
  const { account, addOn, now } = context;
  const { offer, contact } = assessment;
  const drawn = drawUnits(account.lots, offer.charge.amount, now, addOn);
  if (!drawn.ok || !contact) throw new Error('an assessment without a refusal has its units and its contact');
  const charge: Charge = { ...offer.charge, draws: drawn.draws };
  const left = charge.amount === 0 ? undefined : availableAt(drawn.lots, now, addOn);
  const event = openedEvent(context, request, { ticketId, offer, contact, charge, left });
  return {
    ok: true,
    ticket: evolve(undefined, event),
    events: [event],
    account: charge.amount === 0 ? account : { ...account, version: account.version + 1, lots: drawn.lots },
    entries: [
      ...prepared.caused,
      ...(charge.amount === 0 ? [] : [chargeEntry(account.accountId, ticketId, charge, context)]),
    ],
  };
};

const chargeEntry = (
  accountId: string,
  ticketId: string,
  charge: Charge,
  { now, actor }: OpeningContext,
): LedgerEntry => ({
  entryId: `led_${ticketId.slice('tkt_'.length)}-charge`,
  accountId,
  kind: 'charge',
  amount: charge.amount,
  unit: charge.unit,
  at: now,
  recordedAt: now,
  reason: 'ticket opened',
  ticketId,
  actor,
  lots: charge.draws.map(({ lotId, amount }) => ({ lotId, amount })),
});

const openedEvent = (
  { account, actor, now }: OpeningContext,
  request: OpeningRequest,
  opening: { ticketId: string; offer: Offer; contact: Contact; charge: Charge; left: number | undefined },
): TicketEvent => {
  const followers = joining(account, request.copied ?? [], { contact: opening.contact.email, followers: [] });
  return {
    type: 'opened',
    ticketId: opening.ticketId,
    accountId: account.accountId,
    seq: 1,
    at: now,
    recordedAt: now,
    actor,
    subject: request.subject,
    description: request.description,
    priority: opening.offer.priority,
    channel: request.channel,
    ...(request.category !== undefined && { category: request.category }),
    ...(Object.keys(statementsOf(request)).length > 0 && { statements: statementsOf(request) }),
    contact: { email: opening.contact.email, name: opening.contact.name },
    ...(followers.length > 0 && { followers }),
    tier: opening.offer.tier,
    terms: opening.offer.terms,
    charge: opening.charge,
    ...(opening.left !== undefined && { left: opening.left }),
    targets: [...opening.offer.targets],
  };
};
