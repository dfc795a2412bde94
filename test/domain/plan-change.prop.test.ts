/** Accounts that go from plan to plan and from zone to zone: nothing is granted twice, lost, or written under a name that stands already. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../lambdas/domain/account/account.ts';
import { decideAccount, openAccount, type AccountCommand } from '../../lambdas/domain/account/account-commands.ts';
import { accountDueAt, settleAccount } from '../../lambdas/domain/account/account-settle.ts';
import { addLot, drawUnits, type LedgerEntry, type Lot } from '../../lambdas/domain/account/ledger.ts';
import type { Plan } from '../../lambdas/domain/plan/plan.ts';
import { monthNameOf } from '../../lambdas/domain/time/month.ts';
import { accountOn, manager, planNamed } from '../support/records.ts';

const HOUR = 3_600_000;
/** Hours before a month ends everywhere, so that stories of some days cross it. */
const START = Date.parse('2026-10-30T09:15:00.000Z');

const like = (planId: string, grants: Plan['grants'], term?: Plan['term']): Plan => {
  const { term: _none, ...plan } = planNamed('severity-professional');
  return { ...plan, planId, grants, ...(term && { term }) };
};
const source = 'severity-support-levels';
const monthly = (amount: number, zone: string): Plan['grants'][number] => ({
  on: 'calendar-month',
  amount,
  zone,
  source,
});
const LARGEST = 5;
const plans = [
  like('small', [monthly(2, 'customer')]),
  like('early', [monthly(LARGEST, 'Pacific/Kiritimati')]),
  like('late', [monthly(3, 'Pacific/Honolulu')]),
  like('yearly', [{ on: 'term', amount: 7, source }], { length: 'P1M', source }),
  like('nothing', []),
];
const named = (planId: string): Plan => {
  const plan = plans.find((one) => one.planId === planId);
  if (!plan) throw new Error(`no plan ${planId}`);
  return plan;
};
const ZONES = ['Pacific/Honolulu', 'America/New_York', 'Europe/Berlin', 'Pacific/Kiritimati'];

const step = fc.record({
  /** Sometimes none: calls that came at once are of the same millisecond, one after the other. */
  hours: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 24 * 40, noNaN: true, noDefaultInfinity: true })),
  what: fc.oneof(
    fc.constantFrom('look' as const, 'spend' as const),
    fc.record({ to: fc.constantFrom(...plans) }),
    fc.record({ zone: fc.constantFrom(...ZONES) }),
  ),
});
const story = fc.record({
  first: fc.constantFrom(...plans),
  timeZone: fc.constantFrom(...ZONES),
  steps: fc.array(
    fc.oneof(
      { arbitrary: step, weight: 1 },
      { arbitrary: step.map((one) => ({ ...one, hours: one.hours / 100 })), weight: 2 },
    ),
    { maxLength: 25 },
  ),
});

interface Played {
  readonly account: Account;
  readonly entries: readonly LedgerEntry[];
  readonly spent: number;
  readonly end: string;
}

const play = ({ first, timeZone, steps }: typeof story extends fc.Arbitrary<infer One> ? One : never): Played => {
  let time = START;
  const now = () => new Date(time).toISOString();
  const opened = openAccount(accountOn(first.planId, { timeZone, createdAt: now() }), first, manager);
  if (!opened.ok) throw new Error(opened.refusal.message);
  let { account } = opened;
  const entries = [...opened.entries];
  let [spent, changes] = [0, 0];
  const take = (after: { account: Account; entries: readonly LedgerEntry[] }) => {
    ({ account } = after);
    entries.push(...after.entries);
  };
  const command = (wish: AccountCommand) => {
    const plan = named(account.planId);
    changes += 1;
    const decision = decideAccount({ account, plan, actor: manager, now: now(), id: String(changes) }, wish);
    if (!decision.ok) throw new Error(decision.refusal.message);
    take(decision);
  };
  for (const { hours, what } of steps) {
    time += Math.ceil(hours * HOUR);
    if (typeof what === 'object') {
      command(
        'to' in what
          ? { type: 'change-plan', to: what.to }
          : { type: 'change-details', details: { timeZone: what.zone } },
      );
      continue;
    }
    take(settleAccount(account, named(account.planId), now()));
    const drawn = what === 'spend' ? drawUnits(account.lots, 1, now()) : undefined;
    if (!drawn?.ok) continue;
    spent += 1;
    account = { ...account, lots: drawn.lots };
  }
  take(settleAccount(account, named(account.planId), now()));
  return { account, entries, spent, end: now() };
};

const sumOf = (entries: readonly LedgerEntry[], kind: LedgerEntry['kind']): number =>
  entries.filter((entry) => entry.kind === kind).reduce((sum, { amount }) => sum + amount, 0);

