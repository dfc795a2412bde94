import fc from 'fast-check';
import { expect, it } from 'vitest';
import { floorToSecond, fromMillis, instantSchema, laterOf, toMillis } from '../../lambdas/domain/time/instant.ts';

it('accepts the one form that sorts as text', () => {
  expect(instantSchema.safeParse('2026-11-26T14:00:00.000Z').success).toBe(true);
  for (const text of [
    '2026-11-26T14:00:00Z',
    '2026-11-26T14:00:00.000+00:00',
    '2026-11-26',
    '2026-02-30T00:00:00.000Z',
  ]) {
    expect(instantSchema.safeParse(text).success, text).toBe(false);
  }
});

it('converts both ways and refuses text that is no instant', () => {
  expect(fromMillis(toMillis('2026-11-26T14:00:00.123Z'))).toBe('2026-11-26T14:00:00.123Z');
  expect(() => toMillis('tomorrow')).toThrow(RangeError);
});

it('writes every moment as a Date does, and refuses what a Date can not hold', () => {
  const anyMoment = fc.oneof(
    fc.double({ min: -8.64e15, max: 8.64e15, noNaN: true }),
    fc.integer({ min: Date.UTC(1989, 0), max: Date.UTC(2101, 0) }),
    fc.constantFrom(-1, 0, Date.UTC(1000, 0), Date.UTC(1000, 0) - 1, Date.UTC(9999, 11, 31), Date.UTC(10_000, 0)),
  );
  fc.assert(
    fc.property(anyMoment, (millis) => {
      expect(fromMillis(millis)).toBe(new Date(millis).toISOString());
    }),
    { numRuns: 2000 },
  );
  for (const millis of [NaN, Infinity, 8.64e15 + 1])
    expect(() => fromMillis(millis), String(millis)).toThrow(RangeError);
});

it('floors to the whole second, before 1970 too', () => {
  expect(floorToSecond(toMillis('2026-11-26T14:00:00.999Z'))).toBe('2026-11-26T14:00:00.000Z');
  expect(floorToSecond(-1)).toBe('1969-12-31T23:59:59.000Z');
});

it('takes the later instant', () => {
  const [a, b] = ['2026-11-26T14:00:00.000Z', '2026-11-26T14:00:01.000Z'];
  expect([laterOf(a, b), laterOf(b, a), laterOf(a, a)]).toEqual([b, b, a]);
});
