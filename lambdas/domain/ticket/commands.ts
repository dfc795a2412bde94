/**
 * What people ask of a ticket, as pure decisions. Each command first settles what the passing of time already caused, so an answer
 * that comes after its deadline finds the miss in place; then the rules say which events follow, or refuse.
 */
import { bookAdjustments } from './adjustments.ts';
import type { About, Facts, Funds } from './command.ts';
import * as answer from './command-answer.ts';
import { classify, type Classify } from './command-classify.ts';
import * as end from './command-end.ts';
import { noteMailFailure, type NoteMailFailure } from './command-mail.ts';
import { reprioritize, type Reprioritize } from './command-reprioritize.ts';
import { assign, escalate } from './command-route.ts';
import { laterOf, type Instant } from '../time/instant.ts';
import type { Refusal } from '../refusal.ts';
import { settle, unfold, type Unfolding } from './settle.ts';
import type { Ticket } from './ticket.ts';
import type { Actor } from '../vocabulary.ts';

/** Commands that need the ticket alone. */
export type TicketCommand =
  | answer.PostMessage
  | { readonly type: 'pause'; readonly reason: string }
  | { readonly type: 'plan'; readonly summary: string; readonly expectedBy: Instant }
  | { readonly type: 'resolve'; readonly summary: string }
  | { readonly type: 'call-back'; readonly phone: string }
  | { readonly type: 'close' }
  | { readonly type: 'reopen'; readonly sameProblem: boolean }
  | { readonly type: 'rate'; readonly score: number; readonly comment?: string | undefined }
  | { readonly type: 'assign'; readonly engineer: string }
  | { readonly type: 'escalate'; readonly reason: string }
  | NoteMailFailure;

/** Commands that may move units, and need the account they move on. */
export type FundedCommand = Reprioritize | Classify;

/** What a command led to: the ticket afterwards with all events to write, or a refusal, which writes nothing. */
export type Decision = ({ readonly ok: true } & Unfolding) | { readonly ok: false; readonly refusal: Refusal };

const factsOf = (ticket: Ticket, command: TicketCommand, about: About): Facts => {
  switch (command.type) {
    case 'post-message':
      return answer.postMessage(ticket, command, about);
    case 'pause':
      return answer.pause(ticket, command.reason, about);
    case 'plan':
      return answer.plan(ticket, command, about);
    case 'resolve':
      return answer.resolve(ticket, command.summary, about);
    case 'call-back':
      return answer.callBack(ticket, command.phone, about);
    case 'close':
      return end.close(ticket, about);
    case 'reopen':
      return end.reopen(ticket, command.sameProblem, about);
    case 'rate':
      return end.rate(ticket, command, about);
    case 'assign':
      return assign(ticket, command.engineer, about);
    case 'escalate':
      return escalate(ticket, command.reason, about);
    case 'note-mail-failure':
      return noteMailFailure(ticket, command, about);
  }
};

/** Lets a decision be taken on the ticket as time has left it. A clock that runs behind the last event counts as standing at it. */
const decideOn = (
  ticket: Ticket,
  actor: Actor,
  now: Instant,
  decideFacts: (settled: Unfolding, about: About) => Facts,
): Decision => {
  const at = laterOf(now, ticket.changedAt);
  const settled = settle(ticket, at);
  const decided = decideFacts(settled, { at, actor });
  if (!decided.ok) return decided;
  return { ok: true, ...unfold(settled, decided.facts, at) };
};

/** Decides one command at `now`. */
export const decide = (ticket: Ticket, command: TicketCommand, actor: Actor, now: Instant): Decision =>
  decideOn(ticket, actor, now, (settled, about) => factsOf(settled.ticket, command, about));

/** The same for a command that moves units; what settling gives back can be spent by it. */
export const decideFunded = (
  ticket: Ticket,
  command: FundedCommand,
  { actor, now, funds }: { actor: Actor; now: Instant; funds: Funds },
): Decision =>
  decideOn(ticket, actor, now, (settled, about) => {
    const account = bookAdjustments(funds.account, settled.events)?.account ?? funds.account;
    const present: Funds = { ...funds, account };
    return command.type === 'classify'
      ? classify(settled.ticket, command, about, present)
      : reprioritize(settled.ticket, command, about, present);
  });
