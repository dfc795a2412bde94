/**
 * The letters that an event gives rise to: to the customer, to the tier, to the managers. A letter is made from an event and the
 * ticket alone; every time in it is told in the customer's zone. Nothing here sends anything.
 */
import { isOpenAt } from '../../domain/business-time.ts';
import type { Ticket } from '../../domain/ticket/ticket.ts';
import type { TicketEvent } from '../../domain/ticket/ticket-event.ts';
import type { Tier } from '../../domain/vocabulary.ts';
import type { InboundMail } from '../../store/inbound-mails.ts';
import type { UnansweredTicket } from '../../store/items.ts';
import { wordsFor } from './customer-words.ts';
import { momentIn, paragraphs, promised, unitsOf } from './wording.ts';

export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** In whose name it is sent; answers go to that address. Absent: the desk's own. */
  readonly from?: { readonly name: string; readonly email: string };
  /** The id of the mail that it answers, without its brackets. */
  readonly inReplyTo?: string;
  readonly attachment?: { readonly filename: string; readonly contentType: string; readonly content: string };
}

export interface LetterContext {
  readonly ticket: Ticket;
  /** How the vendor's desk calls itself. */
  readonly deskName: string;
  readonly managers: readonly string[];
  /** Whom each tier's work is mailed to. */
  readonly tierAddresses: Readonly<Record<Tier, readonly string[]>>;
  /** The text of the message that the event is about. */
  readonly messageBody?: string | undefined;
}

/** The events that a letter can come of: the others need not wake anybody. */
export const mailedEvents: readonly TicketEvent['type'][] = [
  'opened',
  'message',
  'missed',
  'warned',
  'escalated',
  'paused',
  'planned',
  'resolved',
  'reopened',
  'reprioritized',
  'classified',
  'split',
  'call-back-requested',
  'closed',
];

/** What a miss caused beside it is told in the letter about the miss. */
export const unmailedCauses: readonly string[] = ['miss'];
/** What came of mails that came in, as far as a letter answers them. */
export const answeredMails: readonly InboundMail['outcome'][] = ['refused'];

type EventOf<Type extends TicketEvent['type']> = Extract<TicketEvent, { type: Type }>;

const subjectLine = (title: string, ticket: Ticket): string => `${title}: ${ticket.subject} [${ticket.ticketId}]`;

const forManagers = (ticket: Ticket, event: EventOf<'missed'>): string =>
  paragraphs(
    `Nobody has answered ticket ${ticket.ticketId} (“${ticket.subject}”, ${ticket.priority}) at any tier. The span at TS3 ended on ${momentIn(ticket.terms.timeZone, event.deadline)}, the customer's time.`,
    `It was opened on ${momentIn(ticket.terms.timeZone, ticket.openedAt)} for ${ticket.contact.name}; ${unitsOf(ticket.credited, ticket.charge.unit)} went back to the customer.`,
    'You are reminded every day until an engineer answers.',
  );

const called = ({ phone }: EventOf<'call-back-requested'>, ticket: Ticket): string =>
  paragraphs(
    `${ticket.contact.name} asks to be called at ${phone} about ticket ${ticket.ticketId} (“${ticket.subject}”, ${ticket.priority}).`,
    'Call, then write a public message that says so (`calledBack`): that ends the task.',
  );

const warned = (event: EventOf<'warned'>, ticket: Ticket): string =>
  paragraphs(
    `Ticket ${ticket.ticketId} (“${ticket.subject}”, ${ticket.priority}) is owed ${promised[event.target]} by ${momentIn(ticket.terms.timeZone, event.deadline)}, the customer's time. Three quarters of the time are over.`,
    `It is assigned to ${ticket.assignee ?? 'nobody'}. A public message of an engineer keeps the promise.`,
  );

/** Whether a warning is still worth a mail: nobody has answered, and it is written down within the promise's own hours. */
const stillWarns = (event: EventOf<'warned'>, ticket: Ticket): boolean => {
  const target = ticket.targets.find(({ kind, warnedAt }) => kind === event.target && warnedAt === event.at);
  const calendar = target && ticket.terms.calendars[target.calendar];
  return target?.state === 'running' && calendar !== undefined && isOpenAt(calendar, event.recordedAt);
};

interface Inside {
  readonly to: readonly string[];
  readonly title: string;
  readonly text: string;
}

/** What the vendor's own people read about an event. A tier without an address is told through the managers. */
const insideWords = (event: TicketEvent, { ticket, managers, tierAddresses }: LetterContext): Inside | undefined => {
  const tier = (one: Tier): readonly string[] => (tierAddresses[one].length > 0 ? tierAddresses[one] : managers);
  switch (event.type) {
    case 'warned':
      return stillWarns(event, ticket)
        ? { to: tier(event.tier), title: 'An answer is due soon', text: warned(event, ticket) }
        : undefined;
    case 'call-back-requested':
      return { to: tier(ticket.tier), title: 'Call the customer', text: called(event, ticket) };
    case 'missed':
      if (event.target === 'call-back') {
        const text = `Nobody has called ${ticket.contact.name} back about ticket ${ticket.ticketId} (“${ticket.subject}”).`;
        return { to: managers, title: 'A call-back was missed', text };
      }
      return event.tellsManagers
        ? { to: managers, title: 'Unanswered at TS3', text: forManagers(ticket, event) }
        : undefined;
    default:
      return undefined;
  }
};

/** The letters that an event gives rise to. */
export const lettersFor = (event: TicketEvent, context: LetterContext): Letter[] => {
  const { ticket, deskName, messageBody } = context;
  const letters: Letter[] = [];
  const words = wordsFor(event, ticket, messageBody);
  if (words) {
    const [title, text] = words;
    const whole = paragraphs(
      `Hello ${ticket.contact.name},`,
      text,
      `${deskName}\nTicket ${ticket.ticketId}: ${ticket.subject}`,
    );
    const readers = [ticket.contact.email, ...ticket.followers];
    letters.push(...readers.map((to) => ({ to, subject: subjectLine(title, ticket), text: whole })));
  }
  const inside = insideWords(event, context);
  if (inside) {
    const text = paragraphs(inside.text, deskName);
    letters.push(...inside.to.map((to) => ({ to, subject: subjectLine(inside.title, ticket), text })));
  }
  return letters;
};

/** Tickets that one reminder names; whoever has more unanswered ones looks into the queue. */
const MOST_NAMED = 25;

/** The daily reminder to one manager of every ticket that nobody has answered at TS3, those first that wait longest. */
export const reminderFor = (to: string, tickets: readonly UnansweredTicket[], deskName: string): Letter => {
  const longest = tickets.toSorted((a, b) => (a.unansweredSince < b.unansweredSince ? -1 : 1)).slice(0, MOST_NAMED);
  const others = tickets.length - longest.length;
  const lines = longest.map(
    ({ ticketId, subject, priority, unansweredSince, timeZone }) =>
      `- ${ticketId} “${subject}” (${priority}), since ${momentIn(timeZone, unansweredSince)}`,
  );
  return {
    to,
    subject: `${String(tickets.length)} unanswered at TS3`,
    text: paragraphs(
      'No engineer has answered these tickets at any tier:',
      lines.join('\n'),
      others > 0 ? `And ${String(others)} more; the queue of TS3 has them all.` : undefined,
      'You are reminded every day until an engineer answers.',
      deskName,
    ),
  };
};
