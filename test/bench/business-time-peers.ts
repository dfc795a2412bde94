/**
 * Other ways of counting business time, behind one interface: two libraries as their documentation says to use them, and the loop
 * over days that one writes without a library. It must not know what is asked of them. The trap: the libraries keep hours and
 * holidays for the whole process, so only the ways that were made last are right.
 */
import dayjs from 'dayjs';
import dayjsBusinessTime from 'dayjs-business-time';
import { DateTime } from 'luxon';
import moment from 'moment';
import type { Calendar, OpenInterval } from '../../lambdas/domain/time/calendar.ts';
import { weekdays } from '../../lambdas/domain/time/calendar.ts';
import type { Instant } from '../../lambdas/domain/time/instant.ts';
import './moment-business-time.ts';

export interface BusinessTime {
  readonly name: string;
  /** The instant so many whole hours of business time later. */
  readonly add: (start: Instant, hours: number) => Instant;
  readonly minutesBetween: (from: Instant, to: Instant) => number;
}

/** The hours of a weekday, Sunday being 0. */
const hoursOn = ({ weekly }: Calendar, day: number): readonly OpenInterval[] =>
  weekly[weekdays[(day + 6) % 7] ?? 'mon'];

const dayjsWay = (calendar: Calendar): BusinessTime => {
  dayjs.extend(dayjsBusinessTime);
  const open = (day: number) => {
    const hours = hoursOn(calendar, day).map(([start, end]) => ({ start: `${start}:00`, end: `${end}:00` }));
    return hours.length === 0 ? null : hours;
  };
  dayjs.setHolidays([...calendar.holidays]);
  dayjs.setBusinessTime({
    sunday: open(0),
    monday: open(1),
    tuesday: open(2),
    wednesday: open(3),
    thursday: open(4),
    friday: open(5),
    saturday: open(6),
  });
  return {
    name: 'dayjs-business-time',
    add: (start, hours) => dayjs(start).addBusinessHours(hours).toISOString(),
    minutesBetween: (from, to) => dayjs(from).businessMinutesDiff(dayjs(to)),
  };
};

const momentWay = (calendar: Calendar): BusinessTime => {
  const workinghours = Object.fromEntries(
    weekdays.map((_, day) => {
      const hours = hoursOn(calendar, day).flat();
      return [day, hours.length === 0 ? null : hours];
    }),
  );
  moment.updateLocale('en', { workinghours, holidays: [...calendar.holidays] });
  return {
    name: 'moment-business-time',
    add: (start, hours) => moment(start).addWorkingTime(hours, 'hours').toISOString(),
    minutesBetween: (from, to) => moment(to).workingDiff(moment(from), 'minutes'),
  };
};

/** The open stretches of the days from a day on, one after the other. */
function* openStretches(calendar: Calendar, holidays: ReadonlySet<string>, from: DateTime) {
  for (let day = from.startOf('day'); ; day = day.plus({ days: 1 })) {
    if (holidays.has(day.toISODate() ?? '')) continue;
    for (const [opens, closes] of hoursOn(calendar, day.weekday % 7)) {
      const [hour, minute] = opens.split(':').map(Number);
      const [endHour, endMinute] = closes.split(':').map(Number);
      yield {
        opens: day.set({ hour: hour ?? 0, minute: minute ?? 0 }),
        closes: day.set({ hour: endHour ?? 0, minute: endMinute ?? 0 }),
      };
    }
  }
}

const luxonWay = (calendar: Calendar): BusinessTime => {
  const holidays = new Set(calendar.holidays);
  const local = (instant: Instant) => DateTime.fromISO(instant, { zone: calendar.zone });

  const add = (start: Instant, hours: number): Instant => {
    const from = local(start);
    let left = hours * 3_600_000;
    for (const { opens, closes } of openStretches(calendar, holidays, from)) {
      const begin = opens > from ? opens : from;
      const span = closes.toMillis() - begin.toMillis();
      if (span <= 0) continue;
      if (left <= span) return begin.plus(left).toUTC().toISO() ?? '';
      left -= span;
    }
    return '';
  };

  const minutesBetween = (from: Instant, to: Instant): number => {
    if (from > to) return -minutesBetween(to, from);
    const [begin, end] = [local(from).toMillis(), local(to).toMillis()];
    let counted = 0;
    for (const { opens, closes } of openStretches(calendar, holidays, local(from))) {
      if (opens.toMillis() >= end) break;
      counted += Math.max(0, Math.min(end, closes.toMillis()) - Math.max(begin, opens.toMillis()));
    }
    return counted / 60_000;
  };
  return { name: 'luxon, day by day', add, minutesBetween };
};

/** Every other way of counting on a calendar; only those that were made last are right. */
export const peers = (calendar: Calendar): readonly BusinessTime[] => [
  dayjsWay(calendar),
  momentWay(calendar),
  luxonWay(calendar),
];
