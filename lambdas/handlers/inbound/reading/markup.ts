/**
 * HTML as text, the way a plain mail would have it: quotes marked with `>`, items with `*`, links behind their words. The trap: the
 * library's work can grow with length times depth, so both are bounded before it sees anything, and what it would indent again at
 * each level (quotes, lists) is marked here once. What is nested deeper than any program writes it becomes text without layout.
 */
import { compile, type DomNode, type FormatCallback, type HtmlToTextOptions } from 'html-to-text';
import { textOfMarkup } from '../../text/plain-text.ts';
import { SURE_QUOTE } from './quotes.ts';
import { saysAnything } from './readable.ts';

const LARGEST_SOURCE = 2_000_000;
const LARGEST_MARKUP = 200_000;
const DEEPEST = 100;
const LONGEST_LINK = 300;
const DEEPEST_QUOTE = 5;

/** Characters for private use: they stand where a quote begins and ends, and never come from the mail itself. */
const OPENED = '\u{e000}';
const CLOSED = '\u{e001}';
/** Stands beside the first where the quote is surely one. */
const SURE = '\u{e002}';
const MARKS = /[\u{e000}-\u{e002}\u{fdd0}]/gu;

/** What is not for reading, from its first character to its last. */
const HIDDEN: readonly (readonly [start: string, end: string])[] = [
  ['<!--', '-->'],
  ['<style', '</style'],
  ['<script', '</script'],
  ['<head>', '</head'],
  ['<head ', '</head'],
  ['<title', '</title'],
];

/** The markup that can be seen; where hidden parts never end, they end it. */
const visible = (html: string): string => {
  const source = html.slice(0, LARGEST_SOURCE);
  const lower = source.toLowerCase();
  const parts: string[] = [];
  let kept = 0;
  for (let at = lower.indexOf('<'); at >= 0; at = lower.indexOf('<', at)) {
    const hidden = HIDDEN.find(([start]) => lower.startsWith(start, at));
    if (!hidden) {
      at += 1;
      continue;
    }
    parts.push(source.slice(kept, at));
    const end = lower.indexOf(hidden[1], at);
    if (end < 0) return parts.join('');
    kept = at = end + hidden[1].length;
    // What is left of the end, such as the bracket of a closing tag, is markup that shows nothing.
    if (hidden[1] !== '-->') kept = at = Math.max(kept, lower.indexOf('>', kept) + 1);
  }
  return parts.join('') + source.slice(kept);
};

const TAG = /<(\/?)([a-z][a-z0-9]*)/gi;
/** Elements that hold nothing, or that end where the next one begins. */
const FLAT = new Set(
  'area base br col embed hr img input link meta param source track wbr p li td th tr dd dt option'.split(' '),
);

const depthOf = (markup: string): number => {
  let depth = 0;
  let deepest = 0;
  for (const [, closing, name = ''] of markup.matchAll(TAG)) {
    if (FLAT.has(name.toLowerCase())) continue;
    depth = closing === '' ? depth + 1 : Math.max(0, depth - 1);
    deepest = Math.max(deepest, depth);
  }
  return deepest;
};

const block =
  (lineBreaks: number): FormatCallback =>
  (element, walk, builder) => {
    builder.openBlock({ leadingLineBreaks: lineBreaks });
    walk(element.children, builder);
    builder.closeBlock({ trailingLineBreaks: lineBreaks });
  };

/** More than programs write, and little enough to be looked through once for each element inside. */
const LONGEST_ATTRIBUTE = 500;

const attribute = ({ attribs }: DomNode, name: string): string =>
  ((attribs ?? {}) as Record<string, string>)[name]?.slice(0, LONGEST_ATTRIBUTE) ?? '';

/** How programs name what they quote. Gmail names so what its writer indents as well: there the element around it tells. */
const isQuoteOfProgram = (element: DomNode): boolean => {
  const named = ['class', 'id', 'name'].map((name) => attribute(element, name)).join(' ');
  const { parent } = element as { parent?: DomNode | null };
  return (
    attribute(element, 'type').toLowerCase() === 'cite' ||
    /(?:yahoo_quoted|moz-cite|protonmail_quote|tutanota_quote|zmail|outlook_attribution)/i.test(named) ||
    (parent ? /gmail_quote|yahoo_quoted/.test(attribute(parent, 'class')) : false)
  );
};

/** A block that is only moved to the right, as programs for the web let their writers do. */
const isIndented = (element: DomNode): boolean =>
  /border:\s*(?:none|0)/i.test(attribute(element, 'style')) && !/border-left/i.test(attribute(element, 'style'));

const quote: FormatCallback = (element, walk, builder) => {
  const isSure = isQuoteOfProgram(element);
  const mark = (sign: string): void => {
    builder.openBlock({ leadingLineBreaks: 1 });
    builder.addInline(sign);
    builder.closeBlock({ trailingLineBreaks: 1 });
  };
  if (!isSure && isIndented(element)) {
    block(1)(element, walk, builder, {});
    return;
  }
  mark(isSure ? OPENED + SURE : OPENED);
  walk(element.children, builder);
  mark(CLOSED);
};

