/**
 * What engineers read of their work as it comes to them: a ticket is new at their tier, climbs to it, or is assigned to them; its customer
 * writes, or opens it again. It knows addresses and sends nothing; what is late or missed is told in `staff-words.ts`. The trap: a letter
 * may be late. So it is made of the ticket as it stands, and none of what has gone on since: a new ticket that was answered, one that ended,
 * a tier or an engineer that has it no more, words that were erased.
 */
import { ERASED } from '../../domain/account/erased.ts';
import { isAssignedTo, isSame, toBeTold, workersToTell, type Staff } from '../../domain/mail/part.ts';
import { isOpen, type Ticket } from '../../domain/ticket/ticket.ts';
import type { TicketEvent } from '../../domain/ticket/ticket-event.ts';
import type { Actor, Tier } from '../../domain/vocabulary.ts';
import { asProse } from '../text/plain-text.ts';
import { type Block, type List, paragraphs } from './body.ts';
import { named, type StaffWords } from './staff-words.ts';
import { ABOVE_THE_QUOTE, CUSTOMERS_TIME, TITLES, TITLES_WITH } from './titles.ts';
import { momentIn, oneOrMore, promisedOn, promisesOf } from './wording.ts';

type EventOf<Type extends TicketEvent['type']> = Extract<TicketEvent, { type: Type }>;

/** What a letter to engineers is made of beside its event. */
export interface Work extends Pick<Staff, 'tiers'> {
  readonly ticket: Ticket;
  /** The text of the message that the event is about, and how many files came with it. */
  readonly messageBody?: string | undefined;
  readonly messageFiles?: number | undefined;
  /** Whether the mail that it came in says more than its text. */
  readonly messageShortened?: boolean | undefined;
  /** Whether an answer to a letter reaches its ticket. */
  readonly takesMail?: boolean;
}

/** A text may be 20,000 characters long. So much of it says what a ticket is about, and a tier gets hundreds of letters in an hour. */
const LONGEST_SHOWN = 4_000;
/** The event that opened the ticket. */
const OPENING = 1;
const GOES_ON = '\n[It goes on; the whole text is on the ticket.]';

/** Something that was written on a ticket, and what came with it. */
interface Written {
  readonly text: string;
  readonly files?: number | undefined;
  /** The event that brought it, where its mail says more than is shown. */
  readonly longerAt?: Pick<TicketEvent, 'ticketId' | 'seq'> | undefined;
}

/** What was typed by anybody, so much of it as a letter holds, where the rest of it is, and that files came with it. */
const shown = ({ text, files = 0, longerAt }: Written): Block[] =>
  paragraphs(
    asProse(text, LONGEST_SHOWN, GOES_ON),
    longerAt &&
      `The mail says more, such as what it quotes: GET /v1/tickets/${longerAt.ticketId}/messages/${String(longerAt.seq)}/text.`,
    files > 0 ? `${String(files)} ${oneOrMore(files, 'file', 'files')} came with it, kept with the ticket.` : undefined,
  );

const howToAnswer = ({ ticketId }: Ticket, takesMail: boolean): string =>
  takesMail
    ? `To answer the customer, answer this letter from the address that it was sent to: ${ABOVE_THE_QUOTE}`
    : `To answer the customer, write a public message: POST /v1/tickets/${ticketId}/messages.`;

const promised = (ticket: Ticket): List | string => {
  const promises = promisesOf(ticket);
  return promises
    ? { lead: 'The customer is promised, in the customer’s time:', items: promises.items }
    : 'No time is promised to the customer at the moment.';
};

/** Somebody of the vendor's, as another of them knows who that is. */
const colleague = ({ email, role, tier }: Actor): string =>
  email ?? (role === 'engineer' ? `An engineer${tier ? ` of ${tier}` : ''}` : 'A manager');

/** A ticket as whoever gets it has to know it: what came to pass, what is promised, what it is about. */
const handed = (work: Work, ...whatHappened: readonly (string | undefined)[]): Block[] => {
  const { ticket, takesMail = false } = work;
  return paragraphs(
    ...whatHappened,
    promised(ticket),
    // Who splits a problem off describes it.
    ticket.splitFrom === undefined ? 'This is the problem, in the customer’s words:' : 'This is the problem:',
    ...shown({
      ...{ text: ticket.description, files: ticket.attachments?.length },
      longerAt: ticket.mail?.shortened === true ? { ticketId: ticket.ticketId, seq: OPENING } : undefined,
    }),
    howToAnswer(ticket, takesMail),
  );
};

const forWhom = ({ contact }: Ticket): string => (contact.name === ERASED ? '' : ` It is for ${contact.name}.`);

