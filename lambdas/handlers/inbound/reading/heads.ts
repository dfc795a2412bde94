/**
 * The heads that programs write between a text and the mail that it answers or passes on: a line between rules, or a copy of that mail's
 * headers. The trap: people show such lines too, and programs put them in any order.
 */
import { FORWARDED_MESSAGE, HEADER_LABELS, ORIGINAL_MESSAGE, plain, WROTE } from './languages.ts';

export const CLOCK_OR_DATE = /\d{1,2}[:.h]\d{2}|(?:19|20)\d{2}|\d{1,2}[./-]\d{1,2}/;
export const WRITER = /[<[(][^<>[\]()\s]{1,100}@[^<>[\]()\s]{1,100}[>\])]/;

export const isBlank = (line: string): boolean => line.trim() === '';

/** Whether a sentence, in its plain form, has a word for writing. */
export const saysWrote = (sentence: string): boolean => WROTE.some((verb) => sentence.includes(verb));

const RULE = /^[\s*]{0,4}[-_=–—]{2,80}\s?(.{0,160}?)\s?[-_=–—:*]{0,80}\s*$/;

const announced = (line: string): string => (line.length > 200 ? '' : plain(RULE.exec(line)?.[1] ?? ''));

/** `>>> Ann <ann@example.com> 02.03.2026 10:05 >>>`, as GroupWise writes it. */
export const isHeadBetweenMarks = (line: string): boolean => {
  const trimmed = line.length > 300 ? '' : line.trim();
  return /^>>>.*@.*>>>$/.test(trimmed) && CLOCK_OR_DATE.test(trimmed);
};

/** `---- Original message ----`, or a whole sentence between such rules. */
export const isOriginalMark = (line: string): boolean => {
  const announcement = announced(line);
  return ORIGINAL_MESSAGE.includes(announcement) || (CLOCK_OR_DATE.test(announcement) && saysWrote(announcement));
};

export const isForwardMark = (line: string): boolean => {
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

/** The headers that a block of them copies. One that does not begin with the writer has nothing else between its lines. */
const labelsFrom = (lines: readonly string[], at: number): Set<Label> => {
  const first = labelOf(lines[at] ?? '');
  const found = new Set<Label>();
  if (first === undefined || lines.slice(Math.max(0, at - 3), at).some((line) => SOURCE.test(line))) return found;
  let blanks = 0;
  for (const line of lines.slice(at, at + MOST_LINES_OF_BLOCK)) {
    blanks = isBlank(line) ? blanks + 1 : 0;
    const label = labelOf(line);
    if (blanks > 1 || (first !== 'from' && label === undefined)) break;
    if (SOURCE.test(line)) return new Set();
    if (label) found.add(label);
  }
  return found;
};

/**
 * Whether the headers of a quoted mail begin at a line, in whatever order: its writer, when, and to whom or about what. Within a quote
 * (`isMarked`) any two beside the writer do.
 */
export const isHeaderBlock = (lines: readonly string[], at: number, isMarked = false): boolean => {
  const found = labelsFrom(lines, at);
  if (!found.has('from')) return false;
  return isMarked ? found.size > 2 : found.has('sent') && (found.has('to') || found.has('subject'));
};

const isRule = (line: string): boolean => /^\s{0,4}[-_=–—]{5,100}\s*$/.test(line);

/** Where an open-ended quote begins that a line belongs to: the rule above it is a part of it. */
export const withRuleAbove = (lines: readonly string[], at: number): number => {
  for (let above = at - 1; above >= 0 && above >= at - 2; above -= 1) {
    const line = lines[above] ?? '';
    if (isRule(line) || announced(line) !== '' || ORIGINAL_MESSAGE.includes(plain(line.slice(0, 60).trim())))
      return above;
    if (!isBlank(line)) break;
  }
  return at;
};
