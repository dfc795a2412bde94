/**
 * Quotas of an account: what its own people set in motion is counted with the change itself, and stops at the most. And the other
 * number that a desk can be given: over how many partitions its queues are spread.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDesk } from '../../lib/local/desk.ts';
import { prepare } from '../../lib/local/prepare.ts';
import { storedItems } from '../support/stored.ts';
import { customerOn, MONDAY_10_NEW_YORK, testDeskOf, type Customer, type TestDesk } from '../support/desk.ts';
import { deliver, ratingPathOf } from '../support/mail.ts';

let desk: TestDesk;
let customer: Customer;
let other: Customer;
beforeAll(async () => {
  const prepared = await prepare({ openingsPerHour: 3, openingsPerDay: '4', changesPerHour: 2, queueShards: 3 });
  const started = await startDesk({ prepared, startAt: Date.parse(MONDAY_10_NEW_YORK) });
  desk = testDeskOf(started);
  customer = await customerOn(desk, 'scalix-basic', { units: 180 });
  other = await customerOn(desk, 'scalix-basic', { units: 50 });
}, 120_000);
afterAll(() => desk.desk.stop());

const openBy = (who: Customer, headers?: Record<string, string>) =>
  who.user.post(
    '/v1/tickets',
    { accountId: who.accountId, subject: 'Mail is stuck', description: 'Nothing leaves.' },
    headers,
  );
const available = async () => (await customer.user.get(`/v1/accounts/${customer.accountId}/balance`)).body.available;

describe('a quota of openings', () => {
  it('lets at most so many through, however many come at once, and charges for those alone', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => openBy(customer)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 201, 429, 429, 429, 429, 429]);
    expect(await available()).toBe(150);
  });

  it('says what was too much and when to come back', async () => {
    const { status, headers, body } = await openBy(customer);
    expect(status).toBe(429);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toMatchObject({
      type: 'urn:makegood:problem:busy',
      status: 429,
      counts: 'openings',
      per: 'hour',
      most: 3,
      retryAt: '2026-03-02T16:00:00.000Z',
    });
    const seconds = Number(headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(3000);
    expect(seconds).toBeLessThanOrEqual(3600);
  });

  it('is the account’s own', async () => {
    expect((await openBy(other)).status).toBe(201);
  });

  it('does not count the answer to a request that was sent again', async () => {
    const key = { 'idempotency-key': 'once' };
    await desk.moveTo('2026-03-02T16:00:00.000Z');
    const answers = [await openBy(customer, key), await openBy(customer, key), await openBy(customer, key)];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.ticketId)).size).toBe(1);
  });

  it('begins anew with the hour, and the day has one of its own', async () => {
    await desk.moveTo('2026-03-02T17:30:00.000Z');
    const { status, body } = await openBy(customer);
    expect({ status, per: body.per, retryAt: body.retryAt }).toEqual({
      status: 429,
      per: 'day',
      retryAt: '2026-03-03T00:00:00.000Z',
    });
    await desk.moveTo('2026-03-03T00:00:00.000Z');
    expect((await openBy(customer)).status).toBe(201);
  });
});

describe('a quota of openings, by mail', () => {
  const write = async () =>
    (await deliver(await desk.as(), { from: 'Mia <mia@example.com>', returnPath: 'mia@example.com' })).body;

  it('counts each ticket that a mail opens like one over HTTP, and answers the mail that is too much', async () => {
    await desk.moveTo('2026-03-03T15:00:00.000Z');
    const contacts = [{ email: 'mia@example.com', name: 'Mia', role: 'administrator' }];
    const { accountId } = await customerOn(desk, 'scalix-basic', { units: 50, contacts });
    const mia = await desk.as({ role: 'customer', account: accountId, email: 'mia@example.com' });
    const outcomes = [await write(), await write(), await write(), await write()].map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['opened', 'opened', 'opened', 'refused']);
    expect((await mia.get(`/v1/accounts/${accountId}/balance`)).body.available).toBe(20);
    expect((await mia.get(`/v1/tickets?accountId=${accountId}`)).body.items).toHaveLength(3);
    const over = await mia.post('/v1/tickets', { accountId, subject: 'Stuck', description: 'Nothing leaves.' });
    expect([over.status, over.body.per]).toEqual([429, 'hour']);
    await desk.settled();
    const letter = desk.desk.mails().find(({ subject }) => subject === 'Re: Mail is stuck');
    expect(letter).toMatchObject({ to: 'mia@example.com' });
    expect(letter?.text).toMatch(
      /has opened 3 tickets this hour[^]*Tuesday 3 March 2026, 11:00[^]*send your mail again/,
    );
  });
});

describe('a quota of changes', () => {
  it('stops the customer’s own people on one ticket, and neither other tickets nor the engineers', async () => {
    const [one, two] = [await openBy(customer), await openBy(customer)].map(({ body }) => String(body.ticketId));
    const write = (ticketId = '') => customer.user.post(`/v1/tickets/${ticketId}/messages`, { body: 'Any news?' });
    const statuses = [await write(one), await write(one), await write(one)].map(({ status }) => status);
    expect(statuses).toEqual([201, 201, 429]);
    expect((await write(two)).status).toBe(201);
    const engineer = await desk.as({ role: 'engineer', email: 'eve@example.com', tier: 'TS1' });
    for (const body of ['One.', 'Two.', 'Three.']) {
      expect((await engineer.post(`/v1/tickets/${one}/messages`, { body })).status).toBe(201);
    }
  });

  it('counts what comes by mail, and answers the mail that is too much', async () => {
    await desk.moveTo('2026-03-04T15:00:00.000Z');
    const contacts = [{ email: 'noa@example.com', name: 'Noa', role: 'administrator' }];
    await customerOn(desk, 'scalix-basic', { units: 50, contacts });
    const write = async (more: object) =>
      (await deliver(await desk.as(), { from: 'Noa <noa@example.com>', returnPath: 'noa@example.com', ...more })).body;
    const { ticketId } = await write({});
    const reply = () => write({ subject: `Re: [${String(ticketId)}]` });
    const answers = [await reply(), await reply(), await reply()];
    expect(answers.map(({ outcome }) => outcome)).toEqual(['replied', 'replied', 'refused']);
    await desk.settled();
    expect(
      desk.desk
        .mails()
        .filter(({ to }) => to.includes('noa@example.com'))
        .at(-1)?.text,
    ).toMatch(/was changed 2 times this hour[^]*send your mail again/);
  });

  it('counts whoever holds the link of a letter as the customer', async () => {
    await desk.moveTo('2026-03-04T16:00:00.000Z');
    const { ticketId } = (await openBy(await customerOn(desk, 'scalix-basic', { units: 50 }))).body;
    const engineer = await desk.as({ role: 'engineer', email: 'eve@example.com', tier: 'TS1' });
    await engineer.post(`/v1/tickets/${String(ticketId)}/messages`, { body: 'Done.' });
    await engineer.post(`/v1/tickets/${String(ticketId)}/resolve`, { summary: 'Done.' });
    await desk.desk.moveTo(desk.desk.clock.now() + 8 * 86_400_000);
    const path = await ratingPathOf(desk, String(ticketId));
    const rate = async (score: number) => (await engineer.post(path, { score })).status;
    expect([await rate(5), await rate(4), await rate(3)]).toEqual([200, 200, 429]);
  });

  it('holds for the account itself', async () => {
    const permit = (granted: boolean) =>
      customer.user.post(`/v1/accounts/${customer.accountId}/remote-access`, { granted });
    const statuses = [await permit(true), await permit(false), await permit(true)].map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 429]);
    const { body } = await customer.user.get(`/v1/accounts/${customer.accountId}/remote-access`);
    expect(body.granted).toBe(false);
  });
});

describe('a queue over three partitions', () => {
  const partitions = async () =>
    (await storedItems(desk.desk)).flatMap((item) => /QUEUE#TS1#(\d)"\}/.exec(item)?.[1] ?? []);

  it('is listed as one, soonest deadline first', async () => {
    // Chance places a ticket; so many in a row leave no partition empty.
    for (let more = 0; more < 40 && new Set(await partitions()).size < 3; more += 1) {
      await openBy(await customerOn(desk, 'scalix-basic', { units: 50 }));
    }
    const engineer = await desk.as({ role: 'engineer', email: 'eve@example.com', tier: 'TS1' });
    const { items } = (await engineer.get('/v1/queues/TS1')).body as { items: { nextDeadline: string }[] };
    expect(new Set(await partitions())).toEqual(new Set(['0', '1', '2']));
    expect(items).toHaveLength((await partitions()).length);
    const deadlines = items.map(({ nextDeadline }) => nextDeadline);
    expect(deadlines).toEqual(deadlines.toSorted());
  });
});
