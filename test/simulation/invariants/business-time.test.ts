/**
 * The oracle of business time is itself held against the cases of other libraries, and against the desk's own counting where those say
 * nothing.
 */
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { addBusinessTime } from '../../../lambdas/domain/business-time.ts';
import { usedUpAt } from './business-time.ts';
import type { Json } from './table.ts';

interface Case {
  readonly id: string;
  readonly calendar: Json;
  readonly op: string;
  readonly from: string;
  readonly amount?: string;
  readonly expected: string;
}

/** Nobody is promised a span of nothing. */
const NOTHING = /^(PT0S|0BD)$/;
const cases = (JSON.parse(readFileSync(new URL('../../vectors/business_time.json', import.meta.url), 'utf8')) as Case[])
  .filter(({ op, amount = '' }) => op === 'add' && !NOTHING.test(amount))
  .map(({ id, calendar, from, amount = '', expected }) => ({ id, calendar, from, amount, expected }));

it.each(cases)('$id: $amount after $from', ({ calendar, from, amount, expected }) => {
  expect(new Date(usedUpAt(calendar, Date.parse(from), amount, [])).toISOString()).toBe(
    new Date(expected).toISOString(),
  );
});

it('has cases with business days', () => {
  expect(cases.filter(({ amount }) => amount.endsWith('BD')).length).toBeGreaterThan(10);
});

const HOUR = 3_600_000;
const day = (...hours: [string, string][]) => hours;
const calendars = [
  ['Europe/Berlin', day(['09:00', '17:00']), []],
  ['America/New_York', day(['08:00', '12:00'], ['13:00', '18:30']), day(['10:00', '14:00'])],
  ['Australia/Sydney', day(['00:00', '24:00']), day(['00:00', '24:00'])],
] as const;

it('agrees with the desk on business days with pauses, through changes of the clocks', () => {
  const start = fc
    .integer({ min: 0, max: 400 * 24 * 60 })
    .map((minutes) => Date.parse('2038-01-01T00:00Z') + minutes * 60_000);
  const pause = fc.tuple(fc.integer({ min: -48, max: 400 }), fc.integer({ min: 1, max: 120 }));
  fc.assert(
    fc.property(
      fc.constantFrom(...calendars),
      start,
      fc.integer({ min: 1, max: 20 }),
      fc.array(pause, { maxLength: 4 }),
      ([zone, weekday, weekend], startAt, days, pauses) => {
        const weekly = { mon: weekday, tue: weekday, wed: weekday, thu: weekday, fri: weekday, sat: weekend, sun: [] };
        const calendar = { zone, weekly, holidays: ['2038-04-26', '2038-12-27'] } as any;
        // A ticket's own pauses begin after its start.
        const left = pauses
          .filter(([from]) => from >= 0)
          .map(([from, hours]) => [startAt + from * HOUR, startAt + (from + hours) * HOUR] as const);
        const periods = left.map(([from, to]) => ({
          from: new Date(from).toISOString(),
          to: new Date(to).toISOString(),
        }));
        const span = `${String(days)}BD`;
        const ours = usedUpAt(calendar, startAt, span, left);
        const desk = Date.parse(addBusinessTime(calendar, new Date(startAt).toISOString(), span, periods));
        const moved = [...left]
          .sort((a, b) => a[0] - b[0])
          .reduce((at, [from, to]) => (from <= at && at < to ? to : at), desk);
        expect(new Date(ours).toISOString()).toBe(new Date(moved).toISOString());
      },
    ),
    { numRuns: 500 },
  );
});
