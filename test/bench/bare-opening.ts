/**
 * The transaction of an opening without the desk: what the desk's own code sends to the engine is caught once, and sent again by
 * plain HTTP with other ids: the same items, conditions and sizes. It goes to a table of the same shape beside the desk's, because
 * the desk would take up what is written to its own. The trap: every client has an account of its own, and puts it in its own place.
 */
import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ulid } from 'ulid';
import type { Call } from '../../lambdas/handlers/api/call.ts';
import { runMutation, type Mutation } from '../../lambdas/handlers/api/mutation.ts';
import { operations } from '../../lambdas/handlers/api/operations.ts';
import { ticketMutations } from '../../lambdas/handlers/api/tickets.ts';
import { catalogue } from '../../lambdas/plans/catalogue.ts';
import { commit } from '../../lambdas/store/commit.ts';
import { openTable, type Table } from '../../lambdas/store/table.ts';
import type { Engine } from '../../lib/local/engine.ts';
import { ACCOUNT_ID, accountOn, having } from '../support/records.ts';
import { tapEngine } from './engine-tap.ts';
import { connectTo, dynamoDbHeaders } from './http.ts';
import type { Task } from './load.ts';

const LIMITS = { openingsPerHour: 1_000_000, openingsPerDay: 1_000_000, changesPerHour: 1_000_000 };
const BARE = 'bare';

export const clientOf = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

/** The name of the one table that a desk has made in its engine. */
export const deskTableIn = async (client: DynamoDBClient): Promise<string> => {
  const { TableNames: [name] = [] } = await client.send(new ListTablesCommand());
  if (name === undefined) throw new Error('the engine has no table');
  return name;
};

/** A table with the keys, the indexes and the stream of the desk's own. */
const copyTable = async (client: DynamoDBClient, name: string): Promise<void> => {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: await deskTableIn(client) }));
  await client.send(
    new CreateTableCommand({
      TableName: name,
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

interface Write {
  readonly Put?: { readonly Item: Record<string, { S?: string; N?: string }>; ExpressionAttributeValues?: object };
}
interface Caught {
  /** By which the engine knows a transaction that is sent again. */
  readonly ClientRequestToken: string;
  readonly TransactItems: readonly Write[];
}

/** What the desk's code sends for one opening. */
const catchOpening = async (endpoint: string): Promise<Caught> => {
  const tap = await tapEngine(endpoint);
  const client = clientOf(tap.endpoint);
  const table: Table = openTable(BARE, client);
  const account = having(accountOn('luxsci-token-dedicated'), 100_000);
  await commit(table, { account: { after: account } });
  tap.take();
  const now = new Date().toISOString();
  const caller = { role: 'customer', accountId: ACCOUNT_ID, email: 'ann@example.com', id: 'ann' };
  const body = {
    ...{ accountId: ACCOUNT_ID, channel: 'api', priority: 'standard', subject: 'Mail is stuck' },
    description: 'Nothing leaves the queue since this morning.',
  };
  const call = { caller, now, params: {}, query: {}, body, freshId: () => ulid() } as unknown as Call;
  const operation = operations.find(({ operationId }) => operationId === 'openTicket');
  if (!operation) throw new Error('the contract has no opening');
  const mutation = ticketMutations.openTicket({ table, catalogue }) as unknown as Mutation<Call>;
  await runMutation(table, operation, { ...mutation, limits: LIMITS }, call);
  const sent = tap.take().find(({ operation: name }) => name === 'TransactWriteItems');
  client.destroy();
  await tap.stop();
  return sent?.input as unknown as Caught;
};

const itemOf = (caught: Caught, entity: string) =>
  caught.TransactItems.find(({ Put }) => Put?.Item.entity?.S === entity)?.Put;

export interface BareOpening {
  readonly task: Task;
  /** How many items the transaction writes, and the bytes of its request. */
  readonly size: { readonly items: number; readonly bytes: number };
  readonly close: () => void;
}

/** Prepares the bare transaction on an engine that a desk runs on. */
export const bareOpening = async (engine: Engine, clients: number): Promise<BareOpening> => {
  const client = clientOf(engine.endpoint);
  await copyTable(client, BARE);
  const caught = await catchOpening(engine.endpoint);
  const account = itemOf(caught, 'account');
  const ticketUlid = itemOf(caught, 'ticket')?.Item.pk?.S?.slice('TICKET#tkt_'.length);
  if (!account || ticketUlid === undefined) throw new Error('an opening writes no ticket and no account any more');
  // It replaces an account by itself, so that the next one finds the version that it asks for.
  account.Item.version = (account.ExpressionAttributeValues as Record<string, { N: string }>)[':before'] ?? {};
  const template = JSON.stringify(caught);
  const accountUlid = ACCOUNT_ID.slice('acc_'.length);
  const accounts = Array.from({ length: clients }, () => ulid());
  const connection = connectTo(engine.endpoint);
  for (const own of accounts) {
    const put = JSON.stringify({ TableName: BARE, Item: account.Item }).replaceAll(accountUlid, own);
    await connection.post('/', put, dynamoDbHeaders('PutItem'));
  }
  const headers = dynamoDbHeaders('TransactWriteItems');
  return {
    size: { items: caught.TransactItems.length, bytes: Buffer.byteLength(template) },
    task: async (number) => {
      const body = template
        .replace(caught.ClientRequestToken, randomUUID())
        .replaceAll(ticketUlid, ulid())
        .replaceAll(accountUlid, accounts[number] ?? '');
      const { status, text } = await connection.post('/', body, headers);
      if (status !== 200) throw new Error(text);
    },
    close: () => {
      connection.close();
      client.destroy();
    },
  };
};
