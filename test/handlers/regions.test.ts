/** Where an account may be: anywhere, unless its plan counts by the public holidays of its region. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDesk, type Person, type TestDesk } from '../support/desk.ts';

let desk: TestDesk & { stop: () => Promise<void> };
let manager: Person;
beforeAll(async () => {
  desk = await startTestDesk();
  manager = await desk.as({ role: 'manager', email: 'max@example.com' });
});
afterAll(() => desk.stop());

describe('the region of an account', () => {
  const created = (planId: string, region: string) =>
    manager.post('/v1/accounts', {
      ...{ name: 'Example Ltd', planId, timeZone: 'Pacific/Auckland', region },
      contacts: [{ email: 'kiri@example.com', name: 'Kiri', role: 'administrator' }],
    });

  it('may be anywhere under a plan that counts by no regional holidays, and a ticket is opened there', async () => {
    const { status, body } = await created('luxsci-flat-users', 'IN');
    expect(status).toBe(201);
    const kiri = await desk.as({ role: 'customer', account: body.accountId, email: 'kiri@example.com' });
    expect(
      (await kiri.post('/v1/tickets', { accountId: body.accountId, subject: 'Down', description: 'Down.' })).status,
    ).toBe(201);
    expect((await created('luxsci-flat-users', 'New Zealand')).status).toBe(400);
  });

  it('has to be one whose holidays are known where they count', async () => {
    const { status, body } = await created('scalix-basic', 'IN');
    expect([status, body.detail]).toEqual([400, expect.stringContaining('the public holidays of IN are not known')]);
    expect(body.regions).toEqual(expect.arrayContaining(['US', 'US-CA', 'GB', 'DE-BY', 'FR', 'RO']));
    expect(body.regions).not.toContain('IN');
  });
});
