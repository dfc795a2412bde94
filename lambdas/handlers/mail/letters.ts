/**
 * What the desk writes to people, in plain words. A letter is made from an event and the ticket alone; every time in it is told
 * in the customer's zone. Nothing here sends anything.
 */
import { DateTime } from 'luxon';
import type { Instant } from '../../domain/instant.ts';
import { deadlineOf } from '../../domain/targets.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { TicketEvent } from '../../domain/ticket-event.ts';
import type { TargetKind, Tier, Unit } from '../../domain/vocabulary.ts';

export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** In whose name it is sent; answers go to that address. Absent: the desk's own. */
  readonly from?: { readonly name: string; readonly email: string };
  readonly attachment?: { readonly filename: string; readonly contentType: string; readonly content: string };
}

export interface LetterContext {
  readonly ticket: Ticket;
  /** How the vendor's desk calls itself. */
  readonly deskName: string;
  readonly managers: readonly string[];
  /** The text of the message that the event is about. */
  readonly messageBody?: string | undefined;
}

type EventOf<Type extends TicketEvent['type']> = Extract<TicketEvent, { type: Type }>;

/** A moment as the customer's clock shows it: `Monday 2 March 2026, 14:00:00 (GMT-5)`. */
export const momentIn = (zone: string, at: Instant): string =>
  DateTime.fromISO(at, { zone, locale: 'en-GB' }).toFormat('cccc d LLLL yyyy, HH:mm:ss (ZZZZ)');

export const unitsOf = (amount: number, unit: Unit): string => `${String(amount)} ${unit}${amount === 1 ? '' : 's'}`;

const promised: Record<TargetKind, string> = {
  'first-response': 'a first answer',
  escalation: 'an answer',
  resolution: 'a solution, or a plan for one,',
};

const tierTitles: Record<Tier, string> = {
  TS1: 'TS1, the support team',
  TS2: 'TS2, research and replication',
  TS3: 'TS3, patches and fixes',
};

