/**
 * What a request to DynamoDB writes, read off the request itself. It must not know who asks. The trap: a request that is refused
 * has written nothing, and whether an item is new is known beforehand only where the request insists on it.
 */
import * as z from 'zod';
import type { TablePlan } from '../template/table-plan.ts';

/** Attribute values as they travel: `{"pk":{"S":"…"}}`. */
export type Item = Readonly<Record<string, unknown>>;

export interface Write {
  readonly table: string;
  readonly key: Item;
  /** The item as it will stand; absent where only the engine can tell. */
  readonly image?: Item;
  readonly removes: boolean;
  /** The request succeeds only where there was no such item. */
  readonly isNew: boolean;
}

const itemSchema = z.record(z.string(), z.unknown());
const condition = { TableName: z.string(), ConditionExpression: z.string().optional() };
const putSchema = z.looseObject({ ...condition, Item: itemSchema });
const keySchema = z.looseObject({ ...condition, Key: itemSchema });
const transactionSchema = z.looseObject({
  TransactItems: z.array(
    z.looseObject({ Put: putSchema.optional(), Update: keySchema.optional(), Delete: keySchema.optional() }),
  ),
});
const batchSchema = z.looseObject({
  RequestItems: z.record(
    z.string(),
    z.array(
      z.looseObject({
        PutRequest: z.looseObject({ Item: itemSchema }).optional(),
        DeleteRequest: z.looseObject({ Key: itemSchema }).optional(),
      }),
    ),
  ),
});

type Tables = readonly TablePlan[];

const READERS: Readonly<Record<string, (input: unknown, tables: Tables) => Write[]>> = {
  PutItem: (input, tables) => [put(putSchema.parse(input), tables)],
  UpdateItem: (input) => [change(keySchema.parse(input), false)],
  DeleteItem: (input) => [change(keySchema.parse(input), true)],
  TransactWriteItems: (input, tables) =>
    transactionSchema
      .parse(input)
      .TransactItems.flatMap(({ Put, Update, Delete }) => [
        ...(Put ? [put(Put, tables)] : []),
        ...(Update ? [change(Update, false)] : []),
        ...(Delete ? [change(Delete, true)] : []),
      ]),
  BatchWriteItem: (input, tables) =>
    Object.entries(batchSchema.parse(input).RequestItems).flatMap(([TableName, requests]) =>
      requests.flatMap(({ PutRequest, DeleteRequest }) => [
        ...(PutRequest ? [put({ TableName, ...PutRequest }, tables)] : []),
        ...(DeleteRequest ? [change({ TableName, ...DeleteRequest }, true)] : []),
      ]),
    ),
};

/** Whether an operation of DynamoDB writes items. */
export const isWrite = (operation: string): boolean => Object.hasOwn(READERS, operation);

/** What a request with this body writes where it succeeds; nothing for a body that no engine would take. */
export const writesOf = (operation: string, body: string, tables: Tables): Write[] => {
  try {
    return READERS[operation]?.(JSON.parse(body), tables) ?? [];
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError) return [];
    throw error;
  }
};

const put = ({ TableName, Item, ConditionExpression }: z.infer<typeof putSchema>, tables: Tables): Write => {
  const names = tables.find(({ name }) => name === TableName)?.create.KeySchema ?? [];
  const key = Object.fromEntries(names.map(({ AttributeName = '' }) => [AttributeName, Item[AttributeName]]));
  const partition = names[0]?.AttributeName ?? '';
  const isNew = ConditionExpression?.trim() === `attribute_not_exists(${partition})`;
  return { table: TableName, key, image: Item, removes: false, isNew };
};

const change = ({ TableName, Key }: z.infer<typeof keySchema>, removes: boolean): Write => ({
  ...{ table: TableName, key: Key, removes },
  isNew: false,
});
