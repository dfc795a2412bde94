/** How many bytes a desk's table keeps, counted as DynamoDB counts the size of items. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Desk } from '../../lib/local/desk.ts';
import { clientOf } from './bare-opening.ts';

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

/** Of all items, with the overhead of storing them. */
export const storedBytes = async (desk: Desk): Promise<number> => {
  const client = clientOf(desk.engineEndpoint);
  const TableName = desk.blueprint.tables[0]?.name;
  let bytes = 0;
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName, ExclusiveStartKey }));
    for (const item of page.Items ?? []) {
      bytes += OVERHEAD + Object.entries(item).reduce((sum, [name, value]) => sum + name.length + sizeOf(value), 0);
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  client.destroy();
  return bytes;
};
