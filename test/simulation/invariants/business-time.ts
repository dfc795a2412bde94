/**
 * Business time counted day by day: the open hours of each local day as stretches of the clock, spent one after the other, or whole days
 * ticked off. It shares nothing with the desk's own; both stand on luxon's time zones. The trap: a pause that begins at the very deadline
 * moves it to its end.
 */
import { DateTime } from 'luxon';
import type { Json } from './table.ts';

/** From and to, ms since the epoch. */
export type Stretch = readonly [from: number, to: number];

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const known = new Map<string, Stretch[]>();
const names = new WeakMap<object, string>();

const nameOf = (calendar: Json): string => {
  const name =
    names.get(calendar) ?? JSON.stringify([calendar.zone, calendar.weekly, calendar.holidays, calendar.exceptions]);
  names.set(calendar, name);
  return name;
};

const hoursOn = (calendar: Json, day: string): Stretch[] => {
  const key = `${day} ${nameOf(calendar)}`;
  const found = known.get(key);
  if (found) return found;
  const zone = calendar.zone as string;
  const noon = DateTime.fromISO(`${day}T12:00`, { zone });
  const usual = (calendar.holidays as string[]).includes(day)
    ? []
    : (calendar.weekly as Json)[DAYS[noon.weekday - 1] ?? ''];
  const hours = ((calendar.exceptions as Json | undefined)?.[day] ?? usual) as [string, string][];
  const at = (time: string): number =>
    time === '24:00'
      ? DateTime.fromISO(`${day}T00:00`, { zone }).plus({ days: 1 }).toMillis()
      : DateTime.fromISO(`${day}T${time}`, { zone }).toMillis();
  const stretches = hours.map(([opens, closes]): Stretch => [at(opens), at(closes)]);
  known.set(key, stretches);
  return stretches;
};

/** What of a stretch none of the others covers. */
const without = (stretch: Stretch, others: readonly Stretch[]): Stretch[] =>
  others.reduce<Stretch[]>(
    (left, [from, to]) =>
      left.flatMap(([a, b]): Stretch[] => {
        if (to <= a || from >= b) return [[a, b]];
        return [...(from > a ? [[a, from] as const] : []), ...(to < b ? [[to, b] as const] : [])];
      }),
    [stretch],
  );

const LONGEST_WALK_DAYS = 1500;

const afterHours = (calendar: Json, start: number, span: number, left: readonly Stretch[]): number => {
  let day = DateTime.fromMillis(start, { zone: calendar.zone as string })
    .startOf('day')
    .set({ hour: 12 });
  let owed = span;
  for (let walked = 0; walked < LONGEST_WALK_DAYS; walked += 1, day = day.plus({ days: 1 })) {
    for (const [opens, closes] of hoursOn(calendar, day.toISODate() ?? '')) {
      for (const [from, to] of without([Math.max(opens, start), Math.max(closes, start)], left)) {
        if (to - from >= owed) return from + owed;
        owed -= Math.max(0, to - from);
      }
    }
  }
  throw new Error('this calendar never opens');
};

const spanMs = (span: string): number => {
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(span) ?? [];
  const whole = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  if (whole === 0) throw new Error(`${span} is no span that anybody was promised`);
  return whole * 1000;
};

const LOCAL_TIME = 'HH:mm:ss.SSS';

/** A day's moment at a local time: where the clocks skip it, as much later as they skip; where it comes twice, the first. */
const momentOn = (day: DateTime, time: string): number => {
  const moment = DateTime.fromISO(`${day.toISODate() ?? ''}T${time}`, { zone: day.zone });
  const hourBefore = moment.minus({ hours: 1 });
  return (hourBefore.toFormat(LOCAL_TIME) === time ? hourBefore : moment).toMillis();
};

/** The start's local time on the n-th of the open days after its own, whether or not it was open on that one. */
const afterDays = (calendar: Json, start: number, days: number): number => {
  const local = DateTime.fromMillis(start, { zone: calendar.zone as string });
  let day = local.startOf('day').set({ hour: 12 });
  let owed = days;
  for (let walked = 0; walked < LONGEST_WALK_DAYS; walked += 1) {
    day = day.plus({ days: 1 });
    if (hoursOn(calendar, day.toISODate() ?? '').length > 0) owed -= 1;
    if (owed === 0) return momentOn(day, local.toFormat(LOCAL_TIME));
  }
  throw new Error('this calendar has not so many open days');
};

/** The open time between two moments that lies in stretches, counted once where they overlap. */
const openWithin = (calendar: Json, from: number, to: number, stretches: readonly Stretch[]): number => {
  let open = 0;
  let day = DateTime.fromMillis(from, { zone: calendar.zone as string })
    .startOf('day')
    .set({ hour: 12 });
  for (; day.startOf('day').toMillis() < to; day = day.plus({ days: 1 })) {
    for (const [opens, closes] of hoursOn(calendar, day.toISODate() ?? '')) {
      const [a, b] = [Math.max(opens, from), Math.min(closes, to)];
      if (a >= b) continue;
      open += b - a - without([a, b], stretches).reduce((sum, [start, end]) => sum + end - start, 0);
    }
  }
  return open;
};

/** Days are counted as if nothing were left out; what was left out before their end is owed from there on. */
const afterBusinessDays = (calendar: Json, start: number, days: number, left: readonly Stretch[]): number => {
  const due = afterDays(calendar, start, days);
  const owed = openWithin(calendar, start, due, left);
  return owed === 0 ? due : afterHours(calendar, due, owed, left);
};

/** When a span of open time, or of business days (`3BD`), is used up, stretches left out (ms since the epoch). */
export const usedUpAt = (calendar: Json, start: number, span: string, left: readonly Stretch[]): number => {
  const [, days] = /^([1-9]\d*)BD$/.exec(span) ?? [];
  const due =
    days === undefined
      ? afterHours(calendar, start, spanMs(span), left)
      : afterBusinessDays(calendar, start, Number(days), left);
  return [...left].sort((a, b) => a[0] - b[0]).reduce((at, [from, to]) => (from <= at && at < to ? to : at), due);
};
