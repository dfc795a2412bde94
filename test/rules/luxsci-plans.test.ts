/** The LuxSci options: classes and schemes, token prices, deadlines by priority, telephone and emergencies. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerOn, startTestDesk, type Customer, type Person, type TestDesk } from '../support/desk.ts';

/** Saturday 7 March 2026, 22:00 in New York; summer time begins in the night. */
const SATURDAY_22_NEW_YORK = '2026-03-08T03:00:00.000Z';

let desk: TestDesk & { stop: () => Promise<void> };
let manager: Person;
let engineer: Person;
beforeAll(async () => {
  desk = await startTestDesk(SATURDAY_22_NEW_YORK);
  manager = await desk.as({ role: 'manager', email: 'max@example.com' });
  engineer = await desk.as({ role: 'engineer', email: 'eve@example.com', tier: 'TS1' });
});
afterAll(() => desk.stop());

const request = ({ accountId }: Customer, more: object = {}) => ({
  accountId,
  subject: 'Mail is stuck',
  description: 'Nothing leaves the queue.',
  ...more,
});
const opening = (customer: Customer, more: object = {}) =>
  customer.administrator.post('/v1/tickets', request(customer, more));
const quote = async (customer: Customer, more: object = {}) =>
  (await customer.administrator.post('/v1/quotes', request(customer, more))).body;
const available = async ({ accountId }: Customer) =>
  (await manager.get(`/v1/accounts/${accountId}/balance`)).body.available as number;
const TOKENS = { dedicated: 'luxsci-token-dedicated', platform: 'luxsci-token-platform' };
const FLAT = ['luxsci-flat-users', 'luxsci-flat-administrators'];
const PRIORITIES = ['informational', 'billing', 'standard', 'urgent', 'emergency'];

/** How long after opening each target is due, in seconds of the wall clock. */
const spans = async (planId: string, priority: string) => {
  const { openedAt, targets } = (await opening(await customerOn(desk, planId, { units: 20 }), { priority })).body;
  const whole = Math.floor(Date.parse(openedAt) / 1000);
  return Object.fromEntries(
    targets.map(({ kind, deadline }: Record<string, string>) => [kind, Date.parse(deadline!) / 1000 - whole]),
  );
};
const HOUR = 3600;

describe('schemes and prices', () => {
  it('LX-01 knows Dedicated and Platform, flat-rate and tokens; Platform customers take tokens only', async () => {
    for (const planId of FLAT) {
      await expect(customerOn(desk, planId, { customerClass: 'platform' })).rejects.toThrow('not-entitled');
      await customerOn(desk, planId, { customerClass: 'dedicated' });
    }
    await customerOn(desk, TOKENS.platform, { customerClass: 'platform' });
    await customerOn(desk, TOKENS.dedicated, { customerClass: 'dedicated' });
    await expect(customerOn(desk, TOKENS.dedicated, { customerClass: 'platform' })).rejects.toThrow('not-entitled');
    const flat = await customerOn(desk, 'luxsci-flat-users');
    const changed = await manager.post(`/v1/accounts/${flat.accountId}/facts`, { customerClass: 'platform' });
    expect(changed.status).toBe(403);
  });

  it('LX-02 LX-03 the customer sets the priority, and it sets the price', async () => {
    const prices: Record<string, number[]> = {};
    for (const planId of Object.values(TOKENS)) {
      const customer = await customerOn(desk, planId, { units: 40 });
      for (const priority of PRIORITIES) {
        const { body } = await opening(customer, { priority });
        expect(body).toMatchObject({ priority, charge: { unit: 'token' } });
        prices[priority] = [...(prices[priority] ?? []), body.charge.amount];
      }
    }
    expect(prices).toEqual({
      informational: [0, 0],
      billing: [0, 0],
      standard: [1, 2],
      urgent: [3, 5],
      emergency: [10, 15],
    });
  });

  it('LX-12 tokens are for account administrators only', async () => {
    const customer = await customerOn(desk, TOKENS.dedicated, { units: 20 });
    const refused = await customer.user.post('/v1/tickets', request(customer));
    expect(refused.status).toBe(403);
    expect(refused.body.administrators).toEqual(['ann@example.com']);
    const called = { channel: 'phone', priority: 'emergency', authorizedCharge: 10, contact: 'uwe@example.com' };
    expect((await engineer.post('/v1/tickets', request(customer, called))).status).toBe(403);
    expect((await opening(customer)).status).toBe(201);
  });

  it('LX-13 takes no calls with tokens but emergencies whose cost the customer has agreed to', async () => {
    const customer = await customerOn(desk, TOKENS.platform, { units: 20 });
    const call = (more: object) => engineer.post('/v1/tickets', request(customer, { channel: 'phone', ...more }));
    const standard = await call({ priority: 'standard' });
    expect(standard.body).toMatchObject({ status: 403, priorities: ['emergency'] });
    const unasked = await call({ priority: 'emergency' });
    expect(unasked.body).toMatchObject({ status: 403, authorizedCharge: 15, unit: 'token' });
    expect((await call({ priority: 'emergency', authorizedCharge: 10 })).status).toBe(403);
    expect(await available(customer)).toBe(20);
    const agreed = await call({ priority: 'emergency', authorizedCharge: 15 });
    expect(agreed.status).toBe(201);
    expect(agreed.body).toMatchObject({ charge: { amount: 15 }, statements: { authorizedCharge: 15 } });
    expect(await available(customer)).toBe(5);
  });

  it('LX-14 flat-rate: as many tickets as needed at no charge, aiming at an hour of standard hours', async () => {
    const customer = await customerOn(desk, 'luxsci-flat-users');
    for (let count = 0; count < 5; count += 1) {
      const { status, body } = await customer.user.post('/v1/tickets', request(customer));
      expect(status).toBe(201);
      expect(body.charge).toMatchObject({ amount: 0 });
      expect(body.targets).toMatchObject([{ kind: 'first-response', guaranteed: false }]);
      const { deadlines } = (await customer.user.get(`/v1/tickets/${body.ticketId}/explanation`)).body;
      expect(deadlines).toMatchObject([{ guaranteed: false }]);
      expect(deadlines[0].sentences[0]).toMatch(/aims at a first answer within 1 h .*; nothing is guaranteed\.$/);
    }
    const administrators = await customerOn(desk, 'luxsci-flat-administrators');
    expect((await administrators.user.post('/v1/tickets', request(administrators))).status).toBe(403);
    expect((await opening(administrators)).status).toBe(201);
  });

  it('LX-16 flat-rate opens by ticket and by telephone, emergencies too, under the same test', async () => {
    const customer = await customerOn(desk, 'luxsci-flat-users');
    const call = (more: object) => engineer.post('/v1/tickets', request(customer, { channel: 'phone', ...more }));
    expect((await call({ priority: 'standard' })).status).toBe(201);
    const { body } = await call({ priority: 'emergency', missionCritical: true });
    expect(body).toMatchObject({ charge: { amount: 0 }, statements: { missionCritical: true } });
    // Around the clock: an hour from now, also where that is past 23:00.
    expect(Date.parse(body.targets[0].deadline) - Math.floor(Date.parse(body.openedAt) / 1000) * 1000).toBe(3_600_000);
    for (const planId of [...FLAT, TOKENS.dedicated]) {
      const other = await customerOn(desk, planId, planId === TOKENS.dedicated ? { units: 20 } : {});
      const refused = await opening(other, { priority: 'emergency', missionCritical: false });
      expect(refused.status).toBe(403);
      expect(refused.body.priorities).toContain('urgent');
    }
  });
});

