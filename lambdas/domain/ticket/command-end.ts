/** How tickets end and begin again: closing, reopening within ninety days (rule SX-17), and the customer's rating (rule AX-12). */
import { facts, isStaff, wrongState, type About, type Facts } from './command.ts';
import { MILLIS_A_DAY, fromMillis, toMillis, type Instant } from '../time/instant.ts';
import { refuse } from '../refusal.ts';
import { readersOfTicket } from './followers.ts';
import type { Ticket } from './ticket.ts';

/** Days after its first closing in which a ticket can be reopened; the published terms count from the original closing. */
const REOPEN_DAYS = 90;
/** Oftener than a problem is ever back. The ticket's record holds each time, and what holds no more can't be settled any more. */
const MOST_REOPENINGS = 100;

export const close = (ticket: Ticket, about: About): Facts => {
  if (ticket.status === 'closed' || ticket.status === 'declined') return wrongState(ticket, 'it is closed already.');
  if (isStaff(about.actor) && ticket.status !== 'resolved') {
    return wrongState(ticket, 'resolve it before closing it; only its customer may close it as it stands.');
  }
  return facts({ type: 'closed', ...about, cause: isStaff(about.actor) ? 'engineer' : 'customer' });
};

/** The last moment at which a closed ticket can be reopened; nothing where it can't be any more. */
export const reopenableUntil = ({ closures, closedAt }: Ticket): Instant | undefined => {
  if (closures.length >= MOST_REOPENINGS) return undefined;
  const first = closures[0]?.from ?? closedAt;
  return first === undefined ? undefined : fromMillis(toMillis(first) + REOPEN_DAYS * MILLIS_A_DAY);
};

/** Why a closed ticket can't be reopened any more, or nothing while it can. */
export const reopenRefusal = (ticket: Ticket, at: Instant) => {
  if (ticket.closures.length >= MOST_REOPENINGS) {
    return wrongState(ticket, `it was reopened ${String(MOST_REOPENINGS)} times. Open a new ticket.`);
  }
  const until = reopenableUntil(ticket);
  if (until === undefined || at <= until) return undefined;
  return wrongState(ticket, `it could be reopened for ${String(REOPEN_DAYS)} days. Open a new ticket.`, {
    reopenableUntil: until,
  });
};

export const reopen = (ticket: Ticket, sameProblem: boolean, about: About): Facts => {
  if (!sameProblem) {
    return refuse('validation', 'Only the very same problem reopens a ticket: open a new one for another problem.');
  }
  const { role, email } = about.actor;
  const heir =
    role === 'customer' && email !== undefined && readersOfTicket(ticket).length === 0 ? { followers: [email] } : {};
  const again = { type: 'reopened', ...about, cause: 'request', ...heir } as const;
  if (ticket.status === 'resolved') return facts({ ...again, from: 'resolved' });
  if (ticket.status === 'declined') return wrongState(ticket, 'it cost nothing and stays as it is. Open a new one.');
  if (ticket.status !== 'closed') return wrongState(ticket, 'there is nothing to reopen.');
  return reopenRefusal(ticket, about.at) ?? facts({ ...again, from: 'closed' });
};

/** A customer may think again: every rating is on record, the latest counts. */
export const rate = (ticket: Ticket, rating: { score: number; comment?: string | undefined }, about: About): Facts => {
  if (ticket.status !== 'closed') return wrongState(ticket, 'it can be rated once it is closed.');
  const { score, comment } = rating;
  return facts({ type: 'rated', ...about, score, ...(comment !== undefined && { comment }) });
};
