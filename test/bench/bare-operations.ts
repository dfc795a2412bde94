/**
 * Operations of the desk without the desk: what its own code sends to the engine is caught once, and sent again by plain HTTP. Writes are
 * their transaction alone, with other ids but the same items, conditions and sizes; they go to a table of the same shape beside the
 * desk's, because the desk would take up what is written to its own. Reads are all that the operation reads, of the desk's own table.
 * The trap: every client has an account and a ticket of its own, and puts each in its own place, so that no condition ever fails.
 */
import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ulid } from 'ulid';
import type { Engine } from '../../lib/local/engine.ts';
import { ACCOUNT_ID } from '../support/records.ts';
import { catchReads, catchWrites, type Transaction, type Values, type Write } from './caught-calls.ts';
import { clientOf, deskTableIn } from './engine-client.ts';
import type { EngineCall } from './engine-tap.ts';
import { connectTo, dynamoDbHeaders, type Connection } from './http.ts';
import type { Task } from './load.ts';

const BARE = 'bare';

/** A table with the keys, the indexes and the stream of the desk's own. */
const copyTable = async (client: DynamoDBClient, original: string): Promise<void> => {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: original }));
  await client.send(
    new CreateTableCommand({
      TableName: BARE,
      KeySchema: Table?.KeySchema,
      AttributeDefinitions: Table?.AttributeDefinitions,
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: Table?.StreamSpecification,
      GlobalSecondaryIndexes: Table?.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
        IndexName,
        KeySchema,
        Projection,
      })),
    }),
  );
};

/** A call to the engine. Throws where it is refused. */
type Send = (operation: string, body: string) => Promise<void>;

const sender =
  (connection: Connection): Send =>
  async (operation, body) => {
    const { status, text } = await connection.post('/', body, dynamoDbHeaders(operation));
    if (status !== 200) throw new Error(text);
  };

const idOf = (prefixed: string): string => prefixed.slice(prefixed.indexOf('_') + 1);

/** The same transaction, after which the record that it changes has the version that it had before. */
const leavingVersion = ({ ClientRequestToken, TransactItems }: Transaction): Transaction => ({
  ClientRequestToken,
  TransactItems: TransactItems.map(({ Put, Update }): Write => {
    const before = (Put ?? Update)?.ExpressionAttributeValues?.[':before'];
    if (before === undefined) return Put ? { Put } : { ...(Update && { Update }) };
    return {
      ...(Put && { Put: { ...Put, Item: { ...Put.Item, version: before } } }),
      ...(Update && {
        Update: {
          ...Update,
          ExpressionAttributeValues: { ...Update.ExpressionAttributeValues, ':version': before },
        },
      }),
    };
  }),
});

/** The numbers of a ticket's events and messages, as its keys spell them. */
const SEQ = /(EVENT|MESSAGE)#\d{8}/g;

/** Puts the items that transactions change to where each client changes them. */
const putFor = async (send: Send, item: Values, id: string, clients: readonly string[]): Promise<void> => {
  for (const own of clients) {
    await send('PutItem', JSON.stringify({ TableName: BARE, Item: item }).replaceAll(id, own));
  }
};

/** The opening and the message, each client with its own account and ticket. */
const writesOn = async (endpoint: string, send: Send, clients: number): Promise<{ open: Task; message: Task }> => {
  const caught = await catchWrites(endpoint, BARE);
  const [opening, message] = [leavingVersion(caught.opening), leavingVersion(caught.message)];
  const account = opening.TransactItems.find(({ Put }) => Put?.Item.entity?.S === 'account')?.Put?.Item;
  const version = message.TransactItems.find(({ Update }) => Update)?.Update?.ExpressionAttributeValues[':before'];
  if (!account || !version) throw new Error('an opening writes no account any more, or a message no ticket');
  const [accountId, ticketId] = [idOf(ACCOUNT_ID), idOf(caught.ticketId)];
  const ids = () => Array.from({ length: clients }, () => ulid());
  const [accounts, tickets] = [ids(), ids()];
  await putFor(send, account, accountId, accounts);
  await putFor(send, { ...caught.ticket, version }, ticketId, tickets);
  const [opens, says] = [JSON.stringify(opening), JSON.stringify(message)];
  let seq = 10;
  return {
    open: (client) =>
      send(
        'TransactWriteItems',
        opens
          .replace(opening.ClientRequestToken, randomUUID())
          .replaceAll(ticketId, ulid())
          .replaceAll(accountId, accounts[client] ?? ''),
      ),
    message: (client) => {
      seq += 1;
      const next = String(seq).padStart(8, '0');
      return send(
        'TransactWriteItems',
        says
          .replace(message.ClientRequestToken, randomUUID())
          .replaceAll(ticketId, tickets[client] ?? '')
          .replaceAll(SEQ, (_, kind: string) => `${kind}#${next}`),
      );
    },
  };
};

/** Calls that follow each other: those of one kind at once, as the desk asks all partitions of a queue at once. */
const inSteps = (calls: readonly EngineCall[]): readonly (readonly EngineCall[])[] => {
  const steps: EngineCall[][] = [];
  for (const call of calls) {
    const last = steps.at(-1);
    if (last?.[0]?.operation === call.operation) last.push(call);
    else steps.push([call]);
  }
  return steps;
};

/** Reads the same again, of another ticket where one is named. */
const reading = (
  send: Send,
  calls: readonly EngineCall[],
  spelled: (body: string, ...at: Parameters<Task>) => string,
) => {
  const steps = inSteps(calls).map((step) =>
    step.map(({ operation, input }) => ({ operation, body: JSON.stringify(input) })),
  );
  const task: Task = async (client, turn) => {
    for (const step of steps) {
      await Promise.all(step.map(({ operation, body }) => send(operation, spelled(body, client, turn))));
    }
  };
  return task;
};

export interface BareOperations {
  readonly open: Task;
  readonly message: Task;
  readonly get: Task;
  readonly queue: Task;
  readonly close: () => void;
}

/**
 * Prepares the operations on an engine that a desk runs on, whose queue already fills a page. `ticketFor` says which ticket of the desk
 * is read in a turn.
 */
export const bareOperations = async (
  { endpoint }: Engine,
  clients: number,
  ticketFor: (...at: Parameters<Task>) => string,
): Promise<BareOperations> => {
  const client = clientOf(endpoint);
  const tableName = await deskTableIn(client);
  await copyTable(client, tableName);
  client.destroy();
  const connection = connectTo(endpoint);
  const send = sender(connection);
  const example = ticketFor(0, 0);
  const reads = await catchReads(endpoint, tableName, example);
  return {
    ...(await writesOn(endpoint, send, clients)),
    get: reading(send, reads.ticket, (body, ...at) => body.replaceAll(example, ticketFor(...at))),
    queue: reading(send, reads.queue, (body) => body),
    close: () => {
      connection.close();
    },
  };
};
