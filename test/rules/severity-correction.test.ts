/** Correcting a severity on a running desk. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { customerOn } from '../support/desk.ts';
import { expectRefused, seconds, startStory, type Story } from '../support/story.ts';

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

it('SV-06 SV-08 counts severity 4 from the opening where Professional had promised nothing before', async () => {
  const customer = await customerOn(on.desk, 'severity-professional', { timeZone: 'Europe/Berlin', region: 'DE' });
  const other = await customerOn(on.desk, 'severity-professional', { timeZone: 'Europe/Berlin', region: 'DE' });
  const fresh = await on.open(customer, { priority: 'severity-3' });
  const asked = { accountId: other.accountId, subject: 'Slow', description: 'Slow.', priority: 'severity-4' };
  const { targets } = (await other.user.post('/v1/quotes', asked)).body;
  const stale = await on.open(other, { priority: 'severity-3' });
  const correct = async (id: string) => {
    await on.step(id, 'reprioritize', { priority: 'severity-4', reason: 'One user is affected.' });
    return on.ticket(id);
  };
  await on.moveTo(targets[0].deadline, -3600);
  expect((await correct(fresh)).targets).toMatchObject([{ kind: 'first-response', state: 'running' }]);
  expect(Math.abs(seconds(targets[0].deadline, await on.deadline(fresh, 'first-response')))).toBeLessThan(5);
  // Where those 24 hours are over, nothing becomes late by the correction: they count from then on.
  await on.moveTo(targets[0].deadline, 3600);
  await correct(stale);
  expect(seconds(on.now(), await on.deadline(stale, 'first-response'))).toBeGreaterThan(24 * 3600 - 5);
  expect(await on.types(stale)).toEqual(['opened', 'reprioritized']);
});
