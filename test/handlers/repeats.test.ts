/** Requests that come twice or at once: the same key gives the same answer, and no unit is spent twice. */
import { beforeAll, describe, expect, it } from 'vitest';
import { customerOn, openTicket, deskOfThisFile, type Answer, type Customer } from '../support/desk.ts';

const desk = deskOfThisFile();
let customer: Customer;
let ticketId: string;
beforeAll(async () => {
  customer = await customerOn(desk, 'scalix-basic', { units: 110 });
  ticketId = await openTicket(customer);
});

const newTicket = (changes: object = {}) => ({
  accountId: customer.accountId,
  subject: 'Mail is stuck',
  description: 'Nothing leaves.',
  ...changes,
});
const newAccount = {
  name: 'Example Ltd',
  planId: 'scalix-basic',
  timeZone: 'Europe/Berlin',
  region: 'DE',
  contacts: [{ email: 'bea@example.com', name: 'Bea', role: 'administrator' }],
};

describe('an idempotency key', () => {
  it('gives the same answer for the same body, and charges once', async () => {
    const key = { 'idempotency-key': 'key-1' };
    const before = (await customer.user.get(`/v1/accounts/${customer.accountId}/balance`)).body.available;
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => customer.user.post('/v1/tickets', newTicket(), key)),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.ticketId)).size).toBe(1);
    expect((await customer.user.get(`/v1/accounts/${customer.accountId}/balance`)).body.available).toBe(before - 10);
    const again = await customer.user.post('/v1/tickets', newTicket({ channel: 'api' }), key);
    expect(again.body).toEqual(answers[0]!.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    await desk.settled();
  });

  it('is refused with another body, and belongs to its caller', async () => {
    const key = { 'idempotency-key': 'key-2' };
    const first = await customer.user.post('/v1/tickets', newTicket(), key);
    const mismatch = await customer.user.post('/v1/tickets', newTicket({ subject: 'Else' }), key);
    expect(mismatch.status).toBe(422);
    expect(mismatch.body.type).toMatch(/idempotency-mismatch$/);
    const other = await customer.administrator.post('/v1/tickets', newTicket({ subject: 'Else' }), key);
    expect(other.status).toBe(201);
    expect(other.body.ticketId).not.toBe(first.body.ticketId);
    await desk.settled();
  });

  it('works for every call that creates', async () => {
    const key = { 'idempotency-key': 'key-3' };
    const twice = async (call: () => Promise<Answer>) => {
      const [one, two] = [await call(), await call()];
      expect(two.body).toEqual(one.body);
      expect(two.headers.get('idempotency-replayed')).toBe('true');
    };
    await twice(() => desk.manager.post('/v1/accounts', newAccount, key));
    await twice(() =>
      desk.manager.post(`/v1/accounts/${customer.accountId}/purchases`, { amount: 50 }, { 'idempotency-key': 'key-4' }),
    );
    await twice(() => desk.engineer.post(`/v1/tickets/${ticketId}/messages`, { body: 'Once.' }, key));
    const { body } = await desk.engineer.get(`/v1/tickets/${ticketId}/messages`);
    expect(body.items).toHaveLength(1);
  });
});

describe('many customers at once', () => {
  it('never spend a point twice', async () => {
    const busy = await customerOn(desk, 'scalix-basic', { units: 50 });
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => busy.user.post('/v1/tickets', { ...newTicket(), accountId: busy.accountId })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 402)).toHaveLength(7);
    const balance = await busy.user.get(`/v1/accounts/${busy.accountId}/balance`);
    expect(balance.body).toMatchObject({ available: 0, lots: [{ remaining: 0 }] });
  });
});
