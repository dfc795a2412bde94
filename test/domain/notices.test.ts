/** When an account's people are told that units run low, and that some will expire. */
import { describe, expect, it } from 'vitest';
import {
  balanceNotice,
  expiryHorizon,
  expiryNotices,
  nextUnitsAt,
  usualCharge,
} from '../../lambdas/domain/account/notices.ts';
import type { Account } from '../../lambdas/domain/account/account.ts';
import type { Lot } from '../../lambdas/domain/account/ledger.ts';
import { catalogue } from '../../lambdas/plans/catalogue.ts';
import { accountOn, openedOn, planNamed } from '../support/records.ts';

const lot = (changes: Partial<Lot> = {}): Lot => ({
  lotId: 'lot_a',
  source: 'purchase',
  amount: 50,
  remaining: 50,
  acquiredAt: '2026-03-02T15:00:00.000Z',
  expiresAt: '2027-03-02T15:00:00.000Z',
  ...changes,
});
const NOW = '2026-03-10T15:00:00.000Z';
const points = planNamed('scalix-basic');
const having = (...lots: Lot[]): Account => accountOn('scalix-basic', { lots });

describe('the usual charge of a plan', () => {
  it('is that of its default priority in writing', () => {
    expect(usualCharge(points)).toBe(10);
    expect(usualCharge(planNamed('luxsci-token-platform'))).toBe(2);
    expect(usualCharge(planNamed('severity-gold'))).toBe(1);
    expect(usualCharge(planNamed('luxsci-flat-users'))).toBe(0);
  });

  it('is a whole number of every plan', () => {
    for (const plan of catalogue.values()) expect(usualCharge(plan)).toBeGreaterThanOrEqual(0);
  });
});

describe('the next units that nobody buys', () => {
  const subscription = { startedAt: NOW, terms: 1, endsAt: '2027-03-10T15:00:00.000Z', renews: true };
  const annual = planNamed('scalix-basic-annual');

  it('come with the next month, or with the next term where units are included', () => {
    const allowedUntil = '2026-03-31T22:00:00.000Z';
    expect(nextUnitsAt({ allowedUntil }, planNamed('severity-gold'))).toBe(allowedUntil);
    expect(nextUnitsAt({ subscription }, annual)).toBe(subscription.endsAt);
    const both = { ...annual, grants: [...annual.grants, ...planNamed('severity-gold').grants] };
    expect(nextUnitsAt({ allowedUntil, subscription }, both)).toBe(allowedUntil);
  });

  it('do not come with a term that ends for good, or has none in it, or to an add-on', () => {
    expect(nextUnitsAt({ subscription: { ...subscription, renews: false } }, annual)).toBeUndefined();
    expect(nextUnitsAt({ allowedUntil: NOW }, { ...planNamed('severity-gold'), grants: [] })).toBeUndefined();
    expect(nextUnitsAt({ subscription }, planNamed('axigen-premium'))).toBeUndefined();
    expect(nextUnitsAt({ allowedUntil: NOW, subscription }, planNamed('axigen-gold'))).toBeUndefined();
    expect(nextUnitsAt({}, points)).toBeUndefined();
  });

  it('are told to who has too few', () => {
    const account = accountOn('scalix-basic-annual', { subscription });
    expect(() => openedOn(account, NOW)).toThrow('The next allowance is there from 2027-03-10T15:00:00.000Z.');
  });
});

describe('the notice of a low balance', () => {
  const left = (left: number, amount: number) => balanceNotice({ left, amount }, points);

  it('is given by the opening that leaves less than the usual charge, and not at it', () => {
    expect(left(10, 10)).toBeUndefined();
    expect(left(9, 10)).toEqual({ left: 9, usual: 10 });
    expect(left(0, 10)).toEqual({ left: 0, usual: 10 });
    expect(left(5, 30)).toEqual({ left: 5, usual: 10 });
  });

  it('is not given again by openings that begin below it', () => {
    expect(left(4, 5)).toBeUndefined();
    const charges = [12, 5, 3];
    let hand = 21;
    const told = charges.map((amount) => left((hand -= amount), amount) !== undefined);
    expect(told).toEqual([true, false, false]);
  });

  it('is never given where a ticket usually is free', () => {
    expect(balanceNotice({ left: 0, amount: 1 }, planNamed('luxsci-flat-users'))).toBeUndefined();
  });

  it('reads from the opening what it left, the lots that can be spent alone', () => {
    const account = having(lot({ remaining: 15 }), lot({ lotId: 'lot_b', expiresAt: '2026-03-09T15:00:00.000Z' }));
    const [event] = openedOn(account, NOW).events;
    expect(event).toMatchObject({ type: 'opened', left: 5, charge: { amount: 10 } });
    const free = openedOn(accountOn('luxsci-flat-users'), NOW).events[0];
    expect(free).not.toHaveProperty('left');
  });
});

describe('the notices of units that will expire', () => {
  const given = (account: Account, now: string) => expiryNotices(account, now).map(({ days }) => days);
  const account = having(lot());

  it.each([
    ['2027-01-31T14:59:59.999Z', []],
    ['2027-01-31T15:00:00.000Z', [30]],
    ['2027-02-03T14:59:59.999Z', [30]],
    ['2027-02-03T15:00:00.000Z', []],
    ['2027-02-23T14:59:59.999Z', []],
    ['2027-02-23T15:00:00.000Z', [7]],
    ['2027-02-26T15:00:00.000Z', []],
    ['2027-03-02T15:00:00.000Z', []],
  ])('at %s are %j', (now, days) => {
    expect(given(account, now)).toEqual(days);
  });

  it('are not given of spent units, of units that stay, or of what came after the notice’s moment', () => {
    expect(given(having(lot({ remaining: 0 })), '2027-01-31T15:00:00.000Z')).toEqual([]);
    expect(given(having(lot({ expiresAt: undefined })), '2027-01-31T15:00:00.000Z')).toEqual([]);
    const late = lot({ source: 'credit', acquiredAt: '2027-01-31T15:00:00.000Z' });
    expect(given(having(late), '2027-01-31T15:00:00.000Z')).toEqual([]);
    expect(given(having(late), '2027-02-23T15:00:00.000Z')).toEqual([7]);
  });

  it('are not given of a monthly allowance, which comes again', () => {
    const month = { acquiredAt: '2026-03-01T00:00:00.000Z', expiresAt: '2026-04-01T00:00:00.000Z' };
    expect(given(having(lot({ source: 'grant', ...month })), '2026-03-25T08:00:00.000Z')).toEqual([]);
    expect(given(having(lot({ source: 'purchase', ...month })), '2026-03-25T08:00:00.000Z')).toEqual([7]);
  });

  it('are never of what expires beyond the horizon', () => {
    const now = '2027-01-31T15:00:00.000Z';
    expect(expiryHorizon(now)).toBe('2027-03-02T15:00:00.000Z');
    expect(expiryNotices(account, now).every((one) => one.lot.expiresAt <= expiryHorizon(now))).toBe(true);
  });
});
