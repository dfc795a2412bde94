/**
 * Which lines of an answer quote another mail. Programs mark a quote in three ways: `>` before each line, a sentence above it
 * ("… wrote:"), or a copy of its headers, after which all is quoted to the end. Sentences are known by the library's list of languages and
 * by what they have in common. The trap: people put `>` before commands and before what a screen says, so by itself it is no sure sign;
 * and the library's patterns take time with the cube of the length, so it is asked about one sentence of bounded length at a time and a
 * bounded number of times.
 */
import EmailReplyParser from 'email-reply-parser';
import { IN_LETTERS } from '../../mail/titles.ts';
import {
  CLOCK_OR_DATE,
  isBlank,
  isForwardMark,
  isHeadBetweenMarks,
  isHeaderBlock,
  isOriginalMark,
  saysWrote,
  withRuleAbove,
  WRITER,
} from './heads.ts';
import { ATTRIBUTION_STARTS, plain } from './languages.ts';

export type Kind = 'own' | 'blank' | 'quote';

export interface Marked {
  /** What each line is. */
  readonly kinds: readonly Kind[];
  /** Where a quote begins that has no marks of its own and goes on to the end; absent where there is none. */
  readonly openEndedFrom?: number;
  /** The text passes on another mail. */
  readonly passesOn: boolean;
}

export interface Hints {
  /** Only what surely is a quote: a mark that nothing else speaks for is its writer's own. */
  readonly onlySure: boolean;
}

/** Stands before each line of a quote that the writer's program marked as one in HTML; no character of any text. */
export const SURE_QUOTE = '\u{fdd0}';

/** A text without the signs of what a program marked. */
export const withoutSigns = (text: string): string => text.replaceAll(SURE_QUOTE, '');

const LONGEST_SENTENCE = 300;
const MOST_SENTENCES = 60;
const MOST_LINES_OF_SENTENCE = 4;

const isQuoted = (line: string): boolean => /^\u{fdd0}?[ \t]{0,3}>/u.test(line);

/** Whether the library takes a sentence for the head of a quote. */
const isKnownToLibrary = (sentence: string): boolean =>
  new EmailReplyParser().read(`x\n\n${sentence}\n> y`).getVisibleText().trim() === 'x';

interface Text {
  readonly lines: readonly string[];
  readonly hints: Hints;
  readonly isKnownSentence: (sentence: string) => boolean;
}

/** The library's word about sentences, a bounded number of times. */
const asking = (): Text['isKnownSentence'] => {
  let asked = 0;
  return (sentence) => (asked += 1) <= MOST_SENTENCES && isKnownToLibrary(sentence);
};

const nextFilled = (lines: readonly string[], after: number): number => {
  const limit = Math.min(lines.length, after + 4);
  for (let at = after + 1; at < limit; at += 1) if (!isBlank(lines[at] ?? '')) return at;
  return -1;
};

/** `Monday, 2 March 2026, 10:05 … <ann@example.com>:`, in any language; some programs leave out the brackets. */
const isMomentAndWriter = (sentence: string): boolean =>
  /^(?:\p{L}{2,20},? ?)?\d/u.test(sentence) &&
  /\d:\d{2}/.test(sentence) &&
  /(?:19|20)\d{2}/.test(sentence) &&
  /@[^<>\s]{1,100}>? ?[:：]$/.test(sentence.slice(-110));

/** Whether a sentence that ends in a colon stands above a quote: by what it says, and by what follows it. */
const isAttribution = (sentence: string, isAboveQuote: boolean, { hints, isKnownSentence }: Text): boolean => {
  const simple = plain(sentence);
  const [hasWhen, hasWho, hasVerb] = [CLOCK_OR_DATE.test(simple), WRITER.test(sentence), saysWrote(simple)];
  if (hints.onlySure && !hasWhen && !hasWho) return false;
  if (isAboveQuote) {
    return hasVerb || (hasWho && hasWhen) || isMomentAndWriter(sentence) || isKnownSentence(sentence);
  }
  if (!hasWhen) return false;
  if (hasVerb) return hasWho || !hints.onlySure || isKnownSentence(sentence);
  return hasWho && (isMomentAndWriter(sentence) || isKnownSentence(sentence));
};

const startsAttribution = (line: string): boolean => {
  const simple = plain(line);
  return ATTRIBUTION_STARTS.some((start) => simple.startsWith(`${start} `) || simple.startsWith(`${start}.`));
};

/** Where a sentence really begins of which the last lines were enough to know it. */
const firstLineOf = (lines: readonly string[], start: number, end: number): number => {
  let first = start;
  for (let above = start - 1; above >= 0 && above > end - MOST_LINES_OF_SENTENCE; above -= 1) {
    const line = lines[above] ?? '';
    if (isBlank(line) || isQuoted(line) || line.length > LONGEST_SENTENCE || /[.!?]\s*$/.test(line)) break;
    if (/^\s*\d/.test(line) || WRITER.test(line) || (startsAttribution(line) && /\d/.test(line))) first = above;
  }
  return first;
};

