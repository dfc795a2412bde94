/** A programme whose terms become shorter or longer, end or begin, while accounts are on it: a vendor's file says so one day. */
import { describe, expect, it } from 'vitest';
import type { Account } from '../../lambdas/domain/account/account.ts';
import { decideAccount, openAccount } from '../../lambdas/domain/account/account-commands.ts';
import { hasLapsed, settleAccount } from '../../lambdas/domain/account/account-settle.ts';
import { changeZone } from '../../lambdas/domain/account/plan-change.ts';
import type { Plan } from '../../lambdas/domain/plan/plan.ts';
import { accountOn, manager, planNamed } from '../support/records.ts';

const yearly = planNamed('scalix-basic-annual');
const withTerms = (length: string): Plan => ({ ...yearly, term: { length, source: 'scalix-support-programs' } });

const begun = (plan: Plan, createdAt: string): Account => {
  const opened = openAccount(accountOn(plan.planId, { createdAt }), plan, manager);
  if (!opened.ok) throw new Error(opened.refusal.message);
  return opened.account;
};

/** The days on which terms begin and end until a moment, the running one too. */
const terms = (account: Account, plan: Plan, until: string) => {
  const { account: after, entries } = settleAccount(account, plan, until);
  const ids = entries.map(({ entryId }) => entryId);
  expect(new Set(ids).size).toBe(ids.length);
  return {
    begin: entries.flatMap(({ kind, at }) => (kind === 'grant' ? [at.slice(0, 10)] : [])),
    end: after.subscription?.endsAt.slice(0, 10),
    after,
  };
};

describe('a term of another length', () => {
  it('is the first one after the term that runs, however short', () => {
    const account = begun(yearly, '2026-01-31T17:00:00.000Z');
    expect(account.subscription?.endsAt).toBe('2027-01-31T17:00:00.000Z');
    const halves = terms(account, withTerms('P6M'), '2028-02-01T00:00:00.000Z');
    expect(halves.begin).toEqual(['2027-01-31', '2027-07-31', '2028-01-31']);
    expect(halves.end).toBe('2028-07-31');
    const months = terms(account, withTerms('P1M'), '2027-04-01T00:00:00.000Z');
    expect(months.begin).toEqual(['2027-01-31', '2027-02-28', '2027-03-31']);
    expect(months.end).toBe('2027-04-30');
  });

  it('is no longer than it says, however many terms there were before', () => {
    const monthly = withTerms('P1M');
    const { after } = terms(begun(monthly, '2026-01-31T17:00:00.000Z'), monthly, '2026-06-01T00:00:00.000Z');
    expect(after.subscription).toMatchObject({ terms: 5, endsAt: '2026-06-30T16:00:00.000Z' });
    const years = terms(after, yearly, '2027-07-01T00:00:00.000Z');
    expect(years.begin).toEqual(['2026-06-30', '2027-06-30']);
    expect(years.end).toBe('2028-06-30');
  });

  it('is not what a change of zone makes of one, which keeps its day', () => {
    const monthly = withTerms('P1M');
    const account = begun(monthly, '2026-01-31T17:00:00.000Z');
    const { after } = terms(account, monthly, '2026-03-01T00:00:00.000Z');
    const moved = changeZone(after, monthly, 'Asia/Tokyo', '2026-03-02T00:00:00.000Z');
    expect(moved.subscription?.endsAt).toBe('2026-03-31T16:00:00.000Z');
    expect(terms(moved, monthly, '2026-04-01T00:00:00.000Z').after.subscription).toMatchObject({
      startedAt: '2026-01-31T17:00:00.000Z',
      terms: 3,
    });
  });
});

describe('a plan that has terms no more', () => {
  const { term: _none, ...without } = { ...yearly, grants: [] };

  const renewing = (account: Account, plan: Plan, renews: boolean, now: string) =>
    decideAccount({ account, plan, actor: manager, now, id: now }, { type: 'record-facts', facts: {}, renews });

  it('takes back whoever had ended theirs', () => {
    const ended = renewing(begun(yearly, '2026-01-31T17:00:00.000Z'), yearly, false, '2026-05-01T09:00:00.000Z');
    if (!ended.ok) throw new Error(ended.refusal.message);
    expect(hasLapsed(ended.account, '2027-03-01T09:00:00.000Z')).toBe(true);
    const back = renewing(ended.account, without, true, '2027-03-01T09:00:00.000Z');
    if (!back.ok) throw new Error(back.refusal.message);
    expect(hasLapsed(back.account, '2030-03-01T09:00:00.000Z')).toBe(false);
    const again = renewing(back.account, without, true, '2027-03-02T09:00:00.000Z');
    expect(again).toMatchObject({ ok: false, refusal: { code: 'validation' } });
  });
});

describe('a plan that has terms or months only since', () => {
  const { term: _none, ...basic } = { ...planNamed('scalix-basic'), grants: [] };
  const source = 'scalix-support-programs';
  const termed: Plan = { ...basic, term: { length: 'P1Y', source }, grants: [{ on: 'term', amount: 20, source }] };
  const monthly: Plan = { ...basic, grants: [{ on: 'calendar-month', amount: 5, zone: 'UTC', source }] };

  /** Opened on a plan of yearly terms, and on one without any since; with the names of its lines. */
  const moved = (): { account: Account; names: string[] } => {
    const opened = openAccount(accountOn(yearly.planId, { createdAt: '2026-01-31T17:00:00.000Z' }), yearly, manager);
    if (!opened.ok) throw new Error(opened.refusal.message);
    const question = {
      account: opened.account,
      plan: yearly,
      actor: manager,
      now: '2027-03-01T09:00:00.000Z',
      id: '1',
    };
    const gone = decideAccount(question, { type: 'change-plan', to: basic });
    if (!gone.ok) throw new Error(gone.refusal.message);
    return { account: gone.account, names: [...opened.entries, ...gone.entries].map(({ entryId }) => entryId) };
  };

  it.each([
    ['terms', termed, 20],
    ['months', monthly, 5],
  ])('gives what comes with its %s from when that is found out, under a new name', (_, plan, amount) => {
    const { account, names } = moved();
    const now = '2027-06-15T09:00:00.000Z';
    const { account: after, entries } = settleAccount(account, plan, now);
    expect(entries).toMatchObject([{ kind: 'grant', at: now, amount }]);
    expect(names).not.toContain(entries[0]?.entryId);
    expect(settleAccount(after, plan, now).entries).toEqual([]);
  });
});
