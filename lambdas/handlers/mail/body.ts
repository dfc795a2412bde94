/**
 * What a letter says, once, and its two forms: plain text and HTML, made from the same words. It knows no ticket and sends
 * nothing. The trap: names, subjects and messages are what anybody typed, so nothing reaches either form but through `cleanText`,
 * and nothing the HTML but through `markup`, which escapes it.
 */
import { type Markup, markup } from '../text/markup.ts';

export interface List {
  /** The sentence before the list. */
  readonly lead?: string;
  readonly items: readonly string[];
}

/** A way to a page of the desk. Its words say where it leads; the text form shows the address after them. */
export interface Link {
  readonly words: string;
  readonly url: string;
}

/** A text is one or more paragraphs, divided by empty lines. */
export type Block = string | List | Link;

/** The parts of a letter's body that there are. */
export const paragraphs = (...parts: readonly (Block | undefined)[]): Block[] =>
  parts.filter((part): part is Block => part !== undefined && part !== '');

/** Marks that turn the direction of the text around them: with them a name can make a sentence read as another one. */
const TURNING = /[\u{202A}-\u{202E}\u{2066}-\u{2069}]/gu;
/** Control characters but line breaks and tabs, and halves of characters. */
const NOT_TEXT = /[^\P{Cc}\n\t]|\p{Cs}|[\u{FFFE}\u{FFFF}]/gu;

/** Text as it may stand in a letter: line breaks of one kind, and nothing that is no text. */
export const cleanText = (text: string): string =>
  text
    .replace(/\r\n?|[\u{2028}\u{2029}]/gu, '\n')
    .replace(TURNING, '')
    .replace(NOT_TEXT, '');

/** Text as one line. */
export const cleanLine = (text: string): string => cleanText(text).replace(/\s+/gu, ' ').trim();

/** Text as it may stand in a header: one line, in which nobody has hidden other text by encoding it as headers do. */
export const headerText = (text: string): string => cleanLine(text).replaceAll('=?', '= ?');

const textOfBlock = (block: Block): string => {
  if (typeof block === 'string') return cleanText(block).trim();
  if ('url' in block) return `${cleanLine(block.words)}: ${block.url}`;
  const items = block.items.map((item) => `- ${cleanText(item).trim().replaceAll('\n', '\n  ')}`);
  return [...(block.lead === undefined ? [] : [cleanText(block.lead).trim()]), ...items].join('\n');
};

/** The plain text of a letter. */
export const plainText = (body: readonly Block[]): string => `${body.map(textOfBlock).join('\n\n')}\n`;

const lines = (text: string): Markup[] =>
  text.split('\n').map((line, place) => (place === 0 ? markup`${line}` : markup`<br>${line}`));

const paragraph = (text: string): Markup => markup`<p dir="auto">${lines(text)}</p>\n`;

const markupOfBlock = (block: Block): readonly Markup[] => {
  if (typeof block === 'string') {
    const texts = cleanText(block)
      .trim()
      .split(/\n[ \t]*(?:\n[ \t]*)+/);
    return texts.map(paragraph);
  }
  if ('url' in block) return [markup`<p><a href="${block.url}">${cleanLine(block.words)}</a></p>\n`];
  const items = block.items.map((item) => markup`<li dir="auto">${lines(cleanText(item).trim())}</li>\n`);
  const list = markup`<ul>\n${items}</ul>\n`;
  return block.lead === undefined ? [list] : [paragraph(cleanText(block.lead).trim()), list];
};

/**
 * The HTML of a letter: headings, paragraphs, lists and links, with no style, picture, script or anything from elsewhere, so that
 * every reader's own colours and sizes hold, dark ones too.
 */
export const htmlText = (title: string, body: readonly Block[]): string => {
  const heading = cleanLine(title);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${heading}</title>
</head>
<body>
<h1 dir="auto">${heading}</h1>
${body.map(markupOfBlock)}</body>
</html>
`.text;
};