/** The first line of the sentence above a quote that ends at `end`; nothing where there is no such sentence. */
const attributionEndingAt = (text: Text, end: number, isAboveQuote: boolean): number | undefined => {
  const { lines, hints } = text;
  let sentence = '';
  for (let start = end; start >= 0 && start > end - MOST_LINES_OF_SENTENCE; start -= 1) {
    const line = lines[start] ?? '';
    if (isBlank(line) || isQuoted(line)) return undefined;
    sentence = `${line.trim()} ${sentence}`.trim();
    if (sentence.length > LONGEST_SENTENCE) return undefined;
    if (!isAttribution(sentence, isAboveQuote, text)) continue;
    // A sentence that says when is whole: what stands above it may be an answer of one number.
    return hints.onlySure && CLOCK_OR_DATE.test(sentence) ? start : firstLineOf(lines, start, end);
  }
  return undefined;
};

const endsInColon = (line: string): boolean => /[:：][\s*_-]{0,10}$/.test(line.slice(-60));

interface Found {
  readonly from: number;
  readonly way: 'attribution' | 'open-ended' | 'forward';
}

/** What a line says about a quote that begins there, or that it stands at the head of. */
const signAt = (text: Text, at: number): Found | undefined => {
  const { lines } = text;
  const line = lines[at] ?? '';
  if (isForwardMark(line)) return { from: at, way: 'forward' };
  if (isOriginalMark(line)) return { from: at, way: 'open-ended' };
  if (isHeaderBlock(lines, at)) return { from: withRuleAbove(lines, at), way: 'open-ended' };
  if (!endsInColon(line)) return undefined;
  const next = nextFilled(lines, at);
  const from = attributionEndingAt(text, at, next >= 0 && isQuoted(lines[next] ?? ''));
  return from === undefined ? undefined : { from, way: 'attribution' };
};

/** A line without a mark between two with one, where the line above was too long: it was broken on the way, not written. */
const isBrokenQuote = (lines: readonly string[], at: number): boolean => {
  const [above = '', line = '', below = ''] = [lines[at - 1], lines[at], lines[at + 1]];
  return isQuoted(above) && isQuoted(below) && above.length >= 60 && line.length < above.length && !isBlank(line);
};

/** Where the marked lines end that begin at one. */
const endOfMarked = (lines: readonly string[], from: number): number => {
  let end = from + 1;
  while (end < lines.length && (isQuoted(lines[end] ?? '') || isBrokenQuote(lines, end))) end += 1;
  return end;
};

const withoutMarks = (line: string): string => line.replace(/^[\s>\u{fdd0}]{1,100}/u, '');

/** As many lines as the head of a quote has that stands in it. */
const MOST_LINES_OF_HEAD = 8;

/** Whether marked lines say themselves that they quote: by a head in them, by the program's own sign, or in the desk's own words. */
const speaksForItself = (text: Text, marked: readonly string[]): boolean => {
  if (marked[0]?.startsWith(SURE_QUOTE) === true) return true;
  const lines = marked.slice(0, MOST_LINES_OF_HEAD).map(withoutMarks);
  const hasHead = lines
    .slice(0, MOST_LINES_OF_SENTENCE)
    .some(
      (line, at) =>
        isOriginalMark(line) ||
        isHeaderBlock(lines, at, true) ||
        (endsInColon(line) && attributionEndingAt({ ...text, lines }, at, true) !== undefined),
    );
  if (hasHead) return true;
  const words = marked.map(withoutMarks).join(' ').replaceAll(/\s+/g, ' ');
  return IN_LETTERS.some((sentence) => words.includes(sentence));
};

/** Marks what each line of an answer is. */
export const markQuotes = (lines: readonly string[], hints: Hints): Marked => {
  const text: Text = { lines, hints, isKnownSentence: asking() };
  const kinds: Kind[] = lines.map((line) => (isBlank(line) ? 'blank' : 'own'));
  const openEnded = (from: number): Marked => ({
    ...{ kinds: kinds.fill('quote', from), openEndedFrom: from, passesOn: false },
  });
  // What is marked further down goes on with the same quote.
  let marksSuffice = !hints.onlySure;
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? '';
    if (isHeadBetweenMarks(line)) return openEnded(at);
    if (isQuoted(line)) {
      const end = endOfMarked(lines, at);
      marksSuffice ||= speaksForItself(text, lines.slice(at, end));
      if (marksSuffice) kinds.fill('quote', at, end);
      at = end;
      continue;
    }
    const sign = isBlank(line) ? undefined : signAt(text, at);
    if (sign?.way === 'forward') return { kinds, passesOn: true };
    const next = sign ? nextFilled(lines, at) : at + 1;
    if (sign && (sign.way === 'open-ended' || next < 0 || !isQuoted(lines[next] ?? ''))) return openEnded(sign.from);
    if (sign) {
      kinds.fill('quote', sign.from, next);
      marksSuffice = true;
    }
    at = next;
  }
  return { kinds, passesOn: false };
};
