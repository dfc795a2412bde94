/**
 * What a desk has kept, read from its files and its table by no code of the desk: it knows the names of records and nothing of how
 * they come about. The trap: a journal is read as it lies, so its last line may be torn.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand, paginateScan, type AttributeValue } from '@aws-sdk/client-dynamodb';

type Record_ = Readonly<Record<string, any>>;

export interface KeptTicket {
  /** The ticket's own record. */
  readonly ticket: Record_;
  readonly generation: number;
  /** What its clock is to wait for; absent once the ticket is closed. */
  readonly deadlineAt?: string;
  /** What the parked wait was planned for. */
  readonly waitUntil?: string;
}

export interface KeptLetter {
  readonly number: number;
  readonly cause: string;
  readonly to: string;
}

export interface KeptExecution {
  readonly name: string;
  readonly status: string;
  readonly position?: { readonly state: string; readonly parked?: { readonly dueAt?: number } };
}

/** All that matters of a desk at one moment. */
export interface Kept {
  readonly accounts: readonly Record_[];
  readonly entries: readonly Record_[];
  readonly tickets: readonly KeptTicket[];
  readonly events: readonly Record_[];
  readonly messages: readonly Record_[];
  /** What became of each mail that came in. */
  readonly mailsIn: readonly Record_[];
  /** Which letters are on record, as `<cause> <address>`: whether each went out, or was kept back. */
  readonly mailed: ReadonlyMap<string, 'sent' | 'withheld'>;
  readonly letters: readonly KeptLetter[];
  readonly executions: readonly KeptExecution[];
  readonly deadLetters: number;
}

const journalPath = (folder: string): string => join(folder, 'journal.jsonl');

/** The whole lines of the journal, and where the last of them ends. */
export const wholeLines = (folder: string): { text: string; length: number } => {
  const text = readFileSync(journalPath(folder), 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return { text: whole, length: Buffer.byteLength(whole) };
};

/** The last value of each key whose name begins so. */
export const journalValues = (folder: string, prefix: string): Map<string, any> => {
  const values = new Map<string, any>();
  const wanted = `["${prefix}`;
  for (const line of wholeLines(folder).text.split('\n')) {
    if (!line.startsWith(wanted)) continue;
    const [key, value] = JSON.parse(line) as [string, any];
    if (value === undefined) values.delete(key);
    else values.set(key, value);
  }
  return values;
};

export const letterName = (cause: string, to: string): string => `${cause} ${to.toLowerCase()}`;

/** The letters that went out, in their order. */
export const keptLetters = (folder: string): KeptLetter[] =>
  [...journalValues(folder, 'mail/')]
    .map(([key, { to, headers }]) => ({
      number: Number(key.slice('mail/'.length)),
      cause: String(headers['x-makegood-cause']),
      to: String(to),
    }))
    .toSorted((a, b) => a.number - b.number);

const clientOf = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

type Item = Record<string, AttributeValue>;

const itemsOf = async (endpoint: string): Promise<Item[]> => {
  const client = clientOf(endpoint);
  const { TableNames: [TableName] = [] } = await client.send(new ListTablesCommand({}));
  const items: Item[] = [];
  // A desk that was killed in its first start may have none yet.
  const pages = TableName === undefined ? [] : paginateScan({ client }, { TableName, ConsistentRead: true });
  for await (const page of pages) items.push(...(page.Items ?? []));
  client.destroy();
  return items;
};

const recordOf = ({ record }: Item): Record_ => JSON.parse(record?.S ?? '{}') as Record_;
const isOf =
  (entity: string) =>
  (item: Item): boolean =>
    item.entity?.S === entity;

const ticketOf = (item: Item): KeptTicket => ({
  ticket: recordOf(item),
  generation: Number(item.generation?.N),
  ...(item.deadlineAt?.S !== undefined && { deadlineAt: item.deadlineAt.S }),
  ...(item.waitUntil?.S !== undefined && { waitUntil: item.waitUntil.S }),
});

const mailedOf = (items: readonly Item[]): Kept['mailed'] =>
  new Map(
    items
      .filter(isOf('mail'))
      .map(({ record }) => [
        letterName(record?.M?.cause?.S ?? '', record?.M?.to?.S ?? ''),
        record?.M?.withheld === undefined ? 'sent' : 'withheld',
      ]),
  );

/** What the table behind an endpoint says of letters, and of what tickets wait for. */
export const keptInTable = async (endpoint: string): Promise<Pick<Kept, 'mailed' | 'tickets'>> => {
  const items = await itemsOf(endpoint);
  return { mailed: mailedOf(items), tickets: items.filter(isOf('ticket')).map(ticketOf) };
};

/** Everything that a desk has kept: its folder, and the endpoint of an engine on its table. */
export const keptBy = async (folder: string, endpoint: string): Promise<Kept> => {
  const items = await itemsOf(endpoint);
  const records = (entity: string) => items.filter(isOf(entity)).map(recordOf);
  return {
    accounts: records('account'),
    entries: records('ledger-entry'),
    tickets: items.filter(isOf('ticket')).map(ticketOf),
    events: records('event').toSorted((a, b) => a.seq - b.seq),
    messages: records('message'),
    mailsIn: records('inbound-mail'),
    mailed: mailedOf(items),
    letters: keptLetters(folder),
    executions: [...journalValues(folder, 'states/execution/').values()],
    deadLetters: journalValues(folder, 'dead-letter/').size,
  };
};
