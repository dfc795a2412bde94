import { describe, expect, it } from 'vitest';
import { assess, open, type OpeningRequest } from '../../lambdas/domain/opening/opening.ts';
import type { Account } from '../../lambdas/domain/account/account.ts';
import type { Actor } from '../../lambdas/domain/vocabulary.ts';
import { holidaysOf } from '../../lambdas/plans/holidays/holidays.ts';
import { accountOn, customer, engineer, having, planNamed, TICKET_ID } from '../support/records.ts';

const NOW = '2026-03-02T15:00:00.000Z';
const request: OpeningRequest = { subject: 'Mail is stuck', description: 'Nothing leaves the queue.', channel: 'api' };
const context = (account: Account, actor: Actor = customer, now = NOW) => ({
  account,
  plan: planNamed(account.planId),
  actor,
  now,
  holidaysOf,
});
const refusal = (account: Account, changes: Partial<OpeningRequest> = {}, actor: Actor = customer) => {
  const opening = open(context(account, actor), { ...request, ...changes }, TICKET_ID);
  return opening.ok ? undefined : opening.refusal;
};

describe('what a ticket costs', () => {
  it.each([
    ['scalix-basic', { channel: 'email' }, 10],
    ['scalix-basic', { channel: 'chat' }, 10],
    ['scalix-basic', { channel: 'phone' }, 30],
    ['luxsci-token-dedicated', { priority: 'informational' }, 0],
    ['luxsci-token-dedicated', { priority: 'billing' }, 0],
    ['luxsci-token-dedicated', { priority: 'standard' }, 1],
    ['luxsci-token-dedicated', { priority: 'urgent' }, 3],
    ['luxsci-token-dedicated', { priority: 'emergency' }, 10],
  ] as const)('%s %j: %i units', (planId, changes, amount) => {
    const account = having(accountOn(planId), planId === 'scalix-basic' ? 50 : 20);
    const opening = open(context(account), { ...request, ...changes }, TICKET_ID);
    if (!opening.ok) throw new Error(opening.refusal.message);
    expect(opening.ticket.charge.amount).toBe(amount);
    expect(opening.entries.map(({ kind, amount: units }) => [kind, units])).toEqual(
      amount === 0 ? [] : [['charge', amount]],
    );
  });

  it('draws from the lots that expire first', () => {
    const account = having(
      having(accountOn('scalix-basic'), 50, '2026-02-01T12:00:00.000Z'),
      50,
      '2026-01-10T12:00:00.000Z',
    );
    const opening = open(context(account), { ...request, channel: 'phone' }, TICKET_ID);
    if (!opening.ok) throw new Error(opening.refusal.message);
    expect(opening.account.lots.map(({ expiresAt, remaining }) => [expiresAt, remaining])).toEqual([
      ['2027-01-10T12:00:00.000Z', 20],
      ['2027-02-01T12:00:00.000Z', 50],
    ]);
  });
});

describe('what a ticket promises', () => {
  it('counts in the customer’s own zone and holidays', () => {
    const berlin = having(accountOn('scalix-basic', { timeZone: 'Europe/Berlin', region: 'DE-BY' }), 50);
    /** Monday 5 January 2026, 15:00 in Munich; Tuesday is Epiphany, a holiday in Bavaria. */
    const quote = assess(context(berlin, customer, '2026-01-05T14:00:00.000Z'), request);
    expect(quote.ok && quote.offer.deadlines).toEqual([
      { kind: 'first-response', deadline: '2026-01-07T10:00:00.000Z' },
    ]);
  });

  it('counts with the holidays of the local year, when the year has changed in UTC already', () => {
    const facts = { timeZone: 'America/Los_Angeles', region: 'US-CA' };
    const account = having(accountOn('scalix-basic', facts), 50, '2027-06-01T12:00:00.000Z');
    /** Friday 31 December 2027, 16:30: a day off, because New Year's Day is a Saturday. The office opens again on Monday. */
    const quote = assess(context(account, customer, '2028-01-01T00:30:00.000Z'), request);
    expect(quote.ok && quote.offer.deadlines).toEqual([
      { kind: 'first-response', deadline: '2028-01-03T21:00:00.000Z' },
    ]);
  });

  it('counts the hours of a day that has its own, a holiday too', () => {
    const basic = planNamed('scalix-basic');
    const { business } = basic.calendars;
    const exceptions = {
      '2026-12-24': [['09:00', '12:00'] as [string, string]],
      '2026-12-25': [['10:00', '11:00'] as [string, string]],
    };
    const plan = { ...basic, calendars: { business: { ...business!, exceptions } } };
    const account = having(accountOn('scalix-basic'), 50);
    /** Thursday, 10:00 in New York: two hours are left, one comes on Friday, the last one on Monday. */
    const quote = assess({ ...context(account, customer, '2026-12-24T15:00:00.000Z'), plan }, request);
    expect(quote.ok && quote.offer.deadlines).toEqual([
      { kind: 'first-response', deadline: '2026-12-28T15:00:00.000Z' },
    ]);
    const usual = assess(context(account, customer, '2026-12-24T15:00:00.000Z'), request);
    expect(usual.ok && usual.offer.deadlines[0]?.deadline).toBe('2026-12-24T19:00:00.000Z');
  });

  it('leaves out the vendor’s own holidays too, and under extended hours only theirs', () => {
    const basic = planNamed('scalix-basic');
    const { business } = basic.calendars;
    const closedOn = ['2026-12-31', '2026-03-02', '2026-12-25'];
    const calendars = {
      business: { ...business!, closedOn, extended: { ...business!, holidays: 'none', closedOn: ['2026-03-03'] } },
    };
    const assessed = (facts: Account['facts']) => {
      const account = having(accountOn('scalix-basic', { facts }), 50);
      return assess({ ...context(account), plan: { ...basic, calendars } }, request);
    };
    const holidays = [...new Set([...holidaysOf('US', 2026, 2029), ...closedOn])].sort();
    expect(assessed({})).toMatchObject({
      offer: {
        deadlines: [{ deadline: '2026-03-03T18:00:00.000Z' }],
        terms: { calendars: { business: { holidays } } },
      },
    });
    expect(assessed({ extendedHours: true })).toMatchObject({
      offer: {
        deadlines: [{ deadline: '2026-03-02T19:00:00.000Z' }],
        terms: { calendars: { business: { holidays: ['2026-03-03'] } } },
      },
    });
  });

  it('keeps a copy that outlives a change of the plan', () => {
    const account = having(accountOn('scalix-basic'), 50);
    const opening = open(context(account), request, TICKET_ID);
    if (!opening.ok) throw new Error(opening.refusal.message);
    expect(opening.ticket.terms).toMatchObject({
      planId: 'scalix-basic',
      planVersion: 1,
      timeZone: 'America/New_York',
    });
    expect(opening.ticket.terms.calendars.business?.holidays).toContain('2026-07-03');
  });
});

