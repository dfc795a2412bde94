/**
 * The one table behind every repository: DynamoDB's operations on it, with items as plain objects. It knows keys only as pairs, and
 * decides nothing. No endpoint is named here: the AWS SDK reads its own environment, on AWS and on a laptop alike. The trap: the client
 * caches its middleware, so middleware added after an operation's first request never runs.
 */
import {
  BatchGetItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type AttributeValue,
  type QueryCommandInput,
  type QueryCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { clientSettings } from './client-settings.ts';
import type { Key } from './keys.ts';

/** An item as a plain object; a set is a `Set`, and what is undefined is not there. */
export type Item = Record<string, unknown>;

/** What has to hold for a write, in DynamoDB's own words. */
export interface Condition {
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Item;
}
export type Put = Condition & { readonly Item: Item };
export type Update = Condition & {
  readonly Key: Key;
  readonly UpdateExpression: string;
  /** The exception of a condition that does not hold carries the item as it is. */
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD';
};
export type Delete = Condition & { readonly Key: Key };
/** One write of a transaction. */
export type Write = { readonly Put: Put } | { readonly Update: Update } | { readonly Delete: Delete };

/** A query in DynamoDB's own words. Of the table itself it reads what was last written; an index may lag. */
export type Query = Omit<
  QueryCommandInput,
  'TableName' | 'ConsistentRead' | 'ExpressionAttributeValues' | 'ExclusiveStartKey'
> & { readonly ExpressionAttributeValues: Item };

/** Items, and what the table did not serve. */
export interface Served {
  readonly items: readonly Item[];
  readonly left: readonly Key[];
}

type Values = Record<string, AttributeValue>;

const toValues = (item: object): Values => marshall(item, { removeUndefinedValues: true });
/** What an answer, or an exception, carries. */
export const toItem = (values: Values): Item => unmarshall(values);
/** A key holds text alone. */
const toKey = ({ pk, sk }: Key): Values => ({ pk: { S: pk }, sk: { S: sk } });

const withValues = <Asked extends { readonly ExpressionAttributeValues?: Item }>({
  ExpressionAttributeValues: values,
  ...asked
}: Asked) => ({ ...asked, ...(values && { ExpressionAttributeValues: toValues(values) }) });

/** A name and the client that reaches it; everything else here is a function, so that each deployed function carries only what it calls. */
export interface Table {
  readonly name: string;
  readonly client: DynamoDBClient;
}

/** The table of this name, in the region and with the keys of the environment. */
export const openTable = (name: string, client = new DynamoDBClient(clientSettings)): Table => ({ name, client });

const putInput = ({ name }: Table, { Item, ...condition }: Put) => ({
  ...{ TableName: name, Item: toValues(Item) },
  ...withValues(condition),
});

const keyedInput = <Asked extends Delete>({ name }: Table, { Key, ...asked }: Asked) => ({
  ...{ TableName: name, Key: toKey(Key) },
  ...withValues(asked),
});

/** An item by its key, as last written. */
export const getItem = async ({ name, client }: Table, key: Key): Promise<Item | undefined> => {
  const asked = { TableName: name, Key: toKey(key), ConsistentRead: true };
  const { Item } = await client.send(new GetItemCommand(asked));
  return Item && toItem(Item);
};

/** Up to a hundred items by their keys, as last written and in no order. */
export const getItems = async ({ name, client }: Table, keys: readonly Key[]): Promise<Served> => {
  const asked = { [name]: { Keys: keys.map(toKey), ConsistentRead: true } };
  const { Responses, UnprocessedKeys } = await client.send(new BatchGetItemCommand({ RequestItems: asked }));
  const left = UnprocessedKeys?.[name]?.Keys ?? [];
  return { items: (Responses?.[name] ?? []).map(toItem), left: left.map((key) => toItem(key) as unknown as Key) };
};

const ask = ({ name, client }: Table, query: Query, after?: Values): Promise<QueryCommandOutput> => {
  const of = { TableName: name, ConsistentRead: query.IndexName === undefined };
  return client.send(new QueryCommand({ ...of, ...withValues(query), ExclusiveStartKey: after }));
};

/** One answer to a query: up to its limit, and at most 1 MB. `last`: the key after which the next one would go on. */
export const queryOnce = async (
  table: Table,
  query: Query,
): Promise<{ readonly items: readonly Item[]; readonly last?: Item }> => {
  const { Items = [], LastEvaluatedKey } = await ask(table, query);
  return { items: Items.map(toItem), ...(LastEvaluatedKey && { last: toItem(LastEvaluatedKey) }) };
};

/** All answers to a query, one after the other. */
export async function* queryPages(table: Table, query: Query): AsyncGenerator<readonly Item[]> {
  let after: Values | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await ask(table, query, after);
    yield Items.map(toItem);
    after = LastEvaluatedKey;
  } while (after);
}

/** All that a query finds. For what is bounded by its nature, such as one ticket's records. */
export const queryAll = async (table: Table, query: Query): Promise<Item[]> => {
  const items: Item[] = [];
  for await (const page of queryPages(table, query)) items.push(...page);
  return items;
};

/** All items of a partition of the table. */
export const partitionOf = (table: Table, pk: string): Promise<Item[]> =>
  queryAll(table, { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } });

/** Throws a ConditionalCheckFailedException where its condition does not hold. */
export const putItem = async (table: Table, put: Put): Promise<void> => {
  await table.client.send(new PutItemCommand(putInput(table, put)));
};

/** Throws a ConditionalCheckFailedException where its condition does not hold. */
export const updateItem = async (table: Table, update: Update): Promise<void> => {
  await table.client.send(new UpdateItemCommand(keyedInput(table, update)));
};

/** An item that is gone already is no error. */
export const deleteItem = async (table: Table, key: Key): Promise<void> => {
  await table.client.send(new DeleteItemCommand(keyedInput(table, { Key: key })));
};

const transactItem = (table: Table, write: Write) => {
  if ('Put' in write) return { Put: putInput(table, write.Put) };
  if ('Update' in write) return { Update: keyedInput(table, write.Update) };
  return { Delete: keyedInput(table, write.Delete) };
};

/** All or nothing. Throws a TransactionCanceledException, whose reasons stand in the order of the writes. */
export const transact = async (table: Table, writes: readonly Write[]): Promise<void> => {
  const TransactItems = writes.map((write) => transactItem(table, write));
  await table.client.send(new TransactWriteItemsCommand({ TransactItems }));
};
