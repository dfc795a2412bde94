/** The Scalix plans over a year of the desk's clock: points that expire, terms that follow each other, terms that end. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerOn, startTestDesk, type Customer, type Person, type TestDesk } from '../support/desk.ts';

const opening = ({ accountId, administrator }: Customer, more: object = {}) =>
  administrator.post('/v1/tickets', { accountId, subject: 'Mail is stuck', description: 'Nothing leaves.', ...more });

describe('over a year', () => {
  const DAY = 86_400_000;
  let later: TestDesk & { stop: () => Promise<void> };
  let payer: Customer;
  let bronze: Customer;
  let gold: Customer;
  let boss: Person;
  const path = (customer: Customer, what: string) => `/v1/accounts/${customer.accountId}${what}`;
  const onHand = async (customer: Customer) => (await boss.get(path(customer, '/balance'))).body;
  const lines = async (customer: Customer, kind: string) =>
    ((await boss.get(path(customer, '/ledger?limit=100'))).body.items as Record<string, any>[]).filter(
      (entry) => entry.kind === kind,
    );
  const at = (moment: string, millis: number) => new Date(Date.parse(moment) + millis).toISOString();
  const subscription = async () => (await boss.get(path(gold, ''))).body.subscription;
  const seen: Record<string, any> = {};

  beforeAll(async () => {
    later = await startTestDesk();
    boss = await later.as({ role: 'manager', email: 'max@example.com' });
    const answering = await later.as({ role: 'engineer', email: 'eve@example.com', tier: 'TS1' });
    bronze = await customerOn(later, 'scalix-bronze');
    await opening(bronze);
    gold = await customerOn(later, 'scalix-gold');
    seen.renewsNot = (await boss.post(path(gold, '/facts'), { renews: false })).body.subscription;
    payer = await customerOn(later, 'scalix-basic', { units: 50 });
    await later.advance(30 * 86_400);
    await boss.post(path(payer, '/purchases'), { amount: 50 });
    const { ticketId } = (await opening(payer, { channel: 'phone' })).body;
    await answering.post(`/v1/tickets/${ticketId}/messages`, { body: 'We are on it.' });
    await answering.post(`/v1/tickets/${ticketId}/resolve`, { summary: 'The queue runs.' });
    seen.lots = (await onHand(payer)).lots;
    await later.moveTo(at(seen.lots[0].expiresAt, -2000));
    seen.before = (await onHand(payer)).available;
    await later.moveTo(at(seen.lots[0].expiresAt, 1000));
    seen.after = (await onHand(payer)).available;
    seen.unwritten = await lines(payer, 'expiry');
    seen.lapsed = await subscription();
    seen.refused = await opening(gold);
    seen.goldLeft = (await onHand(gold)).available;
    await later.advance(86_400);
  }, 120_000);
  afterAll(() => later.stop());

  it('SX-08 points expire a year after they were bought, and the soonest to expire are spent first', async () => {
    expect(seen.lots.map(({ remaining }: { remaining: number }) => remaining)).toEqual([20, 50]);
    expect([seen.before, seen.after]).toEqual([70, 50]);
    const [{ expiresAt }] = seen.lots;
    expect(expiresAt.slice(0, 10)).toBe('2027-03-02');
    const expired = [{ kind: 'expiry', amount: 20, at: expiresAt, reason: 'units expired' }];
    expect(seen.unwritten).toMatchObject(expired);
    expect(await lines(payer, 'expiry')).toMatchObject(expired);
    expect((await opening(payer, { channel: 'phone' })).status).toBe(201);
    expect((await opening(payer, { channel: 'phone' })).body).toMatchObject({ available: 20, missing: 10 });
  });

  it('SX-05 the next term brings its points and ends those left, once, though nobody touched the account', async () => {
    const grants = await lines(bronze, 'grant');
    expect(grants.map(({ amount }) => amount)).toEqual([250, 250]);
    expect(grants.map(({ at: moment }) => moment.slice(0, 10))).toEqual(['2026-03-02', '2027-03-02']);
    // Written by the daily function at the next morning, not by this reading of the ledger.
    const late = Date.parse(grants[1]!.recordedAt) - Date.parse(grants[1]!.at);
    expect(late).toBeGreaterThan(60_000);
    expect(late).toBeLessThan(DAY);
    // The one ticket was missed and paid back, so 250 points were left at the term's end.
    expect(await lines(bronze, 'expiry')).toMatchObject([{ amount: 250, at: grants[1]!.at }]);
    expect((await onHand(bronze)).available).toBe(250);
  });

  it('SX-14 a term that is not renewed entitles to nothing after its end; a new one begins when it is taken', async () => {
    expect(seen.renewsNot).toMatchObject({ renews: false, active: true });
    expect(seen.lapsed).toMatchObject({ renews: false, active: false, terms: 1 });
    expect(seen.refused.status).toBe(403);
    expect(seen.refused.body.detail).toContain('2027-03-02');
    expect(seen.goldLeft).toBe(0);
    expect((await boss.post(path(gold, '/facts'), { renews: true })).body.subscription).toMatchObject({ active: true });
    expect((await onHand(gold)).available).toBe(1500);
    expect((await opening(gold)).status).toBe(201);
    expect((await subscription()).startedAt.slice(0, 10)).toBe('2027-03-03');
  });
});
