/** One command on a ticket that was read: the rules decide, and what they decided is a change that somebody writes. */
import type { Account } from '../../domain/account/account.ts';
import { decide, decideFunded, type FundedCommand, type TicketCommand } from '../../domain/ticket/commands.ts';
import type { Ticket } from '../../domain/ticket/ticket.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { planOf } from '../../plans/catalogue.ts';
import type { Change } from '../../store/commit.ts';
import type { Found } from '../../store/read.ts';
import { settleStoredAccount } from '../../store/settle-account.ts';
import { unitsOf } from '../../store/units.ts';
import { actorOf, ownTicket, type Caller } from './caller.ts';
import type { Desk } from './desk.ts';
import { Problem } from './problem.ts';

/** Who asks, and when. */
export interface Asked {
  readonly caller: Caller;
  readonly now: Instant;
  /** A new ULID, for what the command makes. */
  readonly freshId: () => string;
}

/** A ticket as a command leaves it, and what is to be written. */
export interface Commanded {
  readonly after: Ticket;
  readonly change: Change;
}

/** Asks the rules for one command on the ticket that was read. */
export const command = async (
  { table }: Desk,
  { caller, now }: Pick<Asked, 'caller' | 'now'>,
  found: Found,
  wish: TicketCommand,
): Promise<Commanded> => {
  const before = ownTicket(caller, found.ticket);
  const decision = decide(before, wish, actorOf(caller), now);
  if (!decision.ok) throw Problem.of(decision.refusal);
  const { ticket: after, events } = decision;
  return { after, change: { ticket: { before, after }, events, ...(await unitsOf(table, before, events)) } };
};

/** The ticket's account with the units that time has brought and taken: a command that spends must find them. */
export const accountAt = async (desk: Desk, { accountId }: Ticket, now: Instant): Promise<Account> => {
  const account = await settleStoredAccount(desk.table, accountId, (one) => planOf(desk.catalogue, one), now);
  if (!account) throw new Error(`the account ${accountId} of a ticket is gone`);
  return account;
};

/** The same for a command that may move units: what it takes was decided on the very account that is written. */
export const fundedCommand = async (
  desk: Desk,
  { caller, now }: Pick<Asked, 'caller' | 'now'>,
  found: Found,
  wish: FundedCommand,
): Promise<Commanded> => {
  const before = ownTicket(caller, found.ticket);
  const account = await accountAt(desk, before, now);
  const plan = desk.catalogue.get(before.terms.planId);
  const funds = { account, priorities: plan?.priorities ?? [before.priority], plan };
  const decision = decideFunded(before, wish, { actor: actorOf(caller), now, funds });
  if (!decision.ok) throw Problem.of(decision.refusal);
  const { ticket: after, events } = decision;
  return {
    after,
    change: { ticket: { before, after }, events, ...(await unitsOf(desk.table, before, events, account)) },
  };
};
