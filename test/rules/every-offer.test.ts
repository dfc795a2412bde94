/** What each plan offers, plan by plan: its hours over a holiday, its written channels, who may open, its term. */
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../lambdas/plans/catalogue.ts';
import { customerOn, deskOfThisFile, openTicket, type Customer, type Person } from '../support/desk.ts';

/** Christmas Day, a Friday: 07:30 in Berlin, 01:30 in New York, and in Honolulu Thursday, half an hour after eight. */
const CHRISTMAS = '2026-12-25T06:30:00.000Z';
const desk = deskOfThisFile(CHRISTMAS);

const BERLIN = { timeZone: 'Europe/Berlin', region: 'DE' };
const TOKYO = { timeZone: 'Asia/Tokyo', region: 'JP' };
const EXTENDED = { ...BERLIN, extendedHours: true };
const quote = async (person: Person, { accountId }: Customer, more: object = {}) => {
  const asked = { accountId, subject: 'Mail is stuck', description: 'Nothing leaves.', ...more };
  return (await person.post('/v1/quotes', asked)).body as Record<string, any>;
};

it.each([
  ['SX-03', 'scalix-basic-annual', BERLIN, {}, ['2026-12-28T10:00']],
  ['SX-03', 'scalix-basic-annual', { timeZone: 'Pacific/Honolulu', region: 'US' }, {}, ['2026-12-28T21:00']],
  ['SX-21', 'scalix-incident', BERLIN, {}, ['2026-12-28T12:00']],
  ['SX-02', 'scalix-basic', TOKYO, {}, ['2026-12-28T02:30']],
  ['AX-02', 'axigen-basic', BERLIN, {}, ['2026-12-29T13:00']],
  ['LX-08', 'luxsci-token-dedicated', BERLIN, { priority: 'urgent' }, ['2026-12-25T18:00', '2026-12-26T06:30']],
  ['LX-14', 'luxsci-flat-users', BERLIN, { priority: 'urgent' }, ['2026-12-25T15:00']],
  ['SV-02', 'severity-enterprise', TOKYO, { priority: 'severity-1' }, ['2026-12-28T16:00', '2026-12-31T16:00']],
  ['SV-02', 'severity-enterprise', EXTENDED, { priority: 'severity-1' }, ['2026-12-25T16:00', '2026-12-28T16:00']],
])('%s %s counts its hours over Christmas as published', async (_rule, planId, place, asked, due) => {
  const customer = await customerOn(desk, planId, place);
  const { targets } = await quote(customer.administrator, customer, asked);
  expect(targets.map(({ deadline }: { deadline: string }) => deadline.slice(0, 16))).toEqual(due);
});

