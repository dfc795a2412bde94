/**
 * Rewriting records in place, which an erasure alone does. A record is replaced on condition that it still is the one that was read,
 * attribute by attribute, so that whatever else stands on its item stays there.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { attempt } from './attempt.ts';
import type { Key } from './keys.ts';
import { deleteItem, getItem, updateItem, type Item, type Table, type Update } from './table.ts';

export const keyOf = ({ pk, sk }: Item): Key => ({ pk: String(pk), sk: String(sk) });

/** The write that gives an item another record, and takes these attributes off it. */
export const rewriting = (item: Item, record: unknown, without: readonly string[] = []): Update => ({
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
  table: Table,
  item: Item,
  record: unknown,
  without?: readonly string[],
): Promise<'rewritten' | 'stale'> => {
  try {
    await updateItem(table, rewriting(item, record, without));
    return 'rewritten';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'stale';
    throw error;
  }
};

/**
 * Erases from an item as it now is, again where somebody came in between. Answers how many traces there were, none where it is gone.
 * Throws BusyError where somebody always did.
 */
export const untilErased = async (
  table: Table,
  found: Item,
  erase: (item: Item) => Promise<number | 'stale'>,
): Promise<number> => {
  let latest: Item | undefined = found;
  return attempt(async () => {
    const traces = latest ? await erase(latest) : 0;
    if (traces === 'stale') latest = await getItem(table, keyOf(found));
    return traces;
  });
};

/** Takes items out of the table; those that are gone already are no error. */
export const remove = async (table: Table, keys: readonly Key[]): Promise<void> => {
  for (const key of keys) await deleteItem(table, key);
};
