/**
 * Who works on a ticket: assigning it, and handing it to the next tier by hand (rule AX-08). A hand-over gives nobody more time:
 * the span that runs goes on at the new tier with the deadline that it has, and a miss there climbs on as ever.
 */
import { facts, isUnderWay, wrongState, type About, type Facts } from './command.ts';
import type { Ticket } from './ticket.ts';
import { tierAbove } from '../vocabulary.ts';

export const assign = (ticket: Ticket, engineer: string, about: About): Facts =>
  ticket.status === 'closed' || ticket.status === 'declined'
    ? wrongState(ticket, 'nobody works on it any more.')
    : facts({ type: 'assigned', ...about, engineer });

export const escalate = (ticket: Ticket, reason: string, about: About): Facts => {
  if (!isUnderWay(ticket)) return wrongState(ticket, 'there is nothing to hand over.');
  const to = tierAbove(ticket.tier);
  if (!to) return wrongState(ticket, 'TS3 is the highest tier.', { tier: ticket.tier });
  return facts({ type: 'escalated', ...about, from: ticket.tier, to, cause: 'hand', reason });
};
