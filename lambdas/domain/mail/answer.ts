/**
 * Whether a mail that did nothing, or not all that it asked for, is answered, and to whom. An answer to a forged mail would go to
 * somebody who never wrote, and one to a machine may be answered by it: so only a writer who is proven is answered, once, and never a
 * mail that was written by a machine.
 */
import { toMillis, type Instant } from '../time/instant.ts';
import { isWrittenTo } from './address.ts';
import type { Verdict } from './inbound.ts';
import { NO_ANSWER } from './said.ts';

/** Where an answer goes, and what it is about. */
export interface Answer {
  readonly to: string;
  /** The subject of the mail that is answered; empty where it was not read, and where no word of it is kept. */
  readonly subject: string;
  /** The id that the writer's program gave the mail. */
  readonly inReplyTo?: string | undefined;
}

/** A mail that was refused, as its writer was told of it. */
export interface Refused {
  readonly code: string;
  readonly reason: string;
  readonly at: Instant;
}

const NEWS_AFTER_MILLIS = 3_600_000;

/**
 * Whether the writer of a mail that came before was told the very same a moment ago. Whoever sends a mail again is told anew after an
 * hour, or where the reason is another; a server that delivers it twice, or a loop, brings nobody a second letter.
 */
export const isToldAlready = (before: Refused, again: Refused): boolean =>
  before.code === again.code &&
  before.reason === again.reason &&
  toMillis(again.at) - toMillis(before.at) < NEWS_AFTER_MILLIS;

/** What became of a mail, as far as an answer depends on it. */
export interface Undone {
  readonly outcome: string;
  readonly code: string;
  /** Who wrote it, where that is proven. */
  readonly sender?: string | undefined;
  /** The sender of the envelope of a mail that was not read, and what SPF says of it. */
  readonly envelope?: { readonly returnPath: string; readonly spf: Verdict } | undefined;
  readonly subject?: string | undefined;
  readonly messageId?: string | undefined;
}

/** Mail boxes that machines write from, as far as their names say so; VERP addresses carry a `=`. */
const MACHINE =
  /^(?:mailer-daemon|postmaster|(?:do[-_.]?not|no)[-_.]?reply|bounces?|listserv|majordomo)\b|^owner-|=|-bounces?\b/;

const MESSAGE_ID = /^<?([^\s<>]{1,250})>?$/;

/**
 * Who may be told. A mail that is too large to be read has no proven writer: there SPF vouches for the sender of the envelope, and
 * nothing else does, because DMARC is about the address in the message.
 */
const writerOf = ({ code, sender, envelope }: Undone): string | undefined => {
  if (sender !== undefined) return sender;
  return code === 'too-large' && envelope?.spf === 'pass' ? envelope.returnPath : undefined;
};

/** Of the mails of people whom the desk does not serve no word is kept, their subjects neither. */
const STRANGERS = ['stranger', 'staff'];

/** Why a mail that answers a ticket brought no call, though it asked for one. */
export type WithoutCall = 'no-number' | 'no-call';
const WITHOUT_CALL: readonly string[] = ['no-number', 'no-call'] satisfies WithoutCall[];

/** Says where the answer to a mail goes that did nothing, or not all that it asked for; or that it has none. */
export const answerFor = (undone: Undone): Answer | undefined => {
  if (undone.outcome !== 'refused' && ![...WITHOUT_CALL, ...NO_ANSWER].includes(undone.code)) return undefined;
  const to = writerOf(undone)?.toLowerCase();
  if (to === undefined || !isWrittenTo(to) || MACHINE.test(to.slice(0, to.lastIndexOf('@')))) return undefined;
  const inReplyTo = MESSAGE_ID.exec(undone.messageId ?? '')?.[1];
  const subject = STRANGERS.includes(undone.code) ? '' : (undone.subject ?? '');
  return { to, subject, ...(inReplyTo !== undefined && { inReplyTo }) };
};
