/**
 * Brings a stored ticket up to a moment: what time has caused is decided by the rules, and written once, together with the
 * units it gives back. Running it twice, late or for nothing changes nothing.
 */
import { bookCredits } from '../domain/bookings.ts';
import type { Instant } from '../domain/instant.ts';
import { settle } from '../domain/settle.ts';
import { nextDeadline } from '../domain/targets.ts';
import { isOpen, type Ticket } from '../domain/ticket.ts';
import type { TicketEvent } from '../domain/ticket-event.ts';
import type { Wait } from '../domain/wait.ts';
import { attempt } from './attempt.ts';
import { commit, type Change } from './commit.ts';
import { readTogether } from './read.ts';
import type { Table } from './table.ts';

/** The account's part of a change: the units that the events give back. Reads the account only where one does. */
export const creditsOf = async (
  table: Table,
  accountId: string,
  events: readonly TicketEvent[],
): Promise<Pick<Change, 'account' | 'entries'>> => {
  if (!events.some(({ type }) => type === 'credited')) return {};
  const { account } = await readTogether(table, { accountId });
  if (!account) throw new Error(`the account ${accountId} of a ticket is gone`);
  const booked = bookCredits(account, events);
  return booked ? { account: { before: account, after: booked.account }, entries: booked.entries } : {};
};

const waitOf = (ticket: Ticket, generation: number): Wait => {
  const deadlineAt = nextDeadline(ticket)?.at;
  return {
    schema: 1,
    ticketId: ticket.ticketId,
    version: ticket.version,
    generation,
    open: isOpen(ticket),
    ...(deadlineAt !== undefined && { deadlineAt }),
  };
};

/** Settles a ticket at `now` and answers the wait that fits it afterwards. Throws where there is no such ticket. */
export const settleTicket = (table: Table, ticketId: string, now: Instant): Promise<Wait> =>
  attempt(async () => {
    const { ticket, standing } = await readTogether(table, { ticketId });
    if (!ticket || !standing) throw new Error(`there is no ticket ${ticketId}`);
    const { ticket: after, events } = settle(ticket, now);
    if (events.length === 0) return standing.wait;
    const credits = await creditsOf(table, ticket.accountId, events);
    const outcome = await commit(table, { ticket: { before: ticket, after }, events, ...credits });
    return outcome === 'committed' ? waitOf(after, standing.wait.generation) : 'stale';
  });
