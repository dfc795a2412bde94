/**
 * Text from a mail as the desk keeps it, or as its letters show it: bounded, without control characters, and without markup. It decides
 * nothing. The trap: what comes in was written by anybody, so each step here takes time in proportion to the length and no more.
 */

const CUT = '\n[The mail goes on; it is kept as it came.]';

/** What stands where a decoder put a control character for one of windows-1252. */
const WINDOWS_1252 = '€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ';

/**
 * The characters that were meant: a text in windows-1252 often says that it is another, and some decoders read even the right name
 * as that. Nobody writes the control characters that come of it.
 */
const asMeant = (text: string): string =>
  text.replaceAll(/[\u{80}-\u{9f}]/gu, (sign) => WINDOWS_1252[sign.charCodeAt(0) - 0x80] ?? sign);

/** Half a character becomes the sign for one that can't be shown. */
const wellFormed = (text: string): string => Buffer.from(text).toString();

const cut = (text: string, longest: number): string => wellFormed(text.slice(0, longest));

/** One line of at most so many UTF-16 units. */
export const asLine = (text: string, longest: number): string =>
  cut(
    asMeant(text.slice(0, longest * 8))
      .replaceAll(/[\p{Cc}\s]+/gu, ' ')
      .trim(),
    longest,
  ).trim();

/** Lines of text of at most so many UTF-16 units in all; `goesOn` says at their end that there is more. */
export const asProse = (text: string, longest: number, goesOn = CUT): string => {
  const clean = asMeant(text)
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '')
    .trim();
  return clean.length <= longest ? wellFormed(clean) : `${cut(clean, longest - goesOn.length)}${goesOn}`;
};

/** Elements whose text is not for reading. */
const HIDDEN = ['style', 'script', 'head', 'title'];
const BREAKS = /^\/?(?:br|p|div|tr|li|ul|ol|table|blockquote|h[1-6])$/;
const LARGEST_MARKUP = 400_000;

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

const character = (entity: string, name: string): string => {
  const number = /^#(?:x([0-9a-f]{1,6})|([0-9]{1,7}))$/i.exec(name);
  if (!number) return ENTITIES[name.toLowerCase()] ?? entity;
  const point = number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16);
  return point <= 0x10_ffff ? String.fromCodePoint(point) : '';
};

/** Where the tag that begins at `at` ends, the text of a hidden element included; the end of the text where it never does. */
const endOfTag = (lower: string, at: number, name: string): number => {
  const from = HIDDEN.includes(name) ? lower.indexOf(`</${name}`, at) : at;
  const end = from < 0 ? -1 : lower.indexOf('>', from);
  return end < 0 ? lower.length : end + 1;
};

/** The text of a page of HTML. */
export const textOfMarkup = (html: string): string => {
  const markup = html.slice(0, LARGEST_MARKUP);
  const lower = markup.toLowerCase();
  const parts: string[] = [];
  let at = 0;
  while (at < markup.length) {
    const tag = markup.indexOf('<', at);
    parts.push(markup.slice(at, tag < 0 ? undefined : tag).replaceAll(/\s+/g, ' '));
    if (tag < 0) break;
    const name = /^\/?[a-z0-9]*/.exec(lower.slice(tag + 1, tag + 20))?.[0] ?? '';
    if (BREAKS.test(name)) parts.push('\n');
    at = endOfTag(lower, tag, name);
  }
  return parts.join('').replaceAll(/&(#?[a-z0-9]{1,10});/gi, character);
};
