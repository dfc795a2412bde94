/** How often a request goes to the table: opening a ticket is one read and one transaction, with or without a key. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../../lambdas/handlers/api/operations.ts';
import { runMutation, type Mutation } from '../../lambdas/handlers/api/mutation.ts';
import type { Call } from '../../lambdas/handlers/api/call.ts';
import { ticketMutations } from '../../lambdas/handlers/api/tickets.ts';
import { catalogue } from '../../lambdas/plans/catalogue.ts';
import { commit } from '../../lambdas/store/commit.ts';
import { startTable, type TestTable } from '../store/support.ts';
import { accountOn, having } from '../support/records.ts';

let running: TestTable;
const sent: string[] = [];
let tickets = 10;
beforeAll(async () => {
  running = await startTable('dynoxide');
  await commit(running.table, { account: { after: having(accountOn('scalix-basic'), 50) } });
  running.table.client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        sent.push(commandName ?? '');
        return next(args);
      },
    { step: 'initialize' },
  );
});
afterAll(() => running.stop());

const call = (more: object): Call =>
  ({
    caller: { role: 'customer', accountId: accountOn('scalix-basic').accountId, email: 'ann@example.com', id: 'ann' },
    now: '2026-03-02T15:00:00.000Z',
    params: {},
    query: {},
    body: { accountId: accountOn('scalix-basic').accountId, subject: 'Stuck', description: 'Nothing.', channel: 'api' },
    freshId: () => `01KJQH0CG295N6YMHQAZ9JXK${String((tickets += 1))}`,
    ...more,
  }) as unknown as Call;

describe('opening a ticket', () => {
  it.each([{}, { idempotencyKey: 'key-1' }])('is one read round trip and one transaction (%j)', async (more) => {
    sent.length = 0;
    const operation = operations.find(({ operationId }) => operationId === 'openTicket')!;
    const mutation = ticketMutations.openTicket({ table: running.table, catalogue }) as unknown as Mutation<Call>;
    const { status } = await runMutation(running.table, operation, mutation, call(more));
    expect(status).toBe(201);
    expect(sent).toEqual(['BatchGetItemCommand', 'TransactWriteItemsCommand']);
  });
});
