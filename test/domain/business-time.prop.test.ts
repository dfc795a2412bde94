import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addBusinessTime,
  businessTimeBetween,
  isOpenAt,
  openIntervals,
  type Period,
} from '../../lambdas/domain/business-time.ts';
import { fromMillis, toMillis } from '../../lambdas/domain/time/instant.ts';
import type { Span } from '../../lambdas/domain/time/span.ts';
import { alwaysOpen } from '../support/calendars.ts';
import {
  addDaysSlowly,
  addSlowly,
  calendars,
  isOpenSlowly,
  quarterMillis,
  quarterSeconds,
  starts,
  zones,
} from './calendar-oracle.ts';

const seconds = (amount: number): Span => ({ unit: 'seconds', seconds: amount });
const days = (amount: number): Span => ({ unit: 'business-days', days: amount });

const quarters = fc.integer({ min: 1, max: 120 });
/** Any second, within some weeks of a change of the clocks. */
const instants = fc.tuple(starts, fc.nat(899)).map(([at, offset]) => fromMillis(at + offset * 1000));
const budgets = fc.nat({ max: 200 * 3600 });

const pausesFrom = (start: number): fc.Arbitrary<Period[]> =>
  fc.array(
    fc.tuple(fc.integer({ min: -40, max: 800 }), fc.integer({ min: 0, max: 200 })).map(([from, length]) => ({
      from: fromMillis(start + from * quarterMillis),
      to: fromMillis(start + (from + length) * quarterMillis),
    })),
    { maxLength: 4 },
  );
const pausedStarts = starts.chain((start) => fc.tuple(fc.constant(start), pausesFrom(start)));

