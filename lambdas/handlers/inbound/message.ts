/**
 * A stored message as the desk reads it: who wrote it, what machines say in it, and its words. It judges nothing. The trap: any
 * bytes at all may stand in it, so nothing is taken from the parser that was not asked for and bounded.
 */
import PostalMime, { type Email } from 'postal-mime';
import { authorsIn, type AutomaticMarks } from '../../domain/mail/inbound.ts';
import { asLine, asProse, textOfMarkup } from './plain-text.ts';

export interface Message {
  readonly authors: readonly string[];
  readonly signers: readonly string[];
  readonly marks: AutomaticMarks;
  /** The id that the writer's program gave it. */
  readonly messageId?: string;
  /** The ids of the messages that it answers, without their brackets, the newest first. */
  readonly references: readonly string[];
  /** The addresses in To and Cc, in lower case. */
  readonly cc: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** The whole text, with what it quotes. */
  readonly fullText: string;
  readonly attachments: readonly MessageFile[];
}

export interface MessageFile {
  /** Without a path or control characters. */
  readonly filename: string;
  readonly contentType: string;
  readonly content: Uint8Array;
  /** It is shown within the text. */
  readonly inline: boolean;
}

/** The bounds of a ticket's subject and text over HTTP. */
const LONGEST_SUBJECT = 200;
const LONGEST_TEXT = 20_000;

const LIMITS = { maxNestingDepth: 50, maxHeadersSize: 1024 * 1024, maxRfc822NestingDepth: 5 } as const;

/** Bounds what one header may cost to look through. */
const LONGEST_VALUE = 20_000;

/** A header's value without its parameters and comments. */
const word = (value: string): string =>
  value
    .slice(0, 200)
    .replace(/[;(].*$/s, '')
    .trim()
    .toLowerCase();

const signerIn = (signature: string): string =>
  /(?:^|;)\s*d\s*=\s*([^;\s]+)/i.exec(signature.slice(0, LONGEST_VALUE))?.[1]?.toLowerCase() ?? '';

const MOST_NAMED = 50;
const LONGEST_ID = 250;

const idsIn = (header: string): string[] =>
  Array.from(header.slice(0, LONGEST_VALUE).matchAll(/<([^<>\s]+)>/g), ([, id = '']) => id);

const referencesIn = (answered: readonly string[], references: readonly string[]): string[] => {
  const ids = [...answered.flatMap(idsIn), ...references.flatMap(idsIn).toReversed()];
  return [...new Set(ids)].filter((id) => id.length <= LONGEST_ID).slice(0, MOST_NAMED);
};

const addressesIn = ({ to = [], cc = [] }: Email): string[] => {
  const boxes = [...to, ...cc].flatMap((one) => one.group ?? [one]);
  const addresses = boxes.map(({ address }) => address.toLowerCase());
  return [...new Set(addresses)].filter((one) => /^[^\s@]{1,64}@[a-z0-9.-]{1,253}$/.test(one)).slice(0, MOST_NAMED);
};

const read = (email: Email): Message => {
  const all = (key: string): string[] => email.headers.flatMap((header) => (header.key === key ? [header.value] : []));
  const text = asProse(email.text ?? textOfMarkup(email.html ?? ''), LONGEST_TEXT);
  const messageId = asLine(email.messageId ?? '', 1000);
  return {
    authors: all('from').flatMap(authorsIn),
    signers: all('dkim-signature').map(signerIn),
    marks: {
      autoSubmitted: all('auto-submitted').map(word),
      precedence: all('precedence').map(word),
      isFromList: all('list-id').length > 0,
      isReport: all('content-type').map(word).includes('multipart/report'),
      isOurs: all('x-makegood-cause').length > 0,
    },
    ...(messageId !== '' && { messageId }),
    references: referencesIn(all('in-reply-to'), all('references')),
    cc: addressesIn(email),
    subject: asLine(email.subject ?? '', LONGEST_SUBJECT) || '(no subject)',
    text: text || '(The mail has no text.)',
    fullText: text || '(The mail has no text.)',
    attachments: email.attachments.map(fileIn),
  };
};

const fileIn = ({ filename, mimeType, content, disposition }: Email['attachments'][number]): MessageFile => ({
  filename: asLine((filename ?? '').replaceAll(/[/\\]/g, '_'), 200) || 'file',
  contentType: asLine(mimeType, 200),
  content: typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content),
  inline: disposition === 'inline',
});

/** Reads a message, or answers nothing where its structure is beyond what is read: too deep, or headers without an end. */
export const readMessage = async (bytes: Uint8Array): Promise<Message | undefined> => {
  let email: Email;
  try {
    email = await PostalMime.parse(bytes, LIMITS);
  } catch {
    return undefined;
  }
  return read(email);
};
