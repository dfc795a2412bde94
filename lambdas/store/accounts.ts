/** Every account, walked partition by partition: what the monthly reports look through. Each is read as last written. */
import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Account } from '../domain/account/account.ts';
import { accountIdOf, accountsPartition, QUEUE_INDEX, QUEUE_SHARDS } from './keys.ts';
import { MOST_AT_ONCE, readAccounts } from './read.ts';
import type { Table } from './table.ts';

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
    for await (const { Items = [] } of pages) {
      const ids = Items.map(accountIdOf);
      for (let from = 0; from < ids.length; from += MOST_AT_ONCE) {
        yield* await readAccounts(table, ids.slice(from, from + MOST_AT_ONCE));
      }
    }
  }
}