describe('an account that changes plans and zones', () => {
  it('has each line of its ledger once, under a name of its own', () => {
    fc.assert(
      fc.property(story, (one) => {
        const ids = play(one).entries.map(({ entryId }) => entryId);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 400 },
    );
  });

  it('keeps what it has, has nothing due, and adds up', () => {
    fc.assert(
      fc.property(story, (one) => {
        const { account, entries, spent, end } = play(one);
        const onHand = account.lots.reduce((sum, { remaining }) => sum + remaining, 0);
        expect(sumOf(entries, 'grant') - sumOf(entries, 'expiry') - spent).toBe(onHand);
        const dueAt = accountDueAt(account);
        expect(dueAt === undefined || dueAt > end).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('is allowed no more of a month than the largest of its plans, whatever zones it is counted in', () => {
    fc.assert(
      fc.property(story, (one) => {
        const granted: Record<string, number> = {};
        for (const { kind, amount, reason } of play(one).entries) {
          const month = kind === 'grant' ? /^allowance of (\S+)/.exec(reason)?.[1] : undefined;
          if (month !== undefined) granted[month] = (granted[month] ?? 0) + amount;
        }
        for (const amount of Object.values(granted)) expect(amount).toBeLessThanOrEqual(LARGEST);
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ['the last day of a month comes again', 'Pacific/Kiritimati', 'Pacific/Honolulu'],
    ['the next month has begun already', 'Pacific/Honolulu', 'Pacific/Kiritimati'],
  ])('has the whole of a larger plan’s month, and no more, where %s', (_what, before, timeZone) => {
    const [small, large] = [named('small'), like('large', [monthly(LARGEST, 'customer')])];
    const opened = openAccount(
      accountOn('small', { timeZone: before, createdAt: '2026-11-10T12:00:00.000Z' }),
      small,
      manager,
    );
    if (!opened.ok) throw new Error(opened.refusal.message);
    const decided = (account: Account, now: string, wish: AccountCommand) => {
      const decision = decideAccount({ account, plan: small, actor: manager, now, id: now }, wish);
      if (!decision.ok) throw new Error(decision.refusal.message);
      return decision;
    };
    const moved = decided(opened.account, '2026-11-30T09:00:00.000Z', {
      type: 'change-details',
      details: { timeZone },
    });
    const { entries } = decided(moved.account, '2026-11-30T12:00:00.000Z', { type: 'change-plan', to: large });
    expect(entries.at(-1)).toMatchObject({ kind: 'grant', amount: LARGEST - 2 });
  });

  it('is not allowed a month’s incidents again for having spent many lots since', () => {
    const at = '2026-11-10T12:00:00.000Z';
    const opened = openAccount(accountOn('small', { createdAt: at }), named('small'), manager);
    if (!opened.ok) throw new Error(opened.refusal.message);
    const spent = (lots: readonly Lot[]) => lots.map((lot) => ({ ...lot, remaining: 0 }));
    let lots = spent(opened.account.lots);
    for (let bought = 1; bought <= 60; bought += 1) {
      const acquiredAt = new Date(Date.parse(at) + bought * 1000).toISOString();
      const lotId = `lot_${String(bought)}`;
      lots = spent(addLot(lots, { lotId, source: 'purchase', amount: 1, remaining: 1, acquiredAt }));
    }
    const question = { account: { ...opened.account, lots }, plan: named('small'), actor: manager, id: '1' };
    const now = '2026-11-11T12:00:00.000Z';
    const gone = decideAccount({ ...question, now }, { type: 'change-plan', to: named('early') });
    expect(gone).toMatchObject({ ok: true, entries: [{ kind: 'grant', amount: LARGEST - 2 }] });
  });

  it('is allowed no more in a month than the largest of its plans, where all count months in one zone', () => {
    const inBerlin = fc.record({
      first: fc.constantFrom(1, 2, 4),
      steps: fc.array(fc.tuple(fc.integer({ min: 1, max: 24 * 20 }), fc.constantFrom(0, 1, 2, 4)), { maxLength: 12 }),
    });
    const holding = (amount: number) =>
      amount === 0 ? named('nothing') : like(`of-${String(amount)}`, [monthly(amount, 'Europe/Berlin')]);
    fc.assert(
      fc.property(inBerlin, ({ first, steps }) => {
        let time = START;
        let plan = holding(first);
        const now = () => new Date(time).toISOString();
        const opened = openAccount(accountOn(plan.planId, { createdAt: now() }), plan, manager);
        if (!opened.ok) throw new Error(opened.refusal.message);
        let { account } = opened;
        const entries = [...opened.entries];
        const most: Record<string, number> = { [monthNameOf(now(), 'Europe/Berlin')]: first };
        for (const [hours, amount] of steps) {
          time += hours * HOUR;
          const month = monthNameOf(now(), 'Europe/Berlin');
          const before = plan.grants[0]?.amount ?? 0;
          const to = holding(amount);
          const decision = decideAccount(
            { account, plan, actor: manager, now: now(), id: String(time) },
            { type: 'change-plan', to },
          );
          if (!decision.ok) throw new Error(decision.refusal.message);
          ({ account } = decision);
          entries.push(...decision.entries);
          most[month] = Math.max(most[month] ?? before, amount);
          plan = to;
        }
        const granted: Record<string, number> = {};
        for (const { at, amount, kind } of entries) {
          const month = monthNameOf(at, 'Europe/Berlin');
          if (kind === 'grant') granted[month] = (granted[month] ?? 0) + amount;
        }
        for (const [month, amount] of Object.entries(most)) expect(granted[month] ?? 0).toBe(amount);
      }),
      { numRuns: 200 },
    );
  });
});
