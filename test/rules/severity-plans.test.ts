/** The four-severity programme: a monthly allowance, severities by definition, and targets in business time. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerOn, startTestDesk, type Customer, type Person, type TestDesk } from '../support/desk.ts';

/** Monday 2 March 2026, 10:00 in Berlin. */
const MONDAY_10_BERLIN = '2026-03-02T09:00:00.000Z';

let desk: TestDesk & { stop: () => Promise<void> };
let manager: Person;
let engineer: Person;
beforeAll(async () => {
  desk = await startTestDesk(MONDAY_10_BERLIN);
  manager = await desk.as({ role: 'manager', email: 'max@example.com' });
  engineer = await desk.as({ role: 'engineer', email: 'eve@example.com', tier: 'TS1' });
});
afterAll(() => desk.stop());

const on = (planId: string, more: object = {}) =>
  customerOn(desk, planId, { timeZone: 'America/New_York', region: 'US', ...more });
const request = ({ accountId }: Customer, more: object = {}) => ({
  accountId,
  subject: 'The shop is down',
  description: 'Nobody can order.',
  ...more,
});
const opening = (customer: Customer, more: object = {}) =>
  customer.administrator.post('/v1/tickets', request(customer, more));
const quote = async (customer: Customer, more: object = {}) =>
  (await customer.administrator.post('/v1/quotes', request(customer, more))).body;
const available = async ({ accountId }: Customer) =>
  (await manager.get(`/v1/accounts/${accountId}/balance`)).body.available as number;
const ledger = async ({ accountId }: Customer) =>
  (await manager.get(`/v1/accounts/${accountId}/ledger?limit=100`)).body.items as Record<string, any>[];

/** A deadline to the minute: the desk's clock ticks while the test runs. */
const minute = (at: string) => at.slice(0, 16);
const promised = async (planId: string, priority: string) => {
  const { targets } = await quote(await on(planId), { priority });
  return Object.fromEntries(
    targets.map(({ kind, deadline }: { kind: string; deadline: string }) => [kind, minute(deadline)]),
  );
};

describe('what is promised', () => {
  it('SV-02 business hours are Monday to Friday 9 to 17 in Berlin without holidays; more comes by contract', async () => {
    const { body } = await engineer.get('/v1/plans/severity-gold');
    expect(body.calendars.business).toMatchObject({ zone: 'Europe/Berlin', holidays: 'DE' });
    const usual = await on('severity-gold');
    const extended = await on('severity-gold', { extendedHours: true });
    const resolution = async (customer: Customer) =>
      minute((await quote(customer, { priority: 'severity-2' })).targets[1].deadline);
    // Three business days after Monday are Thursday for both; seven are a Wednesday or, weekends counted, a Monday.
    expect(await resolution(usual)).toBe('2026-03-05T09:00');
    const weeks = async (customer: Customer) =>
      minute((await quote(customer, { priority: 'severity-3' })).targets[1].deadline);
    expect(await weeks(usual)).toBe('2026-03-11T09:00');
    expect(await weeks(extended)).toBe('2026-03-09T09:00');
  });

  it('SV-03 severity 1: answered within 8 business hours, resolved within 32 (Enterprise) or 16 (Gold)', async () => {
    // Eight-hour days: 8 hours from Monday 10:00 end on Tuesday 10:00, 16 on Wednesday, 32 on Friday.
    expect(await promised('severity-enterprise', 'severity-1')).toEqual({
      'first-response': '2026-03-03T09:00',
      resolution: '2026-03-06T09:00',
    });
    expect(await promised('severity-gold', 'severity-1')).toEqual({
      'first-response': '2026-03-03T09:00',
      resolution: '2026-03-04T09:00',
    });
  });

  it('SV-04 severity 2: answered within 16 or 8 business hours, resolved within 7 or 3 business days', async () => {
    expect(await promised('severity-enterprise', 'severity-2')).toEqual({
      'first-response': '2026-03-04T09:00',
      resolution: '2026-03-11T09:00',
    });
    expect(await promised('severity-gold', 'severity-2')).toEqual({
      'first-response': '2026-03-03T09:00',
      resolution: '2026-03-05T09:00',
    });
  });

  it('SV-05 severity 3: answered within 24 or 8 business hours, resolved within 14 or 7 business days', async () => {
    expect(await promised('severity-enterprise', 'severity-3')).toEqual({
      'first-response': '2026-03-05T09:00',
      resolution: '2026-03-20T09:00',
    });
    expect(await promised('severity-gold', 'severity-3')).toEqual({
      'first-response': '2026-03-03T09:00',
      resolution: '2026-03-11T09:00',
    });
  });

  it.each(['severity-professional', 'severity-enterprise', 'severity-gold'])(
    'SV-06 severity 4 on %s: answered within 24 business hours, resolved as well as can be',
    async (planId) => {
      expect(await promised(planId, 'severity-4')).toEqual({ 'first-response': '2026-03-05T09:00' });
    },
  );

  it('SV-08 the opener’s answers give the severity by the published definitions', async () => {
    const customer = await on('severity-enterprise');
    const proposed = async (severity: object) => (await quote(customer, { severity })).priority;
    const all = { usersAffected: 'majority' };
    expect(await proposed({ ...all, visibility: 'high', workaround: false, businessBlocked: true })).toBe('severity-1');
    expect(await proposed({ ...all, workaround: true, revenueAffected: true })).toBe('severity-2');
    expect(await proposed({ ...all, workaround: true, revenueAffected: false })).toBe('severity-3');
    expect(await proposed({ ...all, workaround: true, businessBlocked: true })).toBe('severity-3');
    expect(await proposed({ usersAffected: 'one', businessBlocked: true })).toBe('severity-4');
    expect(await proposed({ usersAffected: 'some', revenueAffected: true })).toBe('severity-4');
    // Named outright it is taken; against one's own answers it is not.
    expect((await quote(customer, { priority: 'severity-2' })).priority).toBe('severity-2');
    const contrary = await opening(customer, { priority: 'severity-1', severity: { usersAffected: 'one' } });
    expect(contrary.status).toBe(400);
    expect(contrary.body.proposed).toBe('severity-4');
    const { body } = await opening(customer, { severity: { ...all, revenueAffected: true } });
    expect(body).toMatchObject({ priority: 'severity-2', statements: { severity: { revenueAffected: true } } });
  });

  it('SV-09 takes e-mail and chat, no calls; remote assistance is there upon request', async () => {
    const customer = await on('severity-enterprise');
    const refused = await opening(customer, { channel: 'phone' });
    expect(refused.status).toBe(403);
    expect((await engineer.post('/v1/tickets', request(customer, { channel: 'phone' }))).status).toBe(403);
    for (const channel of ['email', 'chat']) expect((await opening(customer, { channel })).status).toBe(201);
    const asked = await customer.user.post(`/v1/accounts/${customer.accountId}/benefits`, {
      benefit: 'remote-assistance',
    });
    expect(asked.status).toBe(201);
    expect(asked.body).toMatchObject({ used: 1, left: 'unlimited' });
  });
});