const opened = (event: EventOf<'opened'>, work: Work): Block[] => {
  const { ticket } = work;
  const { splitFrom } = event;
  return handed(
    work,
    `There is a new ${named(ticket)}.${forWhom(ticket)}${splitFrom === undefined ? '' : ` It was split off ticket ${splitFrom}.`}`,
  );
};

const climbed = (work: Work, why: string): Block[] =>
  handed(work, `You now have ${named(work.ticket)}.${forWhom(work.ticket)}`, `Why: ${why}`);

const afterMiss = ({ target, tier, deadline }: EventOf<'missed'>, { ticket }: Work): string =>
  `${tier} owed ${promisedOn(ticket, target)} by ${momentIn(ticket.terms.timeZone, deadline)}${CUSTOMERS_TIME}, and gave none.`;

const byHand = ({ actor, reason }: EventOf<'escalated'>): string => `${colleague(actor)} handed it over: ${reason}`;

const assigned = ({ actor }: EventOf<'assigned'>, work: Work): Block[] =>
  handed(work, `${colleague(actor)} has assigned ${named(work.ticket)} to you.${forWhom(work.ticket)}`);

const wrote = (
  event: EventOf<'message'>,
  text: string,
  { ticket, messageFiles: files, messageShortened = false, takesMail = false }: Work,
): Block[] => {
  const { actor } = event;
  const { contact } = ticket;
  const writer = actor.email === undefined || isSame(actor.email, contact.email) ? contact.name : actor.email;
  return paragraphs(
    `${writer} wrote on ${named(ticket)}:`,
    ...shown({ text, files, longerAt: messageShortened ? event : undefined }),
    promised(ticket),
    howToAnswer(ticket, takesMail),
  );
};

const reopened = ({ from }: EventOf<'reopened'>, { ticket, takesMail = false }: Work): Block[] =>
  paragraphs(
    `The ${named(ticket)} was ${from} and is open again: its customer says that the very same problem is back.${forWhom(ticket)}`,
    promised(ticket),
    howToAnswer(ticket, takesMail),
  );

type Told = Omit<StaffWords, 'to'>;

/** Of a ticket that has come to a tier: to that tier, while it has it. */
const toTier = (tier: Tier, { ticket, tiers }: Work, { actor }: TicketEvent, told: Told): StaffWords | undefined =>
  ticket.tier === tier ? { to: toBeTold(tiers[tier], ticket, actor), ...told } : undefined;

/** Of what the customer did: to whoever works on the ticket. */
const toWorkers = ({ ticket, tiers }: Work, { actor }: TicketEvent, told: Told): StaffWords => ({
  to: workersToTell({ tiers }, ticket, actor),
  ...told,
});

/** Of a ticket that climbs: after a miss the event of that tells it, because what a miss causes beside it wakes nobody. */
const climbing = (event: EventOf<'missed' | 'escalated'>, work: Work): StaffWords | undefined => {
  const isMiss = event.type === 'missed';
  const to = isMiss ? event.escalatesTo : event.to;
  if (to === undefined || (!isMiss && event.cause !== 'hand')) return undefined;
  const body = climbed(work, isMiss ? afterMiss(event, work) : byHand(event));
  return toTier(to, work, event, { title: TITLES_WITH.nowAt(to), body });
};

/** What engineers read about an event, and which of them: nobody where no address is set, for managers are told only of what goes wrong. */
export const engineerWords = (event: TicketEvent, work: Work): StaffWords | undefined => {
  const { ticket, messageBody = ERASED } = work;
  if (!isOpen(ticket)) return undefined;
  const isCustomers = event.actor.role === 'customer';
  switch (event.type) {
    case 'opened':
      return ticket.answeredAt === undefined
        ? toTier(event.tier, work, event, { title: TITLES_WITH.newAt(event.tier), body: opened(event, work) })
        : undefined;
    case 'missed':
    case 'escalated':
      return climbing(event, work);
    case 'message':
      return isCustomers && event.visibility === 'public' && !event.automatic && messageBody !== ERASED
        ? toWorkers(work, event, { title: TITLES.customerWrote, body: wrote(event, messageBody, work) })
        : undefined;
    case 'reopened':
      return isCustomers && event.cause === 'request'
        ? toWorkers(work, event, { title: TITLES.customerReopened, body: reopened(event, work) })
        : undefined;
    case 'assigned':
      return isAssignedTo(ticket, event.engineer)
        ? {
            to: toBeTold([event.engineer], ticket, event.actor),
            ...{ title: TITLES.assigned, body: assigned(event, work) },
          }
        : undefined;
    default:
      return undefined;
  }
};
