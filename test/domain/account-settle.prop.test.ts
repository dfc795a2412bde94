import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../lambdas/domain/account/account.ts';
import { openAccount } from '../../lambdas/domain/account/account-commands.ts';
import { accountDueAt, settleAccount } from '../../lambdas/domain/account/account-settle.ts';
import { credit, purchase } from '../../lambdas/domain/account/bookings.ts';
import { availableAt, drawUnits, type LedgerEntry } from '../../lambdas/domain/account/ledger.ts';
import { addPeriods, monthAround, periodAt } from '../../lambdas/domain/time/periods.ts';
import { theDesk } from '../../lambdas/domain/vocabulary.ts';
import { catalogue } from '../../lambdas/plans/catalogue.ts';
import { accountOn, manager, planNamed } from '../support/records.ts';

const DAY = 86_400_000;
const START = Date.parse('2024-02-29T22:30:00.000Z');
const at = (days: number) => new Date(START + days * DAY).toISOString();

/** An account on any plan that grants units or sells them, and what happens to it on which day. */
const story = fc.record({
  planId: fc.constantFrom(...[...catalogue.values()].filter(({ addOnTo }) => !addOnTo).map(({ planId }) => planId)),
  timeZone: fc.constantFrom('America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'Pacific/Auckland'),
  steps: fc.array(
    fc.record({
      wait: fc.double({ min: 0, max: 500, noNaN: true }),
      what: fc.constantFrom('look' as const, 'buy' as const, 'spend' as const),
    }),
    { maxLength: 12 },
  ),
});

interface Played {
  readonly account: Account;
  readonly entries: readonly LedgerEntry[];
  readonly end: string;
}

/** Plays a story; `looks`: whether every look writes what time has caused, or only the last one. */
const play = ({ planId, timeZone, steps }: Parameters<Parameters<typeof story.map>[0]>[0], looks: boolean): Played => {
  const plan = planNamed(planId);
  const opened = openAccount(accountOn(planId, { timeZone, createdAt: at(0) }), plan, manager);
  if (!opened.ok) throw new Error(opened.refusal.message);
  let { account } = opened;
  const entries = [...opened.entries];
  let day = 0;
  const settle = () => {
    const settled = settleAccount(account, plan, at(day));
    ({ account } = settled);
    entries.push(...settled.entries);
  };
  for (const [index, { wait, what }] of steps.entries()) {
    day += wait;
    if (looks || what !== 'look') settle();
    if (what === 'buy') {
      const amount = plan.purchases.packs?.[0] ?? 7;
      const bought = purchase(account, plan, { amount, actor: manager, now: at(day), id: String(index) });
      if (bought.ok) {
        ({ account } = bought);
        entries.push(bought.entry);
      }
    } else if (what === 'spend') {
      const drawn = drawUnits(account.lots, 1, at(day));
      if (drawn.ok) account = { ...account, lots: drawn.lots };
    }
  }
  settle();
  return { account, entries, end: at(day) };
};

describe('settling an account', () => {
  it('writes the same whoever looked in between, each fact once', () => {
    fc.assert(
      fc.property(story, (one) => {
        const often = play(one, true);
        const seldom = play(one, false);
        const facts = ({ entries }: Played) =>
          entries
            .map(({ recordedAt: _recordedAt, ...entry }) => entry)
            .toSorted((a, b) => (a.entryId < b.entryId ? -1 : 1));
        expect(facts(often)).toEqual(facts(seldom));
        expect(often.account.lots).toEqual(seldom.account.lots);
        expect(new Set(often.entries.map(({ entryId }) => entryId)).size).toBe(often.entries.length);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves nothing due, nothing expired on hand, and a ledger that adds up to the balance', () => {
    fc.assert(
      fc.property(story, (one) => {
        const { account, entries, end } = play(one, true);
        expect(settleAccount(account, planNamed(one.planId), end)).toEqual({ account, entries: [] });
        const dueAt = accountDueAt(account);
        expect(dueAt === undefined || dueAt > end).toBe(true);
        const spent = one.steps.length;
        const sum = entries.reduce((total, { kind, amount }) => total + (kind === 'expiry' ? -amount : amount), 0);
        const onHand = availableAt(account.lots, end);
        expect(onHand).toBe(account.lots.reduce((total, { remaining }) => total + remaining, 0));
        expect(sum - onHand).toBeGreaterThanOrEqual(0);
        expect(sum - onHand).toBeLessThanOrEqual(spent);
        for (const { amount } of entries) expect(amount).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  it('gives back outside a lot that was written off, however early that was decided', () => {
    const plan = planNamed('scalix-basic');
    const bought = purchase(accountOn('scalix-basic', { createdAt: at(0) }), plan, {
      ...{ amount: 50, actor: manager, now: at(0), id: 'first' },
    });
    if (!bought.ok) throw new Error(bought.refusal.message);
    const drawn = drawUnits(bought.account.lots, 10, at(300));
    if (!drawn.ok) throw new Error('too few units');
    const end = Date.parse(bought.lot.expiresAt!);
    const around = fc.integer({ min: -600, max: 600 }).map((seconds) => new Date(end + seconds * 1000).toISOString());
    fc.assert(
      fc.property(around, around, (settledAt, recordedAt) => {
        const settled = settleAccount({ ...bought.account, lots: drawn.lots }, plan, settledAt);
        const back = credit(settled.account, {
          ...{ type: 'credited', ticketId: 'tkt_1', seq: 3, accountId: settled.account.accountId },
          ...{ at: recordedAt, recordedAt, actor: theDesk, cause: 'miss', target: 'first-response' },
          ...{ amount: 10, unit: 'point', draws: drawn.draws },
        });
        const after = settleAccount(back.account, plan, at(800));
        const entries = [...settled.entries, back.entry, ...after.entries];
        expect(new Set(entries.map(({ entryId }) => entryId)).size).toBe(entries.length);
        const expired = entries.filter(({ kind }) => kind === 'expiry').map(({ amount }) => amount);
        const late = settledAt >= bought.lot.expiresAt! || recordedAt >= bought.lot.expiresAt!;
        expect(expired).toEqual(late ? [40, 10] : [50]);
      }),
      { numRuns: 300 },
    );
  });

  it('may be done in pieces of any size', () => {
    const plan = planNamed('severity-gold');
    const opened = openAccount(accountOn('severity-gold', { createdAt: at(0) }), plan, manager);
    if (!opened.ok) throw new Error(opened.refusal.message);
    const { account } = opened;
    const whole = settleAccount(account, plan, at(4000));
    expect(whole.entries.length).toBeGreaterThan(200);
    let pieces = { account, entries: [] as LedgerEntry[] };
    for (;;) {
      const piece = settleAccount(pieces.account, plan, at(4000), 7);
      if (piece.entries.length === 0) break;
      pieces = { account: piece.account, entries: [...pieces.entries, ...piece.entries] };
    }
    expect(pieces.entries).toEqual(whole.entries);
    expect({ ...pieces.account, version: 0 }).toEqual({ ...whole.account, version: 0 });
  });
});

describe('calendar time', () => {
  it('keeps the day of the first start, also where a month or a year does not have it', () => {
    const leap = '2024-02-29T12:00:00.000Z';
    expect([1, 2, 3, 4].map((years) => addPeriods(leap, 'P1Y', years, 'Etc/UTC').slice(0, 10))).toEqual([
      '2025-02-28',
      '2026-02-28',
      '2027-02-28',
      '2028-02-29',
    ]);
    expect(addPeriods('2026-01-31T12:00:00.000Z', 'P1M', 2, 'Etc/UTC')).toBe('2026-03-31T12:00:00.000Z');
    // The same hour on the wall clock, in winter and in summer.
    expect(addPeriods('2026-03-01T12:00:00.000Z', 'P1M', 1, 'Europe/Berlin')).toBe('2026-04-01T11:00:00.000Z');
  });

  it('finds the period that a moment lies in', () => {
    const zones = fc.constantFrom('America/New_York', 'Europe/Berlin', 'Pacific/Auckland');
    const periods = fc.constantFrom('P1M', 'P3M', 'P6M', 'P1Y', 'P30D');
    fc.assert(
      fc.property(zones, periods, fc.double({ min: 0, max: 4000, noNaN: true }), (zone, period, days) => {
        const { from, to } = periodAt(at(0), period, at(days), zone);
        expect(from <= at(days) && at(days) < to).toBe(true);
      }),
    );
  });

  it('ends a month at midnight of its zone', () => {
    expect(monthAround('2026-03-31T21:59:59.000Z', 'Europe/Berlin')).toEqual({
      name: '2026-03',
      endsAt: '2026-03-31T22:00:00.000Z',
    });
    expect(monthAround('2026-03-31T22:00:00.000Z', 'Europe/Berlin').name).toBe('2026-04');
  });
});

it('names a term by the day on which it begins in the account’s own zone', () => {
  const created = accountOn('scalix-basic-annual', {
    timeZone: 'Pacific/Auckland',
    createdAt: '2026-04-30T12:30:00.000Z',
  });
  const { entries } = settleAccount(created, planNamed('scalix-basic-annual'), '2026-05-01T00:00:00.000Z');
  expect(entries.map(({ reason }) => reason)).toEqual(['included with the term from 2026-05-01']);
});
