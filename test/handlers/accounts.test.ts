/** What people ask of an account: who may, twice at once, sent again, and what the history keeps. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerOn, startTestDesk, type Customer, type Person, type TestDesk } from '../support/desk.ts';

let desk: TestDesk & { stop: () => Promise<void> };
let manager: Person;
let engineer: Person;
beforeAll(async () => {
  desk = await startTestDesk();
  manager = await desk.as({ role: 'manager', email: 'max@example.com' });
  engineer = await desk.as({ role: 'engineer', email: 'eve@example.com', tier: 'TS1' });
});
afterAll(() => desk.stop());

const path = ({ accountId }: Customer, what: string) => `/v1/accounts/${accountId}/${what}`;
const history = async (customer: Customer) =>
  (await manager.get(path(customer, 'history'))).body.items as Record<string, any>[];

describe('an account’s own affairs', () => {
  it('do not exist for another customer', async () => {
    const mine = await customerOn(desk, 'scalix-gold');
    const theirs = await customerOn(desk, 'scalix-gold');
    const attempts = [
      mine.administrator.get(path(theirs, 'benefits')),
      mine.administrator.get(path(theirs, 'remote-access')),
      mine.administrator.get(path(theirs, 'history')),
      mine.administrator.post(path(theirs, 'benefits'), { benefit: 'training-enrolment' }),
      mine.administrator.post(path(theirs, 'remote-access'), { granted: true }),
    ];
    for (const { status } of await Promise.all(attempts)) expect(status).toBe(404);
    expect(await history(theirs)).toEqual([]);
  });

  it('leave facts to managers, and permission to the account’s contacts', async () => {
    const customer = await customerOn(desk, 'scalix-gold');
    for (const person of [customer.administrator, engineer]) {
      expect((await person.post(path(customer, 'facts'), { edition: 'enterprise' })).status).toBe(403);
    }
    const stranger = await desk.as({ role: 'customer', account: customer.accountId, email: 'nobody@example.com' });
    expect((await stranger.post(path(customer, 'remote-access'), { granted: true })).status).toBe(403);
    expect((await manager.post(path(customer, 'remote-access'), { granted: true })).status).toBe(403);
    expect((await engineer.get(path(customer, 'remote-access'))).body.granted).toBe(false);
  });

  it('give one benefit once, however many ask for the last one at the same time', async () => {
    const customer = await customerOn(desk, 'scalix-bronze');
    const ask = () => customer.administrator.post(path(customer, 'benefits'), { benefit: 'training-enrolment' });
    const statuses = (await Promise.all(Array.from({ length: 6 }, ask))).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([201, 403, 403, 403, 403, 403]);
    expect((await history(customer)).map(({ type }) => type)).toEqual(['benefit-redeemed']);
  });

  it('answer the same key with the same answer and use a benefit once', async () => {
    const customer = await customerOn(desk, 'scalix-silver');
    const key = { 'idempotency-key': 'enrol-ann' };
    const ask = () => customer.administrator.post(path(customer, 'benefits'), { benefit: 'training-enrolment' }, key);
    const [first, again] = [await ask(), await ask()];
    expect(again.body).toEqual(first.body);
    expect((await customer.user.get(path(customer, 'benefits'))).body.items[0]).toMatchObject({ used: 1, left: 1 });
  });

  it('keep every fact that was recorded, by whom and when', async () => {
    const customer = await customerOn(desk, 'scalix-gold', { edition: 'enterprise', productRelease: '11' });
    const { body } = await manager.post(path(customer, 'facts'), { productRelease: '11.4', renews: false });
    expect(body).toMatchObject({ edition: 'enterprise', productRelease: '11.4', subscription: { renews: false } });
    expect(await history(customer)).toMatchObject([
      { type: 'facts-recorded', facts: { productRelease: '11.4' }, renews: false, actor: { email: 'max@example.com' } },
    ]);
    for (const wrong of [{}, { edition: 'home' }, { productRelease: 'eleven' }, { tier: 'gold' }]) {
      expect((await manager.post(path(customer, 'facts'), wrong)).status).toBe(400);
    }
    const basic = await customerOn(desk, 'scalix-basic');
    expect((await manager.post(path(basic, 'facts'), { renews: false })).status).toBe(400);
  });

  it('show benefits anew when their period ends', async () => {
    const own = await startTestDesk();
    try {
      const customer = await customerOn(own, 'scalix-platinum');
      const ask = () => customer.administrator.post(path(customer, 'benefits'), { benefit: 'system-assessment' });
      const first = await ask();
      expect(first.body).toMatchObject({ used: 1, left: 0 });
      expect((await ask()).body).toMatchObject({ status: 403, availableAt: first.body.to });
      await own.moveTo(new Date(Date.parse(first.body.to) + 1000).toISOString());
      expect((await ask()).body).toMatchObject({ used: 1, left: 0, from: first.body.to });
    } finally {
      await own.stop();
    }
  });
});
