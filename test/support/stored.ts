/** What a desk has stored, read from its table by no code of the desk. */
import { DynamoDBClient, paginateScan, type AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Desk } from '../../lib/local/desk.ts';

/** The engine gives attributes in any order. */
const canonical = (item: unknown): string =>
  JSON.stringify(item, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

const clientOf = (desk: Desk): DynamoDBClient =>
  new DynamoDBClient({
    endpoint: desk.engineEndpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

/** Every item as text, in an order of its own. */
export const storedItems = async (desk: Desk): Promise<string[]> => {
  const client = clientOf(desk);
  const items: Record<string, AttributeValue>[] = [];
  const pages = paginateScan({ client }, { TableName: desk.blueprint.tables[0]!.name, ConsistentRead: true });
  for await (const { Items = [] } of pages) items.push(...Items);
  client.destroy();
  return items.map(canonical).toSorted();
};

/** The items that were not there before, or not as they are now. */
export const newAmong = (now: readonly string[], before: readonly string[]): string[] => {
  const known = new Set(before);
  return now.filter((item) => !known.has(item));
};