describe('each plan', () => {
  const plans = [...catalogue.values()].filter(({ addOnTo }) => !addOnTo).map(({ planId }) => planId);

  it.each(plans)('SX-06 %s takes every written channel like e-mail', async (planId) => {
    const customer = await customerOn(desk, planId);
    const [mail, ...others] = await Promise.all(
      ['email', 'api', 'web', 'chat'].map((channel) => quote(customer.administrator, customer, { channel })),
    );
    expect(mail?.refusal?.type ?? 'urn:makegood:problem:insufficient-credit').toMatch(/insufficient-credit$/);
    for (const other of others) expect([other.charge, other.refusal]).toEqual([mail?.charge, mail?.refusal]);
  });

  const FOR_ADMINISTRATORS = ['luxsci-token-dedicated', 'luxsci-token-platform', 'luxsci-flat-administrators'];
  it.each(plans)(
    'LX-12 %s is for administrators alone where that is published, else for each contact',
    async (planId) => {
      const customer = await customerOn(desk, planId);
      const { refusal } = await quote(customer.user, customer);
      const isRefused = refusal?.type.endsWith('not-entitled') ?? false;
      expect(isRefused).toBe(FOR_ADMINISTRATORS.includes(planId));
    },
  );

  it.each([
    ...['scalix-basic-annual', 'scalix-bronze', 'scalix-silver', 'scalix-gold', 'scalix-platinum'],
    ...['axigen-first', 'axigen-premium'],
  ])('SX-05 AX-01 %s has a term of a year, and its units are good for that', async (planId) => {
    const { accountId } = await customerOn(desk, planId);
    const { subscription } = (await desk.manager.get(`/v1/accounts/${accountId}`)).body;
    const { lots } = (await desk.manager.get(`/v1/accounts/${accountId}/balance`)).body;
    expect(subscription.endsAt).toBe(subscription.startedAt.replace('2026', '2027'));
    for (const { expiresAt } of lots) expect(expiresAt).toBe(subscription.endsAt);
  });

  it.each(plans.filter((planId) => planId.startsWith('scalix-')))(
    'SX-09 %s brings points with a first edition, for a year, and none with the Community Edition',
    async (planId) => {
      const welcomed = async (edition: string) => {
        const { accountId } = await customerOn(desk, planId, { edition });
        const { items } = (await desk.manager.get(`/v1/accounts/${accountId}/ledger`)).body;
        const [line] = items.filter(({ reason }: { reason: string }) => reason.includes('edition'));
        const { lots } = (await desk.manager.get(`/v1/accounts/${accountId}/balance`)).body;
        return line && lots.find(({ lotId }: { lotId: string }) => lotId === line.lots[0].lotId);
      };
      for (const edition of ['small-business', 'enterprise'])
        expect(await welcomed(edition)).toMatchObject({
          remaining: 20,
          expiresAt: expect.stringMatching(/^2027-12-25T06:/),
        });
      expect(await welcomed('community')).toBeUndefined();
    },
  );

  it.each(plans.filter((planId) => planId.startsWith('scalix-')))(
    'SX-15 %s supports the current release and the two before it',
    async (planId) => {
      const stands = async (productRelease: string) => {
        const customer = await customerOn(desk, planId, { productRelease });
        return (await quote(customer.administrator, customer)).refusal;
      };
      for (const release of ['9.0', '11.4.6']) expect((await stands(release))?.releases).toBeUndefined();
      expect(await stands('8.9')).toMatchObject({ status: 403, releases: ['11', '10', '9'] });
    },
  );

  it('AX-10 has a monthly report with Premium, Gold and GoLive', async () => {
    const { items } = (await desk.engineer.get('/v1/plans')).body as { items: Record<string, any>[] };
    const reported = items.filter(({ monthlyReport }) => monthlyReport).map(({ planId }) => planId);
    expect(reported).toEqual(['axigen-premium', 'axigen-gold', 'axigen-golive']);
  });

  it('EV-12 LX-09 gives the whole charge back at the first missed answer, once', async () => {
    const paid = [...catalogue.values()].filter(
      ({ addOnTo, charges }) => !addOnTo && charges.some((one) => one.amount),
    );
    const opened = await Promise.all(
      paid.map(async ({ planId, priorities, purchases }) => {
        const { packs } = purchases;
        const customer = await customerOn(desk, planId, packs?.length === 0 ? {} : { units: packs?.[0] ?? 20 });
        // Of the four severities the last is the one that each of their plans promises an answer for.
        const priority = priorities.includes('severity-4') ? { priority: 'severity-4' } : {};
        return { planId, customer, ticketId: await openTicket(customer, { channel: 'email', ...priority }) };
      }),
    );
    await desk.advance(9 * 86_400);
    for (const { planId, customer, ticketId } of opened) {
      const { charge } = (await desk.manager.get(`/v1/tickets/${ticketId}`)).body;
      expect(charge.amount, planId).toBeGreaterThan(0);
      expect(charge.credited, planId).toBe(charge.amount);
      const { items } = (await desk.manager.get(`/v1/accounts/${customer.accountId}/ledger?limit=100`)).body;
      const credits = items.filter(({ kind }: { kind: string }) => kind === 'credit');
      expect(credits, planId).toMatchObject([{ amount: charge.amount, ticketId }]);
    }
  });
});
