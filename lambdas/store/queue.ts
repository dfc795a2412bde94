/** The queues of tickets and of accounts, walked partition by partition: what the sweep and the daily functions look through. */
import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Instant } from '../domain/instant.ts';
import { tiers, type Tier } from '../domain/vocabulary.ts';
import { readAccount, readTicket, type Item } from './items.ts';
import { accountsPartition, QUEUE_INDEX, QUEUE_SHARDS, queuePartition } from './keys.ts';
import type { Ticket } from '../domain/ticket.ts';
import type { Table } from './table.ts';

async function* shardItems(table: Table, partition: string, before?: Instant): AsyncGenerator<Item> {
  const pages = paginateQuery(
    { client: table.client },
    {
      TableName: table.name,
      IndexName: QUEUE_INDEX.name,
      KeyConditionExpression: `#pk = :pk${before === undefined ? '' : ' AND #sk < :before'}`,
      ExpressionAttributeNames: { '#pk': QUEUE_INDEX.pk, ...(before !== undefined && { '#sk': QUEUE_INDEX.sk }) },
      ExpressionAttributeValues: { ':pk': partition, ...(before !== undefined && { ':before': before }) },
    },
  );
  for await (const { Items = [] } of pages) yield* Items;
}

async function* tierItems(table: Table, tier: Tier, before?: Instant): AsyncGenerator<Item> {
  for (let shard = 0; shard < QUEUE_SHARDS; shard += 1) yield* shardItems(table, queuePartition(tier, shard), before);
}

/** Every open ticket of a tier. An index read: fit for telling people, never for deciding. */
export async function* openTickets(table: Table, tier: Tier): AsyncGenerator<Ticket> {
  for await (const item of tierItems(table, tier)) yield readTicket(item);
}

/** Tickets of every tier whose next deadline stands before a moment, soonest first within a partition. */
export async function* overdueTickets(table: Table, before: Instant): AsyncGenerator<string> {
  for (const tier of tiers) {
    for await (const item of tierItems(table, tier, before)) yield readTicket(item).ticketId;
  }
}

/** Accounts that time has changed up to a moment and nobody settled. An index read: settle each from its own record. */
export const dueAccounts = async (table: Table, until: Instant): Promise<string[]> => {
  const shards = Array.from({ length: QUEUE_SHARDS }, async (_, shard) => {
    const due: string[] = [];
    // A due moment is followed by `#` and the id, so `~` takes in those of the very moment.
    for await (const item of shardItems(table, accountsPartition(shard), `${until}~`)) {
      due.push(readAccount(item).accountId);
    }
    return due;
  });
  return (await Promise.all(shards)).flat();
};
