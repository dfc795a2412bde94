/**
 * A text that was written in another charset than it says. Many programs say none, or one that nobody knows; what reads as text of another
 * kind, without a broken character or in UTF-8 with few of them, is taken as that. The trap: a customer may well write about broken
 * characters, so a text that is right as it says is never touched.
 */
import { isAscii } from 'node:buffer';
import { encodingOf } from './encodings.ts';
import { parameter } from './headers.ts';

const BROKEN = '\u{fffd}';
/** A broken character that somebody wrote, read in the wrong charset: the text was right as it says. */
const MEANT_BROKEN = 'ï¿½';
/** How Japanese mail of old shifts between alphabets. */
const SHIFTS = ['\u{1b}$B', '\u{1b}$@'];

/** How many characters of UTF-8 stand for one broken one in a text that is UTF-8: in another charset they come about by chance. */
const GOOD_FOR_BROKEN = 3;

const countOf = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** Whether a text that was read as UTF-8 is that but for a few bytes: one byte that a program cut must not spoil all the others. */
const isUtf8ButForAFew = (text: string): boolean =>
  countOf(text, /[^\0-\u{7f}\u{fffd}]/gu) >= GOOD_FOR_BROKEN * countOf(text, /\u{fffd}/gu);

/** The charset to try beside the one that a text was read in. */
const betterFor = (text: string, label: string): string | undefined => {
  if (SHIFTS.some((shift) => text.includes(shift))) return 'iso-2022-jp';
  const encoding = encodingOf(label === '' ? 'utf-8' : label);
  if (encoding === 'utf-8') return text.includes(BROKEN) && !isUtf8ButForAFew(text) ? 'windows-1252' : undefined;
  const isVague = encoding === undefined || encoding === 'windows-1252';
  return (isVague || text.includes(BROKEN)) && /[^\0-\u{7f}]/u.test(text) ? 'utf-8' : undefined;
};

/** Whether a text reads right in the charset that was tried. */
const isBetter = (text: string, tried: string): boolean =>
  !text.includes(MEANT_BROKEN) && (!text.includes(BROKEN) || (tried === 'utf-8' && isUtf8ButForAFew(text)));

const ESCAPE = 0x1b;

/**
 * The charset that a text is really in, as far as that can be told; nothing where it is the one that it says. `read` reads it in a charset,
 * or without one as it says.
 */
export const charsetOf = (bytes: Uint8Array, label: string, read: (charset?: string) => string): string | undefined => {
  if (isAscii(bytes) && !bytes.includes(ESCAPE)) return undefined;
  const better = betterFor(read(), label);
  return better !== undefined && isBetter(read(better), better) ? better : undefined;
};

const LONGEST_HEAD = 64 * 1024;

/** The bytes of a subject as it was sent, unfolded; empty where the message's head has none. */
const rawSubject = (bytes: Uint8Array): Buffer => {
  const head = Buffer.from(bytes.subarray(0, LONGEST_HEAD)).toString('latin1');
  const end = head.search(/\r?\n\r?\n/);
  const found = /^subject:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)/im.exec(end < 0 ? head : head.slice(0, end))?.[1] ?? '';
  return Buffer.from(found.replaceAll(/\r?\n/g, ''), 'latin1');
};

/**
 * A subject that was sent as it is, without encoding, and is not UTF-8: it is in the charset that the text names, or in the one that
 * most of such programs use.
 */
export const subjectIn = (bytes: Uint8Array, subject: string, contentType = ''): string => {
  if (!subject.includes(BROKEN)) return subject;
  const raw = rawSubject(bytes);
  if (/=\?[^?\s]+\?[bq]\?/i.test(raw.toString('latin1')) || raw.length === 0) return subject;
  const encoding = encodingOf(parameter(contentType, 'charset'));
  return new TextDecoder(encoding === undefined || encoding === 'utf-8' ? 'windows-1252' : encoding).decode(raw);
};
