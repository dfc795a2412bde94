/**
 * Splitting a ticket: subordinate problems become tickets of their own, each with its own charge and its own promises from now on
 * (rule SX-12). All of them are opened and paid for, or none. The trap: an engineer splits, but the new tickets are the customer's,
 * so it is the customer's right to open them that is judged.
 */
import { administratorsOf, type Account } from '../account/account.ts';
import { isErased } from '../account/erased.ts';
import { bookAdjustments } from './adjustments.ts';
import { addOnOf, isUnderWay, wrongState } from './command.ts';
import { evolve } from './evolve.ts';
import { laterOf } from '../time/instant.ts';
import { availableAt, type LedgerEntry } from '../account/ledger.ts';
import { channelRefusal } from '../opening/entitlement.ts';
import { chargeOf, type Plan } from '../plan/plan.ts';
import { remedies } from '../opening/shortage.ts';
import { assess, open, type OpeningContext, type OpeningRequest } from '../opening/opening.ts';
import { refuse, type Refusal } from '../refusal.ts';
import { settle, unfold, type Unfolding } from './settle.ts';
import type { Ticket } from './ticket.ts';
import type { TicketEvent } from './ticket-event.ts';
import { tellUnits, type Priority } from '../vocabulary.ts';

export interface SubordinateProblem {
  readonly subject: string;
  readonly description: string;
  /** As pressing as the ticket itself where absent. */
  readonly priority?: Priority | undefined;
  /** What the customer has agreed that it costs: asked for where it costs more than at the ticket's own priority. */
  readonly authorizedCharge?: number | undefined;
}

export interface SplitTicket {
  readonly ticket: Ticket;
  readonly events: readonly TicketEvent[];
}

export type Split =
  | ({
      readonly ok: true;
      /** The new tickets, in the order of the problems. */
      readonly opened: readonly SplitTicket[];
      readonly account: Account;
      readonly entries: readonly LedgerEntry[];
    } & Unfolding)
  | { readonly ok: false; readonly refusal: Refusal };

/** In whose name a part is opened: the ticket's contact, or where that one was erased whoever of the account reads it now. */
const openerOf = ({ contact, followers }: Ticket, account: Account): string => {
  const readers = [contact.email, ...followers, ...administratorsOf(account).map(({ email }) => email)];
  return readers.find((reader) => !isErased(reader)) ?? contact.email;
};

interface Opened {
  readonly tickets: readonly SplitTicket[];
  readonly account: Account;
  readonly entries: readonly LedgerEntry[];
}

/** The plan that a part is opened under: the add-on that the ticket itself is under, or else the plan that its account is on by now. */
const planOfParts = ({ terms }: Ticket, { plan, programme = [plan] }: OpeningContext): Plan =>
  programme.find(({ planId, addOnTo }) => addOnTo && planId === terms.planId) ?? plan;

/**
 * The customer sets the priority and spends the units (rule LX-02): a part that costs more than it would at the ticket's own priority needs
 * the customer's word, and a word that was given is kept to.
 */
const unagreed = (
  whole: Ticket,
  { authorizedCharge, priority = whole.priority }: SubordinateProblem,
  { channel }: OpeningRequest,
  plan: Plan,
) => {
  const costs = (at: Priority): number => chargeOf(plan.charges, { channel, priority: at }) ?? 0;
  const price = costs(priority);
  if (authorizedCharge === price) return undefined;
  if (authorizedCharge === undefined && price <= costs(whole.priority)) return undefined;
  const message = `A part of priority ${priority} costs ${tellUnits(price, plan.unit)}: say \`authorizedCharge\` ${String(price)} once the customer has agreed to that cost.`;
  return refuse('not-entitled', message, { authorizedCharge: price, unit: plan.unit });
};

/**
 * Nobody calls about a part: where the plan does not take its priority by telephone, it is a written one. Whoever splits a problem off as
 * an emergency says that it is mission critical; and that its price is agreed to, where that of the whole ticket had to be.
 */
const requestOf = (ticket: Ticket, problem: SubordinateProblem, context: OpeningContext): OpeningRequest => {
  const { channel: whole, category, followers, statements } = ticket;
  const plan = planOfParts(ticket, context);
  const priority = problem.priority ?? ticket.priority;
  const channel = channelRefusal({ plan, priority, channel: whole }) ? 'email' : whole;
  const { authorizedCharge = statements?.authorizedCharge && chargeOf(plan.charges, { channel, priority }) } = problem;
  return {
    subject: problem.subject,
    description: problem.description,
    priority,
    channel,
    copied: followers,
    ...(category !== undefined && { category }),
    addOn: addOnOf(plan),
    ...(priority === 'emergency' && { missionCritical: true }),
    ...(authorizedCharge !== undefined && { authorizedCharge }),
  };
};