const paragraphs = (...parts: (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join('\n\n');

const promises = (ticket: Ticket): string => {
  const lines = ticket.targets.flatMap((target) => {
    const deadline = target.state === 'running' ? deadlineOf(ticket, target) : undefined;
    return deadline ? [`- ${promised[target.kind]} by ${momentIn(ticket.terms.timeZone, deadline)}`] : [];
  });
  return lines.length > 0
    ? `You can expect:\n${lines.join('\n')}`
    : 'No time is promised for this kind of ticket; we answer as soon as we can.';
};

const opened = (ticket: Ticket): string =>
  paragraphs(
    `We have received your ticket on ${momentIn(ticket.terms.timeZone, ticket.openedAt)}. It is with ${tierTitles[ticket.tier]}.`,
    ticket.charge.amount === 0
      ? 'It is free of charge.'
      : `It cost ${unitsOf(ticket.charge.amount, ticket.charge.unit)}. Should we be late, they come back by themselves.`,
    promises(ticket),
  );

const cameBack = (event: EventOf<'missed'>, ticket: Ticket): string => {
  if (event.makeGood > 0) {
    return `What came back: ${unitsOf(event.makeGood, event.unit)}, the whole charge of this ticket. They are on your account already; you need not do anything.`;
  }
  return ticket.charge.amount > 0 && ticket.credited >= ticket.charge.amount
    ? `What came back: the whole charge, ${unitsOf(ticket.charge.amount, event.unit)}, was credited to you before. Nothing is charged for this ticket.`
    : 'Nothing is credited, because nothing was charged that this promise would give back.';
};

const whereNow = (event: EventOf<'missed'>, ticket: Ticket): string => {
  if (event.tellsManagers)
    return 'Where your ticket is now: at TS3, our highest tier. We have told the support managers.';
  const running = ticket.targets.findLast(({ kind, state }) => kind === 'escalation' && state === 'running');
  const deadline = running && deadlineOf(ticket, running);
  const by = deadline ? ` They owe you an answer by ${momentIn(ticket.terms.timeZone, deadline)}.` : '';
  return event.escalatesTo
    ? `Where your ticket is now: with ${tierTitles[event.escalatesTo]}.${event.escalatesTo === ticket.tier ? by : ''}`
    : `Where your ticket is now: still with ${tierTitles[event.tier]}.`;
};

const missed = (event: EventOf<'missed'>, ticket: Ticket): string =>
  paragraphs(
    `We are late, and we are sorry. What we missed: we promised you ${promised[event.target]} by ${momentIn(ticket.terms.timeZone, event.deadline)}, and did not keep it.`,
    cameBack(event, ticket),
    whereNow(event, ticket),
  );

type Words = readonly [title: string, text: string];

/** What the customer reads about an event, or nothing where another letter already says it. */
const wordsFor = (event: TicketEvent, { ticket, messageBody }: LetterContext): Words | undefined => {
  const zone = ticket.terms.timeZone;
  switch (event.type) {
    case 'opened':
      return ['We have your ticket', opened(ticket)];
    case 'message':
      return event.visibility === 'public' && event.actor.role !== 'customer' && messageBody !== undefined
        ? ['An answer to your ticket', messageBody]
        : undefined;
    case 'missed':
      return ['We missed a deadline', missed(event, ticket)];
    case 'paused':
      return [
        'We are waiting for you',
        paragraphs(
          'We need something from you to go on:',
          event.reason,
          'The clock of the solution stands still until you answer.',
        ),
      ];
    case 'planned':
      return [
        'The plan for your ticket',
        paragraphs(event.summary, `We expect to be done by ${momentIn(zone, event.expectedBy)}.`),
      ];
    case 'resolved':
      return [
        'Your ticket is resolved',
        paragraphs(
          event.summary,
          'If it is not, answer within seven days and the ticket is open again; else it closes by itself.',
        ),
      ];
    case 'closed':
      return ['Your ticket is closed', `It was closed on ${momentIn(zone, event.at)}.`];
    default:
      return undefined;
  }
};

const subjectLine = (title: string, ticket: Ticket): string => `${title}: ${ticket.subject} [${ticket.ticketId}]`;

const forManagers = (ticket: Ticket, event: EventOf<'missed'>): string =>
  paragraphs(
    `Nobody has answered ticket ${ticket.ticketId} (“${ticket.subject}”, ${ticket.priority}) at any tier. The span at TS3 ended on ${momentIn(ticket.terms.timeZone, event.deadline)}, the customer's time.`,
    `It was opened on ${momentIn(ticket.terms.timeZone, ticket.openedAt)} for ${ticket.contact.name}; ${unitsOf(ticket.credited, ticket.charge.unit)} went back to the customer.`,
    'You are reminded every day until an engineer answers.',
  );

/** The letters that an event gives rise to. */
export const lettersFor = (event: TicketEvent, context: LetterContext): Letter[] => {
  const { ticket, deskName, managers } = context;
  const letters: Letter[] = [];
  const words = wordsFor(event, context);
  if (words) {
    const [title, text] = words;
    const whole = paragraphs(
      `Hello ${ticket.contact.name},`,
      text,
      `${deskName}\nTicket ${ticket.ticketId}: ${ticket.subject}`,
    );
    letters.push({ to: ticket.contact.email, subject: subjectLine(title, ticket), text: whole });
  }
  if (event.type === 'missed' && event.tellsManagers) {
    const text = paragraphs(forManagers(ticket, event), deskName);
    letters.push(...managers.map((to) => ({ to, subject: subjectLine('Unanswered at TS3', ticket), text })));
  }
  return letters;
};

/** The daily reminder to one manager of every ticket that nobody has answered at TS3. */
export const reminderFor = (to: string, tickets: readonly Ticket[], deskName: string): Letter => ({
  to,
  subject: `${String(tickets.length)} unanswered at TS3`,
  text: paragraphs(
    'No engineer has answered these tickets at any tier:',
    tickets
      .map(
        ({ ticketId, subject, priority, unansweredSince, terms }) =>
          `- ${ticketId} “${subject}” (${priority}), since ${momentIn(terms.timeZone, unansweredSince ?? '')}`,
      )
      .join('\n'),
    'You are reminded every day until an engineer answers.',
    deskName,
  ),
});
