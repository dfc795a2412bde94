/**
 * Markup for pages and charts: text that goes through `markup` is escaped, always, and only what came out of `markup` is not. The
 * trap: what users wrote (subjects, names, comments) is on these pages, so no other way of joining strings may make one.
 */

/** Markup that is safe to show. Only this file makes it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | undefined | readonly Part[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that XML has no place for; in a subject they can only be an accident or an attack. */
const NOT_TEXT = /[^\P{Cc}\n\r\t]|[\u{FFFE}\u{FFFF}]|\p{Cs}/gu;

const escaped = (text: string): string =>
  text.replace(NOT_TEXT, '\u{FFFD}').replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

const textOf = (part: Part): string => {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return part.map(textOf).join('');
};

/** A template whose values are escaped, for text and for quoted attributes alike. */
export const markup = (fixed: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(fixed.map((text, place) => text + textOf(parts[place])).join(''));
