/**
 * Brings a stored ticket up to a moment: what time has caused is decided by the rules, and written once, together with the
 * units it gives back. Running it twice, late or for nothing changes nothing.
 */
import { movesUnits } from '../domain/ticket/adjustments.ts';
import { laterOf, type Instant } from '../domain/time/instant.ts';
import { settle } from '../domain/ticket/settle.ts';
import { nextWake } from '../domain/ticket/targets.ts';
import { isOpen, type Ticket } from '../domain/ticket/ticket.ts';
import type { Wait } from '../domain/wait.ts';
import { attempt } from './attempt.ts';
import { commit } from './commit.ts';
import { readTogether } from './read.ts';
import type { Table } from './table.ts';
import { accountOf, unitsOf } from './units.ts';

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
