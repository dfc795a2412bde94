/**
 * How moments, durations, hours and amounts are put into words for a customer. Every function is told the zone; none knows a
 * ticket. The trap: durations are exact to the millisecond, because people act between whole seconds and sums must still add up.
 */
import { DateTime } from 'luxon';
import { weekdays, type Calendar, type OpenInterval } from '../time/calendar.ts';
import type { Instant } from '../time/instant.ts';
import { parseSpan } from '../time/span.ts';

const local = (zone: string, at: Instant): DateTime => DateTime.fromISO(at, { zone, locale: 'en-GB' });

const clockOf = (at: DateTime): string => at.toFormat(at.millisecond === 0 ? 'HH:mm:ss' : 'HH:mm:ss.SSS');

/** As letters write it. */
const offsetOf = (at: DateTime): string => `(UTC${at.toFormat('ZZ')})`;

/** A moment on the clock of a zone: `Monday 2 March 2026, 14:00:00 (UTC-05:00)`. */
export const tellMoment = (zone: string, at: Instant): string => {
  const moment = local(zone, at);
  return `${moment.toFormat('cccc d LLLL yyyy')}, ${clockOf(moment)} ${offsetOf(moment)}`;
};

/** A stretch of time, its day said once where it begins and ends on the same one. */
export const tellStretch = (zone: string, from: Instant, to: Instant): string => {
  const [begins, ends] = [local(zone, from), local(zone, to)];
  return begins.hasSame(ends, 'day') && begins.offset === ends.offset
    ? `${begins.toFormat('cccc d LLLL yyyy')}, ${clockOf(begins)} to ${clockOf(ends)} ${offsetOf(ends)}`
    : `${tellMoment(zone, from)} to ${tellMoment(zone, to)}`;
};

/** An ISO day in words: `Friday 3 July 2026`. */
export const tellDay = (day: string): string => local('utc', day).toFormat('cccc d LLLL yyyy');

/** A duration: `1 h 30 min`, `45.250 s`, `0 s`. Hours are not folded into days, which business time does not have. */
export const tellSeconds = (seconds: number): string => {
  const millis = Math.round(seconds * 1000);
  const rest = millis % 60_000;
  const parts = [
    [Math.floor(millis / 3_600_000), 'h'],
    [Math.floor((millis % 3_600_000) / 60_000), 'min'],
  ] as const;
  const told = parts.flatMap(([amount, unit]) => (amount === 0 ? [] : [`${String(amount)} ${unit}`]));
  if (rest > 0 || told.length === 0)
    told.push(`${rest % 1000 === 0 ? String(rest / 1000) : (rest / 1000).toFixed(3)} s`);
  return told.join(' ');
};

export const tellBusinessDays = (days: number): string => `${String(days)} business day${days === 1 ? '' : 's'}`;

/** A promised span: `4 h`, `3 business days`. */
export const tellSpan = (text: string): string => {
  const span = parseSpan(text);
  return span.unit === 'seconds' ? tellSeconds(span.seconds) : tellBusinessDays(span.days);
};

const dayTitles = { mon: 'Mon', tue: 'Tue', wed: 'Wed', thu: 'Thu', fri: 'Fri', sat: 'Sat', sun: 'Sun' } as const;

const tellHours = (hours: readonly OpenInterval[]): string => hours.map(([from, to]) => `${from}-${to}`).join(' and ');

/** The weekly hours of a calendar: `Mon-Fri 09:00-17:00`, or `around the clock`. */
export const tellWeek = ({ weekly }: Calendar): string => {
  const runs: { first: string; last: string; hours: string }[] = [];
  for (const day of weekdays) {
    const hours = tellHours(weekly[day]);
    const run = runs.at(-1);
    if (run?.hours === hours) run.last = dayTitles[day];
    else runs.push({ first: dayTitles[day], last: dayTitles[day], hours });
  }
  if (runs.length === 1 && runs[0]?.hours === '00:00-24:00') return 'around the clock';
  return runs
    .filter(({ hours }) => hours !== '')
    .map(({ first, last, hours }) => `${first === last ? first : `${first}-${last}`} ${hours}`)
    .join(', ');
};

/** Days that have hours of their own: `; on Thursday 24 December 2026 09:00-12:00`. */
export const tellDaysApart = (days: readonly (readonly [string, readonly OpenInterval[]])[]): string =>
  days.map(([day, hours]) => `; on ${tellDay(day)} ${hours.length === 0 ? 'closed' : tellHours(hours)}`).join('');