describe('deadlines', () => {
  it.each(Object.values(TOKENS))('LX-04 %s: informational within 3 days', async (planId) => {
    expect(await spans(planId, 'informational')).toEqual({ 'first-response': 72 * HOUR });
  });

  it.each(Object.values(TOKENS))(
    'LX-05 %s: standard begun within 24 h, resolved or planned within 48 h',
    async (planId) => {
      expect(await spans(planId, 'standard')).toEqual({ 'first-response': 24 * HOUR, resolution: 48 * HOUR });
    },
  );

  it.each(Object.values(TOKENS))(
    'LX-06 %s: urgent begun within 4 business hours, resolved within 24 h',
    async (planId) => {
      const customer = await customerOn(desk, planId, { units: 20 });
      const { targets } = await quote(customer, { priority: 'urgent' });
      // One hour is left of Saturday; three more on Sunday, which is a business day and in summer time.
      expect(targets[0]).toMatchObject({ kind: 'first-response' });
      expect(targets[0].deadline.slice(0, 15)).toBe('2026-03-08T16:0');
      expect((await spans(planId, 'urgent')).resolution).toBe(24 * HOUR);
    },
  );

  it.each(Object.values(TOKENS))(
    'LX-07 %s: emergency begun within 1 h, resolved within 4 h, day and night',
    async (planId) => {
      expect(await spans(planId, 'emergency')).toEqual({ 'first-response': HOUR, resolution: 4 * HOUR });
    },
  );

  it('LX-08 business hours are 9 to 23 in New York on every day of the week and on holidays', async () => {
    const { body } = await engineer.get('/v1/plans/luxsci-token-dedicated');
    const { zone, weekly, holidays } = body.calendars.business;
    expect({ zone, holidays }).toEqual({ zone: 'America/New_York', holidays: 'none' });
    expect(Object.values(weekly)).toEqual(Array(7).fill([['09:00', '23:00']]));
  });

  it('LX-14 an aim that is missed is measured, gives nothing back and escalates nothing', async () => {
    const customer = await customerOn(desk, 'luxsci-flat-users');
    const { ticketId } = (await opening(customer, { priority: 'urgent' })).body;
    await desk.advance(2 * 86_400);
    await engineer.post(`/v1/tickets/${ticketId}/messages`, { body: 'Sorry for the wait.' });
    expect((await manager.get(`/v1/tickets/${ticketId}`)).body).toMatchObject({
      tier: 'TS1',
      charge: { credited: 0 },
      targets: [{ kind: 'first-response', state: 'missed' }],
    });
    const { items } = (await manager.get(`/v1/tickets/${ticketId}/timeline`)).body;
    expect(items.map(({ type }: { type: string }) => type)).toEqual(['opened', 'missed', 'message', 'answered']);
    expect(items[1]).toMatchObject({ makeGood: 0, tellsManagers: false });
    const letter = desk.desk.mails().find(({ text }) => text.includes('later than we aimed to be'));
    expect(letter?.text).toContain('That was our aim, and no guarantee.');
    expect(letter?.text).not.toContain('promised you');
    expect((await manager.get(`/v1/accounts/${customer.accountId}/ledger`)).body.items).toEqual([]);
  });
});
