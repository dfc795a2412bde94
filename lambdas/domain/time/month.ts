/**
 * A calendar month of a customer, in the customer's zone. The trap: a month begins at local midnight, so for two customers the
 * same month is two different stretches of time, and one of them may be an hour shorter.
 */
import { DateTime } from 'luxon';
import { isZone } from './calendar.ts';
import type { Instant } from './instant.ts';

const MONTH = /^(?:19|20)\d{2}-(?:0[1-9]|1[0-2])$/;

/** Whether the text is a month such as `2026-03`, in the years that calendars cover. */
export const isMonth = (text: string): boolean => MONTH.test(text) && text >= '1990';

const instantOf = (at: DateTime): Instant => at.toJSDate().toISOString();
const isoDay = (day: DateTime): string => day.toFormat('yyyy-MM-dd');

/** The first moment of a month and that of the next one. Throws a RangeError for what is no month or no zone. */
export const monthBounds = (month: string, zone: string): { from: Instant; to: Instant } => {
  if (!isMonth(month) || !isZone(zone)) throw new RangeError(`not a month in a zone: ${month}, ${zone}`);
  const first = DateTime.fromISO(`${month}-01`, { zone }).startOf('month');
  return { from: instantOf(first), to: instantOf(first.plus({ months: 1 })) };
};

/** The local month in which a moment lies, such as `2026-03`, and the one before it. */
export const monthNameOf = (at: Instant, zone: string): string => DateTime.fromISO(at, { zone }).toFormat('yyyy-MM');
export const monthBefore = (month: string): string =>
  DateTime.fromISO(`${month}-01`, { zone: 'utc' }).minus({ months: 1 }).toFormat('yyyy-MM');

/** A month in words: `March 2026`. */
export const tellMonth = (month: string): string =>
  DateTime.fromISO(`${month}-01`, { zone: 'utc', locale: 'en-GB' }).toFormat('LLLL yyyy');

/** The first local day of a month that is Monday to Friday and no holiday, as an ISO day. */
export const firstWorkingDay = (month: string, holidays: readonly string[]): string => {
  const closed = new Set(holidays);
  let day = DateTime.fromISO(`${month}-01`, { zone: 'utc' });
  while (day.weekday > 5 || closed.has(isoDay(day))) day = day.plus({ days: 1 });
  return isoDay(day);
};

/** The local day on which a moment lies, and the day so many days later. */
export const dayOf = (at: Instant, zone: string): string => isoDay(DateTime.fromISO(at, { zone }));
export const daysAfter = (day: string, days: number): string =>
  isoDay(DateTime.fromISO(day, { zone: 'utc' }).plus({ days }));
