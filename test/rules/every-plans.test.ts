/** What holds in every programme: added programmes, prices as published, quotes, and units that are charged exactly once. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startDesk } from '../../lib/local/desk.ts';
import { prepare } from '../../lib/local/prepare.ts';
import { assess, open, type OpeningContext, type OpeningRequest } from '../../lambdas/domain/opening/opening.ts';
import { openAccount } from '../../lambdas/domain/account/account-commands.ts';
import { settleAccount } from '../../lambdas/domain/account/account-settle.ts';
import { availableAt } from '../../lambdas/domain/account/ledger.ts';
import { catalogue, programmeFiles, programmeOf } from '../../lambdas/plans/catalogue.ts';
import { readCatalogue } from '../../lambdas/plans/programme-file.ts';
import { holidaysOf } from '../../lambdas/plans/holidays/holidays.ts';
import { channelSchema, prioritySchema } from '../../lambdas/domain/vocabulary.ts';
import {
  customerOn,
  MONDAY_10_NEW_YORK,
  openTicket,
  startTestDesk,
  testDeskOf,
  type Person,
  type TestDesk,
} from '../support/desk.ts';
import { accountOn, customer, engineer, having, manager as managerActor, TICKET_ID } from '../support/records.ts';

let desk: TestDesk & { stop: () => Promise<void> };
let manager: Person;
let eve: Person;
beforeAll(async () => {
  desk = await startTestDesk();
  manager = await desk.as({ role: 'manager', email: 'max@example.com' });
  eve = await desk.as({ role: 'engineer', email: 'eve@example.com', tier: 'TS1' });
});
afterAll(() => desk.stop());

const request = (accountId: string, more: object = {}) => ({
  accountId,
  subject: 'Mail is stuck',
  description: 'Nothing leaves the queue.',
  ...more,
});
const balance = async (accountId: string) => (await manager.get(`/v1/accounts/${accountId}/balance`)).body;
const ledger = async (accountId: string) =>
  (await manager.get(`/v1/accounts/${accountId}/ledger`)).body.items as Record<string, any>[];

describe('a programme of one’s own', () => {
  const orbit = {
    sources: { contract: 'Orbit support contract' },
    plans: [
      {
        planId: 'orbit-day',
        version: 1,
        programme: 'orbit',
        name: 'Orbit Day',
        summary: 'Three incidents a month, answered in two hours of the day.',
        unit: 'incident',
        listPrices: [],
        charges: [{ amount: 2, source: 'contract' }],
        purchases: { packs: [], source: 'contract' },
        grants: [{ on: 'calendar-month', amount: 3, zone: 'customer', source: 'contract' }],
        priorities: ['normal'],
        defaultPriority: 'normal',
        channels: ['api', 'email'],
        openers: 'contacts',
        calendars: {
          day: {
            zone: 'customer',
            weekly: {
              mon: [['06:00', '12:00']],
              tue: [],
              wed: [['06:00', '12:00']],
              thu: [],
              fri: [],
              sat: [],
              sun: [],
            },
            holidays: 'none',
            source: 'contract',
          },
        },
        targets: [{ kind: 'first-response', span: 'PT3H', calendar: 'day', source: 'contract' }],
        makeGood: ['first-response'],
        notes: [],
      },
    ],
  };

  it('joins the catalogue as one more file, and is refused where a figure names no source', () => {
    expect([...readCatalogue([...programmeFiles, orbit]).keys()].at(-1)).toBe('orbit-day');
    expect(() => readCatalogue([...programmeFiles, orbit, orbit])).toThrow('the same id');
    expect(() => readCatalogue([{ ...orbit, sources: {} }])).toThrow('is not among the `sources`');
  });

  it('runs on a desk that names the file and offers nothing else: opened, charged, missed, paid back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'makegood-programme-'));
    const file = join(folder, 'orbit.json');
    writeFileSync(file, JSON.stringify(orbit));
    onTestFinished(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const started = await startDesk({
      prepared: await prepare({ programmes: file, publishedPlans: 'left-out' }),
      startAt: Date.parse(MONDAY_10_NEW_YORK),
    });
    onTestFinished(() => started.stop());
    const own = testDeskOf(started);
    const held = await customerOn(own, 'orbit-day');
    const id = await openTicket(held);
    const boss = await own.as({ role: 'manager', email: 'max@example.com' });
    const { items: offered } = (await boss.get('/v1/plans')).body;
    expect(offered.map(({ planId }: { planId: string }) => planId)).toEqual(['orbit-day']);
    const { body: ticket } = await boss.get(`/v1/tickets/${id}`);
    // Monday 10:00 in New York: two hours are left of this morning, the third is Wednesday's first; and so many seconds as the desk took.
    const late = Math.floor((Date.parse(ticket.openedAt) - Date.parse(MONDAY_10_NEW_YORK)) / 1000) * 1000;
    const due = (seconds: number) =>
      new Date(Date.parse('2026-03-04T12:00:00.000Z') + late + seconds * 1000).toISOString();
    expect(ticket).toMatchObject({
      charge: { unit: 'incident', amount: 2 },
      targets: [{ kind: 'first-response', deadline: due(0) }],
    });
    expect((await boss.get(`/v1/accounts/${held.accountId}/balance`)).body.available).toBe(1);
    await own.moveTo(due(2));
    expect((await boss.get(`/v1/tickets/${id}`)).body).toMatchObject({ tier: 'TS2', charge: { credited: 2 } });
    expect((await boss.get(`/v1/accounts/${held.accountId}/balance`)).body.available).toBe(3);
  }, 60_000);

  it('is refused by name where the file is none', async () => {
    await expect(prepare({ programmes: '/nowhere/orbit.json' })).rejects.toThrow('/nowhere/orbit.json');
  });
});

it('EV-04 a refused opening charges nothing and opens nothing; an opened ticket has its charge', async () => {
  const { accountId, administrator } = await customerOn(desk, 'scalix-basic');
  expect((await administrator.post('/v1/tickets', request(accountId))).status).toBe(402);
  expect((await administrator.get('/v1/tickets')).body.items).toEqual([]);
  expect(await ledger(accountId)).toEqual([]);

  await manager.post(`/v1/accounts/${accountId}/purchases`, { amount: 50 });
  const opened = await administrator.post('/v1/tickets', request(accountId));
  expect(opened.status).toBe(201);
  const { ticketId } = opened.body;
  expect((await ledger(accountId)).filter(({ kind }) => kind === 'charge')).toMatchObject([{ amount: 10, ticketId }]);
});

describe('a quote says what opening at that moment gives', () => {
  const NOW = Date.parse('2026-03-02T00:00:00.000Z');
  const planIds = [...catalogue.values()].filter(({ addOnTo }) => !addOnTo).map(({ planId }) => planId);
  const maybe = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined });
  const seldom = <Value>(values: fc.Arbitrary<Value>) =>
    fc.oneof({ arbitrary: fc.constant(undefined), weight: 9 }, { arbitrary: values, weight: 1 });

  const accounts = fc
    .record({
      planId: fc.constantFrom(...planIds),
      timeZone: fc.constantFrom('America/New_York', 'Europe/Berlin', 'Asia/Kolkata'),
      region: fc.constantFrom('US', 'DE-BY', 'GB'),
      facts: fc.record(
        {
          edition: fc.constantFrom('community' as const, 'small-business' as const, 'enterprise' as const),
          productRelease: fc.constantFrom('11.4', '9', '8.1'),
          softwareSubscriptionUntil: fc.constantFrom(null, '2026-06-01T00:00:00.000Z', '2030-01-01T00:00:00.000Z'),
          extendedHours: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
      packs: fc.integer({ min: 0, max: 2 }),
    })
    .map(({ packs, ...changes }) => {
      const plan = catalogue.get(changes.planId)!;
      const opened = openAccount(accountOn(changes.planId, changes), plan, managerActor);
      if (!opened.ok) throw new Error(opened.refusal.message);
      const sold = plan.purchases.packs ?? [20];
      return Array.from({ length: packs }).reduce<typeof opened.account>(
        (account) => (sold[0] === undefined ? account : having(account, sold[0])),
        opened.account,
      );
    });
  const requests: fc.Arbitrary<OpeningRequest> = fc.record({
    subject: fc.constant('Mail is stuck'),
    description: fc.constant('Nothing leaves.'),
    priority: seldom(fc.constantFrom(...prioritySchema.options)),
    channel: fc.constantFrom(...channelSchema.options),
    category: seldom(fc.constantFrom('installation', 'performance-tuning', 'training', 'whatever')),
    severity: seldom(
      fc.record({
        usersAffected: fc.constantFrom('majority' as const, 'some' as const, 'one' as const),
        visibility: fc.constantFrom('high' as const, 'low' as const),
        workaround: fc.boolean(),
        revenueAffected: fc.boolean(),
        businessBlocked: fc.boolean(),
      }),
    ),
    missionCritical: seldom(fc.boolean()),
    authorizedCharge: maybe(fc.constantFrom(0, 10, 15)),
    addOn: seldom(fc.constant('axigen-gold')),
  });
  const stories = fc.record({
    account: accounts,
    request: requests,
    actor: fc.constantFrom(customer, engineer, { ...customer, email: 'uwe@example.com' }),
    now: fc.integer({ min: 0, max: 3 * 366 * 86_400 }).map((seconds) => new Date(NOW + seconds * 1000).toISOString()),
  });

  it('EV-07 in cost, deadlines and refusals, for any account, plan, request and instant', () => {
    let openings = 0;
    fc.assert(
      fc.property(stories, ({ account, request: asked, actor, now }) => {
        const plan = catalogue.get(account.planId)!;
        const context: OpeningContext = {
          ...{ account, plan, programme: programmeOf(catalogue, plan), actor, now },
          holidaysOf: (region, from, to) => holidaysOf(region, from, Math.min(to, 2032)),
        };
        const quote = assess(context, asked);
        const opening = open(context, asked, TICKET_ID);
        expect(opening.ok).toBe(quote.ok && quote.refusal === undefined);
        if (!opening.ok) {
          expect(opening.refusal).toEqual(quote.refusal);
          return;
        }
        if (!quote.ok) throw new Error('opened without an offer');
        openings += 1;
        const { ticket, account: after, entries } = opening;
        expect(ticket.priority).toBe(quote.offer.priority);
        expect({ unit: ticket.charge.unit, amount: ticket.charge.amount }).toEqual(quote.offer.charge);
        expect(ticket.targets).toEqual(quote.offer.targets);
        // What the ledger says is what the lots say, and the price is paid by the plan or by the add-on.
        const settled = settleAccount(account, plan, now).account;
        const paid = availableAt(settled.lots, now, asked.addOn) - availableAt(after.lots, now, asked.addOn);
        expect(paid).toBe(ticket.charge.amount);
        const charged = entries.filter(({ kind }) => kind === 'charge').reduce((sum, { amount }) => sum + amount, 0);
        expect(charged).toBe(ticket.charge.amount);
      }),
      { numRuns: 1000 },
    );
    expect(openings).toBeGreaterThan(100);
  });

  it('EV-07 over HTTP, on the same desk at the same moment', async () => {
    const { accountId, administrator } = await customerOn(desk, 'severity-gold', { timeZone: 'Europe/Berlin' });
    const asked = request(accountId, { severity: { usersAffected: 'majority', revenueAffected: true } });
    const quote = await administrator.post('/v1/quotes', asked);
    const opened = await administrator.post('/v1/tickets', asked);
    expect(quote.body).toMatchObject({ priority: 'severity-2', charge: { unit: 'incident', amount: 1 } });
    expect(quote.body).not.toHaveProperty('refusal');
    expect(opened.body).toMatchObject({ priority: quote.body.priority, charge: quote.body.charge });
    // The desk's clock goes on between the calls.
    const later = await administrator.post('/v1/quotes', asked);
    for (const [place, { kind, deadline }] of (opened.body.targets as Record<string, string>[]).entries()) {
      expect(kind).toBe(quote.body.targets[place].kind);
      expect(deadline! >= quote.body.targets[place].deadline).toBe(true);
      expect(deadline! <= later.body.targets[place].deadline).toBe(true);
    }
    expect((await balance(accountId)).available).toBe(3);
  });
});

it('EV-11 the catalogue shows the published prices and invents none', async () => {
  const { items } = (await eve.get('/v1/plans')).body as { items: Record<string, any>[] };
  const prices = Object.fromEntries(
    items.map(({ planId, listPrices }) => [
      planId,
      listPrices.map(({ amount, currency, percentOf, per }: Record<string, string>) =>
        [amount, currency ?? `% of ${percentOf ?? ''}`, per].join(' '),
      ),
    ]),
  );
  const none: string[] = [];
  expect(prices).toEqual({
    'scalix-basic': none,
    'scalix-basic-annual': none,
    'scalix-bronze': none,
    'scalix-silver': none,
    'scalix-gold': none,
    'scalix-platinum': none,
    'scalix-incident': none,
    'axigen-basic': ['0 % of licence first year'],
    'axigen-first': ['20 % of licence year'],
    'axigen-premium': ['35 % of licence year'],
    'axigen-gold': none,
    'axigen-golive': none,
    'luxsci-token-dedicated': ['25 USD issue, at least'],
    'luxsci-token-platform': ['25 USD issue, at least'],
    'luxsci-flat-users': ['0.30 USD user and month'],
    'luxsci-flat-administrators': ['0.10 USD user and month'],
    'severity-professional': none,
    'severity-enterprise': none,
    'severity-gold': ['1499.00 EUR month'],
  });
});
