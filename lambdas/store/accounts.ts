/** Accounts by the hundred: what the monthly reports and the notices of expiry look through. Each is read as last written. */
import { BatchGetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Account } from '../domain/account/account.ts';
import { attempt } from './attempt.ts';
import { readAccount, type Item } from './items.ts';
import { accountIdOf, accountKey, accountsPartition, QUEUE_INDEX, QUEUE_SHARDS, type Key } from './keys.ts';
import type { Table } from './table.ts';

/** DynamoDB gives so many records in one read. */
const MOST_AT_ONCE = 100;

/** Items by key; where the table serves a part of them, the others are asked for again. */
const readPatiently = async (table: Table, keys: readonly Key[]): Promise<Item[]> => {
  const items: Item[] = [];
  let left: readonly Key[] = keys;
  await attempt(async () => {
    const { Responses, UnprocessedKeys } = await table.client.send(
      new BatchGetCommand({ RequestItems: { [table.name]: { Keys: [...left], ConsistentRead: true } } }),
    );
    items.push(...(Responses?.[table.name] ?? []));
    left = (UnprocessedKeys?.[table.name]?.Keys ?? []) as Key[];
    return left.length === 0 ? 'read' : 'stale';
  });
  return items;
};

/** Accounts by id, in no order; one that is not there is left out. Throws BusyError where the table goes on serving only a part. */
export async function* accountsById(table: Table, accountIds: readonly string[]): AsyncGenerator<Account> {
  for (let from = 0; from < accountIds.length; from += MOST_AT_ONCE) {
    const keys = accountIds.slice(from, from + MOST_AT_ONCE).map(accountKey);
    yield* (await readPatiently(table, keys)).map(readAccount);
  }
}

/** Every account, walked partition by partition. */
export async function* allAccounts(table: Table): AsyncGenerator<Account> {
  for (let shard = 0; shard < QUEUE_SHARDS; shard += 1) {
    const pages = paginateQuery(
      { client: table.client },
      {
        TableName: table.name,
        IndexName: QUEUE_INDEX.name,
        KeyConditionExpression: '#pk = :pk',
        ExpressionAttributeNames: { '#pk': QUEUE_INDEX.pk },
        ExpressionAttributeValues: { ':pk': accountsPartition(shard) },
      },
    );
    for await (const { Items = [] } of pages) yield* accountsById(table, Items.map(accountIdOf));
  }
}
