/**
 * The letters that an event gives rise to: to the customer, to the tier, to the managers. A letter is made from an event and the
 * ticket alone; every time in it is told in the customer's zone. Nothing here sends anything.
 */
import type { Credited } from '../../domain/account/bookings.ts';
import { isErased } from '../../domain/account/erased.ts';
import type { Staff } from '../../domain/mail/part.ts';
import { isOpen, type Ticket } from '../../domain/ticket/ticket.ts';
import type { TicketEvent } from '../../domain/ticket/ticket-event.ts';
import type { InboundMail } from '../../store/inbound-mails.ts';
import type { UnansweredTicket } from '../../store/items.ts';
import { paragraphs } from './body.ts';
import { wordsFor } from './customer-words.ts';
import { engineerWords } from './engineer-words.ts';
import { type Letter, writeLetter } from './letter.ts';
import { staffWords } from './staff-words.ts';
import { ANSWERS_ARE_ADDED, TITLES_WITH } from './titles.ts';
import { momentIn } from './wording.ts';

export interface LetterContext extends Staff {
  readonly ticket: Ticket;
  /** How the vendor's desk calls itself. */
  readonly deskName: string;
  /** The text of the message that the event is about. */
  readonly messageBody?: string | undefined;
  /** How many files came with it. */
  readonly messageFiles?: number | undefined;
  /** Whether the mail that it came in says more than its text. */
  readonly messageShortened?: boolean | undefined;
  /** What the miss that the event is about gave back. */
  readonly credit?: Credited | undefined;
  /** Where a contact rates a ticket; absent: the desk can't make such an address. */
  readonly ratingUrl?: ((ticketId: string, contact: string) => string) | undefined;
  /** Whether an answer to a letter reaches its ticket. */
  readonly takesMail?: boolean;
}

/** The events that a letter can come of: the others need not wake anybody. */
export const mailedEvents: readonly TicketEvent['type'][] = [
  'opened',
  'message',
  'missed',
  'warned',
  'escalated',
  'assigned',
  'paused',
  'planned',
  'resolved',
  'reopened',
  'reprioritized',
  'classified',
  'split',
  'split-quoted',
  'call-back-requested',
  'closed',
];

/** What a miss caused beside it is told in the letter about the miss. */
export const unmailedCauses: readonly string[] = ['miss'];
/** What came of mails that came in, as far as a letter answers them. */
export const answeredMails: readonly InboundMail['outcome'][] = ['refused', 'replied', 'quarantined'];

/**
 * Whether a letter about the event is important: it tells what people of the desk did, or that a promise was missed. The others
 * confirm what the customer did or what time did, and no harm is done where one of a flood of them is kept back.
 */
const isImportant = (event: TicketEvent): boolean => {
  if (event.type === 'missed') return true;
  if (event.type === 'message' && event.automatic) return false;
  return event.actor.role === 'engineer' || event.actor.role === 'manager';
};

/** A message is a person's own letter, greeting and all. */
const greets = (event: TicketEvent): boolean => event.type !== 'message';

const customerLetters = (event: TicketEvent, context: LetterContext): Letter[] => {
  const { ticket, deskName, messageBody, credit, ratingUrl, takesMail = false } = context;
  const { ticketId, subject, contact } = ticket;
  const followers = ticket.followers.map((email) => ({ email }));
  const all: readonly { email: string; name?: string }[] = [contact, ...followers];
  const readers = all.filter(({ email }) => !isErased(email));
  const answer = takesMail && isOpen(ticket) ? `\n${ANSWERS_ARE_ADDED}` : '';
  return readers.flatMap((reader) => {
    // The link rates in the contact's name, so it is for nobody else.
    const rating = reader === contact ? ratingUrl?.(ticketId, contact.email) : undefined;
    const words = wordsFor(event, ticket, { messageBody, credit, ratingUrl: rating });
    if (!words) return [];
    const [title, body] = words;
    return writeLetter({
      reader: greets(event) ? reader : { email: reader.email },
      ...{ title, about: subject, ticketId, body },
      ...(isImportant(event) && { important: true }),
      signature: `${deskName}\nTicket ${ticketId}: ${subject}${answer}`,
    });
  });
};

/** One to each reader, for a letter is on record by its event and its reader alone: of two the important one, else the first. */
const oneEach = (letters: readonly Letter[]): Letter[] => {
  const kept = new Map<string, Letter>();
  for (const letter of letters) {
    const before = kept.get(letter.to.toLowerCase());
    if (!before || (letter.important && !before.important)) kept.set(letter.to.toLowerCase(), letter);
  }
  return [...kept.values()];
};

/** The letters that an event gives rise to. */
export const lettersFor = (event: TicketEvent, context: LetterContext): Letter[] => {
  const { ticket, deskName } = context;
  const { ticketId, accountId, subject } = ticket;
  const inside = staffWords(event, ticket, context) ?? engineerWords(event, context);
  const { to = [], title = '', body = [] } = inside ?? {};
  const toStaff = to.map((email) =>
    writeLetter({
      reader: { email },
      ...{ title, about: subject, ticketId, body },
      important: true,
      ...(event.actor.role === 'customer' && { doneBy: accountId }),
      signature: deskName,
    }),
  );
  return oneEach([...customerLetters(event, context), ...toStaff]);
};

/** Tickets that one reminder names; whoever has more unanswered ones looks into the queue. */
const MOST_NAMED = 200;

/** The daily reminder to one manager of every ticket that nobody has answered at TS3, those first that wait longest. */
export const reminderFor = (email: string, tickets: readonly UnansweredTicket[], deskName: string): Letter => {
  const longest = tickets.toSorted((a, b) => (a.unansweredSince < b.unansweredSince ? -1 : 1)).slice(0, MOST_NAMED);
  const others = tickets.length - longest.length;
  const items = longest.map(
    ({ ticketId, subject, priority, unansweredSince, timeZone }) =>
      `${ticketId} “${subject}” (${priority}), since ${momentIn(timeZone, unansweredSince)}`,
  );
  return writeLetter({
    reader: { email },
    title: TITLES_WITH.unanswered(String(tickets.length)),
    important: true,
    body: paragraphs(
      { lead: 'No engineer has answered these tickets at any tier:', items },
      others > 0 ? `And ${String(others)} more; the queue of TS3 has them all.` : undefined,
      'Every time is told in its customer’s zone.',
      'You are reminded every day until an engineer answers.',
    ),
    signature: deskName,
  });
};