describe('how many incidents there are', () => {
  it.each([
    ['severity-professional', 1],
    ['severity-enterprise', 2],
    ['severity-gold', 4],
  ])('SV-01 %s has %i a calendar month and then says when the next is there', async (planId, incidents) => {
    const customer = await on(planId);
    expect(await available(customer)).toBe(incidents);
    for (let opened = 0; opened < incidents; opened += 1) expect((await opening(customer)).status).toBe(201);
    const refused = await opening(customer);
    expect(refused.status).toBe(402);
    // April begins in Berlin, where summer time has begun by then.
    expect(refused.body).toMatchObject({ unit: 'incident', missing: 1, availableAt: '2026-03-31T22:00:00.000Z' });
    expect((await customer.administrator.get('/v1/tickets')).body.items).toHaveLength(incidents);
    expect((await manager.post(`/v1/accounts/${customer.accountId}/purchases`, { amount: 1 })).status).toBe(400);
  });

  it('SV-10 counts incidents and not messages; one credited back after a miss is usable in that month', async () => {
    const customer = await on('severity-enterprise');
    const { ticketId } = (await opening(customer, { priority: 'severity-1' })).body;
    for (const body of ['Any news?', 'Still down.', 'Hello?']) {
      await customer.administrator.post(`/v1/tickets/${ticketId}/messages`, { body });
    }
    expect(await available(customer)).toBe(1);
    await desk.moveTo('2026-03-03T09:30:00.000Z');
    expect((await manager.get(`/v1/tickets/${ticketId}`)).body.charge.credited).toBe(1);
    expect(await available(customer)).toBe(2);
    expect((await opening(customer)).status).toBe(201);
    expect((await opening(customer)).status).toBe(201);
    expect((await opening(customer)).status).toBe(402);
  });

  it('SV-07 Professional takes severities 1 to 3 without a target: answered late, nothing is missed or credited', async () => {
    const customer = await on('severity-professional');
    const { body } = await opening(customer, { priority: 'severity-1' });
    expect(body.targets).toEqual([]);
    await desk.advance(20 * 86_400);
    await engineer.post(`/v1/tickets/${body.ticketId}/messages`, { body: 'Sorry, we only saw this now.' });
    const ticket = (await manager.get(`/v1/tickets/${body.ticketId}`)).body;
    expect(ticket).toMatchObject({ tier: 'TS1', charge: { amount: 1, credited: 0 } });
    // Measured all the same.
    expect(Date.parse(ticket.answeredAt) - Date.parse(ticket.openedAt)).toBeGreaterThan(19 * 86_400_000);
    const { items } = (await manager.get(`/v1/tickets/${body.ticketId}/timeline`)).body;
    expect(items.map(({ type }: { type: string }) => type)).toEqual(['opened', 'message', 'answered']);
    expect(await available(customer)).toBe(0);
  });

  it('SV-01 a new month brings a new allowance, and what was left of the old one is gone', async () => {
    const customer = await on('severity-gold');
    await opening(customer, { priority: 'severity-4' });
    await desk.moveTo('2026-03-31T21:59:58.000Z');
    expect(await available(customer)).toBeGreaterThan(2);
    await desk.moveTo('2026-03-31T22:00:01.000Z');
    expect(await available(customer)).toBe(4);
    const april = (await ledger(customer)).filter(({ at }) => at === '2026-03-31T22:00:00.000Z');
    expect(april.map(({ kind }) => kind).toSorted()).toEqual(['expiry', 'grant']);
    expect(april.find(({ kind }) => kind === 'grant')).toMatchObject({ amount: 4, reason: 'allowance of 2026-04' });
    expect((await ledger(customer)).filter(({ kind }) => kind === 'grant')).toHaveLength(2);
    await desk.moveTo('2026-05-02T09:00:00.000Z');
    expect((await ledger(customer)).filter(({ kind }) => kind === 'grant').map(({ amount }) => amount)).toEqual([
      4, 4, 4,
    ]);
  });
});
