/**
 * What the order of the stream may do. With more than one batch of a shard at a time Lambda keeps the changes of one item in order, by
 * partition and sort key, and nothing beyond: each event of a ticket is an item of its own, so they may come in any order at all.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDesk } from '../../lib/local/desk.ts';
import {
  type Customer,
  customerOn,
  MONDAY_10_NEW_YORK,
  openTicket,
  type Person,
  preparedDesk,
  testDeskOf,
  type TestDesk,
} from '../support/desk.ts';

const DISPATCH = 'lambdas/handlers/dispatch.lambda.ts';

let desk: TestDesk;
let engineer: Person;
let isHeldBack = false;
const heldBack: unknown[] = [];

beforeAll(async () => {
  const own = await startDesk({
    prepared: preparedDesk(),
    startAt: Date.parse(MONDAY_10_NEW_YORK),
    around: ({ plan, payload }, run) => {
      if (plan.entry !== DISPATCH || !isHeldBack) return run();
      heldBack.push(...(payload as { Records: unknown[] }).Records);
      return Promise.resolve({ requestId: 'held-back', payload: { batchItemFailures: [] } });
    },
  });
  desk = testDeskOf(own);
  engineer = await desk.as({ role: 'engineer', email: 'eve@example.com', tier: 'TS1' });
});
afterAll(() => desk.desk.stop());

/** Does the work while nothing is dispatched, and then dispatches what was written meanwhile, the latest first and one by one. */
const deliveredBackwards = async (work: () => Promise<string>): Promise<string> => {
  isHeldBack = true;
  const ticketId = await work();
  await desk.settled();
  isHeldBack = false;
  const records = heldBack.splice(0).toReversed();
  expect(records.length).toBeGreaterThan(1);
  for (const record of records) {
    const told = await desk.desk.invoke(DISPATCH, { Records: [record] });
    expect(told).toMatchObject({ payload: { batchItemFailures: [] } });
    await desk.settled();
  }
  expect(desk.desk.deadLetters()).toEqual([]);
  return ticketId;
};

const post = async (ticketId: string, call: string, body: object): Promise<void> => {
  expect((await engineer.post(`/v1/tickets/${ticketId}/${call}`, body)).status).toBeLessThan(300);
};
const running = (ticketId: string): string[] =>
  desk.desk
    .executions()
    .filter(({ name, status }) => name.startsWith(ticketId) && status === 'RUNNING')
    .map(({ name }) => name);
const types = async (ticketId: string): Promise<string[]> =>
  (await engineer.get(`/v1/tickets/${ticketId}/timeline`)).body.items.map(({ type }: { type: string }) => type);

it('a ticket that was changed before it was known to be open has one clock, which rings at its deadline', async () => {
  const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
  const id = await deliveredBackwards(async () => {
    const opened = await openTicket(customer, { priority: 'standard' });
    await post(opened, 'assign', { engineer: 'eve@example.com' });
    await post(opened, 'reprioritize', { priority: 'emergency', reason: 'All of them wait.' });
    return opened;
  });
  expect(running(id)).toEqual([`${id}-0`]);
  await desk.advance(3600 + 2);
  expect(await types(id)).toContain('missed');
});

const mendedAndClosed = async (customer: Customer): Promise<string> => {
  const opened = await openTicket(customer, { priority: 'emergency' });
  await post(opened, 'messages', { body: 'It is mended.' });
  await post(opened, 'resolve', { summary: 'It is mended.' });
  await post(opened, 'close', {});
  return opened;
};

it('a ticket that was closed meanwhile has none', async () => {
  const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
  const id = await deliveredBackwards(() => mendedAndClosed(customer));
  expect(running(id)).toEqual([]);
});

it('a ticket that was opened again meanwhile has that one’s alone', async () => {
  const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
  const id = await deliveredBackwards(async () => {
    const opened = await mendedAndClosed(customer);
    const again = await customer.administrator.post(`/v1/tickets/${opened}/reopen`, { sameProblem: true });
    expect(again.status).toBe(200);
    return opened;
  });
  expect(running(id)).toEqual([`${id}-1`]);
});
