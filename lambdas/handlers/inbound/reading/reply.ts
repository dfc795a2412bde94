/**
 * What of a mail's text is shown: the writer's own words. Above or below a quote they stand alone; between quoted lines they mean
 * nothing without them, so then all of it is shown, and so is a mail that is passed on. It never answers less than the writer wrote,
 * and never nothing for something.
 */
import { FORWARD_PREFIXES, plain, REPLY_PREFIXES, SEE_INLINE } from './languages.ts';
import { markQuotes, type Kind } from './quotes.ts';
import { isSignature, withoutSignature } from './signature.ts';

export interface Context {
  readonly subject: string;
  /** The mail names another one that it answers. */
  readonly namesAnother: boolean;
}

const prefixOf = (subject: string): string =>
  plain(
    /^\s*(?:\[[^\]]{0,40}\]\s*)?([^\s:：]{1,20})\s?(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:：]/.exec(
      subject.slice(0, 100),
    )?.[1] ?? '',
  );

export const isForward = ({ subject }: Pick<Context, 'subject'>): boolean =>
  FORWARD_PREFIXES.includes(prefixOf(subject));

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
