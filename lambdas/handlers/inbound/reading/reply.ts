/**
 * What of a mail's text is shown: the writer's own words. In an answer they stand alone above or below a quote; between quoted lines they
 * mean nothing without them, so then all of it is shown, and so is a mail that is passed on. In a mail that opens a ticket nothing of the
 * desk's can be quoted, so all of it is the writer's, whatever it looks like. It never shows less than the writer wrote, and never nothing
 * for something.
 */
import { FORWARD_PREFIXES, plain, REPLY_PREFIXES, SEE_INLINE } from './languages.ts';
import { markQuotes, withoutSigns, type Kind } from './quotes.ts';
import { saysAnything } from './readable.ts';
import { isOnlySignature, isSignature, withoutSignature } from './signature.ts';

const PREFIX = /^\s*(?:\[[^\]]{0,40}\]\s*)?([^\s:：[(]{1,20})\s?(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:：]/;

const prefixOf = (subject: string): string => plain(PREFIX.exec(subject.slice(0, 100))?.[1] ?? '');

/** A subject without what programs put before it in an answer, however often they did, and what a server put before that. */
export const withoutReplyPrefixes = (subject: string): string => {
  let rest = subject;
  while (REPLY_PREFIXES.includes(prefixOf(rest))) rest = rest.replace(PREFIX, '');
  return rest.replace(/^\s*(?:\[[^\]]{0,40}\]\s*)?/, '');
};

const isForward = (subject: string): boolean => FORWARD_PREFIXES.includes(prefixOf(subject));

/** Whether a subject says that its mail answers another one. */
export const isHeadedAsAnswer = (subject: string): boolean => REPLY_PREFIXES.includes(prefixOf(subject));

const trimmed = (lines: readonly string[]): string =>
  lines
    .join('\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd();

/** Long enough for a greeting and a word or two: who writes more has said what there is to say. */
const LONGEST_POINTER = 400;

const pointsIntoQuote = (above: string): boolean => above.length <= LONGEST_POINTER && SEE_INLINE.test(plain(above));

interface Layout {
  readonly above: readonly string[];
  readonly between: boolean;
  readonly below: readonly string[];
}

const layoutOf = (lines: readonly string[], kinds: readonly Kind[]): Layout => {
  const first = kinds.indexOf('quote');
  const last = kinds.lastIndexOf('quote');
  return {
    above: lines.slice(0, first),
    between: kinds.slice(first, last).includes('own'),
    below: lines.slice(last + 1),
  };
};

const answerIn = (text: string): string => {
  const lines = text.split('\n');
  const { kinds, openEndedFrom, passesOn } = markQuotes(lines, { onlySure: true });
  if (passesOn) return text;
  if (!kinds.includes('quote')) return withoutSignature(text);
  const { above, between, below } = layoutOf(lines, kinds);
  const [upper, lower] = [withoutSignature(trimmed(above)), withoutSignature(trimmed(below))];
  if (between || (upper === '' && lower === '')) return withoutSignature(text);
  if (lower !== '' && !isSignature(below)) return upper === '' ? lower : withoutSignature(text);
  if (upper === '') return text;
  return openEndedFrom !== undefined && pointsIntoQuote(upper) ? text : upper;
};

/** What is shown of the text of a mail under a subject that answers one of the desk's. */
export const wordsOfAnswer = (text: string, subject: string): string =>
  withoutSigns(isForward(subject) ? text : answerIn(text));

/** What is shown of the text of a mail that opens a ticket: all but a signature, and that too where a mail is shown in it. */
export const wordsOfOpening = (text: string, subject: string): string => {
  const { openEndedFrom, passesOn } = markQuotes(text.split('\n'), { onlySure: true });
  const showsMail = passesOn || openEndedFrom !== undefined || isForward(subject);
  return withoutSigns(showsMail ? text : withoutSignature(text));
};

/**
 * Whether any of the text of an answer is surely its writer's own: neither quoted, nor a signature, nor a picture's name. What only looks
 * like a quote may be one, so it counts for nothing here.
 */
export const hasOwnWords = (text: string, subject: string): boolean => {
  const lines = text.split('\n');
  const saysMore = (some: readonly string[]): boolean => saysAnything(some.join('\n')) && !isOnlySignature(some);
  if (isForward(subject)) return saysAnything(text);
  const { kinds, passesOn } = markQuotes(lines, { onlySure: false });
  if (passesOn || !kinds.includes('quote')) return saysMore(lines);
  const { above, between, below } = layoutOf(lines, kinds);
  return between || saysMore(above) || (saysMore(below) && !isSignature(below));
};
