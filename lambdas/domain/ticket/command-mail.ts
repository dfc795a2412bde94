/**
 * A letter about the ticket that did not reach its reader. It is noted and nothing more: no clock, no promise and no charge depends on
 * what a mail server says.
 */
import { facts, type About, type Facts } from './command.ts';
import type { Ticket } from './ticket.ts';
import type { MailFailureKind } from './ticket-event.ts';

export interface NoteMailFailure {
  readonly type: 'note-mail-failure';
  /** To whom the letter went. */
  readonly to: string;
  readonly kind: MailFailureKind;
  readonly reason: string;
  /** Whether mail to the address stops because of it. */
  readonly permanent: boolean;
}

/** The customer sees what became of letters to its own people; addresses of the vendor's people stay inside. */
const isOfCustomer = ({ contact, followers }: Ticket, to: string): boolean =>
  [contact.email, ...followers].some((email) => email.toLowerCase() === to.toLowerCase());

export const noteMailFailure = (ticket: Ticket, failure: NoteMailFailure, about: About): Facts => {
  const { to, kind, reason, permanent } = failure;
  const visibility = isOfCustomer(ticket, to) ? 'public' : 'internal';
  return facts({ type: 'mail-failed', ...about, to, kind, reason, permanent, visibility });
};
