/**
 * Rewriting records in place, which an erasure alone does. A record is replaced on condition that it still is the one that was read,
 * attribute by attribute, so that whatever else stands on its item stays there.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, UpdateCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Item } from './items.ts';
import type { Key } from './keys.ts';
import type { Table } from './table.ts';

type Update = NonNullable<NonNullable<TransactWriteCommandInput['TransactItems']>[number]['Update']>;

export const keyOf = ({ pk, sk }: Item): Key => ({ pk: String(pk), sk: String(sk) });

/** The write that gives an item another record, and takes these attributes off it. */
export const rewriting = (
  tableName: string,
  item: Item,
  record: unknown,
  without: readonly string[] = [],
): Update & { UpdateExpression: string } => ({
  TableName: tableName,
  Key: keyOf(item),
  UpdateExpression: [
    'SET #record = :after',
    ...(without.length > 0 ? [`REMOVE ${without.map((_name, place) => `#w${String(place)}`).join(', ')}`] : []),
  ].join(' '),
  ConditionExpression: '#record = :before',
  ExpressionAttributeNames: {
    '#record': 'record',
    ...Object.fromEntries(without.map((name, place) => [`#w${String(place)}`, name])),
  },
  ExpressionAttributeValues: { ':before': z.string().parse(item.record), ':after': JSON.stringify(record) },
});

/** Gives an item another record. Answers `stale` where it is not the one that was read any more. */
export const rewrite = async (
  { client, name }: Table,
  item: Item,
  record: unknown,
  without?: readonly string[],
): Promise<'rewritten' | 'stale'> => {
  try {
    await client.send(new UpdateCommand(rewriting(name, item, record, without)));
    return 'rewritten';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'stale';
    throw error;
  }
};

/** Takes items out of the table; those that are gone already are no error. */
export const remove = async ({ client, name }: Table, keys: readonly Key[]): Promise<void> => {
  for (const Key of keys) await client.send(new DeleteCommand({ TableName: name, Key }));
};
