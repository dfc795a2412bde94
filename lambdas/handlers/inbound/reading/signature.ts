/**
 * The end of a text that is about its writer and not about the matter. Only what is surely that is taken off: what stands under the
 * usual delimiter, where it is short, and what telephones add. The trap: two dashes also stand in logs, tables and the output of commands,
 * and the delimiter is two dashes and a blank.
 */
import { isSurelySentWith, maybeSentWith } from './sent-with.ts';

const MOST_LINES = 15;
const LONGEST = 1200;
const LONGEST_LINE = 160;

const isDelimiter = (line: string): boolean => /^--[ \u{a0}]$/u.test(line);
/** Some programs take the blank away. */
const maybeDelimiter = (line: string): boolean => /^--[ \u{a0}]?$/u.test(line);

const isShort = (lines: readonly string[]): boolean =>
  lines.length <= MOST_LINES &&
  lines.every((line) => line.length <= LONGEST_LINE) &&
  lines.reduce((sum, line) => sum + line.length, 0) <= LONGEST;

const filledOf = (lines: readonly string[]): string[] => lines.filter((line) => line.trim() !== '');

const lastFilled = (lines: readonly string[]): number => lines.findLastIndex((line) => line.trim() !== '');

/** Whether lines below a quote are surely nothing but a signature or what a list or a scanner adds. */
export const isSignature = (lines: readonly string[]): boolean => {
  const filled = filledOf(lines);
  const [first = ''] = filled;
  const isHeaded = isDelimiter(first) || /^_{5,}$/.test(first.trim());
  return (isHeaded && isShort(filled)) || filled.every(isSurelySentWith);
};

/** Whether a whole text may be nothing but a signature, or what a telephone adds. */
export const isOnlySignature = (lines: readonly string[]): boolean => {
  const filled = filledOf(lines);
  return isShort(filled) && (maybeDelimiter(filled[0] ?? '') || filled.every(maybeSentWith));
};

const isQuoted = (line: string): boolean => /^\s{0,3}>/.test(line);

const cutAtDelimiter = (lines: readonly string[]): readonly string[] => {
  const at = lines.findIndex(maybeDelimiter);
  const below = lines.slice(at + 1);
  // Of several, some divide what is shown.
  if (at < 0 || !isDelimiter(lines[at] ?? '') || below.some(maybeDelimiter)) return lines;
  if (!isShort(below) || below.some(isQuoted)) return lines;
  return lastFilled(lines.slice(0, at)) < 0 ? lines : lines.slice(0, at);
};

const cutSentWith = (lines: readonly string[]): readonly string[] => {
  const last = lastFilled(lines);
  // It stands by itself; in a paragraph, or where something announces it, it is a sentence like any other.
  if (last < 1 || (lines[last - 1] ?? '').trim() !== '' || !isSurelySentWith(lines[last] ?? '')) return lines;
  const kept = lines.slice(0, last);
  const before = lastFilled(kept);
  return before < 0 || /[:：]\s*$/.test((lines[before] ?? '').slice(-20)) ? lines : kept;
};

/** The text without its signature; all of it where nothing else would be left. */
export const withoutSignature = (text: string): string =>
  cutSentWith(cutAtDelimiter(text.split('\n')))
    .join('\n')
    .trimEnd();
