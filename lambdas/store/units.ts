/** The units that a change of a ticket moves: the account that they go back to or come from, and what is written of it. */
import type { Account } from '../domain/account/account.ts';
import { bookAdjustments, movesUnits } from '../domain/ticket/adjustments.ts';
import type { Ticket } from '../domain/ticket/ticket.ts';
import type { TicketEvent } from '../domain/ticket/ticket-event.ts';
import type { Change } from './commit.ts';
import { readTogether } from './read.ts';
import type { Table } from './table.ts';

/** The account of a ticket, which is never gone before it. */
export const accountOf = async (table: Table, { accountId }: Ticket): Promise<Account> => {
  const { account } = await readTogether(table, { accountId });
  if (!account) throw new Error(`the account ${accountId} of a ticket is gone`);
  return account;
};

/**
 * The account's part of a change: the units that the events give back or take. Reads the account only where one does; an event
 * that took units was decided on an account that was read already, which is the one to write.
 */
export const unitsOf = async (
  table: Table,
  ticket: Ticket,
  events: readonly TicketEvent[],
  read?: Account,
): Promise<Pick<Change, 'account' | 'entries'>> => {
  if (!events.some(movesUnits)) return {};
  const account = read ?? (await accountOf(table, ticket));
  const booked = bookAdjustments(account, events);
  return booked ? { account: { before: account, after: booked.account }, entries: booked.entries } : {};
};
