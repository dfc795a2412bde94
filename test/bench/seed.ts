/**
 * Tickets by the thousand, put straight into the engine: decided by the rules, made into items by the store's own codecs, written
 * in batches past the API, which would take minutes for them. The dispatch function is handed their first events as their stream
 * would hand them over, and starts their clocks.
 */
import { marshall } from '@aws-sdk/util-dynamodb';
import { ulid } from 'ulid';
import type { Account } from '../../lambdas/domain/account/account.ts';
import { open } from '../../lambdas/domain/opening/opening.ts';
import { bookAdjustments } from '../../lambdas/domain/ticket/adjustments.ts';
import { settle } from '../../lambdas/domain/ticket/settle.ts';
import { nextDeadline } from '../../lambdas/domain/ticket/targets.ts';
import { fromMillis, toMillis, type Instant } from '../../lambdas/domain/time/instant.ts';
import { holidaysOf } from '../../lambdas/plans/holidays/holidays.ts';
import { accountItem, contactItem, eventItem, ledgerItem, ticketItem } from '../../lambdas/store/items.ts';
import type { Item } from '../../lambdas/store/table.ts';
import { QUEUE_SHARDS, type Key } from '../../lambdas/store/keys.ts';
import { accountOn, having, planNamed } from '../support/records.ts';
import type { DeskProcess } from './desk-process.ts';
import { connectTo, dynamoDbHeaders } from './http.ts';

const PLAN = 'luxsci-token-dedicated';
const UNITS = 1_000_000;
/** What DynamoDB takes at once. */
const ITEMS_A_REQUEST = 25;
const WRITERS = 4;

export interface SeededTicket {
  readonly ticketId: string;
  readonly accountId: string;
  /** Of its first response, ms since the epoch. */
  readonly deadline: number;
  /** Where the credit of a missed first response will stand in the ledger. */
  readonly credit: Key;
}

export interface Seed {
  readonly items: readonly Item[];
  readonly tickets: readonly SeededTicket[];
  readonly accountIds: readonly string[];
  /** The items of the tickets' first events. */
  readonly openings: readonly Item[];
}

export interface SeedOptions {
  readonly tickets: number;
  readonly accounts: number;
  /** When the ticket of that number was opened, ms since the epoch; the first of all is the first or the last. */
  readonly openedAt: (number: number) => number;
  /** Up to when time has done its part. */
  readonly now: Instant;
  readonly priority: 'standard' | 'emergency';
}

/** What a desk has to be started with to find what is seeded: a queue in as many partitions as the store's own code writes here. */
export const SEEDED_DESK = { MAKEGOOD_QUEUE_SHARDS: String(QUEUE_SHARDS) };

const emailOf = (number: number): string => `customer-${String(number)}@example.com`;

const accountNumber = (number: number, at: Instant): Account => {
  const contacts = [{ email: emailOf(number), name: 'Customer', role: 'administrator' as const }];
  return having(accountOn(PLAN, { accountId: `acc_${ulid()}`, contacts, createdAt: at }), UNITS, at);
};

/** Accounts with open tickets, each ticket charged to the next account in turn. */
export const makeSeed = ({ tickets, accounts, openedAt, now, priority }: SeedOptions): Seed => {
  const plan = planNamed(PLAN);
  const since = fromMillis(Math.min(openedAt(0), openedAt(tickets - 1)) - 1000);
  const owners = Array.from({ length: accounts }, (_, number) => accountNumber(number, since));
  const items: Item[] = [];
  const seeded: SeededTicket[] = [];
  for (let number = 0; number < tickets; number += 1) {
    const account = owners[number % accounts];
    if (!account) break;
    const actor = { role: 'customer' as const, email: emailOf(number % accounts) };
    const request = {
      ...{ subject: 'Mail is stuck', description: 'Nothing leaves the queue since this morning.', priority },
      channel: 'api' as const,
    };
    const context = { account, plan, actor, now: fromMillis(openedAt(number)), holidaysOf };
    const opening = open(context, request, `tkt_${ulid(openedAt(number))}`);
    if (!opening.ok) throw new Error(opening.refusal.message);
    owners[number % accounts] = opening.account;
    const settled = settle(opening.ticket, now);
    const events = [...opening.events, ...settled.events];
    items.push(ticketItem(settled.ticket), ...events.map((event) => eventItem(event, event.type === 'opened')));
    items.push(...opening.entries.map(ledgerItem));
    const { ticketId, accountId } = opening.ticket;
    const deadline = nextDeadline(settled.ticket)?.at ?? '';
    const missed = settle(settled.ticket, fromMillis(toMillis(deadline) + 1000)).events;
    const [credit] = (bookAdjustments(opening.account, missed)?.entries ?? []).map(ledgerItem);
    const { pk, sk } = credit as unknown as Key;
    seeded.push({ ticketId, accountId, deadline: toMillis(deadline), credit: { pk, sk } });
  }
  for (const account of owners) {
    items.push(accountItem(account), ...account.contacts.map(({ email }) => contactItem(email, account)));
  }
  const openings = items.filter((item) => item.movesClock === true);
  return { items, openings, tickets: seeded, accountIds: owners.map(({ accountId }) => accountId) };
};

/** Writes items in batches, a few at a time. */
export const writeItems = async (endpoint: string, tableName: string, items: readonly Item[]): Promise<void> => {
  const connection = connectTo(endpoint);
  const headers = dynamoDbHeaders('BatchWriteItem');
  let next = 0;
  const writer = async (): Promise<void> => {
    while (next < items.length) {
      const batch = items.slice(next, next + ITEMS_A_REQUEST);
      next += ITEMS_A_REQUEST;
      const requests = batch.map((item) => ({
        PutRequest: { Item: marshall(item, { removeUndefinedValues: true }) },
      }));
      const body = JSON.stringify({ RequestItems: { [tableName]: requests } });
      const { status, text } = await connection.post('/', body, headers);
      if (status !== 200 || text.includes(`"UnprocessedItems":{"`)) throw new Error(`a batch was not written: ${text}`);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
  connection.close();
};

/** The records of a batch of the stream, as many as the mapping hands over at once. */
const RECORDS_A_BATCH = 10;

/** Hands the first events of tickets to the dispatch function, and waits until their clocks wait. */
export const startClocks = async (desk: DeskProcess, openings: readonly Item[]): Promise<void> => {
  for (let first = 0; first < openings.length; first += RECORDS_A_BATCH) {
    const batch = openings.slice(first, first + RECORDS_A_BATCH);
    const Records = batch.map((item, place) => ({
      eventName: 'INSERT',
      dynamodb: {
        SequenceNumber: String(first + place),
        NewImage: marshall(item, { removeUndefinedValues: true }),
      },
    }));
    await desk.invoke('lambdas/handlers/dispatch.lambda.ts', { Records });
  }
  await desk.calm();
};
