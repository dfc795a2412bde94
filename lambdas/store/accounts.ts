/** Every account, walked partition by partition: what schedules look through. An index read: fit for telling, never for deciding. */
import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Account } from '../domain/account.ts';
import { readAccount } from './items.ts';
import { accountsPartition, QUEUE_INDEX, QUEUE_SHARDS } from './keys.ts';
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
    for await (const { Items = [] } of pages) for (const item of Items) yield readAccount(item);
  }
}
