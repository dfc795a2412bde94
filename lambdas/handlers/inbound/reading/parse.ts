/**
 * A message taken apart: headers, the texts to choose from, and what is attached. It judges nothing and makes no text of HTML. The
 * trap: the parser would make that text itself where a message has plain and HTML parts side by side, in time that grows with the
 * square of the length, and one named log file after another would become part of the text. Both are kept from it by taking over
 * two of its inner steps, so its version is pinned, and a test fails where a newer one no longer has them.
 */
import PostalMime, { type Attachment, type Header } from 'postal-mime';
import { withinBudget } from './budget.ts';

/** One place in a message where text stands; an alternative has both forms of it. */
export interface Body {
  readonly plain: string;
  readonly html: string;
}

export interface Parsed {
  readonly headers: readonly Header[];
  readonly bodies: readonly Body[];
  readonly parts: readonly Attachment[];
  /** The message has more lines than are read: what follows is not in here. */
  readonly isCut: boolean;
}

/** Real mail is nested less than ten deep. */
const LIMITS = { maxNestingDepth: 30, maxHeadersSize: 1024 * 1024, forceRfc822Attachments: true } as const;

interface Leaf {
  readonly contentType: {
    readonly parsed: { readonly value: string; readonly params: Readonly<Record<string, string>> };
  };
  readonly contentDisposition: Leaf['contentType'];
}
type Texts = Partial<Record<'plain' | 'html', { readonly value: unknown }[]>>;

const joined = (entries: Texts['plain'] = []): string =>
  entries.flatMap(({ value }) => (typeof value === 'string' ? [value] : [])).join('\n');

class StructureReader extends PostalMime {
  declare private readonly textMap: Map<unknown, Texts>;

  /** Takes the place of the parser's own step, which would join all texts to one. */
  renderTextContent(): void {
    return;
  }

  /** A text with a name is a file that somebody sent along, unless nothing stands before it. */
  isInlineTextNode({ contentType, contentDisposition }: Leaf): boolean {
    const { value, params } = contentType.parsed;
    const { value: disposition, params: naming } = contentDisposition.parsed;
    const isNamed = naming.filename !== undefined || params.name !== undefined;
    const isText = value === 'text/plain' || value === 'text/html';
    return isText && disposition !== 'attachment' && !(isNamed && this.textMap.size > 0);
  }

  bodies(): Body[] {
    return [...this.textMap.values()].map(({ plain, html }) => ({ plain: joined(plain), html: joined(html) }));
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