/** Says what the whole split costs, where the units on hand would do for a part of it only. */
const wholeRefusal = (context: OpeningContext, requests: readonly OpeningRequest[], refusal: Refusal): Refusal => {
  if (refusal.code !== 'insufficient-credit') return refusal;
  const required = requests.reduce((sum, request) => {
    const assessment = assess(context, request);
    return sum + (assessment.ok ? assessment.offer.charge.amount : 0);
  }, 0);
  const { account, plan, now } = context;
  const available = availableAt(account.lots, now, requests[0]?.addOn);
  const tickets = requests.length === 1 ? 'This ticket costs' : `These ${String(requests.length)} tickets cost`;
  const message = `${tickets} ${tellUnits(required, plan.unit)}; ${String(available)} on hand. None was opened.`;
  const missing = required - available;
  const facts = { ...refusal.facts, required, available, missing, ...remedies(plan, missing) };
  return { code: refusal.code, message, facts };
};

/** Opens each problem in turn, each with the units that the ones before it left. */
const openAll = (
  context: OpeningContext,
  parent: Ticket,
  requests: readonly OpeningRequest[],
  ids: readonly string[],
): ({ ok: true } & Opened) | { ok: false; refusal: Refusal } => {
  const asCustomer = { role: 'customer', email: openerOf(parent, context.account) } as const;
  let done: Opened = { tickets: [], account: context.account, entries: [] };
  for (const [place, request] of requests.entries()) {
    const opening = open({ ...context, account: done.account, actor: asCustomer }, request, ids[place] ?? '');
    if (!opening.ok) return opening;
    const { actor } = context;
    const events = opening.events.map((event) =>
      event.type === 'opened' ? { ...event, actor, splitFrom: parent.ticketId } : event,
    );
    const ticket = events.reduce<Ticket | undefined>(evolve, undefined);
    if (!ticket) throw new Error('an opening has its event');
    done = {
      tickets: [...done.tickets, { ticket, events }],
      account: opening.account,
      entries: [
        ...done.entries,
        ...opening.entries.map((entry) => (entry.kind === 'charge' ? { ...entry, actor } : entry)),
      ],
    };
  }
  return { ok: true, ...done };
};

const shown = ({ ticket: { ticketId, subject, priority, charge } }: SplitTicket) => ({
  ticketId,
  subject,
  priority,
  charge: { unit: charge.unit, amount: charge.amount },
});

/** The ticket as it stands at the moment of the split, and what its account has by then. */
const present = (ticket: Ticket, context: OpeningContext) => {
  const at = laterOf(context.now, ticket.changedAt);
  const settled = settle(ticket, at);
  const before = bookAdjustments(context.account, settled.events);
  return { at, settled, before, now: { ...context, account: before?.account ?? context.account, now: at } };
};

/**
 * Tells what splitting a ticket would cost, problem by problem, as it would be charged at this moment; it opens and charges nothing.
 * Too few units are no reason not to tell.
 */
export const quoteSplit = (
  ticket: Ticket,
  problems: readonly SubordinateProblem[],
  context: OpeningContext,
): ({ readonly ok: true } & Unfolding) | { readonly ok: false; readonly refusal: Refusal } => {
  const { at, settled, now } = present(ticket, context);
  if (!isUnderWay(settled.ticket)) return wrongState(settled.ticket, 'there is nothing to split.');
  const asCustomer = { ...now, actor: { role: 'customer', email: openerOf(ticket, context.account) } as const };
  const requests = problems.map((problem) => requestOf(settled.ticket, problem, context));
  const offers = [];
  for (const request of requests) {
    const assessed = assess(asCustomer, request);
    if (!assessed.ok) return assessed;
    const { priority, charge } = assessed.offer;
    offers.push({ subject: request.subject, priority, charge: { unit: charge.unit, amount: charge.amount } });
  }
  const available = availableAt(now.account.lots, at, requests[0]?.addOn);
  return { ok: true, ...unfold(settled, [{ type: 'split-quoted', at, actor: context.actor, offers, available }], at) };
};

/** Splits a ticket. `ids` are those of the new tickets; the context's actor is whoever splits. */
export const split = (
  ticket: Ticket,
  problems: readonly SubordinateProblem[],
  context: OpeningContext,
  ids: readonly string[],
): Split => {
  const { at, settled, before, now } = present(ticket, context);
  if (!isUnderWay(settled.ticket)) return wrongState(settled.ticket, 'there is nothing to split.');
  const requests = problems.map((problem) => requestOf(settled.ticket, problem, context));
  for (const [place, request] of requests.entries()) {
    const problem = problems[place];
    const refused = problem && unagreed(settled.ticket, problem, request, planOfParts(ticket, context));
    if (refused) return refused;
  }
  const done = openAll(now, ticket, requests, ids);
  if (!done.ok) return { ok: false, refusal: wholeRefusal(now, requests, done.refusal) };
  const fact = { type: 'split', at, actor: context.actor, tickets: done.tickets.map(shown) } as const;
  const entries = [...(before?.entries ?? []), ...done.entries];
  return {
    ok: true,
    ...unfold(settled, [fact], at),
    opened: done.tickets,
    account: entries.length === 0 ? context.account : { ...done.account, version: context.account.version + 1 },
    entries,
  };
};
