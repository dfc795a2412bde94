/** Correcting a severity on a running desk. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { customerOn } from '../support/desk.ts';
import { expectRefused, startStory, type Story } from '../support/story.ts';

let on: Story;
beforeAll(async () => {
  on = await startStory();
});
afterAll(() => on.stop());

it('SV-08 lets an engineer correct the proposed severity with a reason, at no charge, and split keeps it', async () => {
  const customer = await customerOn(on.desk, 'severity-gold', { timeZone: 'Europe/Berlin', region: 'DE' });
  const id = await on.open(customer, {
    channel: 'email',
    severity: { usersAffected: 'majority', businessBlocked: true },
  });
  const { priority } = await on.ticket(id);
  const body = { priority: 'severity-4', reason: 'One user is affected.' };
  expectRefused(await on.step(id, 'reprioritize', body, customer.administrator), 403, 'forbidden');
  expect((await on.step(id, 'reprioritize', body)).body).toMatchObject({
    priority: 'severity-4',
    charge: { amount: 1 },
  });
  expect((await on.timeline(id)).at(-1)).toMatchObject({ type: 'reprioritized', from: priority, reason: body.reason });
  expect(await on.entries(customer, 'charge')).toHaveLength(1);
  const done = await on.step(id, 'split', { problems: [{ subject: 'One', description: 'One' }] });
  expect(await on.ticket(done.body.splitInto[0])).toMatchObject({ priority: 'severity-4', charge: { amount: 1 } });
});
