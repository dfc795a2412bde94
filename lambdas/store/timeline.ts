/** A ticket's timeline as a whole: what replays and explanations need. Readers who want a page of it use `lists.ts`. */
import type { TicketEvent } from '../domain/ticket/ticket-event.ts';
import { readEvent } from './items.ts';
import { childPrefix, eventKey, ticketKey } from './keys.ts';
import { getItem, queryAll, type Table } from './table.ts';

/** One event of a ticket as last written, by its place; nothing where it has none there. */
export const eventAt = async (table: Table, ticketId: string, seq: number): Promise<TicketEvent | undefined> => {
  const item = await getItem(table, eventKey(ticketId, seq));
  return item && readEvent(item);
};

/** Every event of a ticket as last written, in order; empty where there is no such ticket. An event is a few hundred bytes. */
export const timelineOf = async (table: Table, ticketId: string): Promise<TicketEvent[]> => {
  const items = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :events)',
    ExpressionAttributeValues: { ':pk': ticketKey(ticketId).pk, ':events': childPrefix.event },
  });
  return items.map(readEvent);
};
