/**
 * The queues of tickets and of accounts as machines walk them, partition by partition: what the sweep and the daily functions look through.
 * They read what the index holds and never whole tickets, so that a walk stays cheap however long the queue is.
 */
import * as z from 'zod';
import type { Instant } from '../domain/time/instant.ts';
import { tiers, type Tier } from '../domain/vocabulary.ts';
import { unansweredSchema, type UnansweredTicket } from './items.ts';
import * as keys from './keys.ts';
import { QUEUE_INDEX, QUEUE_SHARDS, ticketIdOf, UNANSWERED_ATTRIBUTE } from './keys.ts';
import { queryAll, queryOnce, type Item, type Table } from './table.ts';

/** Which entries of a partition are wanted. */
interface Selection {
  readonly names: Record<string, string>;
  readonly values?: Record<string, string>;
  readonly key?: string;
  readonly filter?: string;
}

const entriesOf = (table: Table, partition: string, selection: Selection): Promise<Item[]> =>
  queryAll(table, {
    IndexName: QUEUE_INDEX.name,
    KeyConditionExpression: ['#pk = :pk', ...(selection.key === undefined ? [] : [selection.key])].join(' AND '),
    FilterExpression: selection.filter,
    ExpressionAttributeNames: { '#pk': QUEUE_INDEX.pk, ...selection.names },
    ExpressionAttributeValues: { ':pk': partition, ...selection.values },
  });

/** The entries of a queue, all its partitions read at once. */
const itemsOf = async (table: Table, partition: (shard: number) => string, selection: Selection): Promise<Item[]> => {
  const shards = Array.from({ length: QUEUE_SHARDS }, (_, shard) => entriesOf(table, partition(shard), selection));
  return (await Promise.all(shards)).flat();
};

const queueItems = async (table: Table, wanted: readonly Tier[], selection: Selection): Promise<Item[]> => {
  const queues = wanted.map((tier) => itemsOf(table, (shard) => keys.queuePartition(tier, shard), selection));
  return (await Promise.all(queues)).flat();
};

/** The open tickets of a tier that nobody has answered in time. An index read: fit for telling people, never for deciding. */
export const unansweredTickets = async (table: Table, tier: Tier): Promise<UnansweredTicket[]> => {
  const selection = { names: { '#unanswered': UNANSWERED_ATTRIBUTE }, filter: 'attribute_exists(#unanswered)' };
  const found = await queueItems(table, [tier], selection);
  return found.map((item) => unansweredSchema.parse(JSON.parse(z.string().parse(item[UNANSWERED_ATTRIBUTE]))));
};

export interface OverdueTicket {
  readonly ticketId: string;
  readonly deadlineAt: Instant;
}

/**
 * The tickets of every tier whose next deadline stands before a moment, in no order; one that is late and has none is no longer its
 * clock's. An index read: each has its own record.
 */
export const overdueTickets = async (table: Table, before: Instant): Promise<OverdueTicket[]> => {
  const values = { ':first': keys.FIRST_DEADLINE, ':before': before };
  const selection = { names: { '#sk': QUEUE_INDEX.sk }, values, key: '#sk BETWEEN :first AND :before' };
  const found = await queueItems(table, tiers, selection);
  return found.map((item) => ({ ticketId: ticketIdOf(item), deadlineAt: keys.dueAtOf(item) }));
};

/** Enough to see that too many wait; the measuring costs no more than this, however many do. */
const MOST_COUNTED_MAILS = 100;

/** How many mails wait in quarantine, counted to a hundred, and when the oldest came. An index read: fit for telling people. */
export const quarantineStanding = async (table: Table): Promise<{ count: number; oldestAt?: Instant }> => {
  const { items } = await queryOnce(table, {
    IndexName: QUEUE_INDEX.name,
    KeyConditionExpression: '#pk = :pk',
    ExpressionAttributeNames: { '#pk': QUEUE_INDEX.pk },
    ExpressionAttributeValues: { ':pk': keys.QUARANTINE_PARTITION },
    Limit: MOST_COUNTED_MAILS,
  });
  const [oldest] = items;
  return { count: items.length, ...(oldest && { oldestAt: keys.dueAtOf(oldest) }) };
};

export interface DueAccount {
  readonly accountId: string;
  readonly dueAt: Instant;
}

/** Accounts that time will have changed by a moment, or has changed and nobody settled. An index read: each has its own record. */
export const dueAccounts = async (table: Table, until: Instant): Promise<DueAccount[]> => {
  // A due moment is followed by `#` and the id, so `~` takes in those of the very moment.
  const selection = { names: { '#sk': QUEUE_INDEX.sk }, values: { ':before': `${until}~` }, key: '#sk < :before' };
  const found = await itemsOf(table, keys.accountsPartition, selection);
  return found.map((item) => ({ accountId: keys.accountIdOf(item), dueAt: keys.dueAtOf(item) }));
};
