/**
 * How many bytes a desk's table keeps, and for how long, counted as DynamoDB counts the size of items. The trap: an item that is forgotten
 * at its time is deleted up to two days later, and paid for until then.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { TTL_ATTRIBUTE } from '../../lambdas/store/keys.ts';
import type { Desk } from '../../lib/local/desk.ts';
import { clientOf } from './engine-client.ts';

/** What the table's index and each index of ours add to an item. */
const OVERHEAD = 100;

const sizeOf = (value: AttributeValue): number => {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return Math.ceil(value.N.length / 2) + 1;
  if (value.SS) return value.SS.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (value.L) return 3 + value.L.reduce((sum, one) => sum + 1 + sizeOf(one), 0);
  if (value.M) return 3 + Object.entries(value.M).reduce((sum, [name, one]) => sum + name.length + 1 + sizeOf(one), 0);
  return 1;
};

const DAY_MS = 86_400_000;
const MONTH_MS = 30 * DAY_MS;
const DELETED_WITHIN_MS = 2 * DAY_MS;

/** Byte-months of all items from now on, in so many months, with the overhead of storing them. */
export const byteMonths = async (desk: Desk, months: number): Promise<number> => {
  const now = desk.clock.now();
  const monthsOf = ({ [TTL_ATTRIBUTE]: until }: Record<string, AttributeValue>): number =>
    until?.N === undefined ? months : Math.min(months, (Number(until.N) * 1000 + DELETED_WITHIN_MS - now) / MONTH_MS);
  const client = clientOf(desk.engineEndpoint);
  const TableName = desk.blueprint.tables[0]?.name;
  let total = 0;
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName, ExclusiveStartKey }));
    for (const item of page.Items ?? []) {
      const own = Object.entries(item).reduce((sum, [name, value]) => sum + name.length + sizeOf(value), OVERHEAD);
      total += own * Math.max(0, monthsOf(item));
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  client.destroy();
  return total;
};
