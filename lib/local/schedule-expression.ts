/**
 * The moments at which an EventBridge schedule is due: `rate(5 minutes)`, `cron(0 8 * * ? *)` in a time zone. It owns AWS's
 * way of writing them and must not know what is fired. The traps: AWS counts the days of a week from 1 for Sunday, writes a
 * sixth field for the year, and has a `?` that other crons lack.
 */
import { CronExpressionParser } from 'cron-parser';

/** When a schedule is due. All moments are in ms since the epoch. */
export interface Rhythm {
  /** The first due moment strictly after `after`; `since` is when the schedule began, from which rates count. */
  next(after: number, since: number): number;
  /** The last due moment strictly before `before` and strictly after `after`, if there is one. */
  last(before: number, after: number, since: number): number | undefined;
  /** Less than an hour lies between two firings. */
  readonly frequent: boolean;
}

const HOUR = 3_600_000;
const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: HOUR, day: 24 * HOUR };

/** Throws a RangeError for an expression that it can't follow. */
export function readSchedule(expression: string, timeZone: string): Rhythm {
  const rate = /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/.exec(expression);
  if (rate) return rateRhythm(Number(rate[1]) * (UNITS[rate[2] ?? ''] ?? 0));
  const cron = /^cron\((\S+ \S+) (\S+) (\S+) (\S+) (\S+)\)$/.exec(expression);
  if (!cron) throw new RangeError(`The local desk can't follow the schedule "${expression}".`);
  const [, time = '', dayOfMonth = '', month = '', dayOfWeek = '', year] = cron;
  if (year !== '*') throw new RangeError(`The local desk can't follow the year "${String(year)}" of a schedule.`);
  return cronRhythm(`${time} ${dayOfMonth.replace('?', '*')} ${month} ${fromAwsDays(dayOfWeek)}`, timeZone, expression);
}

function rateRhythm(period: number): Rhythm {
  return {
    next: (after, since) => since + Math.max(1, Math.floor((after - since) / period) + 1) * period,
    last: (before, after, since) => {
      const moment = since + (Math.ceil((before - since) / period) - 1) * period;
      return moment > after && moment > since ? moment : undefined;
    },
    frequent: period < HOUR,
  };
}

function cronRhythm(expression: string, timeZone: string, written: string): Rhythm {
  try {
    const cron = CronExpressionParser.parse(expression, { tz: timeZone });
    const from = (moment: number) => {
      cron.reset(new Date(moment));
      return cron;
    };
    const next = (after: number): number => from(after).next().getTime();
    const first = next(0);
    return {
      next,
      last: (before, after) => {
        const moment = from(before).prev().getTime();
        return moment > after ? moment : undefined;
      },
      frequent: next(first) - first < HOUR,
    };
  } catch (cause) {
    throw new RangeError(`The local desk can't follow the schedule "${written}" in ${timeZone}.`, { cause });
  }
}

/** From AWS's days (1 is Sunday) to cron's (0 is Sunday); names, steps (`/2`) and ordinals (`#2`) stay. */
function fromAwsDays(days: string): string {
  return days.replace('?', '*').replaceAll(/(?<![/#\d])\d+/g, (day) => {
    if (Number(day) < 1 || Number(day) > 7) throw new RangeError(`A schedule's day of the week is 1 to 7, not ${day}.`);
    return String(Number(day) - 1);
  });
}
