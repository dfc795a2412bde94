/**
 * Calendars to try, and business time counted the slow way: quarter hour by quarter hour, asking luxon for the local time of
 * each. It owns no cleverness; it must share nothing with the code it checks. The trap: it is exact only on the grid, so
 * hours, starts, spans and pauses given to it are whole quarters, and no hours begin or end amid a change of the clocks.
 */
import fc from 'fast-check';
import { DateTime } from 'luxon';
import type { Period } from '../../lambdas/domain/business-time.ts';
import { isEverOpen, weekdays } from '../../lambdas/domain/time/calendar.ts';
import type { Calendar, OpenInterval } from '../../lambdas/domain/time/calendar.ts';

export const quarterMillis = 900_000;
export const quarterSeconds = 900;

/** Zones that change their clocks by an hour, by half an hour, at midnight, at odd offsets, or not at all. */
export const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/Santiago',
  'Pacific/Chatham',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Etc/UTC',
];

const clock = (quarter: number): string =>
  `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`;

/** Midnight, and the quarters from 04:00 to 23:00: clear of every change of the clocks in `zones`. */
const edge = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(0, 96) },
  { weight: 8, arbitrary: fc.integer({ min: 16, max: 92 }) },
);

const dayHours: fc.Arbitrary<OpenInterval[]> = fc
  .uniqueArray(edge, { minLength: 0, maxLength: 6 })
  .map((edges) => edges.sort((a, b) => a - b))
  .map((edges) =>
    Array.from({ length: Math.floor(edges.length / 2) }, (_, position): OpenInterval => [
      clock(edges[position * 2]!),
      clock(edges[position * 2 + 1]!),
    ]),
  );

/** Starts lie within two months of this year's changes of the clocks in both hemispheres. */
export const starts = fc
  .tuple(
    fc.constantFrom('2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01'),
    fc.nat(2000),
  )
  .map(([day, quarters]) => Date.parse(day) - 12 * 86_400_000 + quarters * quarterMillis);

const days = fc.integer({ min: -10, max: 60 }).chain((offset) =>
  fc.constantFrom('2026-03-20', '2026-10-20').map((day) => {
    return new Date(Date.parse(day) + offset * 86_400_000).toISOString().slice(0, 10);
  }),
);

export const calendars: fc.Arbitrary<Calendar> = fc
  .record({
    zone: fc.constantFrom(...zones),
    weekly: fc.record({
      mon: dayHours,
      tue: dayHours,
      wed: dayHours,
      thu: dayHours,
      fri: dayHours,
      sat: dayHours,
      sun: dayHours,
    }),
    holidays: fc.array(days, { maxLength: 5 }),
    exceptions: fc.dictionary(days, dayHours, { maxKeys: 4 }),
  })
  .filter((calendar) => isEverOpen({ ...calendar, exceptions: {} }));

/** Whether the calendar is open on the quarter hour that begins at `at`. */
export const isOpenSlowly = (calendar: Calendar, at: number): boolean => {
  const local = DateTime.fromMillis(at, { zone: calendar.zone });
  const time = local.toFormat('HH:mm');
  return hoursOn(calendar, local).some(([opens, closes]) => opens <= time && time < closes);
};

const hoursOn = (calendar: Calendar, local: DateTime): OpenInterval[] => {
  const day = local.toFormat('yyyy-MM-dd');
  const usual = calendar.holidays.includes(day) ? [] : calendar.weekly[weekdays[local.weekday - 1]!];
  return calendar.exceptions?.[day] ?? usual;
};

/** The end of the n-th open and unpaused quarter hour from `start` on. */
export const addSlowly = (
  calendar: Calendar,
  start: number,
  quarters: number,
  pauses: readonly Period[] = [],
): number => {
  let left = quarters;
  let at = start;
  for (; left > 0; at += quarterMillis) {
    const paused = pauses.some(({ from, to }) => Date.parse(from) <= at && at < Date.parse(to));
    if (!paused && isOpenSlowly(calendar, at)) left -= 1;
  }
  return at;
};

/** The same local time n open days later, walking day by day. */
export const addDaysSlowly = (calendar: Calendar, start: number, count: number): number => {
  const local = DateTime.fromMillis(start, { zone: calendar.zone });
  let left = count;
  let ahead = 0;
  while (left > 0) {
    ahead += 1;
    const noon = local.set({ hour: 12, minute: 0 }).plus({ days: ahead });
    if (hoursOn(calendar, noon).length > 0) left -= 1;
  }
  return local.plus({ days: ahead }).toMillis();
};
