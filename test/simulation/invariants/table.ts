/**
 * The table as it lies there: read item by item over the engine's own protocol, sorted by what the keys say, and taken for nothing that
 * it does not spell out. It shares no code with the desk, because it is what the desk is judged by.
 */
import { sendDirectly } from '../network.ts';

interface Attribute {
  S?: string;
  N?: string;
  BOOL?: boolean;
  SS?: string[];
  M?: Record<string, Attribute>;
  L?: Attribute[];
}
export type Item = Readonly<Record<string, Attribute>>;
export interface Key {
  readonly pk: { readonly S: string };
  readonly sk: { readonly S: string };
}
export type Json = Record<string, any>;

export interface TicketItems {
  readonly ticketId: string;
  item?: Item;
  record?: Json;
  /** In the order of their keys. */
  readonly events: Json[];
}

export interface AccountItems {
  readonly accountId: string;
  record?: Json;
  readonly entries: Json[];
}

export interface Stored {
  readonly items: readonly Item[];
  readonly tickets: ReadonlyMap<string, TicketItems>;
  readonly accounts: ReadonlyMap<string, AccountItems>;
  /** Records of letters by `cause to`: whether it went out, or why it was kept back. */
  readonly letters: ReadonlyMap<string, { readonly sent: boolean; readonly withheld: string | undefined }>;
}

const post = async (endpoint: string, operation: string, input: object): Promise<Json> => {
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DynamoDB_20120810.${operation}`,
    'x-amz-date': '20200101T000000Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=local/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  };
  const body = Buffer.from(JSON.stringify(input));
  const port = Number(new URL(endpoint).port);
  const answer = await sendDirectly({
    port,
    method: 'POST',
    path: '/',
    headers: { ...headers, 'content-length': String(body.length) },
    body,
  });
  if (answer.status !== 200) throw new Error(`${operation}: ${answer.body.toString('utf8')}`);
  return JSON.parse(answer.body.toString('utf8')) as Json;
};

/** DynamoDB answers no more keys than these in one call. */
const AT_ONCE = 100;

const recordOf = (item: Item): Json => JSON.parse(item.record?.S ?? '{}') as Json;

const scan = async (endpoint: string, TableName: string): Promise<Item[]> => {
  const items: Item[] = [];
  let ExclusiveStartKey: unknown;
  do {
    const page = await post(endpoint, 'Scan', {
      TableName,
      ConsistentRead: true,
      ...(ExclusiveStartKey !== undefined && { ExclusiveStartKey }),
    });
    items.push(...(page.Items as Item[]));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return items;
};

/** What stands under keys, which must be all that the table holds. */
const get = async (endpoint: string, TableName: string, keys: readonly Key[]): Promise<Item[]> => {
  const items: Item[] = [];
  for (let from = 0; from < keys.length; from += AT_ONCE) {
    let asked: unknown = { ConsistentRead: true, Keys: keys.slice(from, from + AT_ONCE) };
    while (asked !== undefined) {
      const page = await post(endpoint, 'BatchGetItem', { RequestItems: { [TableName]: asked } });
      items.push(...(page.Responses[TableName] as Item[]));
      asked = (page.UnprocessedKeys as Json | undefined)?.[TableName];
    }
  }
  const { Table } = await post(endpoint, 'DescribeTable', { TableName });
  const held = Table.ItemCount as number;
  if (held !== items.length)
    throw new Error(`The table holds ${String(held)} items, and ${String(items.length)} were found under the keys.`);
  return items;
};

const byKey = (a: Item, b: Item): number => {
  const [one, other] = [`${a.pk?.S ?? ''} ${a.sk?.S ?? ''}`, `${b.pk?.S ?? ''} ${b.sk?.S ?? ''}`];
  return one < other ? -1 : one > other ? 1 : 0;
};

const entryFor = <T>(map: Map<string, T>, key: string, fresh: () => T): T => {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = fresh();
  map.set(key, made);
  return made;
};

/** Everything that a table holds, read by all of its `keys` where the caller knows them. */
export const readStored = async (endpoint: string, tableName: string, keys?: readonly Key[]): Promise<Stored> => {
  const read = keys === undefined ? scan(endpoint, tableName) : get(endpoint, tableName, keys);
  const items = (await read).sort(byKey);
  const tickets = new Map<string, TicketItems>();
  const accounts = new Map<string, AccountItems>();
  const letters = new Map<string, { sent: boolean; withheld: string | undefined }>();
  for (const item of items) {
    const [pk, sk] = [item.pk?.S ?? '', item.sk?.S ?? ''];
    const [kind, id] = [pk.slice(0, pk.indexOf('#')), pk.slice(pk.indexOf('#') + 1)];
    if (kind === 'TICKET') {
      const ticket = entryFor(tickets, id, (): TicketItems => ({ ticketId: id, events: [] }));
      if (sk === 'TICKET') Object.assign(ticket, { item, record: recordOf(item) });
      else if (sk.startsWith('EVENT#')) ticket.events.push({ ...recordOf(item), key: sk });
    } else if (kind === 'ACCOUNT') {
      const account = entryFor(accounts, id, (): AccountItems => ({ accountId: id, entries: [] }));
      if (sk === 'ACCOUNT') account.record = recordOf(item);
      else if (sk.startsWith('LEDGER#')) account.entries.push(recordOf(item));
    } else if (kind === 'MAILBOX' && sk.startsWith('LETTER#')) {
      const sent = item.record?.M?.sesMessageId?.S !== undefined;
      letters.set(`${sk.slice('LETTER#'.length)} ${id}`, { sent, withheld: item.withheld?.S });
    }
  }
  return { items, tickets, accounts, letters };
};

/** An item as text that does not depend on the order of its attributes. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
