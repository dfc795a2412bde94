/**
 * Reading records by key, several in one consistent round trip. It answers what is there and decides nothing; lists are read in
 * `lists.ts`.
 */
import type { Account } from '../domain/account/account.ts';
import type { Address, MailStop } from '../domain/mail/address.ts';
import type { Instant } from '../domain/time/instant.ts';
import type { Ticket } from '../domain/ticket/ticket.ts';
import { answerKey, readAnswer, type Answer } from './answers.ts';
import { attempt } from './attempt.ts';
import { BusyError } from './busy-error.ts';
import { readAccount, readAddress, readStanding, readTicket, type Standing } from './items.ts';
import { accountKey, addressKey, mailFailureKey, ticketKey, type Key } from './keys.ts';
import { getItems, type Item, type Table } from './table.ts';

export interface Wanted {
  readonly accountId?: string | undefined;
  readonly ticketId?: string | undefined;
  /** The caller's idempotency key, with the moment at which its time may be over. */
  readonly answer?: { readonly caller: string; readonly key: string; readonly now: Instant } | undefined;
  /** A mail address. */
  readonly address?: string | undefined;
  /** The failure of a letter, to learn whether it was noted. */
  readonly mailFailure?: { readonly letter: string; readonly to: string; readonly kind: string } | undefined;
}

export interface Found {
  readonly account?: Account;
  readonly ticket?: Ticket;
  readonly standing?: Standing;
  readonly answer?: Answer;
  /** Absent where mail to the address never failed. */
  readonly address?: Address;
  readonly isNoted?: true;
}

/** DynamoDB gives so many records in one read. */
const MOST_AT_ONCE = 100;

const same = (item: Item, key: Key): boolean => item.pk === key.pk && item.sk === key.sk;

/** Up to a hundred items by key, as last written, in one round trip. Throws BusyError where the table does not serve them all. */
export const readItems = async (table: Table, asked: readonly Key[]): Promise<readonly Item[]> => {
  const { items, left } = await getItems(table, asked);
  if (left.length > 0) throw new BusyError('the table served only a part of a read');
  return items;
};

/**
 * Any number of items by key, each once, as last written and in no order, a hundred in a round trip. What the table does not serve is
 * asked for again. Throws BusyError where it goes on serving only a part.
 */
export async function* readMany(table: Table, asked: readonly Key[]): AsyncGenerator<Item> {
  // An index may name one twice for a moment, and the table refuses a read that does.
  const keys = [...new Map(asked.map((key) => [JSON.stringify([key.pk, key.sk]), key])).values()];
  for (let from = 0; from < keys.length; from += MOST_AT_ONCE) {
    const read: Item[] = [];
    let wanted = keys.slice(from, from + MOST_AT_ONCE);
    await attempt(async () => {
      const { items, left } = await getItems(table, wanted);
      read.push(...items);
      wanted = [...left];
      return left.length === 0 ? 'read' : 'stale';
    });
    yield* read;
  }
}

/** Tickets by id, as last written; one that is not there is left out. */
export const readTickets = async (table: Table, ticketIds: readonly string[]): Promise<Map<string, Ticket>> => {
  const tickets = new Map<string, Ticket>();
  for await (const item of readMany(table, ticketIds.map(ticketKey))) {
    const ticket = readTicket(item);
    tickets.set(ticket.ticketId, ticket);
  }
  return tickets;
};

/** What stops mail to each address, by the address in lower case; those that mail goes to are left out. */
export const readStops = async (table: Table, emails: readonly string[]): Promise<ReadonlyMap<string, MailStop>> => {
  const wanted = [...new Set(emails.map((email) => email.toLowerCase()))];
  const stops = new Map<string, MailStop>();
  for await (const item of readMany(table, wanted.map(addressKey))) {
    const { email, stop } = readAddress(item);
    if (stop) stops.set(email, stop);
  }
  return stops;
};

/** Reads what is wanted in one round trip, all of it as last written. Throws BusyError where the table does not serve it whole. */
export const readTogether = async (table: Table, wanted: Wanted): Promise<Found> => {
  const account = wanted.accountId === undefined ? undefined : accountKey(wanted.accountId);
  const ticket = wanted.ticketId === undefined ? undefined : ticketKey(wanted.ticketId);
  const answer = wanted.answer && answerKey(wanted.answer.caller, wanted.answer.key);
  const address = wanted.address === undefined ? undefined : addressKey(wanted.address);
  const failure =
    wanted.mailFailure && mailFailureKey(wanted.mailFailure.letter, wanted.mailFailure.to, wanted.mailFailure.kind);
  const asked = [account, ticket, answer, address, failure].filter((key) => key !== undefined);
  if (asked.length === 0) return {};
  const items = await readItems(table, asked);
  const find = (key: Key | undefined): Item | undefined => key && items.find((item) => same(item, key));
  const accountFound = find(account);
  const ticketFound = find(ticket);
  const answerFound = find(answer);
  const addressFound = find(address);
  const remembered = answerFound && wanted.answer && readAnswer(answerFound, wanted.answer.now);
  return {
    ...(accountFound && { account: readAccount(accountFound) }),
    ...(ticketFound &&
      wanted.ticketId !== undefined && {
        ticket: readTicket(ticketFound),
        standing: readStanding(wanted.ticketId, ticketFound),
      }),
    ...(remembered && { answer: remembered }),
    ...(addressFound && { address: readAddress(addressFound) }),
    ...(find(failure) && { isNoted: true }),
  };
};
