/** What every decision on a ticket has in common: who asks and when, and the shape of an answer or a refusal. */
import type { Plan } from '../plan/plan.ts';
import type { Account } from '../account/account.ts';
import type { Instant } from '../time/instant.ts';
import { refuse, type Refusal } from '../refusal.ts';
import type { Ticket } from './ticket.ts';
import type { TicketFact } from './ticket-event.ts';
import type { Actor, Priority } from '../vocabulary.ts';

export interface About {
  readonly at: Instant;
  readonly actor: Actor;
}

/** What follows from a command, before the events have their places in the timeline; or why nothing does. */
export type Facts =
  { readonly ok: true; readonly facts: TicketFact[] } | { readonly ok: false; readonly refusal: Refusal };

/** What a decision that moves units needs beside the ticket. */
export interface Funds {
  /** The ticket's account, as it was read. */
  readonly account: Account;
  /** The priorities of the plan that the ticket was opened under. */
  readonly priorities: readonly Priority[];
  /** That plan, which is the add-on where the ticket was opened under one; absent where the vendor has none of that name any more. */
  readonly plan?: Plan | undefined;
}

/** The add-on whose units pay for tickets opened under this plan; nothing where the account's own do. */
export const addOnOf = (plan: Plan | undefined): string | undefined => (plan?.addOnTo ? plan.planId : undefined);

export const facts = (...all: TicketFact[]): Facts => ({ ok: true, facts: all });

export const isStaff = ({ role }: Actor): boolean => role !== 'customer';

export const isUnderWay = ({ status }: Ticket): boolean => status === 'open' || status === 'waiting';

export const wrongState = (ticket: Ticket, what: string, more: Readonly<Record<string, unknown>> = {}) =>
  refuse('wrong-state', `The ticket is ${ticket.status}: ${what}`, { ticketStatus: ticket.status, ...more });
