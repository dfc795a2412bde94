/** Fills a fresh desk with something to look at, for `npm start -- --demo`. It calls the desk's own HTTP API, like any client. */
import type { Desk } from '../lib/local/desk.ts';
import { clientOf } from './client.ts';

/** The plans of the two accounts, the units that they buy, and the priority of the ticket that each opens. */
const SEEDS = [
  { planId: 'scalix-basic', timeZone: 'Europe/Berlin', region: 'DE-BE', amount: 50, request: {} },
  {
    planId: 'luxsci-token-dedicated',
    timeZone: 'America/New_York',
    region: 'US',
    amount: 20,
    request: { priority: 'urgent' },
  },
] as const;

/** Called once, before the desk says that it is ready. */
export async function seedDemo(desk: Desk): Promise<void> {
  const manager = clientOf(desk.url, await desk.token({ role: 'manager', email: 'manager@example.com' }));
  for (const { planId, timeZone, region, amount, request } of SEEDS) {
    const contacts = [{ email: 'customer@example.com', name: 'Customer', role: 'administrator' }];
    const account = await manager.post('/v1/accounts', {
      name: `Example on ${planId}`,
      planId,
      timeZone,
      region,
      contacts,
    });
    const accountId = String(account.accountId);
    await manager.post(`/v1/accounts/${accountId}/purchases`, { amount });
    const bearer = { role: 'customer', account: accountId, email: 'customer@example.com' } as const;
    const customer = clientOf(desk.url, await desk.token(bearer));
    const ticket = {
      accountId,
      subject: 'Mail is stuck',
      description: 'Nothing leaves the queue since nine.',
      ...request,
    };
    await customer.post('/v1/tickets', ticket);
  }
}
