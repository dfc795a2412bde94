/**
 * What is attached to a mail, under names that are safe to show and to save: no path, nothing that can't be seen or that turns the
 * direction of writing around. It keeps no files and sets no limits but the ones that keep reading bounded.
 */
import type { Attachment as Part } from 'postal-mime';
import { asLine } from '../../text/plain-text.ts';

export interface Attachment {
  /** At most 200 UTF-16 units, never empty. */
  readonly filename: string;
  /** A type and subtype in lower case. */
  readonly contentType: string;
  readonly content: Uint8Array;
  /** The mail shows it within its text. */
  readonly inline: boolean;
}

/** Many times what a person attaches. */
export const MOST_ATTACHMENTS = 200;
const LONGEST_NAME = 200;
const LONGEST_EXTENSION = 20;

/** Control characters, separators of lines, and signs that only turn the direction of writing. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{feff}]/gu;

/** Cuts a long name in its middle, so that its kind can still be seen. */
const shortened = (name: string): string => {
  if (name.length <= LONGEST_NAME) return name;
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= LONGEST_EXTENSION ? name.slice(dot) : '';
  return name.slice(0, LONGEST_NAME - extension.length) + extension;
};

/** A name as somebody gave it, made safe; empty where nothing of it is left. */
export const safeName = (name: string): string => {
  const clean = asLine(name.slice(-4 * LONGEST_NAME), 4 * LONGEST_NAME).replaceAll(UNSEEN, '');
  const base = clean.slice(Math.max(clean.lastIndexOf('/'), clean.lastIndexOf('\\')) + 1);
  const plain = base
    .replaceAll(/[<>:"|?*]/g, '_')
    .replaceAll(/\s+/g, ' ')
    .replace(/^[. ]+/, '')
    .trim();
  return Buffer.from(shortened(plain)).toString();
};

const EXTENSIONS: Readonly<Record<string, string>> = {
  'message/rfc822': 'eml',
  'message/delivery-status': 'txt',
  'text/calendar': 'ics',
  'text/plain': 'txt',
  'text/html': 'html',
  'text/rfc822-headers': 'txt',
  'image/jpeg': 'jpg',
  'image/svg+xml': 'svg',
  'application/ms-tnef': 'dat',
  'application/pgp-signature': 'asc',
  'application/pgp-encrypted': 'asc',
  'application/pkcs7-mime': 'p7m',
  'application/pkcs7-signature': 'p7s',
};

const typeOf = (type: string): string =>
  /^[a-z0-9][\w.+-]{0,60}\/[a-z0-9][\w.+-]{0,120}$/.test(type) ? type : 'application/octet-stream';

const nameByType = (type: string, number: number): string => {
  const subtype = /\/([a-z0-9]{2,5})$/.exec(type)?.[1];
  return `attachment-${String(number)}.${EXTENSIONS[type] ?? subtype ?? 'bin'}`;
};

/** Names and bytes as they come, from the mail or out of a container. */
export interface RawAttachment {
  readonly filename?: string | null;
  readonly mimeType: string;
  readonly content: Uint8Array;
  readonly inline?: boolean;
}

export const attachmentFrom = (raw: RawAttachment, number: number): Attachment => {
  const contentType = typeOf(raw.mimeType.toLowerCase());
  const filename = safeName(raw.filename ?? '') || nameByType(contentType, number);
  return { filename, contentType, content: raw.content, inline: raw.inline ?? false };
};

export const bytesOf = ({ content }: Pick<Part, 'content'>): Uint8Array => {
  if (typeof content === 'string') return Buffer.from(content);
  return content instanceof Uint8Array ? content : new Uint8Array(content);
};

/** What programs add for themselves: the same text again, for readers that run it. */
const isNoise = ({ mimeType }: Part): boolean => mimeType === 'text/x-amp-html';

/** The parts of a mail that are not its text. */
export const attachmentsIn = (parts: readonly Part[]): Attachment[] =>
  parts
    .filter((part) => !isNoise(part))
    .slice(0, MOST_ATTACHMENTS)
    .map((part, at) =>
      attachmentFrom(
        {
          filename: part.filename,
          mimeType: part.mimeType,
          content: bytesOf(part),
          inline: part.disposition === 'inline' || part.related === true,
        },
        at + 1,
      ),
    );