describe('what stands against opening', () => {
  it('says what is missing and which packs would do', () => {
    const account = { ...having(accountOn('scalix-basic'), 50), lots: [] };
    expect(refusal(account, { channel: 'phone' })).toMatchObject({
      code: 'insufficient-credit',
      facts: { required: 30, available: 0, missing: 30, packs: [50, 110, 180] },
    });
    expect(refusal(accountOn('luxsci-token-dedicated'), { priority: 'emergency' })?.facts).toMatchObject({
      missing: 10,
      amount: 10,
    });
  });

  it('does not count points that have expired', () => {
    expect(refusal(having(accountOn('scalix-basic'), 50, '2025-03-02T15:00:00.000Z'))?.code).toBe(
      'insufficient-credit',
    );
    expect(refusal(having(accountOn('scalix-basic'), 50, '2025-03-02T15:00:01.000Z'))).toBeUndefined();
  });

  it('tells on which day of the account’s own zone a term or a plan has ended', () => {
    /** Half past one in the night in Auckland, and the day before in UTC. */
    const [endsAt, timeZone] = ['2026-02-27T12:30:00.000Z', 'Pacific/Auckland'];
    const subscription = { startedAt: '2025-02-27T12:30:00.000Z', terms: 1, endsAt, renews: false };
    expect(refusal(accountOn('scalix-bronze', { timeZone, subscription }))?.message).toBe(
      'The term of this account’s plan ended on 2026-02-28.',
    );
    const registered = accountOn('axigen-basic', { timeZone, createdAt: '2025-02-27T12:30:00.000Z' });
    expect(refusal(registered, { channel: 'email' })?.message).toContain('ended on 2026-02-28, counted from');
  });

  it('lets administrators alone open token tickets, and any contact where the plan says so', () => {
    const user: Actor = { role: 'customer', email: 'uwe@example.com' };
    expect(refusal(having(accountOn('luxsci-token-dedicated'), 20), {}, user)?.code).toBe('not-entitled');
    expect(refusal(having(accountOn('scalix-basic'), 50), {}, user)).toBeUndefined();
    expect(
      refusal(having(accountOn('scalix-basic'), 50), {}, { role: 'customer', email: 'stranger@example.com' })?.code,
    ).toBe('not-entitled');
  });

  it('refuses priorities and channels that the plan does not have', () => {
    expect(refusal(having(accountOn('scalix-basic'), 50), { priority: 'urgent' })?.code).toBe('validation');
    expect(refusal(having(accountOn('luxsci-token-dedicated'), 20), { channel: 'phone' })?.code).toBe('not-entitled');
  });

  it('lets an engineer open for a contact who called, and nobody else', () => {
    const account = having(accountOn('scalix-basic'), 50);
    expect(refusal(account, { channel: 'phone', contact: 'uwe@example.com' }, engineer)).toBeUndefined();
    expect(refusal(account, { channel: 'phone', contact: 'stranger@example.com' }, engineer)?.code).toBe(
      'not-entitled',
    );
    expect(refusal(account, { channel: 'web', contact: 'uwe@example.com' }, engineer)?.code).toBe('forbidden');
    expect(refusal(account, { contact: 'uwe@example.com' })?.code).toBe('validation');
  });
});
