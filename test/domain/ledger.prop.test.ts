import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addLot, availableAt, creditUnits, drawUnits, type Lot } from '../../lambdas/domain/account/ledger.ts';

const DAY = 86_400_000;
const NOW = '2026-06-01T12:00:00.000Z';
const later = (days: number) => new Date(Date.parse(NOW) + days * DAY).toISOString();

/** Lots in any state: live, expired, everlasting, spent; as an account would hold them. */
const lots = fc
  .array(
    fc.record({
      amount: fc.integer({ min: 1, max: 50 }),
      spent: fc.integer({ min: 0, max: 50 }),
      expiry: fc.option(fc.integer({ min: -20, max: 20 }), { nil: undefined }),
    }),
    { maxLength: 8 },
  )
  .map((list) =>
    list.map(({ amount, spent, expiry }, place): Lot => ({
      lotId: `lot_${String(place)}`,
      source: 'purchase',
      amount,
      remaining: Math.max(0, amount - spent),
      acquiredAt: later(-30),
      ...(expiry !== undefined && { expiresAt: later(expiry) }),
    })),
  );

const sum = (amounts: readonly { amount: number }[]) => amounts.reduce((total, { amount }) => total + amount, 0);
const remaining = (all: readonly Lot[]) => all.reduce((total, lot) => total + lot.remaining, 0);

describe('drawing units', () => {
  it('takes exactly what is asked from live lots, or takes nothing and says what is missing', () => {
    fc.assert(
      fc.property(lots, fc.integer({ min: 1, max: 200 }), (held, amount) => {
        const available = availableAt(held, NOW);
        const drawn = drawUnits(held, amount, NOW);
        if (!drawn.ok) {
          expect(drawn.missing).toBe(amount - available);
          expect(drawn.missing).toBeGreaterThan(0);
          return;
        }
        expect(sum(drawn.draws)).toBe(amount);
        expect(availableAt(drawn.lots, NOW)).toBe(available - amount);
        expect(remaining(drawn.lots)).toBe(remaining(held) - amount);
        expect(drawn.lots.every((lot) => lot.remaining >= 0)).toBe(true);
      }),
    );
  });

  it('leaves nothing in a lot that expires before one it has touched', () => {
    fc.assert(
      fc.property(lots, fc.integer({ min: 1, max: 200 }), (held, amount) => {
        const drawn = drawUnits(held, amount, NOW);
        if (!drawn.ok) return;
        const touched = new Set(drawn.draws.map(({ lotId }) => lotId));
        const last = drawn.draws.at(-1)?.expiresAt ?? '~';
        for (const lot of drawn.lots) {
          const live = lot.expiresAt === undefined || lot.expiresAt > NOW;
          if (live && !touched.has(lot.lotId) && (lot.expiresAt ?? '~') < last) expect(lot.remaining).toBe(0);
          if (!live) expect(touched.has(lot.lotId)).toBe(false);
        }
      }),
    );
  });
});

describe('crediting units', () => {
  it('gives back every unit, to the lots they came from or to one lot of thirty days', () => {
    fc.assert(
      fc.property(lots, fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 40 }), (held, amount, days) => {
        const drawn = drawUnits(held, amount, NOW);
        if (!drawn.ok) return;
        const at = later(days);
        const late = { lotId: 'lot_late', expiresAt: later(days + 30) };
        const { lots: after, placed } = creditUnits(drawn.lots, drawn.draws, at, late);
        expect(sum(placed)).toBe(amount);
        expect(remaining(after)).toBe(remaining(held));
        const expired = drawn.draws.filter(({ expiresAt }) => expiresAt !== undefined && expiresAt <= at);
        expect(after.find(({ lotId }) => lotId === 'lot_late')?.remaining ?? 0).toBe(sum(expired));
        expect(availableAt(after, at)).toBe(availableAt(drawn.lots, at) + amount);
      }),
    );
  });

  it('makes a lot anew that was forgotten after it was spent, with its own expiry', () => {
    const draw = {
      lotId: 'lot_gone',
      source: 'purchase' as const,
      acquiredAt: later(-30),
      expiresAt: later(5),
      amount: 7,
    };
    const { lots: after } = creditUnits([], [draw], NOW, { lotId: 'lot_late', expiresAt: later(30) });
    expect(after).toEqual([{ ...draw, remaining: 7 }]);
  });
});

describe('adding lots', () => {
  it('never forgets a unit, however many lots are spent', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 60, maxLength: 120 }), (rests) => {
        const held = rests.reduce<Lot[]>(
          (all, rest, place) =>
            addLot(all, {
              lotId: `lot_${String(place)}`,
              source: 'purchase',
              amount: 1,
              remaining: rest,
              acquiredAt: later(place),
            }),
          [],
        );
        expect(remaining(held)).toBe(rests.reduce((total, rest) => total + rest, 0));
        expect(held.filter((lot) => lot.remaining === 0).length).toBeLessThanOrEqual(51);
      }),
      { numRuns: 20 },
    );
  });
});
