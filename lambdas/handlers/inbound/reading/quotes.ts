/**
 * Which lines of a text quote another mail. Programs mark a quote in three ways: `>` before each line, a sentence above it ("… wrote:"),
 * or a copy of its headers, after which all is quoted to the end. Sentences are known by the library's list of languages and by what
 * they have in common. The trap: the library's patterns take time with the cube of the length, so it is asked about one sentence of
 * bounded length at a time and a bounded number of times.
 */
import EmailReplyParser from 'email-reply-parser';
import { ATTRIBUTION_STARTS, FORWARDED_MESSAGE, HEADER_LABELS, ORIGINAL_MESSAGE, plain, WROTE } from './languages.ts';

export type Kind = 'own' | 'blank' | 'quote';

export interface Marked {
  /** What each line is. */
  readonly kinds: readonly Kind[];
  /** Where a quote begins that has no marks of its own and goes on to the end; absent where there is none. */
  readonly openEndedFrom?: number;
  /** A sentence above a quote says whose it is. */
  readonly isAttributed: boolean;
  /** The text passes on another mail. */
  readonly passesOn: boolean;
}

export interface Hints {
  /** The mail answers another one: then weaker signs of a quote count too. */
  readonly isAnswer: boolean;
}

const LONGEST_SENTENCE = 300;
const MOST_SENTENCES = 60;
const MOST_LINES_OF_SENTENCE = 4;

const isQuoted = (line: string): boolean => /^[ \t]{0,3}>/.test(line);
const isBlank = (line: string): boolean => line.trim() === '';

const CLOCK_OR_DATE = /\d{1,2}[:.h]\d{2}|(?:19|20)\d{2}|\d{1,2}[./-]\d{1,2}/;
const WRITER = /[<[(][^<>[\]()\s]{1,100}@[^<>[\]()\s]{1,100}[>\])]/;

const saysWrote = (sentence: string): boolean => WROTE.some((verb) => sentence.includes(verb));

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

