/** Ways to bend the promises, by either side, and why none of them pays. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { emergency, expectRefused, seconds, startStory, type Story } from '../support/story.ts';

let on: Story;
beforeAll(async () => {
  on = await startStory();
});
afterAll(() => on.stop());

it('EV-06 raising the priority late makes no miss: the new span counts from the raise', async () => {
  const customer = await on.luxsci(20);
  const id = await on.open(customer, { priority: 'standard' });
  await on.desk.advance(20 * 3600);
  // An emergency would have been due nineteen hours ago.
  const raised = await on.step(id, 'reprioritize', { priority: 'emergency', reason: 'Now!' }, customer.administrator);
  expect(raised.body).toMatchObject({ priority: 'emergency', charge: { amount: 10, credited: 0 } });
  expect(await on.types(id)).toEqual(['opened', 'reprioritized']);
  const left = seconds(on.now(), await on.deadline(id, 'first-response'));
  expect(left).toBeGreaterThan(3590);
  expect(left).toBeLessThanOrEqual(3600);
  expect(await on.available(customer)).toBe(10);
  await on.say(id);
  await on.desk.advance(3600);
  expect(await on.entries(customer, 'credit')).toEqual([]);
});

it('LX-09 raising the priority after a miss takes nothing, and pays nothing back again', async () => {
  const customer = await on.luxsci(20);
  const id = await on.open(customer, { priority: 'standard' });
  await on.moveTo(await on.deadline(id, 'first-response'), 1);
  expect(await on.available(customer)).toBe(20);
  await on.step(id, 'reprioritize', { priority: 'emergency', reason: 'Now!' }, customer.administrator);
  expect(await on.available(customer)).toBe(20);
  await on.desk.advance(2 * 86_400);
  expect((await on.entries(customer, 'credit')).map(({ amount }) => amount)).toEqual([1]);
  expect(await on.ticket(id)).toMatchObject({ charge: { amount: 1, credited: 1 } });
  expect(await on.available(customer)).toBe(20);
});

it('lowering the priority once it was answered is refused, so nobody gets an emergency for nothing', async () => {
  const customer = await on.luxsci(20);
  const id = await on.open(customer, emergency);
  await on.say(id);
  const lower = { priority: 'informational', reason: 'Thanks.' };
  expectRefused(await on.step(id, 'reprioritize', lower, customer.administrator), 409, 'wrong-state');
  expect(await on.available(customer)).toBe(10);
});

it('pausing stops no response clock', async () => {
  const customer = await on.luxsci();
  const id = await on.open(customer, emergency);
  const promised = await on.deadline(id, 'first-response');
  await on.step(id, 'pause', { reason: 'Which version?' });
  expect(await on.target(id, 'first-response')).toMatchObject({ state: 'running', deadline: promised });
  expect(await on.target(id, 'resolution')).toMatchObject({ state: 'paused' });
  await on.moveTo(promised, 1);
  expect(await on.types(id)).toEqual(['opened', 'paused', 'missed', 'credited', 'escalated']);
});

it('an internal note, or a machine’s answer, is no response', async () => {
  const customer = await on.luxsci();
  const id = await on.open(customer, emergency);
  const promised = await on.deadline(id, 'first-response');
  await on.say(id, { visibility: 'internal' });
  await on.say(id, { automatic: true });
  await on.moveTo(promised, 1);
  expect((await on.types(id)).filter((type) => type === 'answered')).toEqual([]);
  expect(await on.available(customer)).toBe(20);
});

it('resolving or closing before answering is refused, and the miss comes', async () => {
  const customer = await on.luxsci();
  const id = await on.open(customer, emergency);
  expectRefused(await on.step(id, 'resolve', { summary: 'Done.' }), 409, 'wrong-state');
  expectRefused(await on.step(id, 'close'), 409, 'wrong-state');
  expectRefused(await on.step(id, 'close', {}, on.manager), 409, 'wrong-state');
  await on.moveTo(await on.deadline(id, 'first-response'), 1);
  // The next tier owes an answer as well.
  await on.say(id, { visibility: 'internal' });
  expectRefused(await on.step(id, 'resolve', { summary: 'Done.' }), 409, 'wrong-state');
  expect(await on.available(customer)).toBe(20);
});

it('splitting multiplies no credit: each ticket gives back what it cost, and customers can’t split', async () => {
  const customer = await on.luxsci(20);
  const id = await on.open(customer, { priority: 'urgent' });
  const problems = ['One', 'Two'].map((subject) => ({ subject, description: subject, priority: 'standard' }));
  expectRefused(await on.step(id, 'split', { problems }, customer.administrator), 403, 'forbidden');
  const { body } = await on.step(id, 'split', { problems });
  expect(await on.available(customer)).toBe(15);
  await on.desk.advance(10 * 86_400);
  const credits = await on.entries(customer, 'credit');
  expect(credits.map(({ ticketId, amount }) => [ticketId, amount]).toSorted()).toEqual(
    [[id, 3], ...body.splitInto.map((one: string) => [one, 1])].toSorted(),
  );
  expect(await on.available(customer)).toBe(20);
});

it('a late split restarts nothing: the ticket’s own clock goes on, and its miss stays', async () => {
  const customer = await on.luxsci(20);
  const id = await on.open(customer, emergency);
  const promised = await on.deadline(id, 'first-response');
  await on.moveTo(promised, -60);
  await on.step(id, 'split', { problems: [{ subject: 'One', description: 'One', priority: 'standard' }] });
  expect(await on.deadline(id, 'first-response')).toBe(promised);
  await on.moveTo(promised, 1);
  expect(await on.types(id)).toEqual(['opened', 'split', 'missed', 'credited', 'escalated']);
});

it('reopening restarts no missed clock and earns no second credit', async () => {
  const customer = await on.luxsci();
  const id = await on.open(customer, emergency);
  await on.moveTo(await on.deadline(id, 'resolution'), 1);
  await on.say(id);
  await on.step(id, 'resolve', { summary: 'Done.' });
  await on.step(id, 'close', {}, customer.user);
  const before = (await on.ticket(id)).targets;
  const { body } = await on.step(id, 'reopen', { sameProblem: true }, customer.user);
  expect(body.targets).toEqual(before);
  expect(body.targets.filter(({ state }: { state: string }) => state === 'running')).toEqual([]);
  await on.desk.advance(5 * 86_400);
  expect(await on.entries(customer, 'credit')).toHaveLength(1);
  expect(await on.available(customer)).toBe(20);
});

it('a solution that was none does not keep the promise: reopened, its clock goes on', async () => {
  const customer = await on.luxsci();
  const id = await on.open(customer, emergency);
  const promised = await on.deadline(id, 'resolution');
  await on.say(id);
  await on.moveTo(promised, -600);
  await on.step(id, 'resolve', { summary: 'Try again.' });
  await on.desk.advance(3600);
  await on.say(id, { body: 'It does not work.' }, customer.user);
  const left = seconds(on.now(), await on.deadline(id, 'resolution'));
  expect(left).toBeGreaterThan(590);
  expect(left).toBeLessThanOrEqual(601);
  await on.moveTo(await on.deadline(id, 'resolution'), 2);
  expect((await on.types(id)).slice(-2)).toEqual(['missed', 'credited']);
});

it('handing over to the next tier gains no time', async () => {
  const customer = await on.luxsci();
  const id = await on.open(customer, emergency);
  const promised = await on.deadline(id, 'first-response');
  await on.moveTo(promised, -5);
  await on.step(id, 'escalate', { reason: 'Too hard.' });
  expect(await on.deadline(id, 'first-response')).toBe(promised);
  await on.moveTo(promised, 1);
  expect(await on.available(customer)).toBe(20);
});
