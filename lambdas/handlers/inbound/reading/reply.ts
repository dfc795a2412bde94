/**
 * What of a mail's text is shown: the writer's own words. Above or below a quote they stand alone; between quoted lines they mean
 * nothing without them, so then all of it is shown, and so is a mail that is passed on. It never answers less than the writer wrote,
 * and never nothing for something.
 */
import { FORWARD_PREFIXES, plain, REPLY_PREFIXES, SEE_INLINE } from './languages.ts';
import { markQuotes, type Kind } from './quotes.ts';
import { saysAnything } from './readable.ts';
import { isOnlySignature, isSignature, withoutSignature } from './signature.ts';

export interface Context {
  readonly subject: string;
  /** The mail names another one that it answers. */
  readonly namesAnother: boolean;
}

const PREFIX = /^\s*(?:\[[^\]]{0,40}\]\s*)?([^\s:：[(]{1,20})\s?(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:：]/;

const prefixOf = (subject: string): string => plain(PREFIX.exec(subject.slice(0, 100))?.[1] ?? '');

/** A subject without what programs put before it in an answer, however often they did, and what a server put before that. */
export const withoutReplyPrefixes = (subject: string): string => {
  let rest = subject;
  while (REPLY_PREFIXES.includes(prefixOf(rest))) rest = rest.replace(PREFIX, '');
  return rest.replace(/^\s*(?:\[[^\]]{0,40}\]\s*)?/, '');
};

const isForward = ({ subject }: Pick<Context, 'subject'>): boolean => FORWARD_PREFIXES.includes(prefixOf(subject));

const isAnswer = ({ subject, namesAnother }: Context): boolean =>
  namesAnother || REPLY_PREFIXES.includes(prefixOf(subject));

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

/** The part of a text that its writer wrote, for a mail of that subject. */
export const ownWords = (text: string, context: Context): string => {
  const lines = text.split('\n');
  const answers = isAnswer(context);
  if (isForward(context)) return text;
  const { kinds, openEndedFrom, isAttributed, passesOn } = markQuotes(lines, { isAnswer: answers });
  if (passesOn) return text;
  if (!kinds.includes('quote')) return withoutSignature(text);
  const { above, between, below } = layoutOf(lines, kinds);
  const [upper, lower] = [withoutSignature(trimmed(above)), withoutSignature(trimmed(below))];
  if (between || (upper === '' && lower === '')) return withoutSignature(text);
  if (lower !== '' && !isSignature(below)) {
    // A new mail that begins with such lines quotes nothing that the desk knows.
    return upper === '' && (answers || isAttributed) ? lower : withoutSignature(text);
  }
  if (upper === '') return text;
  return openEndedFrom !== undefined && pointsIntoQuote(upper) ? text : upper;
};

/** Whether any of a text is its writer's own, for a mail of that subject: neither quoted, nor a signature, nor a picture's name. */
export const hasOwnWords = (text: string, context: Context): boolean => {
  const lines = text.split('\n');
  const saysMore = (some: readonly string[]): boolean => saysAnything(some.join('\n')) && !isOnlySignature(some);
  if (isForward(context)) return saysAnything(text);
  const { kinds, passesOn } = markQuotes(lines, { isAnswer: isAnswer(context) });
  if (passesOn || !kinds.includes('quote')) return saysMore(lines);
  const { above, between, below } = layoutOf(lines, kinds);
  return between || saysMore(above) || (saysMore(below) && !isSignature(below));
};
