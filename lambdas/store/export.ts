/**
 * Everything that the desk keeps about an account, part after part and page after page: what an export walks through. A page is bounded
 * in entries and in bytes, and each entry is found by its key, so that an account of a hundred thousand tickets costs as many pages and
 * no more memory. The trap: a part that ends in the middle of a ticket goes on there, so a place has as many steps as the keys have.
 */
import type { Account } from '../domain/account/account.ts';
import type { AccountEvent } from '../domain/account/account-event.ts';
import type { LedgerEntry } from '../domain/account/ledger.ts';
import type { Message } from '../domain/ticket/message.ts';
import type { TicketEvent } from '../domain/ticket/ticket-event.ts';
import type { Ticket } from '../domain/ticket/ticket.ts';
import { decode, encode } from './cursors.ts';
import { readFullTextItem, type FullText } from './full-texts.ts';
import { accountsOfContact } from './inbound-mails.ts';
import * as items from './items.ts';
import * as keys from './keys.ts';
import type { Page, PageRequest } from './lists.ts';
import { mailboxOf, type MailboxEntry } from './mailboxes.ts';
import { queryOnce, type Item, type Table } from './table.ts';

export type Exported =
  | { readonly kind: 'account' }
  | { readonly kind: 'ledger-entry'; readonly entry: LedgerEntry }
  | { readonly kind: 'account-event'; readonly event: AccountEvent }
  | { readonly kind: 'ticket'; readonly ticket: Ticket }
  | { readonly kind: 'event'; readonly event: TicketEvent }
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'whole-text'; readonly text: FullText }
  | ({ readonly address: string } & MailboxEntry);

/** Far below what one answer of a function may have; DynamoDB reads another such part at most before a page ends. */
const MOST_BYTES = 1_000_000;
/** Entries of a mailbox are looked up by key, a hundred at most at once. */
const MOST_OF_A_MAILBOX = 50;

/** What follows a place, and where it goes on; without `next` the part is over. */
interface Slice {
  readonly found: readonly Exported[];
  readonly next?: string | undefined;
}
type Part = (from: string | undefined, most: number) => Promise<Slice>;

const reader: Readonly<Record<string, (item: Item) => Exported>> = {
  'ledger-entry': (item) => ({ kind: 'ledger-entry', entry: items.readLedgerEntry(item) }),
  'account-event': (item) => ({ kind: 'account-event', event: items.readAccountEvent(item) }),
  ticket: (item) => ({ kind: 'ticket', ticket: items.readTicket(item) }),
  event: (item) => ({ kind: 'event', event: items.readEvent(item) }),
  message: (item) => ({ kind: 'message', message: items.readMessage(item) }),
  'full-text': (item) => ({ kind: 'whole-text', text: readFullTextItem(item) }),
};

/** The records of a partition after a key, in the order of their keys. Counts and the like are no records. */
const partitionAfter = async (table: Table, pk: string, after: string | undefined, most: number): Promise<Slice> => {
  const { items: read, last } = await queryOnce(table, {
    KeyConditionExpression: 'pk = :pk AND sk > :after',
    ExpressionAttributeValues: { ':pk': pk, ':after': after ?? ' ' },
    Limit: most,
  });
  const next = last?.sk;
  return {
    found: read.flatMap((item) => reader[String(item.entity)]?.(item) ?? []),
    next: typeof next === 'string' ? next : undefined,
  };
};

/** The account's own ticket after an index entry, oldest first. An index read: the ticket itself is read as last written. */
const ticketAfter = async (table: Table, accountId: string, after: string): Promise<Item | undefined> => {
  const { name, pk, sk } = keys.BY_ACCOUNT_INDEX;
  const { items: entries } = await queryOnce(table, {
    IndexName: name,
    KeyConditionExpression: '#pk = :pk AND #sk > :after',
    ExpressionAttributeNames: { '#pk': pk, '#sk': sk },
    ExpressionAttributeValues: { ':pk': keys.accountKey(accountId).pk, ':after': after },
    Limit: 1,
  });
  return entries[0];
};

/** A place among tickets: the index entry of the ticket before, and the key within the next one after which it goes on. */
const STEP = '|';

const ticketsOf =
  (table: Table, accountId: string): Part =>
  async (from = ' ', most) => {
    const [before = ' ', within] = from.split(STEP);
    const entry = await ticketAfter(table, accountId, before);
    if (!entry) return { found: [] };
    const { found, next } = await partitionAfter(table, String(entry.pk), within, most);
    return { found, next: next === undefined ? String(entry[keys.BY_ACCOUNT_INDEX.sk]) : `${before}${STEP}${next}` };
  };

/** Mails and letters of one contact. Of an address that other accounts have too, what is not this account's is not told. */
const correspondenceOf =
  (table: Table, accountId: string, address: string): Part =>
  async (from, most) => {
    const asked = { after: from, most: Math.min(most, MOST_OF_A_MAILBOX) };
    const { entries, next } = await mailboxOf(table, address, asked);
    const isShared = (await accountsOfContact(table, address)).some((one) => one !== accountId);
    const isOwn = (entry: MailboxEntry): boolean =>
      entry.accountId === undefined ? !isShared : entry.accountId === accountId;
    return { found: entries.filter(isOwn).map((entry) => ({ address, ...entry })), next };
  };

const MAILBOX = 'mailbox ';

const partsOf = (table: Table, { accountId, contacts }: Account): readonly (readonly [string, Part])[] => [
  ['account', () => Promise.resolve({ found: [{ kind: 'account' }] })],
  ['records', (from, most) => partitionAfter(table, keys.accountKey(accountId).pk, from, most)],
  ['tickets', ticketsOf(table, accountId)],
  ...contacts
    .map(({ email }) => email)
    .toSorted()
    .map((email) => [`${MAILBOX}${email}`, correspondenceOf(table, accountId, email)] as const),
];

/** A cursor names the part, and the place within it. Where its contact is gone meanwhile, it goes on with the one after. */
const startOf = (parts: ReturnType<typeof partsOf>, place: string | undefined) => {
  if (place === undefined) return { at: 0, from: undefined };
  const [name = '', ...rest] = place.split(STEP);
  const isLater = (part: string): boolean => name.startsWith(MAILBOX) && part.startsWith(MAILBOX) && part > name;
  const at = parts.findIndex(([part]) => part === name || isLater(part));
  const isThere = parts[at]?.[0] === name && rest.length > 0;
  return { at: at < 0 ? parts.length : at, from: isThere ? rest.join(STEP) : undefined };
};

/** A page of what is kept about an account. `reader`: for whom the cursor is good. Throws a CursorError for another's. */
export const exportPage = async (
  table: Table,
  account: Account,
  readerName: string,
  { limit, cursor }: PageRequest,
): Promise<Page<Exported>> => {
  const list = `EXPORT#${account.accountId}#${readerName}`;
  const parts = partsOf(table, account);
  let { at, from } = startOf(parts, decode(list, '', cursor));
  const found: Exported[] = [];
  let looked = 0;
  let bytes = 0;
  for (let part = parts[at]; part; part = parts[at]) {
    if (looked >= limit || bytes >= MOST_BYTES) {
      return { items: found, next: encode(list, [part[0], ...(from === undefined ? [] : [from])].join(STEP)) };
    }
    const slice = await part[1](from, limit - looked);
    found.push(...slice.found);
    // A look that finds nothing to show has cost as much as one that does.
    looked += Math.max(1, slice.found.length);
    bytes += JSON.stringify(slice.found).length;
    from = slice.next;
    if (from === undefined) at += 1;
  }
  return { items: found };
};
