/**
 * Business time counted day by day: the open hours of each local day as stretches of the clock, spent one after the other. It shares
 * nothing with the desk's own; both stand on luxon's time zones. The trap: a pause that begins at the very deadline moves it to its end.
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

const spanMs = (span: string): number | undefined => {
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(span) ?? [];
  const whole = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return whole > 0 ? whole * 1000 : undefined;
};

/** When a span of open time is used up, stretches left out (ms since the epoch); undefined for spans that are not of hours. */
export const usedUpAt = (calendar: Json, start: number, span: string, left: readonly Stretch[]): number | undefined => {
  const ms = spanMs(span);
  if (ms === undefined) return undefined;
  const due = afterHours(calendar, start, ms, left);
  return [...left].sort((a, b) => a[0] - b[0]).reduce((at, [from, to]) => (from <= at && at < to ? to : at), due);
};
