/** What holds in every programme, on a running desk. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { deadlineOf } from '../../lambdas/domain/ticket/targets.ts';
import { customerOn } from '../support/desk.ts';
import { accountOn, having, openedOn } from '../support/records.ts';
import { emergency, expectRefused, seconds, secondsAfter, startStory, type Story } from '../support/story.ts';

let on: Story;
beforeAll(async () => {
  on = await startStory();
});
afterAll(() => on.stop());

describe('EV-01', () => {
  // New York, Monday to Friday, nine to five; a desk for each, so that none has years to go.
  const cases = [
    ['over the night in which summer time begins', '2026-03-06T20:30:00.000Z', '2026-03-09T15:30:00.000Z'],
    ['over the night in which it ends', '2026-10-30T19:30:00.000Z', '2026-11-02T16:30:00.000Z'],
    ['over Thanksgiving', '2026-11-25T21:00:00.000Z', '2026-11-27T17:00:00.000Z'],
    ['over Christmas and the weekend after it', '2026-12-24T21:30:00.000Z', '2026-12-28T17:30:00.000Z'],
    ['over a leap day', '2028-02-28T20:00:00.000Z', '2028-02-29T16:00:00.000Z'],
    ['on a leap day', '2028-02-29T17:00:00.000Z', '2028-02-29T21:00:00.000Z'],
  ] as const;

  it.each(cases)('EV-01 counts four business hours %s', async (_what, opensAt, deadline) => {
    const here = await startStory(opensAt);
    onTestFinished(() => here.stop());
    const id = await here.open(await here.scalix());
    // A desk is a moment later than it was started at, and its deadlines are later by as much.
    const expected = secondsAfter(deadline, Math.floor(seconds(opensAt, (await here.ticket(id)).openedAt)));
    expect(await here.deadline(id, 'first-response')).toBe(expected);
    await here.moveTo(expected, -1);
    expect(await here.types(id)).toEqual(['opened']);
    await here.moveTo(expected, 1);
    expect((await here.timeline(id))[1]).toMatchObject({ type: 'missed', at: expected });
  });

  it('EV-01 ends a span at closing time where it is used up then, and begins one at the next opening', () => {
    const basic = (openedAt: string) => {
      const { ticket } = openedOn(having(accountOn('scalix-basic'), 50, '2027-01-04T12:00:00.000Z'), openedAt);
      return deadlineOf(ticket, ticket.targets[0]!);
    };
    expect(basic('2027-03-01T18:00:00.000Z')).toBe('2027-03-01T22:00:00.000Z');
    expect(basic('2027-03-01T18:00:01.000Z')).toBe('2027-03-02T14:00:01.000Z');
    expect(basic('2027-03-01T22:00:00.000Z')).toBe('2027-03-02T18:00:00.000Z');
    expect(basic('2027-03-07T12:00:00.000Z')).toBe('2027-03-08T18:00:00.000Z');
  });

  it('EV-01 counts in the customer’s own zone', async () => {
    const here = await startStory('2028-03-06T07:00:00.000Z');
    onTestFinished(() => here.stop());
    const deadlines = await Promise.all(
      (['Europe/Berlin', 'Asia/Tokyo', 'America/New_York'] as const).map(async (timeZone) => {
        const customer = await customerOn(here.desk, 'scalix-basic', { units: 50, timeZone });
        return here.deadline(await here.open(customer), 'first-response');
      }),
    );
    const [berlin, tokyo, newYork] = deadlines;
    // 08:00 in Berlin opens at nine; it is 16:00 in Tokyo, an hour before closing; New York is asleep.
    expect(berlin).toBe('2028-03-06T12:00:00.000Z');
    expect(seconds('2028-03-07T03:00:00.000Z', tokyo!)).toBeGreaterThanOrEqual(0);
    expect(seconds('2028-03-07T03:00:00.000Z', tokyo!)).toBeLessThan(30);
    expect(newYork).toBe('2028-03-06T18:00:00.000Z');
  });
});

it('EV-02 stops the resolution clock, and no response clock, until the customer answers', async () => {
  const customer = await on.luxsci();
  const id = await on.open(customer, { priority: 'standard' });
  const [response, solution] = [await on.deadline(id, 'first-response'), await on.deadline(id, 'resolution')];
  await on.step(id, 'pause', { reason: 'Which version?' });
  const pausedAt = on.now();
  expect(await on.target(id, 'first-response')).toMatchObject({ state: 'running', deadline: response });
  expect(await on.target(id, 'resolution')).toMatchObject({ state: 'paused', deadline: null });
  await on.say(id);
  await on.desk.advance(10 * 86_400);
  await on.say(id, { body: '12.5' }, customer.user);
  const waited = seconds(pausedAt, on.now());
  const moved = seconds(solution, await on.deadline(id, 'resolution'));
  expect(Math.abs(moved - waited)).toBeLessThan(5);
  expect(await on.types(id)).toEqual(['opened', 'paused', 'message', 'answered', 'message', 'resumed']);
});

describe('EV-03', () => {
  it('EV-03 credits once however many requests find the miss first, at the same time as the timer', async () => {
    const customer = await on.luxsci();
    const id = await on.open(customer, emergency);
    const promised = await on.deadline(id, 'first-response');
    await on.moveTo(promised, -1);
    const timer = on.moveTo(promised, 2);
    const requests = Array.from({ length: 6 }, (_, place) =>
      on.engineer.post(`/v1/tickets/${id}/messages`, { body: `Note ${String(place)}`, visibility: 'internal' }),
    );
    await Promise.all([timer, ...requests]);
    await on.desk.settled();
    await on.desk.advance(5);
    expect((await on.types(id)).filter((type) => type === 'credited')).toEqual(['credited']);
    expect(await on.entries(customer, 'credit')).toHaveLength(1);
    expect(await on.available(customer)).toBe(20);
  });

  it('EV-03 gives one refund for a finding that is sent twice or raced', async () => {
    const customer = await on.luxsci();
    const id = await on.open(customer, emergency);
    const send = (key: string) =>
      on.engineer.post(`/v1/tickets/${id}/classify`, { as: 'product-bug' }, { 'idempotency-key': key });
    const answers = await Promise.all([send('one'), send('one'), send('two'), send('three')]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await on.types(id)).filter((type) => type === 'classified')).toHaveLength(1);
    await on.moveTo(await on.deadline(id, 'first-response'), 1);
    expect(await on.entries(customer, 'credit')).toHaveLength(1);
    expect(await on.available(customer)).toBe(20);
  });

  it('EV-03 splits once under one key, and charges once', async () => {
    const customer = await on.luxsci();
    const id = await on.open(customer, { priority: 'standard' });
    const body = { problems: [{ subject: 'One', description: 'One' }] };
    const send = () => on.engineer.post(`/v1/tickets/${id}/split`, body, { 'idempotency-key': 'split-once' });
    const [first, second] = await Promise.all([send(), send()]);
    expect(second.body).toEqual(first.body);
    expect(await on.available(customer)).toBe(18);
    expect((await customer.user.get('/v1/tickets')).body.items).toHaveLength(2);
  });
});

it('EV-06 gives a raised ticket the shorter of what it had left and the new span, and takes the difference', async () => {
  const customer = await on.luxsci(12);
  const id = await on.open(customer, { priority: 'standard' });
  const promised = await on.deadline(id, 'first-response');
  await on.moveTo(promised, -1800);
  const raised = await on.step(id, 'reprioritize', { priority: 'emergency', reason: 'Down.' }, customer.administrator);
  expect(raised.status).toBe(200);
  // Half an hour was left, which is less than an hour; of the solution a day was left, which is more than four hours.
  expect(await on.deadline(id, 'first-response')).toBe(promised);
  const left = seconds(on.now(), await on.deadline(id, 'resolution'));
  expect(left).toBeGreaterThan(4 * 3600 - 10);
  expect(left).toBeLessThanOrEqual(4 * 3600);
  expect(await on.available(customer)).toBe(2);
  expect((await on.entries(customer, 'charge')).map(({ amount }) => amount)).toEqual([1, 9]);
});

it('EV-06 refuses a raise that the units on hand don’t pay for, and changes nothing', async () => {
  const customer = await on.luxsci(5);
  const id = await on.open(customer, { priority: 'standard' });
  const before = await on.ticket(id);
  const refused = await on.step(id, 'reprioritize', { priority: 'emergency', reason: 'Down.' }, customer.administrator);
  expectRefused(refused, 402, 'insufficient-credit');
  expect(refused.body).toMatchObject({ required: 9, available: 4, missing: 5 });
  expect(await on.ticket(id)).toEqual(before);
  expect(await on.available(customer)).toBe(4);
  const basic = await on.scalix();
  const other = await on.open(basic);
  expectRefused(
    await on.step(other, 'reprioritize', { priority: 'urgent', reason: '!' }, basic.user),
    400,
    'validation',
  );
});

it('EV-09 hides a ticket, and every step of its life, from other customers', async () => {
  const customer = await on.luxsci();
  const stranger = await on.luxsci();
  const id = await on.open(customer, { priority: 'standard' });
  const before = await on.ticket(id);
  const steps = {
    close: {},
    reopen: { sameProblem: true },
    reprioritize: { priority: 'urgent', reason: 'Mine now.' },
    callback: { phone: '+1 555 0100' },
    rating: { score: 1 },
    messages: { body: 'Hello.' },
  };
  for (const [name, body] of Object.entries(steps)) {
    expectRefused(await on.step(id, name, body, stranger.administrator), 404, 'not-found');
  }
  for (const [name, body] of Object.entries({
    assign: { engineer: 'me' },
    escalate: { reason: 'Up.' },
    pause: { reason: '?' },
    plan: { summary: 'A plan.', expectedBy: '2030-01-01T00:00:00Z' },
    resolve: { summary: 'Done.' },
    classify: { as: 'free' },
    split: { problems: [{ subject: 'One', description: 'One' }] },
  })) {
    expectRefused(await on.step(id, name, body, customer.administrator), 403, 'forbidden');
  }
  expect(await on.ticket(id)).toEqual(before);
  expect(await on.available(stranger)).toBe(20);
});

it('lets a manager do in a ticket’s life what an engineer may, but not answer', async () => {
  const customer = await on.luxsci();
  const id = await on.open(customer, { priority: 'standard' });
  expectRefused(await on.say(id, {}, on.manager), 403, 'forbidden');
  await on.say(id);
  for (const [name, body] of Object.entries({
    assign: { engineer: 'eve@example.com' },
    escalate: { reason: 'Up.' },
    reprioritize: { priority: 'urgent', reason: 'It grows.' },
    split: { problems: [{ subject: 'One', description: 'One' }] },
    callback: { phone: '+1 555 0100' },
    pause: { reason: '?' },
    plan: { summary: 'A plan.', expectedBy: '2030-01-01T00:00:00Z' },
    classify: { as: 'free' },
  })) {
    expect((await on.step(id, name, body, on.manager)).status).toBe(200);
  }
  await on.say(id, { calledBack: true });
  for (const [name, body] of [
    ['resolve', { summary: 'Done.' }],
    ['close', {}],
    ['reopen', { sameProblem: true }],
  ] as const) {
    expect((await on.step(id, name, body, on.manager)).status).toBe(200);
  }
});

it('EV-12 credits the whole charge at the first missed answer, climbs, starts the span again, and never credits more', async () => {
  const customer = await on.luxsci();
  const id = await on.open(customer, emergency);
  const spans = [await on.deadline(id, 'first-response')];
  for (let tier = 0; tier < 2; tier += 1) {
    await on.moveTo(spans.at(-1)!, 1);
    spans.push(await on.deadline(id, 'escalation'));
  }
  expect(spans.map((due, place) => (place === 0 ? 3600 : seconds(spans[place - 1]!, due)))).toEqual([3600, 3600, 3600]);
  await on.moveTo(spans.at(-1)!, 1);
  await on.desk.advance(3 * 86_400);
  const missed = (await on.timeline(id)).filter(({ type }) => type === 'missed');
  expect(missed).toMatchObject([
    { target: 'first-response', makeGood: 10, escalatesTo: 'TS2' },
    { target: 'escalation', makeGood: 0, escalatesTo: 'TS3' },
    { target: 'escalation', makeGood: 0, tellsManagers: true },
    { target: 'resolution', makeGood: 0 },
  ]);
  expect(on.mails(id, 'managers@example.com').length).toBeGreaterThanOrEqual(3);
  expect(await on.entries(customer, 'credit')).toMatchObject([{ amount: 10 }]);
});
