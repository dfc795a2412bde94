/**
 * The whole texts of mails, where the message shows a part: one record beside each such message, so that a list of messages does not
 * carry what they quote. The trap: an item has at most 400 kB, and a text can take six bytes for each unit in JSON.
 */
import * as z from 'zod';
import { recordOf } from './items.ts';
import { fullTextKey, seqOf, ticketIdOf } from './keys.ts';
import { getItem, type Item, type Table } from './table.ts';

export interface FullText {
  readonly ticketId: string;
  /** Of the message; 1 is the opening. */
  readonly seq: number;
  readonly text: string;
}

/** With room for the keys; what is cut is in the stored mail. */
const MOST_BYTES = 350_000;
const MOST_BYTES_A_UNIT = 6;

const bounded = (text: string): string => {
  if (Buffer.byteLength(JSON.stringify(text)) <= MOST_BYTES) return text;
  return text.slice(0, Math.floor(MOST_BYTES / MOST_BYTES_A_UNIT));
};

const fullTextSchema = z.object({ text: z.string() });

export const fullTextItem = ({ ticketId, seq, text }: FullText): Item => ({
  ...fullTextKey(ticketId, seq),
  entity: 'full-text',
  record: JSON.stringify({ text: bounded(text) }),
});

/** The text together with its place, which its key tells. */
export const readFullTextItem = (item: Item): FullText => ({
  ticketId: ticketIdOf(item),
  seq: seqOf(item),
  ...recordOf(fullTextSchema, item),
});

export const readFullText = async (
  table: Table,
  { ticketId, seq }: Pick<FullText, 'ticketId' | 'seq'>,
): Promise<string | undefined> => {
  const item = await getItem(table, fullTextKey(ticketId, seq));
  return item && readFullTextItem(item).text;
};
