/** The Scalix plans: points, terms, entitlement and benefits, over HTTP and under the desk's clock. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redeem } from '../../lambdas/domain/account/benefits.ts';
import { assess } from '../../lambdas/domain/opening/opening.ts';
import { holidaysOf } from '../../lambdas/plans/holidays/holidays.ts';
import { customerOn, startTestDesk, type Customer, type Person, type TestDesk } from '../support/desk.ts';
import { accountOn, customer, having, planNamed } from '../support/records.ts';

let desk: TestDesk & { stop: () => Promise<void> };
let manager: Person;
let engineer: Person;
beforeAll(async () => {
  desk = await startTestDesk();
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
const opening = async (customer: Customer, more: object = {}) =>
  customer.administrator.post('/v1/tickets', request(customer, more));
const quote = async (customer: Customer, more: object = {}) =>
  (await customer.administrator.post('/v1/quotes', request(customer, more))).body;
const balance = async ({ accountId }: Customer) => (await manager.get(`/v1/accounts/${accountId}/balance`)).body;
const ledger = async ({ accountId }: Customer, kind?: string) =>
  ((await manager.get(`/v1/accounts/${accountId}/ledger?limit=100`)).body.items as Record<string, any>[]).filter(
    (entry) => kind === undefined || entry.kind === kind,
  );
const facts = ({ accountId }: Customer, body: object) => manager.post(`/v1/accounts/${accountId}/facts`, body);
const buy = ({ accountId }: Customer, amount: number) =>
  manager.post(`/v1/accounts/${accountId}/purchases`, { amount });

const PLANS = ['basic', 'basic-annual', 'bronze', 'silver', 'gold', 'platinum'].map((name) => `scalix-${name}`);

describe('what is on offer', () => {
  it('SX-01 six plans, each shown as data with the source of its figures and the readings of its gaps', async () => {
    for (const planId of PLANS) {
      const { status, body } = await engineer.get(`/v1/plans/${planId}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ planId, programme: 'scalix', unit: 'point' });
      expect(body.targets[0].source).toBe('scalix-support-plans');
      expect(body.notes.map(({ about }: { about: string }) => about)).toContain('listPrices');
    }
  });

  it('SX-02 Basic answers within 4 hours of the customer’s own office day, its region’s holidays left out', async () => {
    const { body } = await engineer.get('/v1/plans/scalix-basic');
    expect(body.targets).toMatchObject([{ kind: 'first-response', span: 'PT4H', calendar: 'business' }]);
    expect(body.calendars.business).toMatchObject({ zone: 'customer', holidays: 'region' });
    // Monday 2 March, 15:00Z: 10:00 in New York, 16:00 in Berlin, past midnight in Tokyo.
    const newYork = await customerOn(desk, 'scalix-basic', { units: 50 });
    const berlin = await customerOn(desk, 'scalix-basic', { units: 50, timeZone: 'Europe/Berlin', region: 'DE' });
    const tokyo = await customerOn(desk, 'scalix-basic', { units: 50, timeZone: 'Asia/Tokyo' });
    const at = async (customer: Customer) => Date.parse((await quote(customer)).targets[0].deadline);
    const about = (moment: string) => Date.parse(moment);
    const minute = 60_000;
    expect(Math.abs((await at(newYork)) - about('2026-03-02T19:00:00.000Z'))).toBeLessThan(minute);
    expect(Math.abs((await at(berlin)) - about('2026-03-03T11:00:00.000Z'))).toBeLessThan(minute);
    // Tokyo's day was over by then: it begins on Tuesday at 09:00.
    expect(await at(tokyo)).toBe(about('2026-03-03T04:00:00.000Z'));
    // Monday 5 January, 15:00 in Munich; Tuesday is Epiphany there and not in Berlin.
    const deadline = (region: string) => {
      const account = having(accountOn('scalix-basic', { timeZone: 'Europe/Berlin', region }), 50);
      const plan = planNamed('scalix-basic');
      const asked = { subject: 'Mail', description: 'Stuck.', channel: 'web' as const };
      const context = { account, plan, actor: customer, now: '2026-01-05T14:00:00.000Z', holidaysOf };
      const quoted = assess(context, asked);
      return quoted.ok ? quoted.offer.deadlines[0]?.deadline : undefined;
    };
    expect(deadline('DE-BY')).toBe('2026-01-07T10:00:00.000Z');
    expect(deadline('DE-BE')).toBe('2026-01-06T10:00:00.000Z');
  });

  it('SX-03 Basic Annual answers within 3 hours of a twelve-hour day and brings 100 points', async () => {
    const customer = await customerOn(desk, 'scalix-basic-annual', { timeZone: 'America/Los_Angeles' });
    // 07:00 on Monday in Los Angeles: the day begins at 08:00 and three hours later it is 11:00.
    expect((await quote(customer)).targets).toEqual([{ kind: 'first-response', deadline: '2026-03-02T19:00:00.000Z' }]);
    expect(await balance(customer)).toMatchObject({ available: 100, lots: [{ source: 'grant', remaining: 100 }] });
    expect(await ledger(customer, 'grant')).toMatchObject([{ amount: 100, unit: 'point' }]);
  });

  it.each([
    ['scalix-bronze', 3],
    ['scalix-silver', 2],
    ['scalix-gold', 2],
    ['scalix-platinum', 1],
  ])('SX-04 %s answers around the clock within %i h on the wall clock', async (planId, hours) => {
    const customer = await customerOn(desk, planId, { timeZone: 'Pacific/Auckland' });
    const { openedAt, targets } = (await opening(customer)).body;
    const whole = Math.floor(Date.parse(openedAt) / 1000) * 1000;
    expect(targets).toMatchObject([{ kind: 'first-response', state: 'running' }]);
    expect(Date.parse(targets[0].deadline) - whole).toBe(hours * 3_600_000);
  });

  it.each([
    ['scalix-bronze', 250],
    ['scalix-silver', 750],
    ['scalix-gold', 1500],
    ['scalix-platinum', 3000],
  ])('SX-05 %s includes %i points with the term', async (planId, points) => {
    const customer = await customerOn(desk, planId);
    expect((await balance(customer)).available).toBe(points);
    expect(await ledger(customer)).toMatchObject([{ kind: 'grant', amount: points }]);
  });

  it('SX-06 a written incident costs 10 points by any channel, a telephone incident 30', async () => {
    const customer = await customerOn(desk, 'scalix-basic', { units: 180 });
    for (const channel of ['email', 'api', 'web', 'chat']) {
      expect((await opening(customer, { channel })).body.charge).toMatchObject({ unit: 'point', amount: 10 });
    }
    expect((await opening(customer, { channel: 'phone' })).body.charge).toMatchObject({ amount: 30 });
    expect((await balance(customer)).available).toBe(180 - 4 * 10 - 30);
  });

  it('SX-07 sells packs of 50, 110 and 180 and refuses anything else', async () => {
    const customer = await customerOn(desk, 'scalix-basic');
    for (const amount of [50, 110, 180]) expect((await buy(customer, amount)).status).toBe(201);
    const refused = await buy(customer, 60);
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ packs: [50, 110, 180] });
    expect((await balance(customer)).available).toBe(340);
  });

  it('SX-09 gives points with the first edition, once per account, good for a year', async () => {
    const atOnce = await customerOn(desk, 'scalix-basic', { edition: 'small-business' });
    const [granted] = await ledger(atOnce, 'grant');
    expect(granted).toMatchObject({ amount: 20, reason: 'with the first edition, small-business' });
    expect((await balance(atOnce)).lots[0].expiresAt.slice(0, 10)).toBe('2027-03-02');

    const later = await customerOn(desk, 'scalix-basic', { edition: 'community' });
    expect((await balance(later)).available).toBe(0);
    expect((await facts(later, { edition: 'enterprise' })).status).toBe(200);
    expect((await balance(later)).available).toBe(20);
    await facts(later, { edition: 'small-business' });
    await facts(later, { edition: 'enterprise' });
    expect((await balance(later)).available).toBe(20);
    expect((await opening(later)).status).toBe(201);
  });

  it('SX-10 takes points at opening; too few of them are told with the packs that would do, and nothing is opened', async () => {
    const customer = await customerOn(desk, 'scalix-basic', { units: 50 });
    await opening(customer, { channel: 'phone' });
    const refused = await opening(customer, { channel: 'phone' });
    expect(refused.status).toBe(402);
    expect(refused.body).toMatchObject({
      ...{ unit: 'point', required: 30, available: 20, missing: 10, packs: [50, 110, 180] },
      type: expect.stringMatching(/insufficient-credit$/),
    });
    expect((await balance(customer)).available).toBe(20);
    expect((await customer.administrator.get('/v1/tickets')).body.items).toHaveLength(1);
    expect(await ledger(customer, 'charge')).toHaveLength(1);
  });

  it('SX-21 the later offer takes a flat 10 points and is opened in writing', async () => {
    const customer = await customerOn(desk, 'scalix-incident', { units: 50 });
    const byPhone = await opening(customer, { channel: 'phone' });
    expect(byPhone.status).toBe(403);
    expect(byPhone.body.channels).not.toContain('phone');
    const { status, body } = await opening(customer, { channel: 'email' });
    expect(status).toBe(201);
    expect(body.charge).toMatchObject({ amount: 10 });
    expect(Date.parse(body.targets[0].deadline) - Date.parse(body.openedAt)).toBeGreaterThan(3.9 * 3_600_000);
  });
});

describe('who is entitled', () => {
  it('SX-14 Premium needs a running software subscription, even for a bug, and any plan a running term', async () => {
    const premium = await customerOn(desk, 'scalix-silver', { softwareSubscriptionUntil: null });
    const refused = await opening(premium, { category: 'installation', description: 'This is a bug.' });
    expect(refused.status).toBe(403);
    expect(refused.body.type).toMatch(/not-entitled$/);
    expect(refused.body.detail).toContain('software subscription');
    expect(await ledger(premium, 'charge')).toEqual([]);
    await facts(premium, { softwareSubscriptionUntil: '2026-06-01T00:00:00+02:00' });
    expect((await opening(premium)).status).toBe(201);
    await facts(premium, { softwareSubscriptionUntil: '2026-02-01T00:00:00Z' });
    expect((await quote(premium)).refusal.type).toMatch(/not-entitled$/);
    // The same customer on a plan by the incident needs none.
    const basic = await customerOn(desk, 'scalix-basic', { units: 50, softwareSubscriptionUntil: null });
    expect((await opening(basic)).status).toBe(201);
  });

  it('SX-15 releases within two major releases of the current one are supported; older ones are told which are', async () => {
    const customer = await customerOn(desk, 'scalix-basic', { units: 50, productRelease: '9.2' });
    expect((await opening(customer)).status).toBe(201);
    await facts(customer, { productRelease: '8.4.1' });
    const refused = await opening(customer);
    expect(refused.status).toBe(403);
    expect(refused.body.releases).toEqual(['11', '10', '9']);
    await facts(customer, { productRelease: '11.4' });
    expect((await opening(customer)).status).toBe(201);
  });

  it('SX-16 takes what is covered; what is declined costs nothing and is told where to turn', async () => {
    const customer = await customerOn(desk, 'scalix-basic', { units: 110 });
    for (const category of ['installation', 'Operational usage', 'configuration', 'feature-request']) {
      expect((await opening(customer, { category })).status).toBe(201);
    }
    const before = (await balance(customer)).available;
    for (const category of [
      'performance-tuning',
      'architecture advice',
      'capacity-planning',
      'third-party-configuration',
      // As the page says it.
      'General or incremental performance tuning',
      'General advice concerning architecture',
      'Capacity or performance planning',
      'General configuration questions for non-Scalix software',
    ]) {
      const refused = await opening(customer, { category });
      expect(refused.status).toBe(403);
      expect(refused.body.turnTo).toContain('Professional Services');
    }
    expect((await balance(customer)).available).toBe(before);
    expect((await customer.administrator.get('/v1/tickets')).body.items).toHaveLength(4);
  });

  it('SX-18 Community Edition customers write and do not call', async () => {
    const customer = await customerOn(desk, 'scalix-basic', { units: 50, edition: 'community' });
    const refused = await opening(customer, { channel: 'phone' });
    expect(refused.status).toBe(403);
    expect(refused.body.detail).toContain('community');
    const called = await engineer.post('/v1/tickets', request(customer, { channel: 'phone' }));
    expect(called.status).toBe(403);
    expect((await opening(customer, { channel: 'email' })).status).toBe(201);
  });

  it.each([
    ['scalix-basic', 0, 0],
    ['scalix-basic-annual', 0, 0],
    ['scalix-bronze', 1, 12],
    ['scalix-silver', 2, 6],
    ['scalix-gold', 4, 3],
    ['scalix-platinum', 6, 1],
  ])('SX-19 %s: %i enrolments a term, an assessment every %i months (0: none)', async (planId, enrolments, months) => {
    const customer = await customerOn(desk, planId);
    const path = `/v1/accounts/${customer.accountId}/benefits`;
    const named = async (name: string) =>
      (await customer.user.get(path)).body.items.find(({ benefit }: { benefit: string }) => benefit === name);
    expect(await named('training-enrolment')).toMatchObject({ included: enrolments, used: 0, left: enrolments });
    for (let used = 1; used <= enrolments; used += 1) {
      const { status, body } = await customer.administrator.post(path, { benefit: 'training-enrolment' });
      expect(status).toBe(201);
      expect(body).toMatchObject({ used, left: enrolments - used });
    }
    const refused = await customer.administrator.post(path, { benefit: 'training-enrolment' });
    expect(refused.status).toBe(403);

    const assessment = await named('system-assessment');
    expect(assessment.included).toBe(months === 0 ? 0 : 1);
    if (months > 0) {
      const [from, to] = [new Date(assessment.from), new Date(assessment.to)];
      expect((to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth()).toBe(months);
      expect((await named('standard-user')).left).toBe('unlimited');
      await customer.administrator.post(path, { benefit: 'standard-user' });
      expect(await named('standard-user')).toMatchObject({ used: 1, left: 'unlimited' });
    }
  });

  it('SX-19 ends with the term, and says so', () => {
    const subscription = {
      ...{ startedAt: '2026-03-02T15:00:00.000Z', terms: 1, endsAt: '2027-03-02T15:00:00.000Z', renews: false },
    };
    const account = accountOn('scalix-gold', { subscription });
    const asked = (now: string) => redeem(account, planNamed('scalix-gold'), 'training-enrolment', now);
    expect(asked('2027-03-02T14:59:59.000Z').ok).toBe(true);
    expect(asked(subscription.endsAt)).toMatchObject({
      refusal: { code: 'not-entitled', message: expect.stringContaining('ended on 2027-03-02') },
    });
  });

  it('SX-20 remote access needs the customer’s recorded permission, which can be withdrawn', async () => {
    const customer = await customerOn(desk, 'scalix-basic');
    const path = `/v1/accounts/${customer.accountId}`;
    const session = () => engineer.post(`${path}/remote-sessions`, { purpose: 'Look at the queue.' });
    expect((await engineer.get(`${path}/remote-access`)).body).toEqual({ granted: false });
    expect((await session()).status).toBe(403);
    expect((await engineer.post(`${path}/remote-access`, { granted: true })).status).toBe(403);

    await customer.user.post(`${path}/remote-access`, { granted: true, note: 'This week.' });
    expect((await engineer.get(`${path}/remote-access`)).body).toMatchObject({ granted: true, by: 'uwe@example.com' });
    expect((await session()).status).toBe(201);
    await customer.administrator.post(`${path}/remote-access`, { granted: false });
    expect((await session()).status).toBe(403);
    const history = (await customer.user.get(`${path}/history`)).body.items as { type: string }[];
    expect(history.map(({ type }) => type)).toEqual([
      'remote-access-granted',
      'remote-session',
      'remote-access-withdrawn',
    ]);
  });
});