const isItem = ({ name }: DomNode): boolean => name === 'li';

const list: FormatCallback = (element, walk, builder) => {
  builder.openBlock({ leadingLineBreaks: 1 });
  let number = 0;
  for (const child of element.children) {
    if (!isItem(child)) {
      walk([child], builder);
      continue;
    }
    number += 1;
    builder.openBlock({ leadingLineBreaks: 1 });
    builder.addInline(element.name === 'ol' ? `${String(number)}. ` : '* ');
    walk(child.children, builder);
    builder.closeBlock({ trailingLineBreaks: 1 });
  }
  builder.closeBlock({ trailingLineBreaks: 1 });
};

const cell: FormatCallback = (element, walk, builder) => {
  walk(element.children, builder);
  builder.addInline(' ');
};

/** An emoji stands for itself; any other picture is named, so that a reader knows that there is one. */
const image: FormatCallback = ({ attribs }, _walk, builder) => {
  const { alt } = (attribs ?? {}) as { alt?: string };
  const name = alt?.slice(0, LONGEST_LINK).trim() ?? '';
  if (/^\p{Extended_Pictographic}/u.test(name)) builder.addInline(name);
  else if (name !== '') builder.addInline(`[${name}]`);
};

const onlyWeb = (href: string): string => (/^https?:/i.test(href) && href.length <= LONGEST_LINK ? href : '');

const HEADINGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'];

const OPTIONS: HtmlToTextOptions = {
  wordwrap: false,
  // All of the document: some servers write beneath its body.
  baseElements: { selectors: [], returnDomByDefault: true },
  limits: { maxDepth: DEEPEST * 3, ellipsis: '' },
  formatters: { line: block(1), paragraphs: block(2), quote, list, cell, image },
  selectors: [
    ...['ol', 'ul'].map((selector) => ({ selector, format: 'list' })),
    ...['td', 'th'].map((selector) => ({ selector, format: 'cell' })),
    ...HEADINGS.map((selector) => ({ selector, format: 'paragraphs' })),
    { selector: 'tr', format: 'line' },
    { selector: 'table', format: 'line' },
    { selector: 'p', format: 'paragraphs' },
    // Outlook's lines: a blank one between two of them is written out.
    { selector: 'p.MsoNormal', format: 'line' },
    { selector: 'blockquote', format: 'quote' },
    { selector: 'img', format: 'image' },
    { selector: 'hr', format: 'horizontalLine', options: { length: 32 } },
    {
      selector: 'a',
      format: 'anchor',
      options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['<', '>'], pathRewrite: onlyWeb },
    },
  ],
};

const convertAll = compile(OPTIONS);

/** How a page says that something is not shown: as preheaders are, or what is meant for other programs. */
const UNSHOWN = [
  '[hidden]',
  ...['display:none', 'display: none', 'mso-hide:all', 'mso-hide: all'].map((style) => `[style*="${style}" i]`),
];

const convertShown = compile({
  ...OPTIONS,
  selectors: [
    ...(OPTIONS.selectors ?? []),
    // A selector that is told more exactly wins, so those of Outlook's lines are told as exactly.
    ...UNSHOWN.flatMap((selector) => [selector, `p.MsoNormal${selector}`]).map((selector) => ({
      selector,
      format: 'skip',
    })),
  ],
});

/** What a page shows; where it shows nothing but pictures, what it hides is what its writer has to say. */
const convert = (markup: string): string => {
  const shown = convertShown(markup);
  return saysAnything(shown.replaceAll(MARKS, '')) ? shown : convertAll(markup);
};

/** Turns the marks around quotes into a `>` before each of their lines. */
const withQuotes = (text: string): string => {
  const lines: string[] = [];
  let depth = 0;
  let sureFrom = Infinity;
  for (const line of text.split('\n')) {
    if (line.includes(OPENED)) {
      depth += 1;
      if (line.includes(SURE)) sureFrom = Math.min(sureFrom, depth);
    } else if (line.includes(CLOSED)) {
      depth -= 1;
      if (depth < sureFrom) sureFrom = Infinity;
    } else {
      const sign = depth >= sureFrom ? SURE_QUOTE : '';
      lines.push(depth > 0 ? `${sign}${'>'.repeat(Math.min(depth, DEEPEST_QUOTE))} ${line}` : line);
    }
  }
  return lines.join('\n');
};

/** The text of a page of HTML, of any length and make. */
export const textOfHtml = (html: string): string => {
  const markup = visible(html).replaceAll(MARKS, '').slice(0, LARGEST_MARKUP);
  const text = depthOf(markup) > DEEPEST ? textOfMarkup(markup) : withQuotes(convert(markup));
  const lines = text.replaceAll('\u{a0}', ' ').split('\n');
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n');
};
