/**
 * The end of a text that is about its writer and not about the matter. Only what is surely that is taken off: what stands under the
 * usual delimiter, where it is short, and what telephones add. The trap: two dashes also stand in logs and tables.
 */
import { plain, SENT_WITH } from './languages.ts';

const MOST_LINES = 15;
const LONGEST = 1200;
const LONGEST_LINE = 160;

const isDelimiter = (line: string): boolean => /^--[ \u{a0}]?$/u.test(line);

const isShort = (lines: readonly string[]): boolean =>
  lines.length <= MOST_LINES &&
  lines.every((line) => line.length <= LONGEST_LINE) &&
  lines.reduce((sum, line) => sum + line.length, 0) <= LONGEST;

const isSentWith = (line: string): boolean => {
  const simple = plain(line.slice(0, LONGEST_LINE * 2))
    .replaceAll(/<[^<>]{0,300}>|\[[^[\]]{0,300}\]/g, '')
    .replaceAll(/^[\s*_]+|[\s*_.]+$/g, '');
  return simple !== '' && line.length <= LONGEST_LINE * 2 && SENT_WITH.some((pattern) => pattern.test(simple));
};

const lastFilled = (lines: readonly string[]): number => lines.findLastIndex((line) => line.trim() !== '');

/** Whether lines below a quote are nothing but a signature or what a list or a scanner adds. */
export const isSignature = (lines: readonly string[]): boolean => {
  const filled = lines.filter((line) => line.trim() !== '');
  const [first = ''] = filled;
  return isDelimiter(first) || /^_{5,}$/.test(first.trim()) || filled.every(isSentWith);
};

/** Whether a whole text is nothing but a signature, or what a telephone adds. */
export const isOnlySignature = (lines: readonly string[]): boolean => {
  const filled = lines.filter((line) => line.trim() !== '');
  return isShort(filled) && (isDelimiter(filled[0] ?? '') || filled.every(isSentWith));
};

const cutAtDelimiter = (lines: readonly string[]): readonly string[] => {
  const at = lines.findLastIndex(isDelimiter);
  if (at < 0 || !isShort(lines.slice(at + 1))) return lines;
  return lastFilled(lines.slice(0, at)) < 0 ? lines : lines.slice(0, at);
};

const cutSentWith = (lines: readonly string[]): readonly string[] => {
  const last = lastFilled(lines);
  // It stands by itself; in a paragraph it is a sentence like any other.
  if (last < 1 || (lines[last - 1] ?? '').trim() !== '' || !isSentWith(lines[last] ?? '')) return lines;
  const kept = lines.slice(0, last);
  return lastFilled(kept) < 0 ? lines : kept;
};

/** The text without its signature; all of it where nothing else would be left. */
export const withoutSignature = (text: string): string =>
  cutSentWith(cutAtDelimiter(text.split('\n')))
    .join('\n')
    .trimEnd();
