/**
 * Counting on a calendar in milliseconds: what business time has passed, and when so much of it will have. It owns how far a
 * calendar's hours are laid out and keeps the layouts; it must not know spans' texts or pauses. The trap: hours are laid out
 * as far as anyone asked, so a question may replace `#hours`; read it again after `#cover` and `#extend`.
 */
import { isEverOpen } from './calendar.ts';
import type { Calendar } from './calendar.ts';
import { layOutHours, timetableOf } from './open-hours.ts';
import type { OpenHours, Timetable } from './open-hours.ts';
import { zoneOffsets } from './zone-offsets.ts';
import type { ZoneOffsets } from './zone-offsets.ts';
import { MILLIS_A_DAY } from './instant.ts';

/** Local years that are counted: from before the first of these programmes to as far as zones can reasonably be told. */
const firstYear = 1990;
const lastYear = 2100;

/** The number of entries at the front of an ascending list that are at most `value`. */
const countUpTo = (list: Float64Array | Int32Array, value: number): number => {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
};

const outOfRange = (what: string): RangeError =>
  new RangeError(`${what}: business time is counted from ${firstYear} to ${lastYear} only`);

/** One calendar, ready to count on. All instants are milliseconds since 1970-01-01T00:00Z. */
export class CalendarIndex {
  readonly #timetable: Timetable;
  readonly #offsets: ZoneOffsets;
  #first = 0;
  #last = 0;
  #hours: OpenHours | undefined;

  /** Throws a RangeError for a calendar that is never open or names no zone. */
  constructor(calendar: Calendar) {
    if (!isEverOpen(calendar)) throw new RangeError('the calendar is never open');
    this.#timetable = timetableOf(calendar);
    this.#offsets = zoneOffsets(calendar.zone);
  }

  /** Whether the instant lies in open hours; the opening does, the closing does not. */
  isOpenAt(at: number): boolean {
    const hours = this.#cover(at);
    const position = countUpTo(hours.opens, at) - 1;
    return at < (hours.closes[position] ?? -Infinity);
  }

  /** Open milliseconds from one instant to a later one. */
  between(from: number, to: number): number {
    this.#cover(from);
    const hours = this.#cover(to);
    return openBefore(hours, to) - openBefore(hours, from);
  }

  /** The instant itself if it is open, else the next opening. */
  nextOpen(at: number): number {
    let hours = this.#cover(at);
    for (;;) {
      const position = countUpTo(hours.opens, at);
      if (at < (hours.closes[position - 1] ?? -Infinity)) return at;
      const opensAt = hours.opens[position];
      if (opensAt !== undefined) return opensAt;
      hours = this.#extend();
    }
  }

  /** The first instant at which so many open milliseconds have passed since `at`. */
  add(at: number, millis: number): number {
    if (millis === 0) return this.nextOpen(at);
    let hours = this.#cover(at);
    const target = openBefore(hours, at) + millis;
    while ((hours.before.at(-1) ?? 0) < target) hours = this.#extend();
    // Some interval has `before` under the target and its end at or past it: a span that ends at closing stays in it.
    const position = countUpTo(hours.before, target - 1) - 1;
    return (hours.opens[position] ?? 0) + target - (hours.before[position] ?? 0);
  }

  /** The same local time on the n-th open day after the local day of `at`. */
  addDays(at: number, days: number): number {
    if (days === 0) return this.nextOpen(at);
    let hours = this.#cover(at);
    const local = this.#offsets.toLocal(at);
    const today = Math.floor(local / MILLIS_A_DAY);
    for (;;) {
      const day = hours.openDays[countUpTo(hours.openDays, today) + days - 1];
      if (day !== undefined) return this.#offsets.toUtc(day * MILLIS_A_DAY + (local - today * MILLIS_A_DAY));
      hours = this.#extend();
    }
  }

  /** The open intervals within a range, cut to it. */
  intervals(from: number, to: number): readonly (readonly [number, number])[] {
    this.#cover(from);
    const hours = this.#cover(to);
    const found: [number, number][] = [];
    for (let position = Math.max(countUpTo(hours.opens, from) - 1, 0); position < hours.opens.length; position += 1) {
      const opensAt = Math.max(hours.opens[position] ?? to, from);
      if (opensAt >= to) break;
      const closesAt = Math.min(hours.closes[position] ?? to, to);
      if (opensAt < closesAt) found.push([opensAt, closesAt]);
    }
    return found;
  }

  /** Hours that reach at least over the instant. */
  #cover(at: number): OpenHours {
    let hours = this.#hours;
    if (hours && at >= hours.fromAt && at < hours.toAt) return hours;
    if (!hours) {
      const year = Math.min(Math.max(new Date(at).getUTCFullYear(), firstYear), lastYear);
      hours = this.#layOut(year, Math.min(year + 1, lastYear));
    }
    while (at < hours.fromAt) {
      if (this.#first === firstYear) throw outOfRange(new Date(at).toISOString());
      hours = this.#layOut(Math.max(this.#first - this.#years, firstYear), this.#last);
    }
    while (at >= hours.toAt) {
      if (this.#last === lastYear) throw outOfRange(new Date(at).toISOString());
      hours = this.#extend();
    }
    return hours;
  }

  /** As many years again: doubling keeps the cost of reaching far in proportion to the distance. */
  #extend(): OpenHours {
    if (this.#last === lastYear) throw outOfRange('the calendar is not open for that long');
    return this.#layOut(this.#first, Math.min(this.#last + this.#years, lastYear));
  }

  get #years(): number {
    return this.#last - this.#first + 1;
  }

  #layOut(first: number, last: number): OpenHours {
    this.#first = first;
    this.#last = last;
    this.#hours = layOutHours(this.#timetable, this.#offsets, first, last);
    return this.#hours;
  }
}

/** Open milliseconds from the start of the laid out range to an instant in it. */
const openBefore = (hours: OpenHours, at: number): number => {
  const position = countUpTo(hours.opens, at) - 1;
  if (position < 0) return 0;
  const opensAt = hours.opens[position] ?? at;
  return (hours.before[position] ?? 0) + Math.min(at, hours.closes[position] ?? at) - opensAt;
};

/** Calendars differ by plan, zone and region; a busy function sees some dozens. An index of two years takes about 15 kB. */
const mostIndexes = 200;
const byObject = new WeakMap<Calendar, CalendarIndex>();
const byContent = new Map<string, CalendarIndex>();

/** The index of a calendar: found by the object, or by its content, because every ticket carries its own copy. */
export const indexOf = (calendar: Calendar): CalendarIndex => {
  const known = byObject.get(calendar);
  if (known) return known;
  const content = JSON.stringify(calendar);
  const index = byContent.get(content) ?? new CalendarIndex(calendar);
  // Taken out and put back, the least recently used is always the first of the map.
  byContent.delete(content);
  byContent.set(content, index);
  for (const oldest of byContent.keys()) {
    if (byContent.size <= mostIndexes) break;
    byContent.delete(oldest);
  }
  byObject.set(calendar, index);
  return index;
};
