/**
 * Accounts by the hundred: what the monthly reports and the notices of expiry look through. Each is read as last written. The trap: one
 * whose record is damaged must not end the walk, on which all others depend.
 */
import type { Account } from '../domain/account/account.ts';
import { readAccount } from './items.ts';
import { accountIdOf, accountKey, accountsPartition, QUEUE_INDEX, QUEUE_SHARDS } from './keys.ts';
import { readMany } from './read.ts';
import { queryPages, type Table } from './table.ts';

/** One that was found. Reading it throws where its record is damaged. */
export interface StoredAccount {
  readonly accountId: string;
  readonly read: () => Account;
}

/** Accounts by id, in no order; one that is not there is left out. Throws BusyError where the table goes on serving only a part. */
export async function* accountsById(table: Table, accountIds: readonly string[]): AsyncGenerator<StoredAccount> {
  for await (const item of readMany(table, accountIds.map(accountKey)))
    yield { accountId: accountIdOf(item), read: () => readAccount(item) };
}

/** Every account, walked partition by partition. */
export async function* allAccounts(table: Table): AsyncGenerator<StoredAccount> {
  for (let shard = 0; shard < QUEUE_SHARDS; shard += 1) {
    const pages = queryPages(table, {
      IndexName: QUEUE_INDEX.name,
      KeyConditionExpression: '#pk = :pk',
      ExpressionAttributeNames: { '#pk': QUEUE_INDEX.pk },
      ExpressionAttributeValues: { ':pk': accountsPartition(shard) },
    });
    for await (const items of pages) yield* accountsById(table, items.map(accountIdOf));
  }
}
