/**
 * Working on a ticket: messages and calls, waiting for the customer, planning, resolving. What keeps a response promise is
 * decided here and nowhere else: a person's public word to the customer (rule AX-04). The trap: an answer keeps every response
 * span that runs, a call-back only the call.
 */
import { facts, isStaff, isUnderWay, wrongState, type About, type Facts } from './command.ts';
import { reopenRefusal } from './command-end.ts';
import { isRunning } from './evolve.ts';
import type { Instant } from '../time/instant.ts';
import { refuse } from '../refusal.ts';
import { deadlineOf, owesCall, planCounts } from './targets.ts';
import type { Target, Ticket } from './ticket.ts';
import type { TicketFact } from './ticket-event.ts';
import { isResponse, type TargetKind, type Visibility } from '../vocabulary.ts';

export interface PostMessage {
  readonly type: 'post-message';
  readonly messageId: string;
  readonly visibility: Visibility;
  /** A machine wrote it: the customer reads it, and nothing is answered by it. */
  readonly automatic?: boolean | undefined;
  /** It reports a call that was made: the call-back that was asked for is done. */
  readonly calledBack?: boolean | undefined;
  /** Contacts of the account who follow the ticket from now on. */
  readonly followers?: readonly string[] | undefined;
  /** A customer's word that it is about the very same problem: it reopens a closed ticket, as long as that can be reopened. */
  readonly sameProblem?: boolean | undefined;
}

const running = (ticket: Ticket): Target[] => ticket.targets.filter(({ state }) => state === 'running');

/** The promises that a public word of an engineer keeps: every span that still waits for an answer. */
const owedAnswers = (ticket: Ticket): TargetKind[] =>
  running(ticket).flatMap(({ kind }) => (isResponse(kind) ? [kind] : []));

const runningCall = (ticket: Ticket): Target | undefined => running(ticket).find(({ kind }) => kind === 'call-back');

const answerFacts = (ticket: Ticket, { messageId, calledBack }: PostMessage, about: About): TicketFact[] => {
  const met = [...owedAnswers(ticket), ...(calledBack === true && runningCall(ticket) ? ['call-back' as const] : [])];
  return met.length > 0 || ticket.answeredAt === undefined
    ? [{ type: 'answered', ...about, messageId, tier: ticket.tier, met }]
    : [];
};

const customerFacts = ({ status }: Ticket, messageId: string, about: About): TicketFact[] => {
  if (status === 'waiting') return [{ type: 'resumed', ...about, messageId }];
  if (status === 'resolved' || status === 'closed') {
    return [{ type: 'reopened', ...about, from: status, cause: 'message', messageId }];
  }
  return [];
};

const messageRefusal = (ticket: Ticket, command: PostMessage, about: About) => {
  const staff = isStaff(about.actor);
  const again = command.sameProblem === true && !staff && command.automatic !== true;
  if (ticket.status === 'closed' && again) return reopenRefusal(ticket, about.at);
  if (ticket.status === 'declined') return wrongState(ticket, 'it takes no more messages. Open a new one.');
  if (ticket.status === 'closed') {
    const reopened = wrongState(ticket, 'it takes no more messages. Reopen it, or open a new one.');
    return reopenRefusal(ticket, about.at) ?? reopened;
  }
  if (command.visibility === 'internal' && !staff) {
    return refuse('forbidden', 'Internal messages are for engineers; a customer writes public ones.');
  }
  if (command.calledBack === true && (!staff || command.automatic === true || command.visibility === 'internal')) {
    return refuse('validation', 'An engineer who has called says so to the customer, in a public message.');
  }
  return undefined;
};

export const postMessage = (ticket: Ticket, command: PostMessage, about: About): Facts => {
  const { messageId, visibility, automatic, followers = [] } = command;
  const staff = isStaff(about.actor);
  const refused = messageRefusal(ticket, command, about);
  if (refused) return refused;
  const message: TicketFact = {
    type: 'message',
    ...about,
    messageId,
    visibility,
    ...(automatic === true && { automatic }),
    ...(command.calledBack === true && owesCall(ticket) && { calledBack: true as const }),
    ...(followers.length > 0 && { followers: [...followers] }),
  };
  if (automatic === true) return facts(message);
  if (!staff) return facts(message, ...customerFacts(ticket, messageId, about));
  return facts(message, ...(visibility === 'public' ? answerFacts(ticket, command, about) : []));
};

export const pause = (ticket: Ticket, reason: string, about: About): Facts =>
  ticket.status === 'open'
    ? facts({ type: 'paused', ...about, reason })
    : wrongState(ticket, 'only an open ticket can wait for the customer.');

/** What a solution keeps, and where it counts a plan (rule LX-15): the resolution, where it is still owed. */
const keptResolution = (ticket: Ticket): { met?: TargetKind[] } =>
  ticket.targets.some((target) => target.kind === 'resolution' && isRunning(target)) ? { met: ['resolution'] } : {};

export const plan = (ticket: Ticket, command: { summary: string; expectedBy: Instant }, about: About): Facts => {
  if (!isUnderWay(ticket)) return wrongState(ticket, 'there is nothing left to plan.');
  const { summary, expectedBy } = command;
  if (expectedBy <= about.at) {
    return refuse('validation', 'The plan must expect a moment that is still to come.', { expectedBy, now: about.at });
  }
  const kept = planCounts(ticket.terms, ticket.priority) ? keptResolution(ticket) : {};
  return facts({ type: 'planned', ...about, summary, expectedBy, ...kept });
};

export const resolve = (ticket: Ticket, summary: string, about: About): Facts => {
  if (!isUnderWay(ticket)) return wrongState(ticket, 'it can’t be resolved again.');
  if (ticket.answeredAt === undefined || owedAnswers(ticket).length > 0) {
    return refuse('wrong-state', 'Nobody has answered the customer yet: answer with a public message, then resolve.');
  }
  if (owesCall(ticket)) return wrongState(ticket, 'the customer waits for a call. Call, and say so in a message.');
  return facts({ type: 'resolved', ...about, summary, ...keptResolution(ticket) });
};

/**
 * The programme calls back at once and names no time: a call is owed within half an hour of the hours in which the ticket's answers
 * are owed, and where no answer is promised, within half an hour.
 */
const CALL_BACK_SPAN = 'PT30M';
/** Oftener than anybody is called about one problem. The ticket's record holds each call, and what holds no more can't be settled any more. */
const MOST_CALL_BACKS = 100;

const callCalendar = ({ targets, terms }: Ticket): string | undefined =>
  targets.find(({ kind }) => isResponse(kind))?.calendar ?? Object.keys(terms.calendars)[0];

export const callBack = (ticket: Ticket, phone: string, about: About): Facts => {
  if (!isUnderWay(ticket)) return wrongState(ticket, 'a call-back is for tickets that are worked on.');
  const owed = runningCall(ticket);
  const deadline = owed && deadlineOf(ticket, owed);
  if (owed) return wrongState(ticket, 'a call-back is on its way already.', { deadline });
  if (ticket.targets.filter(({ kind }) => kind === 'call-back').length >= MOST_CALL_BACKS) {
    return wrongState(
      ticket,
      `${String(MOST_CALL_BACKS)} call-backs were asked for, which is the most. Write a message.`,
    );
  }
  const calendar = callCalendar(ticket);
  if (calendar === undefined) return refuse('not-entitled', 'The plan has no hours in which it could call back.');
  return facts({ type: 'call-back-requested', ...about, phone, span: CALL_BACK_SPAN, calendar });
};
