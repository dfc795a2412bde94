/**
 * Telephone numbers: what counts as one, wherever it comes from, and where one stands in a text that somebody wrote. The trap: a mail
 * is full of other figures, and whoever is called by one of them is nobody.
 */

/** However it is written, a number has at least three digits. */
export const PHONE = /(?:[0-9][^0-9]*){3}/;
export const LONGEST_PHONE = 60;

export const isPhone = (text: string): boolean => text.length <= LONGEST_PHONE && PHONE.test(text);

/** Between two digits; an international number has at most fifteen (E.164). */
const GAP = String.raw`[\p{Zs}\t().\/\u2010-\u2015-]{0,3}`;
const NUMBER = String.raw`\+?\(?\d(?:${GAP}\d){2,14}(?:\p{Zs}?(?:ext\.?|x)\p{Zs}?\d{1,6})?`;

/** A line that is nothing but a number: an extension may be that short. */
const LINE = new RegExp(
  String.raw`^[\p{Zs}\t]*(?:(?:t[eé]l|phone|mobil|cell|call)[\p{L}\p{Zs}.]{0,30}:?\p{Zs}*)?(${NUMBER})[\p{Zs}.!]*$`,
  'imu',
);
/** A number among words; not part of a name, an id, a link or a longer run of figures. */
const AMONG_WORDS = new RegExp(String.raw`(?<![\p{L}\p{N}_#@=.,\/+-])(${NUMBER})(?![\p{L}\p{N}_@%]|${GAP}\d)`, 'giu');
/** A number with its area, or one of a large town. */
const FEWEST_DIGITS_AMONG_WORDS = 7;

/** Days, addresses of machines, and times of day. */
const OTHER_FIGURES =
  /(?<![\d./-])(?:\d{4}([./-])\d{1,2}\1\d{1,2}|\d{1,2}([./-])\d{1,2}\2(?:\d{4}|\d{2})|\d{1,3}(?:\.\d{1,3}){3})(?![./-]?\d)|(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)/g;

const FAX = /fax[^\d\n]{0,20}$/i;

const digitsIn = (text: string): number => text.replaceAll(/\D/g, '').length;

/** The number that stands on a line of its own, or else the first one in the text, as it is written there. */
export const phoneIn = (text: string): string | undefined => {
  const plain = text.replaceAll(OTHER_FIGURES, '|');
  const alone = LINE.exec(plain)?.[1];
  if (alone !== undefined && isPhone(alone)) return alone;
  for (const { 1: number = '', index } of plain.matchAll(AMONG_WORDS)) {
    const isFax = FAX.test(plain.slice(Math.max(0, index - 30), index));
    if (!isFax && isPhone(number) && digitsIn(number) >= FEWEST_DIGITS_AMONG_WORDS) return number;
  }
  return undefined;
};
