/**
 * The open hours of a calendar laid out on the line of time: sorted intervals with running totals, for a range of years. It
 * owns what a timetable means on a real day; it must not know spans or pauses. The trap: local hours are turned into instants
 * at both ends, so on the day clocks change an interval can shrink, move onto its neighbour or vanish.
 */
import { weekdays } from './calendar.ts';
import type { Calendar, OpenInterval } from './calendar.ts';
import type { ZoneOffsets } from './zone-offsets.ts';
import { MILLIS_A_DAY } from './instant.ts';

const minuteMillis = 60_000;
/** 1970-01-01, day 0, was a Thursday, three days after a Monday. */
const weekdayOfDayZero = 3;

/** Opening and closing as milliseconds after local midnight. */
type LocalInterval = readonly [number, number];

/** A calendar's hours by local day, days counted from 1970-01-01. */
export interface Timetable {
  readonly weekly: readonly (readonly LocalInterval[])[];
  readonly replaced: ReadonlyMap<number, readonly LocalInterval[]>;
}

/** Open time over a range: `before[i]` is the open time, in milliseconds, ahead of interval i; its last entry is the total. */
export interface OpenHours {
  readonly fromAt: number;
  readonly toAt: number;
  readonly opens: Float64Array;
  readonly closes: Float64Array;
  readonly before: Float64Array;
  /** Local days with any open time, ascending. */
  readonly openDays: Int32Array;
}

const localMillis = (time: string): number => (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * minuteMillis;

const localIntervals = (intervals: readonly OpenInterval[]): readonly LocalInterval[] =>
  intervals.map(([opens, closes]) => [localMillis(opens), localMillis(closes)]);

const dayNumber = (day: string): number => Date.parse(day) / MILLIS_A_DAY;

/** Reads a calendar's texts once. An exception stands in for a holiday and for the weekly hours. */
export const timetableOf = (calendar: Calendar): Timetable => {
  const replaced = new Map<number, readonly LocalInterval[]>();
  for (const day of calendar.holidays) replaced.set(dayNumber(day), []);
  for (const [day, intervals] of Object.entries(calendar.exceptions ?? {})) {
    replaced.set(dayNumber(day), localIntervals(intervals));
  }
  return { weekly: weekdays.map((day) => localIntervals(calendar.weekly[day])), replaced };
};

const hoursOn = (timetable: Timetable, day: number): readonly LocalInterval[] =>
  timetable.replaced.get(day) ?? timetable.weekly[(day + weekdayOfDayZero) % 7] ?? [];

/** Intervals of one local day as instants, cut to that day. A day that the zone skipped altogether has none. */
const placeHours = (
  hours: readonly LocalInterval[],
  day: number,
  [startsAt, endsAt]: LocalInterval,
  offsets: ZoneOffsets,
): readonly LocalInterval[] => {
  if (endsAt - startsAt === MILLIS_A_DAY) return hours.map(([opens, closes]) => [startsAt + opens, startsAt + closes]);
  const place = (local: number): number =>
    Math.min(Math.max(offsets.toUtc(day * MILLIS_A_DAY + local), startsAt), endsAt);
  return hours
    .map(([opens, closes]): LocalInterval => [place(opens), place(closes)])
    .filter(([opensAt, closesAt]) => opensAt < closesAt)
    .sort((a, b) => a[0] - b[0]);
};

/** Lays out the hours of whole local years, both included. Hours that touch or overlap become one interval. */
export const layOutHours = (
  timetable: Timetable,
  offsets: ZoneOffsets,
  firstYear: number,
  lastYear: number,
): OpenHours => {
  const firstDay = Date.UTC(firstYear, 0, 1) / MILLIS_A_DAY;
  const endDay = Date.UTC(lastYear + 1, 0, 1) / MILLIS_A_DAY;
  const opens: number[] = [];
  const closes: number[] = [];
  const openDays: number[] = [];
  const append = ([opensAt, closesAt]: LocalInterval): void => {
    const last = closes.length - 1;
    const lastClose = closes[last];
    if (lastClose !== undefined && opensAt <= lastClose) closes[last] = Math.max(lastClose, closesAt);
    else {
      opens.push(opensAt);
      closes.push(closesAt);
    }
  };
  let startsAt = offsets.toUtc(firstDay * MILLIS_A_DAY);
  const fromAt = startsAt;
  for (let day = firstDay; day < endDay; day += 1) {
    const endsAt = offsets.toUtc((day + 1) * MILLIS_A_DAY);
    const placed = placeHours(hoursOn(timetable, day), day, [startsAt, endsAt], offsets);
    if (placed.length > 0) openDays.push(day);
    placed.forEach(append);
    startsAt = endsAt;
  }
  return {
    fromAt,
    toAt: startsAt,
    opens: Float64Array.from(opens),
    closes: Float64Array.from(closes),
    before: runningTotals(opens, closes),
    openDays: Int32Array.from(openDays),
  };
};

const runningTotals = (opens: readonly number[], closes: readonly number[]): Float64Array => {
  const before = new Float64Array(opens.length + 1);
  let total = 0;
  for (const [position, opensAt] of opens.entries()) {
    total += (closes[position] ?? opensAt) - opensAt;
    before[position + 1] = total;
  }
  return before;
};
