/**
 * Reading records by key, several in one consistent round trip. It answers what is there and decides nothing; lists are read in
 * `lists.ts`.
 */
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Account } from '../domain/account/account.ts';
import type { Address, MailStop } from '../domain/mail/address.ts';
import type { Instant } from '../domain/time/instant.ts';
import type { Ticket } from '../domain/ticket/ticket.ts';
import { answerKey, readAnswer, type Answer } from './answers.ts';
import { BusyError } from './busy-error.ts';
import { readAccount, readAddress, readStanding, readTicket, type Item, type Standing } from './items.ts';
import { accountKey, addressKey, mailFailureKey, ticketKey, type Key } from './keys.ts';
import type { Table } from './table.ts';

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

/** Items by key, as last written. Throws BusyError where the table does not serve them all. */
export const readItems = async (table: Table, asked: readonly Key[]): Promise<Item[]> => {
  const { Responses, UnprocessedKeys } = await table.client.send(
    new BatchGetCommand({ RequestItems: { [table.name]: { Keys: [...asked], ConsistentRead: true } } }),
  );
  if (Object.keys(UnprocessedKeys ?? {}).length > 0) throw new BusyError('the table served only a part of a read');
  return Responses?.[table.name] ?? [];
};

/** Up to a hundred tickets by id, as last written. Throws BusyError where the table does not serve them all. */
export const readTickets = async (table: Table, ticketIds: readonly string[]): Promise<Map<string, Ticket>> => {
  if (ticketIds.length === 0) return new Map();
  const tickets = (await readItems(table, ticketIds.map(ticketKey))).map(readTicket);
  return new Map(tickets.map((ticket) => [ticket.ticketId, ticket]));
};

/** What stops mail to each address, by the address in lower case; those that mail goes to are left out. A round trip for each hundred. */
export const readStops = async (table: Table, emails: readonly string[]): Promise<ReadonlyMap<string, MailStop>> => {
  const wanted = [...new Set(emails.map((email) => email.toLowerCase()))];
  const addresses: Address[] = [];
  for (let from = 0; from < wanted.length; from += MOST_AT_ONCE) {
    const keys = wanted.slice(from, from + MOST_AT_ONCE).map(addressKey);
    addresses.push(...(await readItems(table, keys)).map(readAddress));
  }
  return new Map(addresses.flatMap(({ email, stop }) => (stop ? [[email, stop] as const] : [])));
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