describe('against counting quarter hours', () => {
  it('adds hours alike', () => {
    fc.assert(
      fc.property(calendars, starts, quarters, (calendar, start, amount) => {
        const added = addBusinessTime(calendar, fromMillis(start), seconds(amount * quarterSeconds));
        expect(added).toBe(fromMillis(addSlowly(calendar, start, amount)));
      }),
      { numRuns: 80 },
    );
  });

  it('adds hours with pauses alike', () => {
    fc.assert(
      fc.property(calendars, pausedStarts, quarters, (calendar, [start, pauses], amount) => {
        const added = addBusinessTime(calendar, fromMillis(start), seconds(amount * quarterSeconds), pauses);
        expect(added).toBe(fromMillis(addSlowly(calendar, start, amount, pauses)));
      }),
      { numRuns: 80 },
    );
  });

  it('adds business days alike', () => {
    fc.assert(
      fc.property(calendars, starts, fc.integer({ min: 1, max: 12 }), (calendar, start, amount) => {
        const added = addBusinessTime(calendar, fromMillis(start), days(amount));
        expect(added).toBe(fromMillis(addDaysSlowly(calendar, start, amount)));
      }),
      { numRuns: 200 },
    );
  });

  it('knows open quarters alike', () => {
    fc.assert(
      fc.property(calendars, starts, (calendar, start) => {
        for (let at = start; at < start + 96 * quarterMillis; at += quarterMillis) {
          expect(isOpenAt(calendar, fromMillis(at))).toBe(isOpenSlowly(calendar, at));
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('laws of hours', () => {
  it('takes back by between what it added', () => {
    fc.assert(
      fc.property(calendars, instants, budgets, (calendar, start, budget) => {
        const deadline = addBusinessTime(calendar, start, seconds(budget));
        expect(businessTimeBetween(calendar, start, deadline)).toBe(budget);
      }),
    );
  });

  it('takes back by between what it added, with pauses', () => {
    fc.assert(
      fc.property(calendars, pausedStarts, budgets, (calendar, [start, pauses], budget) => {
        const from = fromMillis(start);
        const deadline = addBusinessTime(calendar, from, seconds(budget), pauses);
        expect(businessTimeBetween(calendar, from, deadline, pauses)).toBe(budget);
      }),
    );
  });

  it('never moves a deadline earlier for a longer span or one pause more', () => {
    fc.assert(
      fc.property(calendars, pausedStarts, budgets, budgets, (calendar, [start, pauses], a, b) => {
        const add = (budget: number, some: readonly Period[]): number =>
          toMillis(addBusinessTime(calendar, fromMillis(start), seconds(budget), some));
        expect(add(a + b, pauses)).toBeGreaterThanOrEqual(add(a, pauses));
        expect(add(a, pauses)).toBeGreaterThanOrEqual(add(a, pauses.slice(1)));
      }),
    );
  });

  it('adds in two steps what it adds in one', () => {
    fc.assert(
      fc.property(calendars, instants, budgets, fc.integer({ min: 1, max: 400_000 }), (calendar, start, a, b) => {
        const once = addBusinessTime(calendar, start, seconds(a + b));
        expect(addBusinessTime(calendar, addBusinessTime(calendar, start, seconds(a)), seconds(b))).toBe(once);
      }),
    );
  });

  it('ends within open hours or at a closing', () => {
    fc.assert(
      fc.property(calendars, instants, budgets, (calendar, start, budget) => {
        const deadline = addBusinessTime(calendar, start, seconds(budget));
        const justBefore = fromMillis(toMillis(deadline) - 1);
        expect(isOpenAt(calendar, deadline) || (budget > 0 && isOpenAt(calendar, justBefore))).toBe(true);
      }),
    );
  });

  it('is the sum of the open intervals, and the negative backwards', () => {
    fc.assert(
      fc.property(calendars, instants, instants, (calendar, a, b) => {
        const [from, to] = toMillis(a) <= toMillis(b) ? [a, b] : [b, a];
        const open = openIntervals(calendar, from, to);
        const total = open.reduce((sum, period) => sum + toMillis(period.to) - toMillis(period.from), 0);
        expect(businessTimeBetween(calendar, from, to) * 1000).toBe(total);
        expect(businessTimeBetween(calendar, to, from) * 1000).toBe(total === 0 ? 0 : -total);
      }),
    );
  });

  it('is elapsed time around the clock', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, budgets, (zone, start, budget) => {
        const deadline = addBusinessTime(alwaysOpen(zone), start, seconds(budget));
        expect(toMillis(deadline)).toBe(toMillis(start) + budget * 1000);
      }),
    );
  });
});

describe('laws of pauses', () => {
  it('does not care for their order or for one told twice', () => {
    fc.assert(
      fc.property(calendars, pausedStarts, budgets, (calendar, [start, pauses], budget) => {
        const from = fromMillis(start);
        const told = addBusinessTime(calendar, from, seconds(budget), pauses);
        expect(addBusinessTime(calendar, from, seconds(budget), [...pauses, ...pauses].reverse())).toBe(told);
      }),
    );
  });

  it('shifts by the open time of a pause and not by its length', () => {
    fc.assert(
      fc.property(calendars, starts, quarters, quarters, quarters, (calendar, start, before, length, budget) => {
        const from = fromMillis(start);
        const pause = {
          from: fromMillis(start + before * quarterMillis),
          to: fromMillis(start + (before + length) * quarterMillis),
        };
        const without = addBusinessTime(calendar, from, seconds(budget * quarterSeconds));
        const paused = businessTimeBetween(calendar, pause.from, pause.to);
        const counts = toMillis(pause.from) < toMillis(without);
        const longer = addBusinessTime(calendar, from, seconds(budget * quarterSeconds + (counts ? paused : 0)));
        expect(addBusinessTime(calendar, from, seconds(budget * quarterSeconds), [pause])).toBe(longer);
      }),
    );
  });

  it('moves business days on by the open time paused', () => {
    fc.assert(
      fc.property(calendars, starts, fc.integer({ min: 1, max: 8 }), quarters, (calendar, start, amount, length) => {
        const from = fromMillis(start);
        const pause = { from, to: fromMillis(start + length * quarterMillis) };
        const unpaused = addBusinessTime(calendar, from, days(amount));
        const paused = businessTimeBetween(calendar, pause.from, pause.to);
        const moved = paused === 0 ? unpaused : addBusinessTime(calendar, unpaused, seconds(paused));
        expect(addBusinessTime(calendar, from, days(amount), [pause])).toBe(moved);
      }),
    );
  });
});
