/** The lifecycle rules of the points programme, on a running desk. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { momentIn } from '../../lambdas/handlers/mail/wording.ts';
import { expectRefused, seconds, secondsAfter, startStory, type Story } from '../support/story.ts';

let on: Story;
beforeAll(async () => {
  on = await startStory();
});
afterAll(() => on.stop());

it('SX-11 costs the same however many messages it takes', async () => {
  const customer = await on.scalix();
  const id = await on.open(customer);
  for (let round = 0; round < 6; round += 1) {
    expect((await on.say(id)).status).toBe(201);
    expect((await on.say(id, { body: 'And then?' }, customer.user)).status).toBe(201);
  }
  await on.step(id, 'resolve', { summary: 'Done.' });
  expect(await on.entries(customer, 'charge')).toMatchObject([{ amount: 10, ticketId: id }]);
  expect(await on.available(customer)).toBe(40);
});

it('SX-12 makes tickets of subordinate problems, each with its own charge, and tells what each costs', async () => {
  const customer = await on.scalix();
  const id = await on.open(customer);
  await on.say(id);
  const problems = [
    { subject: 'The calendar is empty', description: 'Since Monday.' },
    { subject: 'The index is slow', description: 'Searching takes a minute.' },
  ];
  const { status, body } = await on.step(id, 'split', { problems });
  expect(status).toBe(200);
  expect(body).toMatchObject({ ticketId: id, status: 'open', charge: { amount: 10 } });
  const [one, two, ...more] = body.splitInto as string[];
  expect(more).toEqual([]);
  for (const [place, ticketId] of [one!, two!].entries()) {
    expect(await on.ticket(ticketId)).toMatchObject({
      splitFrom: id,
      subject: problems[place]!.subject,
      charge: { unit: 'point', amount: 10, credited: 0 },
      contact: { email: 'ann@example.com' },
      targets: [{ kind: 'first-response', state: 'running' }],
    });
    expect((await on.timeline(ticketId))[0]).toMatchObject({ type: 'opened', actor: { role: 'engineer' } });
  }
  expect(await on.available(customer)).toBe(20);
  expect((await on.entries(customer, 'charge')).map(({ ticketId, amount }) => [ticketId, amount])).toEqual(
    expect.arrayContaining([id, one, two].map((ticketId) => [ticketId, 10])),
  );
  const told = on.mails(id).find(({ subject }) => subject.startsWith('Your ticket was split'));
  expect(told?.text).toContain(`${one!} “The calendar is empty”: 10 points`);
  expect(told?.text).toContain(`${two!} “The index is slow”: 10 points`);
  expect(on.mails(one!).map(({ subject }) => subject)).toContainEqual(expect.stringContaining('We have your ticket'));
  // Each has a clock of its own.
  await on.moveTo(await on.deadline(one!, 'first-response'), 1);
  expect(await on.types(one!)).toEqual(['opened', 'missed', 'credited', 'escalated']);
});

it('SX-12 tells the customer what a split would cost before it is done, and takes nothing', async () => {
  const customer = await on.scalix();
  const id = await on.open(customer);
  await on.say(id);
  const problems = [
    { subject: 'The calendar is empty', description: 'Since Monday.' },
    { subject: 'The index is slow', description: 'Searching takes a minute.' },
  ];
  const before = await on.available(customer);
  const quoted = await on.step(id, 'split', { problems, quoteOnly: true });
  expect(quoted.status).toBe(200);
  expect(quoted.body).not.toHaveProperty('splitInto');
  expect(await on.available(customer)).toBe(before);
  expect((await on.timeline(id)).at(-1)).toMatchObject({
    type: 'split-quoted',
    offers: [
      { subject: 'The calendar is empty', charge: { unit: 'point', amount: 10 } },
      { subject: 'The index is slow', charge: { unit: 'point', amount: 10 } },
    ],
    available: before,
  });
  const told = on.mails(id).filter(({ subject }) => subject.startsWith('What splitting your ticket would cost'));
  expect(told).toHaveLength(1);
  expect(told[0]!.text).toContain('“The index is slow” (normal): 10 points');
  expect(told[0]!.text).toContain(`20 points in all; you have ${String(before)} points on hand`);
  const { body } = await on.step(id, 'split', { problems });
  expect(body.splitInto).toHaveLength(2);
  expect(await on.available(customer)).toBe(before - 20);
});

it('SX-12 splits whole or not at all: two of three affordable are none', async () => {
  const customer = await on.scalix();
  const ids = [await on.open(customer), await on.open(customer), await on.open(customer)];
  const before = await on.ticket(ids[0]!);
  const problems = ['One', 'Two', 'Three'].map((subject) => ({ subject, description: subject }));
  const refused = await on.step(ids[0]!, 'split', { problems });
  expectRefused(refused, 402, 'insufficient-credit');
  expect(refused.body).toMatchObject({ required: 30, available: 20, missing: 10, unit: 'point' });
  expect(refused.body.detail).toBe('These 3 tickets cost 30 points; 20 on hand. None was opened.');
  const many = Array.from({ length: 10 }, (_, place) => ({ subject: String(place), description: 'Another one.' }));
  const most = await on.step(ids[0]!, 'split', { problems: many });
  // The smallest pack would do for the one ticket at which the units ran out, and not for all of them.
  expect(most.body).toMatchObject({ required: 100, missing: 80, packs: [110, 180] });
  expect(await on.available(customer)).toBe(20);
  expect(await on.ticket(ids[0]!)).toEqual(before);
  expect((await customer.user.get('/v1/tickets')).body.items).toHaveLength(3);
  expectRefused(await on.step(ids[0]!, 'split', { problems }, customer.administrator), 403, 'forbidden');
});

it('SX-13 gives the points back for a product bug, to the lots they came from', async () => {
  const customer = await on.scalix();
  const id = await on.open(customer, { channel: 'phone' });
  const { body } = await on.step(id, 'classify', { as: 'product-bug', reason: 'A fault in release 11.4.' });
  expect(body).toMatchObject({
    status: 'open',
    charge: { amount: 30, credited: 30 },
    classification: { as: 'product-bug', returned: 30, returnedTo: 'credits' },
  });
  expect(await on.available(customer)).toBe(50);
  expect(await on.entries(customer, 'credit')).toMatchObject([{ amount: 30, ticketId: id }]);
  expect(on.mails(id).at(-1)?.text).toContain('What came back: 30 points; they are on your account again.');
});

it('SX-13 asks the billing system for a refund to the card instead, never both', async () => {
  const customer = await on.scalix();
  const id = await on.open(customer);
  await on.step(id, 'classify', { as: 'product-bug', refundTo: 'card' });
  expect(await on.entries(customer, 'refund-request')).toMatchObject([{ amount: 10, ticketId: id, lots: [] }]);
  expect(await on.available(customer)).toBe(40);
  expect((await on.ticket(id)).charge).toMatchObject({ amount: 10, credited: 10 });
  // Neither another finding nor a miss gives it back again.
  await on.step(id, 'classify', { as: 'product-bug', refundTo: 'credits' });
  await on.moveTo(await on.deadline(id, 'first-response'), 1);
  expect(await on.types(id)).toEqual(['opened', 'classified', 'classified', 'missed', 'escalated']);
  expect(await on.entries(customer, 'credit')).toEqual([]);
  expect(await on.entries(customer, 'refund-request')).toHaveLength(1);
  expect(await on.available(customer)).toBe(40);
});

it('SX-13 finds a bug after the make-good, and after closing, and gives back only what is still out', async () => {
  const customer = await on.scalix();
  const missed = await on.open(customer);
  await on.moveTo(await on.deadline(missed, 'first-response'), 1);
  await on.step(missed, 'classify', { as: 'product-bug', refundTo: 'card' });
  expect(await on.entries(customer, 'refund-request')).toEqual([]);
  expect(await on.entries(customer, 'credit')).toMatchObject([{ amount: 10, ticketId: missed }]);

  const closed = await on.open(customer);
  await on.step(closed, 'close', {}, customer.user);
  expect((await on.step(closed, 'classify', { as: 'product-bug' }, on.manager)).body).toMatchObject({
    status: 'closed',
    charge: { credited: 10 },
  });
  expect(await on.available(customer)).toBe(50);
});

it('SX-16 declines what support does not do: it costs nothing, has no clock, and says where to turn', async () => {
  const customer = await on.scalix();
  const id = await on.open(customer);
  const { body } = await on.step(id, 'classify', { as: 'declined', reason: 'This is tuning.' });
  expect(body).toMatchObject({ status: 'declined', charge: { amount: 10, credited: 10 } });
  expect(await on.available(customer)).toBe(50);
  expect(on.mails(id).at(-1)).toMatchObject({
    subject: expect.stringContaining('We can’t take your ticket'),
    text: expect.stringMatching(/Why: This is tuning\.\s+Where to turn instead: .*a partner or professional services/),
  });
  await on.desk.advance(3 * 86_400);
  expect(await on.types(id)).toEqual(['opened', 'classified', 'credited']);
  expect(on.desk.desk.executions().filter(({ name }) => name.startsWith(id))).toMatchObject([{ status: 'SUCCEEDED' }]);
  for (const [step, more] of [
    ['reopen', { sameProblem: true }],
    ['classify', { as: 'free' }],
    ['close', {}],
  ] as const) {
    const refused = await on.step(id, step, more);
    expectRefused(refused, 409, 'wrong-state');
    expect(refused.body.ticketStatus).toBe((await on.ticket(id)).status);
  }
});

it('SX-17 reopens the same problem without a new charge, its closed time not counted', async () => {
  const customer = await on.scalix();
  await on.moveTo('2026-05-04T15:00:00.000Z');
  const id = await on.open(customer);
  await on.moveTo('2026-05-04T16:00:00.000Z');
  await on.step(id, 'close', {}, customer.user);
  await on.moveTo('2026-05-06T17:00:00.000Z');
  const { status, body } = await on.step(id, 'reopen', { sameProblem: true }, customer.user);
  expect(status).toBe(200);
  expect(body).toMatchObject({ status: 'open', charge: { amount: 10, credited: 0 } });
  expect(body).not.toHaveProperty('closedAt');
  expect(await on.available(customer)).toBe(40);
  // What was left of the four hours at noon on Monday is left on Wednesday.
  const deadline = await on.deadline(id, 'first-response');
  const [start, closed, again] = (await on.timeline(id)).map(({ at }) => at);
  expect(seconds(start!, closed!)).toBeGreaterThan(3500);
  const begun = Math.floor(Date.parse(start!) / 1000) * 1000;
  const left = 4 * 3_600_000 - (Date.parse(closed!) - begun);
  expect(Date.parse(deadline) - Date.parse(again!)).toBe(left);
  await on.moveTo(deadline, 2);
  expect(await on.types(id)).toEqual(['opened', 'closed', 'reopened', 'missed', 'credited', 'escalated']);
  const clocks = on.desk.desk
    .executions()
    .filter(({ name }) => name.startsWith(id))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  expect(clocks.map(({ name, status: state }) => [name, state])).toEqual([
    [`${id}-0`, 'SUCCEEDED'],
    [`${id}-1`, 'RUNNING'],
  ]);
});

it('SX-17 refuses another problem, an open ticket, and the ninety-first day, and says what to do', async () => {
  const customer = await on.scalix();
  const id = await on.open(customer);
  expectRefused(await on.step(id, 'reopen', { sameProblem: true }, customer.user), 409, 'wrong-state');
  await on.step(id, 'close', {}, customer.user);
  const { closedAt } = await on.ticket(id);
  expectRefused(await on.step(id, 'reopen', { sameProblem: false }, customer.user), 400, 'validation');
  await on.moveTo(secondsAfter(closedAt, 89 * 86_400));
  expect((await on.step(id, 'reopen', { sameProblem: true }, customer.user)).status).toBe(200);
  await on.say(id);
  await on.step(id, 'close', {}, customer.user);
  await on.moveTo(secondsAfter(closedAt, 90 * 86_400 + 2));
  const late = await on.step(id, 'reopen', { sameProblem: true }, customer.user);
  expectRefused(late, 409, 'wrong-state');
  expect(late.body).toMatchObject({
    detail: expect.stringContaining('Open a new ticket'),
    reopenableUntil: secondsAfter(closedAt, 90 * 86_400),
  });
  expect(await on.entries(customer, 'charge')).toHaveLength(1);
});

it('SX-17 says in the letter about a closing until when the ticket can be reopened, counted from the first one', async () => {
  const customer = await on.scalix();
  const id = await on.open(customer);
  const close = async () => {
    await on.step(id, 'close', {}, customer.user);
    await on.desk.settled();
    return on.mails(id).findLast(({ subject }) => subject.startsWith('Your ticket is closed'))?.text;
  };
  const first = await close();
  const { closedAt } = await on.ticket(id);
  const until = `you can reopen it until ${momentIn('America/New_York', secondsAfter(closedAt, 90 * 86_400))} at no charge.`;
  expect(first).toContain(until);
  await on.moveTo(closedAt, 89 * 86_400);
  await on.step(id, 'reopen', { sameProblem: true }, customer.user);
  expect(await close()).toContain(until);
  await on.step(id, 'reopen', { sameProblem: true }, customer.user);
  await on.moveTo(closedAt, 91 * 86_400);
  const last = await close();
  expect(last).toContain('It was closed on');
  expect(last).not.toContain('reopen');
});
