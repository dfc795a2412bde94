/**
 * Brings a stored ticket up to a moment: what time has caused is decided by the rules, and written once, together with the
 * units it gives back. Running it twice, late or for nothing changes nothing.
 */
import type { Account } from '../domain/account/account.ts';
import { bookAdjustments, movesUnits } from '../domain/ticket/adjustments.ts';
import { laterOf, type Instant } from '../domain/time/instant.ts';
import { settle } from '../domain/ticket/settle.ts';
import { nextWake } from '../domain/ticket/targets.ts';
import { isOpen, type Ticket } from '../domain/ticket/ticket.ts';
import type { TicketEvent } from '../domain/ticket/ticket-event.ts';
import type { Wait } from '../domain/wait.ts';
import { attempt } from './attempt.ts';
import { commit, type Change } from './commit.ts';
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

const waitOf = (ticket: Ticket, generation: number): Wait => {
  const deadlineAt = nextWake(ticket)?.at;
  return {
    schema: 1,
    ticketId: ticket.ticketId,
    version: ticket.version,
    generation,
    open: isOpen(ticket),
    ...(deadlineAt !== undefined && { deadlineAt }),
  };
};

/**
 * Settles a ticket at `now` for its clock, and answers the wait that fits it afterwards. Throws where there is no such ticket. The trap: a
 * clock that had to try again comes with the moment at which it began; what it gives back is recorded no earlier than the last lot of the
 * account was written off, or it would go into a lot that is gone.
 */
export const settleTicket = (table: Table, ticketId: string, now: Instant): Promise<Wait> => {
  // Known from the second attempt on, where a busy account was written by somebody else: then both are read at once.
  let accountId: string | undefined;
  return attempt(async () => {
    const { ticket, standing, account } = await readTogether(table, { ticketId, accountId });
    if (!ticket || !standing) throw new Error(`there is no ticket ${ticketId}`);
    const due = settle(ticket, now);
    if (due.events.length === 0) return standing.wait;
    const paying = due.events.some(movesUnits) ? (account ?? (await accountOf(table, ticket))) : undefined;
    if (paying) ({ accountId } = ticket);
    const { ticket: after, events } = settle(ticket, laterOf(now, paying?.expiredTo ?? now));
    const units = await unitsOf(table, ticket, events, paying);
    const outcome = await commit(table, { ticket: { before: ticket, after }, events, clockKnows: true, ...units });
    return outcome === 'committed' ? waitOf(after, standing.wait.generation) : 'stale';
  });
};
