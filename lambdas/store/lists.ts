/** Pages of records in the order of a key. Where a page ends its cursor says (`cursors.ts`). */
import { contactWith, type Account } from '../domain/account/account.ts';
import type { AccountEvent } from '../domain/account/account-event.ts';
import type { MailStop } from '../domain/mail/address.ts';
import type { LedgerEntry } from '../domain/account/ledger.ts';
import type { Message } from '../domain/ticket/message.ts';
import type { Ticket } from '../domain/ticket/ticket.ts';
import type { TicketEvent } from '../domain/ticket/ticket-event.ts';
import type { Tier } from '../domain/vocabulary.ts';
import { accountsById } from './accounts.ts';
import { decode, encode } from './cursors.ts';
import * as items from './items.ts';
import * as keys from './keys.ts';
import { readInboundMails, type InboundMail } from './inbound-mails.ts';
import { readStops, readTickets } from './read.ts';
import { getItem, queryPages, type Item, type Query, type Table } from './table.ts';

export interface Page<Entry> {
  readonly items: Entry[];
  readonly next?: string;
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

interface Slice {
  readonly index?: { readonly name: string; readonly pk: string; readonly sk: string };
  readonly partition: string;
  /** Only keys that begin so; every list of children has a prefix of its own. */
  readonly prefix?: string;
  readonly newestFirst?: boolean;
}

const TABLE_KEYS = { name: undefined, pk: 'pk', sk: 'sk' } as const;

const queryFor = (slice: Slice, limit: number, after: string | undefined): Query => {
  const { name, pk, sk } = slice.index ?? TABLE_KEYS;
  const first = slice.prefix ?? '';
  const range = slice.newestFirst ? [first, after ?? `${first}\uffff`] : [after ?? first, `${first}\uffff`];
  return {
    ...(name !== undefined && { IndexName: name }),
    KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :low AND :high',
    ExpressionAttributeNames: { '#pk': pk, '#sk': sk },
    ExpressionAttributeValues: { ':pk': slice.partition, ':low': range[0] === '' ? ' ' : range[0], ':high': range[1] },
    ScanIndexForward: slice.newestFirst !== true,
    // The bound is inclusive: one more than asked for skips the entry that the cursor stands on, one more tells of a next page.
    Limit: limit + 2,
  };
};

const entriesAfter = async (table: Table, slice: Slice, limit: number, after: string | undefined): Promise<Item[]> => {
  const query = queryFor(slice, limit, after);
  const { sk } = slice.index ?? TABLE_KEYS;
  const found: Item[] = [];
  // DynamoDB ends an answer at 1 MB, also in the middle of a page.
  for await (const read of queryPages(table, query)) {
    found.push(...read);
    if (found.length >= limit + 2) break;
  }
  return found.filter((item) => item[sk] !== after);
};

/** An entry of a list: where it stands, and what it weighs. An entry whose record is gone shows nothing. */
interface Listed<Entry> {
  readonly at: string;
  readonly bytes: number;
  readonly entry: Entry | undefined;
}

/** A page weighs at most so many bytes of records, or is one entry: a function may answer 6 MB, and a text may be 20,000 characters. */
const MOST_BYTES = 2_000_000;

const page = <Entry>(list: string, found: readonly Listed<Entry>[], limit: number): Page<Entry> => {
  const shown: Listed<Entry>[] = [];
  let bytes = 0;
  for (const one of found.slice(0, limit)) {
    bytes += one.bytes;
    if (bytes > MOST_BYTES && shown.length > 0) break;
    shown.push(one);
  }
  const last = shown.at(-1);
  return {
    items: shown.flatMap(({ entry }) => entry ?? []),
    ...(last && found.length > shown.length && { next: encode(list, last.at) }),
  };
};

const listOf = ({ partition, prefix = '' }: Slice): string => `${partition}/${prefix}`;

const found = (table: Table, slice: Slice, { limit, cursor }: PageRequest): Promise<Item[]> =>
  entriesAfter(table, slice, limit, decode(listOf(slice), slice.prefix ?? '', cursor));

const pageOf = async <Entry>(
  table: Table,
  slice: Slice,
  request: PageRequest,
  read: (item: Item) => Entry,
): Promise<Page<Entry>> => {
  const { sk } = slice.index ?? TABLE_KEYS;
  const entries = (await found(table, slice, request)).map((item) => ({
    ...{ at: String(item[sk]), entry: read(item) },
    bytes: Buffer.byteLength(String(item.record)),
  }));
  return page(listOf(slice), entries, request.limit);
};

/** An account's ledger, oldest first. */
export const listLedger = (table: Table, accountId: string, request: PageRequest): Promise<Page<LedgerEntry>> =>
  pageOf(
    table,
    { partition: keys.accountKey(accountId).pk, prefix: keys.childPrefix.ledger },
    request,
    items.readLedgerEntry,
  );

/** What people did to an account, oldest first. */
export const listHistory = (table: Table, accountId: string, request: PageRequest): Promise<Page<AccountEvent>> =>
  pageOf(
    table,
    { partition: keys.accountKey(accountId).pk, prefix: keys.childPrefix.history },
    request,
    items.readAccountEvent,
  );

/** A ticket's timeline, oldest first. */
export const listEvents = (table: Table, ticketId: string, request: PageRequest): Promise<Page<TicketEvent>> =>
  pageOf(table, { partition: keys.ticketKey(ticketId).pk, prefix: keys.childPrefix.event }, request, items.readEvent);

/** A ticket's messages, oldest first. */
export const listMessages = (table: Table, ticketId: string, request: PageRequest): Promise<Page<Message>> =>
  pageOf(
    table,
    { partition: keys.ticketKey(ticketId).pk, prefix: keys.childPrefix.message },
    request,
    items.readMessage,
  );

/** How entries of a list name records, and how these are read: as last written; what is not there is left out. */
interface Reader<Kept> {
  readonly idOf: (item: Item) => string;
  readonly read: (ids: readonly string[]) => Promise<ReadonlyMap<string, Kept>>;
}

/** A page of entries as whole records, in the order of the entries. */
const recordPage = async <Kept>(
  list: string,
  { sk }: { readonly sk: string },
  entries: readonly Item[],
  limit: number,
  { idOf, read }: Reader<Kept>,
): Promise<Page<Kept>> => {
  const records = await read(entries.slice(0, limit).map(idOf));
  const listed = entries.map((item) => {
    const entry = records.get(idOf(item));
    return { at: String(item[sk]), entry, bytes: Buffer.byteLength(JSON.stringify(entry ?? '')) };
  });
  return page(list, listed, limit);
};

const ticketsIn = (table: Table): Reader<Ticket> => ({
  idOf: keys.ticketIdOf,
  read: (ids) => readTickets(table, ids),
});

/** An account's tickets, newest first. */
export const listTickets = async (table: Table, accountId: string, request: PageRequest): Promise<Page<Ticket>> => {
  const slice = { index: keys.BY_ACCOUNT_INDEX, partition: keys.accountKey(accountId).pk, newestFirst: true };
  return recordPage(listOf(slice), slice.index, await found(table, slice, request), request.limit, ticketsIn(table));
};

const accountsAmong = async (table: Table, ids: readonly string[]): Promise<Map<string, Account>> => {
  const accounts = new Map<string, Account>();
  for await (const { accountId, read } of accountsById(table, ids)) accounts.set(accountId, read());
  return accounts;
};

/**
 * All accounts, newest first: who goes on from page to page meets each that was there at the first one exactly once, because those that
 * come meanwhile stand before it. An account that the release before wrote last is not in the index, and so not here, until it is written
 * again; every write puts it there, and `listAccountsOf` finds it in any case.
 */
export const listAccounts = async (table: Table, request: PageRequest): Promise<Page<Account>> => {
  const slice = { index: keys.BY_ACCOUNT_INDEX, partition: keys.ACCOUNT_LIST_PARTITION, newestFirst: true };
  return recordPage(listOf(slice), slice.index, await found(table, slice, request), request.limit, {
    idOf: keys.accountIdOf,
    read: (ids) => accountsAmong(table, ids),
  });
};

/** The accounts of which an address is a contact, newest first. One that it is taken off in this moment shows nothing of it. */
export const listAccountsOf = async (table: Table, email: string, request: PageRequest): Promise<Page<Account>> => {
  const slice = { partition: keys.contactPartition(email), newestFirst: true };
  return recordPage(listOf(slice), TABLE_KEYS, await found(table, slice, request), request.limit, {
    idOf: keys.accountIdOfContact,
    read: async (ids) => {
      const accounts = await accountsAmong(table, ids);
      return new Map([...accounts].filter(([, account]) => contactWith(account, email)));
    },
  });
};

const bySortKey = (a: Item, b: Item): number =>
  String(a[keys.QUEUE_INDEX.sk]) < String(b[keys.QUEUE_INDEX.sk]) ? -1 : 1;

/** A tier's open tickets, soonest deadline first, merged from all its partitions; in the order in which the index knows them. */
export const listQueue = async (table: Table, tier: Tier, { limit, cursor }: PageRequest): Promise<Page<Ticket>> => {
  const list = `QUEUE#${tier}`;
  const after = decode(list, '', cursor);
  const shards = await Promise.all(
    Array.from({ length: keys.QUEUE_SHARDS }, (_, shard) =>
      entriesAfter(table, { index: keys.QUEUE_INDEX, partition: keys.queuePartition(tier, shard) }, limit, after),
    ),
  );
  return recordPage(list, keys.QUEUE_INDEX, shards.flat().toSorted(bySortKey), limit, ticketsIn(table));
};

/** The message that a `message` event is about. */
export const messageOf = async (
  table: Table,
  { ticketId, seq }: Pick<Message, 'ticketId' | 'seq'>,
): Promise<Message | undefined> => {
  const item = await getItem(table, keys.messageKey(ticketId, seq));
  return item && items.readMessage(item);
};

/** The mails that wait for a manager, oldest first. An index read: one that was decided just now is left out. */
export const listQuarantinedMails = async (table: Table, request: PageRequest): Promise<Page<InboundMail>> => {
  const slice = { index: keys.QUEUE_INDEX, partition: keys.QUARANTINE_PARTITION };
  const { items: ids, ...rest } = await pageOf(table, slice, request, keys.sesMessageIdOf);
  const mails = await readInboundMails(table, ids);
  return { items: mails.filter(({ outcome }) => outcome === 'quarantined'), ...rest };
};

/** Addresses to which mail has stopped, the latest first, each as last written. */
export const listStops = async (
  table: Table,
  request: PageRequest,
): Promise<Page<{ readonly email: string; readonly stop: MailStop }>> => {
  const slice = { index: keys.QUEUE_INDEX, partition: keys.STOPPED_PARTITION, newestFirst: true };
  const { items: emails, ...rest } = await pageOf(table, slice, request, keys.addressOf);
  const stops = await readStops(table, emails);
  return {
    items: emails.flatMap((email) => {
      const stop = stops.get(email);
      return stop ? [{ email, stop }] : [];
    }),
    ...rest,
  };
};
