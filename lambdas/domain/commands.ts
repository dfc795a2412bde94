/**
 * What people ask of a ticket that is open, as pure decisions. Each command first settles what the passing of time already
 * caused, so an answer that comes after its deadline finds the miss in place; then the rules say which events follow, or refuse.
 */
import { laterOf, type Instant } from './instant.ts';
import { refuse, type Refusal } from './refusal.ts';
import { settle, unfold, type Unfolding } from './settle.ts';
import type { Ticket } from './ticket.ts';
import type { TicketFact } from './ticket-event.ts';
import type { Actor, TargetKind, Visibility } from './vocabulary.ts';

export type TicketCommand =
  | { readonly type: 'post-message'; readonly messageId: string; readonly visibility: Visibility }
  | { readonly type: 'pause'; readonly reason: string }
  | { readonly type: 'plan'; readonly summary: string; readonly expectedBy: Instant }
  | { readonly type: 'resolve'; readonly summary: string }
  | { readonly type: 'close' };

/** What a command led to: the ticket afterwards with all events to write, or a refusal, which writes nothing. */
export type Decision = ({ readonly ok: true } & Unfolding) | { readonly ok: false; readonly refusal: Refusal };

type Facts = { ok: true; facts: TicketFact[] } | { ok: false; refusal: Refusal };
interface About {
  readonly at: Instant;
  readonly actor: Actor;
}

const isStaff = ({ role }: Actor): boolean => role !== 'customer';

const wrongState = (ticket: Ticket, what: string) =>
  refuse('wrong-state', `The ticket is ${ticket.status}: ${what}`, { status: ticket.status });

/** The promises that a public word of an engineer keeps: every span that still waits for an answer (rule AX-04). */
const owedAnswers = (ticket: Ticket): TargetKind[] =>
  ticket.targets.filter(({ kind, state }) => kind !== 'resolution' && state === 'running').map(({ kind }) => kind);

const postMessage = (
  ticket: Ticket,
  command: Extract<TicketCommand, { type: 'post-message' }>,
  about: About,
): Facts => {
  const { messageId, visibility } = command;
  if (ticket.status === 'closed' || ticket.status === 'declined') {
    return wrongState(ticket, 'it takes no more messages. Reopen it or open a new one.');
  }
  if (visibility === 'internal' && !isStaff(about.actor)) {
    return refuse('forbidden', 'Internal messages are for engineers; a customer writes public ones.');
  }
  const facts: TicketFact[] = [{ type: 'message', ...about, messageId, visibility }];
  if (isStaff(about.actor)) {
    const met = owedAnswers(ticket);
    if (visibility === 'public' && (met.length > 0 || ticket.answeredAt === undefined)) {
      facts.push({ type: 'answered', ...about, messageId, tier: ticket.tier, met });
    }
  } else if (ticket.status === 'waiting') {
    facts.push({ type: 'resumed', ...about, messageId });
  } else if (ticket.status === 'resolved') {
    facts.push({ type: 'reopened', ...about, messageId });
  }
  return { ok: true, facts };
};

const pause = (ticket: Ticket, reason: string, about: About): Facts =>
  ticket.status === 'open'
    ? { ok: true, facts: [{ type: 'paused', ...about, reason }] }
    : wrongState(ticket, 'only an open ticket can wait for the customer.');

const plan = (ticket: Ticket, command: Extract<TicketCommand, { type: 'plan' }>, about: About): Facts => {
  if (ticket.status !== 'open' && ticket.status !== 'waiting')
    return wrongState(ticket, 'there is nothing left to plan.');
  const { summary, expectedBy } = command;
  if (expectedBy <= about.at) {
    return refuse('validation', 'The plan must expect a moment that is still to come.', { expectedBy, now: about.at });
  }
  return { ok: true, facts: [{ type: 'planned', ...about, summary, expectedBy }] };
};

const resolve = (ticket: Ticket, summary: string, about: About): Facts => {
  if (ticket.status !== 'open' && ticket.status !== 'waiting') return wrongState(ticket, 'it can’t be resolved again.');
  if (ticket.answeredAt === undefined || owedAnswers(ticket).length > 0) {
    return refuse('wrong-state', 'Nobody has answered the customer yet: answer with a public message, then resolve.');
  }
  return { ok: true, facts: [{ type: 'resolved', ...about, summary }] };
};

const close = (ticket: Ticket, about: About): Facts => {
  if (ticket.status === 'closed' || ticket.status === 'declined') return wrongState(ticket, 'it is closed already.');
  if (isStaff(about.actor) && ticket.status !== 'resolved') {
    return wrongState(ticket, 'resolve it before closing it; only its customer may close it as it stands.');
  }
  const cause = isStaff(about.actor) ? 'engineer' : 'customer';
  return { ok: true, facts: [{ type: 'closed', ...about, cause }] };
};

const factsOf = (ticket: Ticket, command: TicketCommand, about: About): Facts => {
  switch (command.type) {
    case 'post-message':
      return postMessage(ticket, command, about);
    case 'pause':
      return pause(ticket, command.reason, about);
    case 'plan':
      return plan(ticket, command, about);
    case 'resolve':
      return resolve(ticket, command.summary, about);
    case 'close':
      return close(ticket, about);
  }
};

/** Decides one command at `now`. A clock that runs behind the ticket's last event counts as standing at that event. */
export const decide = (ticket: Ticket, command: TicketCommand, actor: Actor, now: Instant): Decision => {
  const at = laterOf(now, ticket.changedAt);
  const settled = settle(ticket, at);
  const answer = factsOf(settled.ticket, command, { at, actor });
  if (!answer.ok) return answer;
  return { ok: true, ...unfold(settled, answer.facts, at) };
};
