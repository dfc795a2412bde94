/**
 * What the desk's own code sends to its engine for an operation, caught by running that code in this process in front of the engine: a
 * message's or an opening's transaction, the reads of a ticket or a queue. It times nothing and sends nothing again. The trap: the ids and
 * versions that were caught are those of one moment.
 */
import { ulid } from 'ulid';
import type { Call } from '../../lambdas/handlers/api/call.ts';
import { runMutation, type Mutation } from '../../lambdas/handlers/api/mutation.ts';
import { operations } from '../../lambdas/handlers/api/operations.ts';
import { ticketMutations, ticketQueries } from '../../lambdas/handlers/api/tickets.ts';
import { catalogue } from '../../lambdas/plans/catalogue.ts';
import { commit } from '../../lambdas/store/commit.ts';
import { openTable } from '../../lambdas/store/table.ts';
import { ACCOUNT_ID, accountOn, having } from '../support/records.ts';
import { clientOf } from './engine-client.ts';
import { tapEngine, type EngineCall } from './engine-tap.ts';

const LIMITS = { openingsPerHour: 1_000_000, openingsPerDay: 1_000_000, changesPerHour: 1_000_000 };
const UNITS = 100_000;
/** What a page holds where nobody says otherwise, as in the contract. */
const PAGE = 50;

const customer = { role: 'customer', accountId: ACCOUNT_ID, email: 'ann@example.com', id: 'ann' };
const engineer = { role: 'engineer', email: 'eve@example.com', tier: 'TS1', id: 'eve' };
export const OPENING = {
  subject: 'Mail is stuck',
  description: 'Nothing leaves the queue since this morning.',
  priority: 'standard',
};
export const MESSAGE = { body: 'We look into it.', visibility: 'public' };

export type Values = Record<string, { readonly S?: string; readonly N?: string }>;

/** A write of a caught transaction. */
export interface Write {
  readonly Put?: { readonly Item: Values; readonly ExpressionAttributeValues?: Values };
  readonly Update?: { readonly Key: Values; readonly ExpressionAttributeValues: Values };
}

export interface Transaction {
  /** By which the engine knows a transaction that is sent again. */
  readonly ClientRequestToken: string;
  readonly TransactItems: readonly Write[];
}

const callOf = (call: object): Call =>
  ({
    now: new Date().toISOString(),
    params: {},
    query: {},
    body: {},
    freshId: () => ulid(),
    ...call,
  }) as unknown as Call;

/** Runs something with a table behind a tap, and answers with what it gives. */
const tapped = async <Result>(
  endpoint: string,
  tableName: string,
  run: (
    desk: { table: ReturnType<typeof openTable>; catalogue: typeof catalogue },
    take: () => EngineCall[],
  ) => Promise<Result>,
): Promise<Result> => {
  const tap = await tapEngine(endpoint);
  const client = clientOf(tap.endpoint);
  try {
    return await run({ table: openTable(tableName, client), catalogue }, tap.take);
  } finally {
    client.destroy();
    await tap.stop();
  }
};

const transactionIn = (calls: readonly EngineCall[]): Transaction => {
  const sent = calls.find(({ operation }) => operation === 'TransactWriteItems');
  if (!sent) throw new Error('the operation writes no transaction any more');
  return sent.input as unknown as Transaction;
};

export interface CaughtWrites {
  readonly opening: Transaction;
  /** Of an engineer, on a ticket that was answered before, so that it moves no clock. */
  readonly message: Transaction;
  /** The ticket that the message was written on, as it was before. */
  readonly ticket: Values;
  readonly ticketId: string;
}

/** Opens a ticket and writes two messages on it, in a table that no desk runs on. */
export const catchWrites = (endpoint: string, tableName: string): Promise<CaughtWrites> =>
  tapped(endpoint, tableName, async (desk, take) => {
    await commit(desk.table, { account: { after: having(accountOn('luxsci-token-dedicated'), UNITS) } });
    const change = async (operationId: string, mutation: unknown, call: object): Promise<Transaction> => {
      const operation = operations.find((one) => one.operationId === operationId);
      if (!operation) throw new Error(`the contract has no ${operationId}`);
      take();
      await runMutation(desk.table, operation, { ...(mutation as Mutation<Call>), limits: LIMITS }, callOf(call));
      return transactionIn(take());
    };
    const body = { accountId: ACCOUNT_ID, channel: 'api', ...OPENING };
    const opening = await change('openTicket', ticketMutations.openTicket(desk), { caller: customer, body });
    const ticket = opening.TransactItems.find(({ Put }) => Put?.Item.entity?.S === 'ticket')?.Put?.Item;
    const ticketId = ticket?.pk?.S?.slice('TICKET#'.length);
    if (!ticket || ticketId === undefined) throw new Error('an opening writes no ticket any more');
    const say = () =>
      change('postMessage', ticketMutations.postMessage(desk), {
        ...{ caller: engineer, params: { ticketId }, body: MESSAGE },
      });
    await say();
    return { opening, message: await say(), ticket, ticketId };
  });

export interface CaughtReads {
  readonly ticket: readonly EngineCall[];
  readonly queue: readonly EngineCall[];
}

/** Reads a ticket and the first tier's queue in the table that a desk runs on. */
export const catchReads = (endpoint: string, tableName: string, ticketId: string): Promise<CaughtReads> =>
  tapped(endpoint, tableName, async (desk, take) => {
    await ticketQueries.getTicket(desk, callOf({ caller: engineer, params: { ticketId } }));
    const ticket = take();
    const asked = { caller: engineer, params: { tier: 'TS1' }, query: { limit: PAGE } };
    await ticketQueries.listQueue(desk, callOf(asked));
    return { ticket, queue: take() };
  });
