/**
 * Calendar time: terms, validities and months as people count them, on the wall clock of a zone. It owns nothing but the
 * arithmetic. The trap: periods are always added to the first start at once, never one after the other, so that a term which
 * began on 31 January or 29 February keeps its day.
 */
import { DateTime } from 'luxon';
import { fromMillis, type Instant } from './instant.ts';

const units = { Y: 'years', M: 'months', D: 'days' } as const;

const partsOf = (period: string): { count: number; unit: (typeof units)[keyof typeof units] } => {
  const [, count, letter] = /^P(\d+)([YMD])$/.exec(period) ?? [];
  if (count === undefined) throw new RangeError(`a period is in years, months or days, not ${period}`);
  return { count: Number(count), unit: units[letter as keyof typeof units] };
};

/** The same local time, so many periods later; a day that the month does not have becomes its last one. */
export const addPeriods = (at: Instant, period: string, times: number, zone: string): Instant => {
  const { count, unit } = partsOf(period);
  return fromMillis(
    DateTime.fromISO(at, { zone })
      .plus({ [unit]: count * times })
      .toMillis(),
  );
};

/** The latest moment not after `now` at which a period begins, counted from `start`; `start` itself where `now` is before it. */
export const periodAt = (
  start: Instant,
  period: string,
  now: Instant,
  zone: string,
): { from: Instant; to: Instant } => {
  const { count, unit } = partsOf(period);
  const elapsed = DateTime.fromISO(now, { zone }).diff(DateTime.fromISO(start, { zone }), unit).as(unit);
  let nth = Math.max(0, Math.floor(elapsed / count) - 1);
  while (addPeriods(start, period, nth + 1, zone) <= now) nth += 1;
  return { from: addPeriods(start, period, nth, zone), to: addPeriods(start, period, nth + 1, zone) };
};

/** The month of a zone that a moment lies in: its name, such as `2026-03`, and the moment at which the next one begins. */
export const monthAround = (at: Instant, zone: string): { name: string; endsAt: Instant } => {
  const month = DateTime.fromISO(at, { zone }).startOf('month');
  return { name: month.toFormat('yyyy-MM'), endsAt: fromMillis(month.plus({ months: 1 }).toMillis()) };
};

/** The beginning of a local day. */
export const startOfDay = (day: string, zone: string): Instant =>
  fromMillis(DateTime.fromISO(day, { zone }).startOf('day').toMillis());
