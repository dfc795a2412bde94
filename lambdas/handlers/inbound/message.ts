/**
 * A stored message as the desk reads it: who wrote it, what machines say in it, its words and what is attached. It judges nothing. The
 * trap: any bytes at all may stand in it, so nothing is taken from the parser that was not asked for and bounded.
 */
import { authorsIn, type AutomaticMarks } from '../../domain/mail/inbound.ts';
import { ticketsNamedIn } from '../../domain/mail/route.ts';
import type { Said } from '../../domain/mail/said.ts';
import { REPLY_PREFIX } from '../mail/reply-address.ts';
import { asLine, asProse } from '../text/plain-text.ts';
import type { Attachment } from './reading/attachments.ts';
import { withoutBlankStart } from './reading/budget.ts';
import { subjectIn } from './reading/charset.ts';
import { addressesIn, headersOf, idsIn, signerIn } from './reading/headers.ts';
import { marksOf } from './reading/marks.ts';
import { parseMail, type Parsed } from './reading/parse.ts';
import { withoutSigns } from './reading/quotes.ts';
import { hasOwnWords, isHeadedAsAnswer, wordsOfAnswer, wordsOfOpening } from './reading/reply.ts';
import { saysAnything } from './reading/readable.ts';
import { reportIn, type DeliveryReport } from './reading/report.ts';
import { unwrapped } from './reading/wrapped.ts';
import { decoded, LONGEST_FULL_TEXT, wordsOf, type Words } from './reading/words.ts';

export type { Attachment } from './reading/attachments.ts';
export type { DeliveryReport } from './reading/report.ts';

export interface Message {
  readonly authors: readonly string[];
  readonly signers: readonly string[];
  readonly marks: AutomaticMarks;
  /** The id that the writer's program gave it. */
  readonly messageId?: string;
  /** The ids of the mails that it answers, without brackets, newest first: at most 50 of at most 250 UTF-16 units. */
  readonly references: readonly string[];
  /** The plain addresses that it names as its receivers, in lower case: at most 50. */
  readonly cc: readonly string[];
  readonly subject: string;
  /**
   * What is shown of it where it answers: the part above the quote, or all of it where the answer stands between quoted lines. Where it
   * answers nothing, the same as `opening`. Never empty.
   */
  readonly text: string;
  /** What is shown of it where it opens a ticket: nothing of it quotes the desk. Never empty. */
  readonly opening: string;
  /** The whole text, quotes included: at most 100,000 UTF-16 units. Never empty. */
  readonly fullText: string;
  readonly attachments: readonly Attachment[];
  /** Whether there is anything in it that its writer wrote. */
  readonly said: Said;
  /** What a mail server reports of another mail; absent where the mail is no such report. */
  readonly report?: DeliveryReport;
}

/** The bounds of a ticket's subject and text over HTTP. */
const LONGEST_SUBJECT = 200;
const LONGEST_TEXT = 20_000;

const NO_TEXT = '(The mail has no text.)';

/** The body as it came, for a message whose parts can't be told apart. */
const rawBody = (bytes: Uint8Array): string => {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 2 * LONGEST_FULL_TEXT));
  const text = start.toString();
  return /\r?\n\r?\n([^]*)$/.exec(text)?.[1] ?? '';
};

const saidIn = (whole: string, { within, isSealed }: Words, subject: string): Said => {
  if (within !== '' || hasOwnWords(whole, subject)) return 'words';
  if (isSealed) return 'sealed';
  return saysAnything(whole) ? 'repeated' : 'nothing';
};

interface Headed {
  readonly subject: string;
  /** Its headers or its subject say that it answers another mail. */
  readonly answers: boolean;
}

const textsOf = async (bytes: Uint8Array, parsed: Parsed, { subject, answers }: Headed) => {
  const words = await wordsOf(parsed, () => rawBody(bytes));
  const { own, within, notice, attachments } = words;
  const whole = asProse(own, own.length);
  const join = (text: string) => [text, within, notice].filter((one) => one !== '').join('\n\n');
  const start = whole.slice(0, LONGEST_FULL_TEXT);
  const shown = (text: string) => asProse(join(text), LONGEST_TEXT) || NO_TEXT;
  const opening = shown(wordsOfOpening(start, subject));
  return {
    text: answers ? shown(wordsOfAnswer(start, subject)) : opening,
    opening,
    fullText: asProse(join(withoutSigns(whole)), LONGEST_FULL_TEXT) || NO_TEXT,
    attachments,
    said: saidIn(start, words, subject),
  };
};

/** Reads a message, or answers nothing where its structure is beyond what is read: too deep, or headers without an end. */
export const readMessage = async (message: Uint8Array): Promise<Message | undefined> => {
  const bytes = withoutBlankStart(message);
  const asItSays = await parseMail(bytes);
  if (!asItSays) return undefined;
  const parsed = await unwrapped(asItSays);
  const all = headersOf(parsed);
  const subject = asLine(subjectIn(bytes, decoded(all('subject')[0]), all('content-type')[0]), LONGEST_SUBJECT);
  const references = idsIn(all('in-reply-to', 'references'));
  const cc = addressesIn(all('to', 'cc'));
  const answers =
    references.length > 0 ||
    isHeadedAsAnswer(subject) ||
    ticketsNamedIn(subject).length > 0 ||
    cc.some((address) => address.startsWith(REPLY_PREFIX));
  const texts = await textsOf(bytes, parsed, { subject, answers });
  const messageId = asLine(all('message-id')[0] ?? '', 1000);
  const report = reportIn(all, parsed.parts, texts.fullText);
  return {
    authors: all('from').flatMap(authorsIn),
    signers: all('dkim-signature').map(signerIn),
    marks: marksOf(all, subject, parsed),
    ...(messageId !== '' && { messageId }),
    references,
    cc,
    subject: subject || '(no subject)',
    ...texts,
    ...(report && { report }),
  };
};
