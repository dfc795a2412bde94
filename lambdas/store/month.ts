/**
 * What happened on an account between two moments: the tickets opened, with their timelines, and the ledger's lines. Index reads,
 * fit for reports and never for deciding. Tickets are bounded, because a report is for reading; lines are not, because it tells their sum.
 */
import type { Instant } from '../domain/time/instant.ts';
import type { LedgerEntry } from '../domain/account/ledger.ts';
import type { Ticket } from '../domain/ticket/ticket.ts';
import type { TicketEvent } from '../domain/ticket/ticket-event.ts';
import { readLedgerEntry } from './items.ts';
import { accountKey, BY_ACCOUNT_INDEX, childPrefix, ticketIdOf } from './keys.ts';
import { readTickets } from './read.ts';
import { queryAll, queryPages, type Item, type Query, type Table } from './table.ts';
import { timelineOf } from './timeline.ts';

/** Incidents that one report lists: more than anybody reads, and few enough for the function's time. */
const MOST_INCIDENTS = 500;
/** Timelines read at the same time. */
const AT_ONCE = 10;

interface Range {
  readonly accountId: string;
  readonly from: Instant;
  /** Not included. */
  readonly to: Instant;
}

const itemsUpTo = async (table: Table, query: Query, most: number): Promise<Item[]> => {
  const items: Item[] = [];
  for await (const read of queryPages(table, query)) {
    items.push(...read);
    if (items.length >= most) break;
  }
  return items.slice(0, most);
};

/** Keys end in `#` and an id, so a key at the very end of the range sorts after it. */
const rangeOf = (pk: string, sk: string, partition: string, prefix: string, { from, to }: Range) => ({
  KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
  ExpressionAttributeNames: { '#pk': pk, '#sk': sk },
  ExpressionAttributeValues: { ':pk': partition, ':from': `${prefix}${from}`, ':to': `${prefix}${to}` },
});

/** The tickets opened in a range, oldest first; `truncated` where there were more than a report lists. */
export const ticketsOpened = async (table: Table, range: Range): Promise<{ tickets: Ticket[]; truncated: boolean }> => {
  const { name, pk, sk } = BY_ACCOUNT_INDEX;
  const query = { IndexName: name, ...rangeOf(pk, sk, accountKey(range.accountId).pk, '', range) };
  const items = await itemsUpTo(table, query, MOST_INCIDENTS + 1);
  const ids = items.slice(0, MOST_INCIDENTS).map(ticketIdOf);
  const read = await readTickets(table, ids);
  const tickets = ids.flatMap((id) => read.get(id) ?? []);
  return { tickets, truncated: items.length > MOST_INCIDENTS };
};

/** The tickets opened before a moment, oldest first: of those the last so many, more than are ever open at once where people answer. */
export const ticketsBefore = async (table: Table, accountId: string, before: Instant): Promise<Ticket[]> => {
  const { name, pk, sk } = BY_ACCOUNT_INDEX;
  const query = {
    IndexName: name,
    KeyConditionExpression: '#pk = :pk AND #sk < :before',
    ExpressionAttributeNames: { '#pk': pk, '#sk': sk },
    ExpressionAttributeValues: { ':pk': accountKey(accountId).pk, ':before': before },
    ScanIndexForward: false,
  };
  const ids = (await itemsUpTo(table, query, MOST_INCIDENTS)).map(ticketIdOf).toReversed();
  const read = await readTickets(table, ids);
  return ids.flatMap((id) => read.get(id) ?? []);
};

/** The ledger's lines of a range, oldest first. */
export const ledgerBetween = async (table: Table, range: Range): Promise<LedgerEntry[]> => {
  const query = rangeOf('pk', 'sk', accountKey(range.accountId).pk, childPrefix.ledger, range);
  return (await queryAll(table, query)).map(readLedgerEntry);
};

/** The timelines of tickets, in the order of the tickets. */
export const timelinesOf = async (
  table: Table,
  tickets: readonly Ticket[],
): Promise<{ ticket: Ticket; timeline: TicketEvent[] }[]> => {
  const read: { ticket: Ticket; timeline: TicketEvent[] }[] = [];
  for (let place = 0; place < tickets.length; place += AT_ONCE) {
    const some = tickets.slice(place, place + AT_ONCE);
    read.push(
      ...(await Promise.all(
        some.map(async (ticket) => ({ ticket, timeline: await timelineOf(table, ticket.ticketId) })),
      )),
    );
  }
  return read;
};
