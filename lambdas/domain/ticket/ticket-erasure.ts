/**
 * A person is erased from a ticket. Its events are rewritten, which nothing else ever does: the person becomes a pseudonym, what they
 * wrote a mark. What was promised, charged, given back and when stays as it is, so the timeline still replays to the stored ticket, and
 * one more event says that it was rewritten. That event is the fence as well: it raises the ticket's version, so nothing that was
 * decided on the ticket as it was is written afterwards.
 */
import { ERASED, erasedRecord, isPerson, names, type Person } from '../account/erased.ts';
import { laterOf, type Instant } from '../time/instant.ts';
import type { Actor } from '../vocabulary.ts';
import type { MailSource } from './attachment.ts';
import { replay } from './evolve.ts';
import { MOST_FOLLOWERS, readersOfTicket } from './followers.ts';
import type { Message } from './message.ts';
import { settle, unfold } from './settle.ts';
import { isOpen, type Ticket } from './ticket.ts';
import type { TicketEvent } from './ticket-event.ts';

/** A ticket as it is found, with its whole timeline. */
export interface Found {
  readonly ticket: Ticket;
  readonly events: readonly TicketEvent[];
}

/** What the person is to a ticket. */
export interface Part {
  /** It is for them, they follow it or they wrote on it: then every mail about it may quote them. */
  readonly takesPart: boolean;
  /** Numbers to call them at. */
  readonly phones: readonly string[];
}

const isCallOf = (event: TicketEvent, person: Person, ticket: Ticket): boolean =>
  event.type === 'call-back-requested' &&
  (isPerson(person, event.actor.email) || (event.actor.role !== 'customer' && isPerson(person, ticket.contact.email)));

export const partOf = ({ ticket, events }: Found, person: Person): Part => ({
  takesPart:
    [ticket.contact.email, ...ticket.followers].some((address) => isPerson(person, address)) ||
    events.some(({ actor }) => isPerson(person, actor.email)),
  phones: events.flatMap((event) =>
    event.type === 'call-back-requested' && isCallOf(event, person, ticket) && event.phone !== ERASED
      ? event.phone
      : [],
  ),
});

/** What is known of the mail that something came in. `textGone`: its whole text quoted the person, and what is shown is all there is. */
export interface MailTraces {
  readonly rawGone: boolean;
  readonly textGone: boolean;
}

const erasedMail = (mail: MailSource, { rawGone, textGone }: MailTraces): MailSource => ({
  ...mail,
  ...(textGone && { shortened: false }),
  ...(rawGone && { rawErased: true as const }),
});

/** The parts of an opening or a message that came by mail: the person's own files and mail go with their words. */
const brought = <Kept extends { attachments?: unknown; mail?: MailSource | undefined }>(
  kept: Kept,
  own: boolean,
  traces: MailTraces,
): Kept => {
  if (kept.mail === undefined) return kept;
  if (!own) return { ...kept, mail: erasedMail(kept.mail, traces) };
  const { attachments: _attachments, mail: _mail, ...words } = kept;
  return words as Kept;
};

/** An event without the person. */
const erasedEvent = (event: TicketEvent, person: Person, ticket: Ticket, traces: MailTraces): TicketEvent => {
  const own = isPerson(person, event.actor.email);
  const rewritten = erasedRecord(person, event, own);
  switch (rewritten.type) {
    case 'opened':
      return brought(rewritten, own, traces);
    case 'call-back-requested':
      return isCallOf(event, person, ticket) ? { ...rewritten, phone: ERASED } : rewritten;
    case 'mail-failed':
      // A mail server's words on why somebody can't be reached are about them.
      return isPerson(person, rewritten.to) ? { ...rewritten, reason: ERASED } : rewritten;
    default:
      return rewritten;
  }
};

/** A message without the person: of their own nothing is left but that there was one. */
export const erasedMessage = (message: Message, person: Person, traces: MailTraces): Message => {
  const own = isPerson(person, message.author.email);
  const kept = brought(erasedRecord(person, message, own), own, traces);
  return own ? { ...kept, attachments: [] } : kept;
};

/** The whole text of a mail stays only where it says nothing of the person: it quotes what was written before. */
export const keepsWholeText = (text: string, author: string | undefined, person: Person): boolean =>
  !isPerson(person, author) && !names(person, text);

export interface Erasure {
  readonly ticket: Ticket;
  /** Events that are written already, as they read from now on. */
  readonly rewritten: readonly TicketEvent[];
  /** New ones: what time has caused meanwhile, and that the person was erased. */
  readonly added: readonly TicketEvent[];
}

/** Work on a ticket goes on when nobody of its customer reads its letters any more: then others of the account do. */
const heirsOf = (ticket: Ticket, person: Person, others: readonly string[]): string[] => {
  const isRead = readersOfTicket(ticket).some((one) => !isPerson(person, one));
  return isOpen(ticket) && !isRead ? others.slice(0, MOST_FOLLOWERS) : [];
};

/** The same text for the same value, in whatever order its fields were written. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_field, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

/** What an erasure must leave as it is; all else on a ticket follows from texts. */
const standing = ({ version, status, tier, priority, charge, credited, targets, pauses, closures }: Ticket): string =>
  canonical([version, status, tier, priority, charge, credited, targets, pauses, closures]);

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

export interface Erasing {
  readonly person: Person;
  readonly actor: Actor;
  readonly now: Instant;
  /** Whoever of the account reads the letters of a ticket that nobody else of theirs reads any more. */
  readonly heirs: readonly string[];
  /** Of the mail that opened the ticket. */
  readonly openingMail: MailTraces;
}

/**
 * Erases a person from a ticket at `now`, or answers nothing where there is no trace. Throws where the timeline does not give the
 * ticket: a damaged history is not made to look whole.
 */
export const eraseFromTicket = ({ ticket, events }: Found, erasing: Erasing): Erasure | undefined => {
  const { person, actor, now, heirs, openingMail } = erasing;
  const erased = (event: TicketEvent): TicketEvent => erasedEvent(event, person, ticket, openingMail);
  const rewritten = events.map(erased).filter((event, place) => !same(event, events[place]));
  if (rewritten.length === 0 && same(erasedRecord(person, ticket, false), ticket)) return undefined;
  const at = laterOf(now, ticket.changedAt);
  const followers = heirsOf(ticket, person, heirs);
  const fact = { type: 'contact-erased', at, actor, contact: person.pseudonym } as const;
  const unfolded = unfold(settle(ticket, at), [{ ...fact, ...(followers.length > 0 && { followers }) }], at);
  const added = unfolded.events.map(erased);
  const after = replay([...events.map(erased), ...added]);
  if (!after || standing(after) !== standing(unfolded.ticket)) {
    throw new Error(`the timeline of ${ticket.ticketId} does not give the ticket`);
  }
  return { ticket: after, rewritten, added };
};
