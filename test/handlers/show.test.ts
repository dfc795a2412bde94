/** What is on hand is told apart from what can be spent. */
import { expect, it } from 'vitest';
import { showBalance } from '../../lambdas/handlers/api/show.ts';
import { accountOn, having } from '../support/records.ts';

it('units of an account whose term has ended stand in its lots, and none of them can be spent', () => {
  const endsAt = '2027-01-05T12:00:00.000Z';
  const subscription = { startedAt: '2026-01-05T12:00:00.000Z', terms: 1, endsAt, renews: false };
  const account = { ...having(accountOn('scalix-basic-annual'), 50, '2026-06-01T12:00:00.000Z'), subscription };
  const at = (now: string, renews = false) =>
    showBalance({ ...account, subscription: { ...subscription, renews } }, { unit: 'point', addOns: [] }, now);
  expect(at('2027-01-05T11:59:59.000Z')).toMatchObject({ available: 50, lots: [{ remaining: 50 }] });
  expect(at(endsAt)).toMatchObject({ available: 0, lots: [{ remaining: 50 }] });
  expect(at(endsAt, true)).toMatchObject({ available: 50 });
});
