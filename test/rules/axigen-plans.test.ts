/** The AXIGEN packs: who is entitled to what, how soon, and the Gold add-on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerOn, startTestDesk, type Customer, type Person, type TestDesk } from '../support/desk.ts';

/** Friday 27 March 2026, 16:00 in Berlin; summer time begins on the Sunday. */
const FRIDAY_16_BERLIN = '2026-03-27T15:00:00.000Z';

let desk: TestDesk & { stop: () => Promise<void> };
let manager: Person;
let engineer: Person;
beforeAll(async () => {
  desk = await startTestDesk(FRIDAY_16_BERLIN);
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
const buyGold = ({ accountId }: Customer, amount: number) =>
  manager.post(`/v1/accounts/${accountId}/purchases`, { amount, addOn: 'axigen-gold' });
const goldOnHand = async ({ accountId }: Customer) =>
  (await manager.get(`/v1/accounts/${accountId}/balance`)).body.addOns?.[0]?.available as number | undefined;
const GOLD = { addOn: 'axigen-gold' };

describe('the packs', () => {
  it('AX-01 are Basic, FIRsT, Premium, GoLive, and Gold beside Premium alone', async () => {
    const { items } = (await engineer.get('/v1/plans')).body as { items: Record<string, any>[] };
    const packs = items.filter(({ programme }) => programme === 'axigen');
    expect(packs.map(({ planId }) => planId)).toEqual(
      ['basic', 'first', 'premium', 'gold', 'golive'].map((name) => `axigen-${name}`),
    );
    const price = (planId: string) => packs.find((plan) => plan.planId === planId)!.listPrices[0];
    expect(price('axigen-basic')).toMatchObject({ amount: '0', per: 'first year' });
    expect(price('axigen-first')).toMatchObject({ amount: '20', percentOf: 'licence', per: 'year' });
    expect(price('axigen-premium')).toMatchObject({ amount: '35', percentOf: 'licence', per: 'year' });
    await expect(customerOn(desk, 'axigen-gold')).rejects.toThrow('axigen-premium');
    const first = await customerOn(desk, 'axigen-first');
    expect((await buyGold(first, 5)).status).toBe(403);
    expect((await opening(first, GOLD)).status).toBe(403);
  });

  it('AX-01 Basic is free for the first year after registration and over then', async () => {
    const ends = await customerOn(desk, 'axigen-basic', { registeredOn: '2025-03-27', timeZone: 'Europe/Berlin' });
    const refused = await opening(ends);
    expect(refused.status).toBe(403);
    expect(refused.body.plans).toEqual(['axigen-first', 'axigen-premium', 'axigen-golive']);
    const runs = await customerOn(desk, 'axigen-basic', { registeredOn: '2025-03-28', timeZone: 'Europe/Berlin' });
    const { status, body } = await opening(runs, { channel: 'email' });
    expect(status).toBe(201);
    expect(body.charge).toMatchObject({ amount: 0 });
  });

  it('AX-02 Basic is written, Monday to Friday 8 to 17 in Berlin, answered within 24 working hours', async () => {
    const customer = await customerOn(desk, 'axigen-basic');
    expect((await opening(customer, { channel: 'phone' })).status).toBe(403);
    // Nine-hour days: one hour on Friday, nine on Monday and on Tuesday, five on Wednesday, in summer time by then.
    const [target] = (await quote(customer)).targets;
    expect(target.deadline.slice(0, 16)).toBe('2026-04-01T11:00');
    // Each contact may write, by each way that counts as e-mail.
    for (const channel of ['email', 'api', 'web', 'chat'])
      expect((await customer.user.post('/v1/tickets', request(customer, { channel }))).status).toBe(201);
  });

  it('AX-02 the hours are those of Berlin wherever the customer is, on public holidays too', async () => {
    const own = await startTestDesk('2026-04-03T05:59:59.000Z');
    try {
      // A second before eight on Good Friday: nine hours, Monday nine more, and Tuesday until two.
      const customer = await customerOn(own, 'axigen-basic', { timeZone: 'Asia/Tokyo', region: 'DE' });
      expect((await quote(customer)).targets[0].deadline).toBe('2026-04-07T12:00:00.000Z');
    } finally {
      await own.stop();
    }
  });

  it('AX-03 FIRsT answers within 24 working hours, Premium in 6 h, Gold and GoLive in 3 h around the clock', async () => {
    const deadline = async (planId: string, more: object = {}) => {
      const customer = await customerOn(desk, planId);
      return (await quote(customer, more)).targets[0].deadline.slice(0, 15);
    };
    expect(await deadline('axigen-first')).toBe('2026-04-01T11:0');
    expect(await deadline('axigen-premium')).toBe('2026-03-27T21:0');
    expect(await deadline('axigen-premium', GOLD)).toBe('2026-03-27T18:0');
    expect(await deadline('axigen-golive')).toBe('2026-03-27T18:0');
  });

  it('AX-05 gives each incident an id of its own and puts the most urgent first', async () => {
    const [slow, medium, fast] = [
      await customerOn(desk, 'axigen-first'),
      await customerOn(desk, 'axigen-premium'),
      await customerOn(desk, 'axigen-golive'),
    ];
    const ids = [];
    for (const customer of [slow, medium, fast, fast]) ids.push((await opening(customer)).body.ticketId as string);
    expect(new Set(ids).size).toBe(4);
    for (const id of ids) expect(id).toMatch(/^tkt_[0-9A-Z]{26}$/);
    const queue = (await engineer.get('/v1/queues/TS1?limit=100')).body.items as Record<string, any>[];
    const places = ids.map((id) => queue.findIndex(({ ticketId }) => ticketId === id));
    const [first, second, third, fourth] = places as [number, number, number, number];
    expect(Math.max(third, fourth)).toBeLessThan(second);
    expect(second).toBeLessThan(first);
    const deadlines = queue.map(({ nextDeadline }) => nextDeadline as string);
    expect(deadlines).toEqual(deadlines.toSorted());
  });

  it('AX-11 refuses a service that the pack lacks and names the packs that include it', async () => {
    const first = await customerOn(desk, 'axigen-first');
    expect((await opening(first, { category: 'migration' })).status).toBe(201);
    for (const category of ['antispam-integration', 'AntiSPAM integration']) {
      const lacking = await opening(first, { category });
      expect(lacking.body).toMatchObject({ status: 403, plans: ['axigen-premium', 'axigen-gold', 'axigen-golive'] });
    }
    // The services by the names that the document has for them, in its table and in its headings.
    for (const category of ['Antivirus/Anti-spam Integration', 'Custom Feature request assessment']) {
      const lacking = await opening(first, { category });
      expect(lacking.body).toMatchObject({ status: 403, plans: ['axigen-premium', 'axigen-gold', 'axigen-golive'] });
    }
    const premium = await customerOn(desk, 'axigen-premium');
    for (const category of [
      ...['Pilot Design', 'Pilot Installation', 'Pilot Project Report', 'Platform Implementation & Deployment'],
      ...['Platform Deployment', 'System Planning and Provisioning', 'Operations Audit', 'Technical Training'],
    ]) {
      const lacking = await opening(premium, { category });
      expect(lacking.body).toMatchObject({ status: 403, plans: ['axigen-golive'] });
    }
    expect((await opening(premium, { category: 'Custom Feature request assessment' })).status).toBe(201);
    const training = await opening(premium, { category: 'training' });
    expect(training.body).toMatchObject({ status: 403, plans: ['axigen-golive'] });
    expect((await opening(await customerOn(desk, 'axigen-golive'), { category: 'training' })).status).toBe(201);
  });
});

describe('the services', () => {
  const basic = ['installation', 'configuration', 'troubleshooting'];
  const premium = [...basic, 'migration', 'av-integration', 'antispam-integration', 'feature-request-assessment'];
  const golive = [...premium, 'pilot', 'deployment', 'audit', 'training'];

  it.each([
    ['axigen-basic', {}, basic],
    ['axigen-first', {}, [...basic, 'migration']],
    ['axigen-premium', {}, premium],
    ['axigen-premium', GOLD, premium],
    ['axigen-golive', {}, golive],
  ])('AX-11 %s %o has these of the eleven, and no other', async (planId, addOn, included) => {
    const customer = await customerOn(desk, planId);
    const isTaken = async (category: string) => {
      const { refusal } = await quote(customer, { category, ...addOn });
      return refusal === undefined || refusal.type.endsWith('insufficient-credit');
    };
    const taken = await Promise.all(golive.map(async (category) => ((await isTaken(category)) ? [category] : [])));
    expect(taken.flat().toSorted()).toEqual(included.toSorted());
  });
});

describe('the telephone and Gold', () => {
  it('AX-06 opens by telephone with Premium and Gold only, and says with which', async () => {
    for (const planId of ['axigen-basic', 'axigen-first', 'axigen-golive']) {
      const refused = await opening(await customerOn(desk, planId), { channel: 'phone' });
      expect(refused.status).toBe(403);
      expect(refused.body.plans).toEqual(['axigen-premium', 'axigen-gold']);
    }
    const premium = await customerOn(desk, 'axigen-premium');
    expect((await engineer.post('/v1/tickets', request(premium, { channel: 'phone' }))).status).toBe(201);
  });

  it('AX-06 Gold stops when its incidents are used up, and more can be bought at any time', async () => {
    const customer = await customerOn(desk, 'axigen-premium');
    const without = await opening(customer, GOLD);
    expect(without.status).toBe(402);
    expect((await buyGold(customer, 2)).status).toBe(201);
    expect((await opening(customer, { ...GOLD, channel: 'phone' })).body).toMatchObject({
      planId: 'axigen-gold',
      charge: { unit: 'incident', amount: 1 },
    });
    // A ticket of Premium itself costs nothing and leaves Gold alone.
    expect((await opening(customer)).body).toMatchObject({ planId: 'axigen-premium', charge: { amount: 0 } });
    expect(await goldOnHand(customer)).toBe(1);
    await opening(customer, GOLD);
    const depleted = await opening(customer, GOLD);
    expect(depleted.body).toMatchObject({ status: 402, available: 0, missing: 1, amount: 1 });
    await buyGold(customer, 1);
    expect((await opening(customer, GOLD)).status).toBe(201);
    expect(await goldOnHand(customer)).toBe(0);
  });

  it('AX-06 a Gold incident that is answered late comes back to Gold', async () => {
    const customer = await customerOn(desk, 'axigen-premium');
    await buyGold(customer, 1);
    const { ticketId } = (await opening(customer, GOLD)).body;
    await desk.advance(3 * 3600 + 2);
    expect((await manager.get(`/v1/tickets/${ticketId}`)).body.charge).toMatchObject({ amount: 1, credited: 1 });
    expect(await goldOnHand(customer)).toBe(1);
    expect((await opening(customer, GOLD)).status).toBe(201);
  });

  it('AX-06 LX-11 a finding that is taken back, and a part that is split off, are paid with Gold', async () => {
    const customer = await customerOn(desk, 'axigen-premium');
    await buyGold(customer, 2);
    const { ticketId } = (await opening(customer, GOLD)).body;
    const step = (who: Person, name: string, body: object) => who.post(`/v1/tickets/${ticketId}/${name}`, body);
    expect((await step(engineer, 'classify', { as: 'free' })).status).toBe(200);
    expect(await goldOnHand(customer)).toBe(2);
    const part = await step(engineer, 'split', { problems: [{ subject: 'One', description: 'One' }] });
    expect((await manager.get(`/v1/tickets/${part.body.splitInto[0]}`)).body.planId).toBe('axigen-gold');
    expect(await goldOnHand(customer)).toBe(1);
    const taken = await step(manager, 'classify', { as: 'chargeable' });
    expect(taken).toMatchObject({ status: 200, body: { charge: { amount: 1, credited: 0 } } });
    expect(await goldOnHand(customer)).toBe(0);
  });

  it('AX-06 Gold lapses with Premium', async () => {
    const own = await startTestDesk(FRIDAY_16_BERLIN);
    try {
      const boss = await own.as({ role: 'manager', email: 'max@example.com' });
      const customer = await customerOn(own, 'axigen-premium');
      await boss.post(`/v1/accounts/${customer.accountId}/purchases`, { amount: 3, ...GOLD });
      const { subscription } = (await boss.post(`/v1/accounts/${customer.accountId}/facts`, { renews: false })).body;
      await own.moveTo(new Date(Date.parse(subscription.endsAt) - 5000).toISOString());
      expect((await opening(customer, GOLD)).status).toBe(201);
      await own.moveTo(new Date(Date.parse(subscription.endsAt) + 1000).toISOString());
      expect((await opening(customer, GOLD)).status).toBe(403);
      expect((await opening(customer)).status).toBe(403);
      const path = `/v1/accounts/${customer.accountId}`;
      const sold = await boss.post(`${path}/purchases`, { amount: 1, ...GOLD });
      expect(sold.body).toMatchObject({ status: 403, endedAt: subscription.endsAt });
      const left = () => customer.user.get(`${path}/balance`).then(({ body }) => body.addOns);
      expect(await left()).toMatchObject([{ planId: 'axigen-gold', available: 0 }]);
      // Incidents that were bought and not used are good again with a later term.
      await boss.post(`${path}/facts`, { renews: true });
      expect(await left()).toMatchObject([{ planId: 'axigen-gold', available: 2 }]);
      expect((await boss.post(`${path}/purchases`, { amount: 1, ...GOLD })).status).toBe(201);
      expect((await opening(customer, GOLD)).status).toBe(201);
    } finally {
      await own.stop();
    }
  }, 60_000);
});
