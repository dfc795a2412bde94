/**
 * A message taken apart: headers, the texts to choose from, and what is attached. It judges nothing and makes no text of HTML. The
 * trap: left alone, the parser spends a tenth of a millisecond on each ten lines of a plain part, makes plain text of HTML in time
 * that grows with the square of the length, and takes one named log file after another for text. So three of its inner steps are
 * taken over here: its version is pinned, and tests fail where a newer one no longer has them.
 */
import PostalMime, { type Attachment, type Header } from 'postal-mime';
import { startsWithDashes, withinBudget } from './budget.ts';
import { charsetOf } from './charset.ts';
import { charsetInMarkup } from './encodings.ts';

/** One place in a message where text stands; an alternative has both forms of it. */
export interface Body {
  readonly plain: string;
  readonly html: string;
  /** It is a sign that somebody set under another mail (RFC 9078). */
  readonly isSign?: boolean;
}

export interface Parsed {
  readonly headers: readonly Header[];
  readonly bodies: readonly Body[];
  readonly parts: readonly Attachment[];
  /** The message has more lines than are read: what follows is not in here. */
  readonly isCut: boolean;
}

/** Real mail is nested less than ten deep, and names some thousand receivers at most. */
const LIMITS = { maxNestingDepth: 30, maxHeadersSize: 512 * 1024, forceRfc822Attachments: true } as const;

/** More than a hundred times what a ticket shows. */
const LARGEST_TEXT_BYTES = 2 * 1024 * 1024;

const LF = 10;
const CR = 13;

interface Structured {
  readonly parsed: { readonly value: string; readonly params: Record<string, string> };
}
/** A part, as far as it is looked into. */
interface Part {
  readonly state: 'header' | 'body' | 'finished';
  readonly contentType: Structured;
  readonly contentDisposition: Structured;
  readonly contentTransferEncoding: { readonly encoding: string };
  readonly parentNode?: Part;
  content: ArrayBuffer | null;
  /** Its text, in the charset that its type names. */
  getTextContent(): string;
}
type Texts = Partial<Record<'plain' | 'html', { readonly value: unknown }[]>>;

const joined = (entries: Texts['plain'] = []): string =>
  entries.flatMap(({ value }) => (typeof value === 'string' ? [value] : [])).join('\n');

/** Names the charset that a text is in: the one that a page names in itself alone, or the one that it must be in whatever it says. */
const nameCharset = (part: Part, bytes: Uint8Array): void => {
  const { value, params } = part.contentType.parsed;
  const label = params.charset ?? '';
  const inItself = value === 'text/html' && label === '' ? charsetInMarkup(bytes) : undefined;
  const said = inItself ?? label;
  const read = (charset = said): string => {
    params.charset = charset;
    return part.getTextContent();
  };
  params.charset = charsetOf(bytes, label, read) ?? said;
};

/** Cuts a text before it is decoded, and sees to its charset; leaves no lines to be joined in what is no text. */
const prepare = (part: Part, isText: boolean): void => {
  if (!isText) {
    part.contentType.parsed.params.format = '';
  } else if (part.content) {
    part.content = part.content.slice(0, LARGEST_TEXT_BYTES);
    nameCharset(part, new Uint8Array(part.content));
  }
};

class StructureReader extends PostalMime {
  declare private readonly textMap: Map<unknown, Texts>;
  declare private readonly currentNode: Part;
  declare private readonly av: Uint8Array<ArrayBuffer>;
  declare private readPos: number;
  private readonly signs = new Set<unknown>();

  /**
   * A line, or as many as can't hold a boundary: what follows in a part up to the next line that begins with dashes. Lines of
   * quoted-printable are read one by one, because their ends are part of the encoding.
   */
  readLine(): { bytes: Uint8Array<ArrayBuffer>; done: boolean } {
    const { av, currentNode, readPos: from } = this;
    const isWhole = currentNode.state === 'body' && !currentNode.contentTransferEncoding.encoding.includes('quoted');
    const end =
      isWhole && !startsWithDashes(av, from)
        ? Buffer.from(av.buffer, av.byteOffset, av.length).indexOf('\n--', from)
        : av.indexOf(LF, from);
    this.readPos = end < 0 ? av.length : end + 1;
    let to = end < 0 ? av.length : end;
    while (to > from && (av[to - 1] === CR || (end < 0 && av[to - 1] === LF))) to -= 1;
    return { bytes: av.subarray(from, to), done: this.readPos >= av.length };
  }

  /** Takes the place of the parser's own step, which would join all texts to one. */
  renderTextContent(): void {
    return;
  }

  /** A text with a name is a file that somebody sent along, unless nothing stands before it. */
  isInlineTextNode(part: Part): boolean {
    const { value, params } = part.contentType.parsed;
    const { value: disposition, params: naming } = part.contentDisposition.parsed;
    const isNamed = naming.filename !== undefined || params.name !== undefined;
    const isText = value === 'text/plain' || value === 'text/html';
    const isInline = isText && disposition !== 'attachment' && !(isNamed && this.textMap.size > 0);
    // Of an alternative all forms are the same sign.
    if (isInline && disposition === 'reaction') this.signs.add(part).add(part.parentNode);
    prepare(part, isInline);
    return isInline;
  }

  bodies(): Body[] {
    return [...this.textMap].map(([part, { plain, html }]) => ({
      ...{ plain: joined(plain), html: joined(html) },
      ...(this.signs.has(part) && { isSign: true }),
    }));
  }
}

/** Takes a message apart. Answers nothing where its structure is beyond what is read: too deep, too long, or headers without end. */
export const parseMail = async (bytes: Uint8Array): Promise<Parsed | undefined> => {
  const budgeted = withinBudget(bytes);
  if (!budgeted) return undefined;
  const reader = new StructureReader(LIMITS);
  try {
    const { headers, attachments } = await reader.parse(budgeted.bytes);
    return { headers, bodies: reader.bodies(), parts: attachments, isCut: budgeted.isCut };
  } catch {
    return undefined;
  }
};