/** Whether a sentence that ends in a colon stands above a quote: by what it says, and by what follows it. */
const isAttribution = (sentence: string, isAboveQuote: boolean, { hints, isKnownSentence }: Text): boolean => {
  const { isAnswer } = hints;
  const simple = plain(sentence);
  const [hasWhen, hasWho, hasVerb] = [CLOCK_OR_DATE.test(simple), WRITER.test(sentence), saysWrote(simple)];
  if (isAboveQuote) return hasVerb || (hasWho && hasWhen) || isKnownSentence(sentence);
  if (hasVerb) return hasWhen && (isAnswer || hasWho);
  return isAnswer && hasWho && hasWhen && isKnownSentence(sentence);
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
const attributionEndingAt = (text: Text, end: number): number | undefined => {
  const { lines } = text;
  const next = nextFilled(lines, end);
  const isAboveQuote = next >= 0 && isQuoted(lines[next] ?? '');
  let sentence = '';
  for (let start = end; start >= 0 && start > end - MOST_LINES_OF_SENTENCE; start -= 1) {
    const line = lines[start] ?? '';
    if (isBlank(line) || isQuoted(line)) return undefined;
    sentence = `${line.trim()} ${sentence}`.trim();
    if (sentence.length > LONGEST_SENTENCE) return undefined;
    if (!isAttribution(sentence, isAboveQuote, text)) continue;
    return firstLineOf(lines, start, end);
  }
  return undefined;
};

const RULE = /^[\s*]{0,4}[-_=–—]{2,80}\s?(.{0,160}?)\s?[-_=–—:*]{0,80}\s*$/;

const announced = (line: string): string => (line.length > 200 ? '' : plain(RULE.exec(line)?.[1] ?? ''));

/** `---- Original message ----`, or a whole sentence between such rules. */
const isOriginalMark = (line: string): boolean => {
  const announcement = announced(line);
  return ORIGINAL_MESSAGE.includes(announcement) || (CLOCK_OR_DATE.test(announcement) && saysWrote(announcement));
};

const isForwardMark = (line: string): boolean => {
  if (line.length > 200) return false;
  const bare = plain(line).replaceAll(/^[\s*_–—-]+|[\s*_:：–—-]+$/g, '');
  return FORWARDED_MESSAGE.includes(bare) && (announced(line) !== '' || /[:：]\s*$/.test(line));
};

type Label = keyof typeof HEADER_LABELS;

/** Which header a line copies, such as `Von: …`. */
const labelOf = (line: string): Label | undefined => {
  const label = /^[\s*_|]{0,4}([^:：]{1,30})[:：]/.exec(line.slice(0, 60))?.[1];
  if (label === undefined) return undefined;
  const simple = plain(label.replaceAll(/[*_]/g, '').trim());
  return (Object.keys(HEADER_LABELS) as Label[]).find((name) => HEADER_LABELS[name].includes(simple));
};

const MOST_LINES_OF_BLOCK = 14;

/** Headers that programs do not copy above a quote: who shows these shows a mail's source. */
const SOURCE =
  /^\s*(?:received|return-path|delivered-to|message-id|mime-version|content-type|dkim-signature|authentication-results|x-[a-z-]{1,60})\s*:/i;

/** Whether the headers of a quoted mail begin at a line: its writer, when, and to whom or about what. */
const isHeaderBlock = (lines: readonly string[], at: number): boolean => {
  if (labelOf(lines[at] ?? '') !== 'from') return false;
  const found = new Set<Label>();
  let blanks = 0;
  if (lines.slice(Math.max(0, at - 3), at).some((line) => SOURCE.test(line))) return false;
  for (const line of lines.slice(at, at + MOST_LINES_OF_BLOCK)) {
    blanks = isBlank(line) ? blanks + 1 : 0;
    if (blanks > 1) break;
    if (SOURCE.test(line)) return false;
    const label = labelOf(line);
    if (label) found.add(label);
  }
  return found.has('sent') && (found.has('to') || found.has('subject'));
};

const isRule = (line: string): boolean => /^\s{0,4}[-_=–—]{5,100}\s*$/.test(line);

/** Where an open-ended quote begins that a line belongs to: the rule above it is a part of it. */
const withRuleAbove = (lines: readonly string[], at: number): number => {
  for (let above = at - 1; above >= 0 && above >= at - 2; above -= 1) {
    const line = lines[above] ?? '';
    if (isRule(line) || announced(line) !== '') return above;
    if (!isBlank(line)) break;
  }
  return at;
};

const endsInColon = (line: string): boolean => /[:：][\s*_-]{0,10}$/.test(line.slice(-60));

interface Found {
  readonly from: number;
  readonly way: 'attribution' | 'open-ended' | 'forward';
}

/** What a line says about a quote that begins there, or that it stands at the head of. */
const signAt = (text: Text, at: number): Found | undefined => {
  const { lines, hints } = text;
  const line = lines[at] ?? '';
  if (isForwardMark(line)) return { from: at, way: 'forward' };
  if (isOriginalMark(line)) return { from: at, way: 'open-ended' };
  if (isHeaderBlock(lines, at)) {
    const from = withRuleAbove(lines, at);
    // In a new mail, headers by themselves may be what it is about.
    if (hints.isAnswer || from < at) return { from, way: 'open-ended' };
  }
  if (!endsInColon(line)) return undefined;
  const from = attributionEndingAt(text, at);
  return from === undefined ? undefined : { from, way: 'attribution' };
};

/** A line without a mark between two with one, where the line above was too long: it was broken on the way, not written. */
const isBrokenQuote = (lines: readonly string[], at: number): boolean => {
  const [above = '', line = '', below = ''] = [lines[at - 1], lines[at], lines[at + 1]];
  return isQuoted(above) && isQuoted(below) && above.length >= 60 && line.length < above.length && !isBlank(line);
};

/** Marks what each line of a text is. */
export const markQuotes = (lines: readonly string[], hints: Hints): Marked => {
  const text: Text = { lines, hints, isKnownSentence: asking() };
  const kinds: Kind[] = lines.map((line, at) => {
    if (isQuoted(line) || isBrokenQuote(lines, at)) return 'quote';
    return isBlank(line) ? 'blank' : 'own';
  });
  let isAttributed = false;
  for (let at = 0; at < lines.length; at += 1) {
    if (kinds[at] !== 'own') continue;
    const sign = signAt(text, at);
    if (!sign) continue;
    if (sign.way === 'forward') return { kinds, isAttributed, passesOn: true };
    isAttributed = true;
    const next = nextFilled(lines, at);
    if (sign.way === 'open-ended' || next < 0 || !isQuoted(lines[next] ?? '')) {
      return { kinds: kinds.fill('quote', sign.from), openEndedFrom: sign.from, isAttributed, passesOn: false };
    }
    kinds.fill('quote', sign.from, next);
  }
  return { kinds, isAttributed, passesOn: false };
};
