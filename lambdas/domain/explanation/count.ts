/**
 * How a promise's time was counted, laid open: every open interval, every pause, every holiday, so that somebody else can add it
 * up. It owns the bookkeeping and takes the deadline from `targets.ts`; the trap: people act between whole seconds, so amounts
 * here are seconds with up to three decimals, and they add up exactly.
 */
import { DateTime } from 'luxon';
import { addBusinessTime, openIntervals } from '../business-time.ts';
import { weekdays, type Calendar } from '../time/calendar.ts';
import { toMillis, type Instant } from '../time/instant.ts';
import { parseSpan } from '../time/span.ts';
import { calendarOf, deadlineOf, stopsWhileWaiting, uncounted } from '../ticket/targets.ts';
import type { Target, Ticket } from '../ticket/ticket.ts';

/** A stretch of time with the business time in it, in seconds. */
export interface Stretch {
  readonly from: Instant;
  readonly to: Instant;
  readonly seconds: number;
}

/** The account of one promise. `openSeconds - pausedSeconds = countedSeconds`, and that is the span once there is a deadline. */
export interface Count {
  readonly startedAt: Instant;
  /** The deadline, or the moment at which the clock stopped where there is none. */
  readonly until: Instant;
  readonly deadline: Instant | null;
  readonly intervals: readonly Stretch[];
  /** Stretches in which this clock stood still, with the business time that each took out. */
  readonly pauses: readonly Stretch[];
  readonly openSeconds: number;
  readonly pausedSeconds: number;
  readonly countedSeconds: number;
  /** Local days on which the calendar would have been open, had they not been holidays. */
  readonly holidays: readonly string[];
  /** For a span in business days: the open days that were counted, by the calendar's zone. */
  readonly days?: readonly string[];
}

const toSeconds = (millis: number): number => millis / 1000;

const openStretches = (calendar: Calendar, from: Instant, to: Instant): Stretch[] =>
  from >= to
    ? []
    : openIntervals(calendar, from, to).map((one) => ({
        ...one,
        seconds: toSeconds(toMillis(one.to) - toMillis(one.from)),
      }));

const total = (stretches: readonly Stretch[]): number =>
  toSeconds(stretches.reduce((sum, { seconds }) => sum + Math.round(seconds * 1000), 0));

/** Seconds of business time between two moments, to the millisecond. */
const openSecondsBetween = (calendar: Calendar, from: Instant, to: Instant): number =>
  total(openStretches(calendar, from, to));

/** The stretches of a range that a clock leaves out, each with its open time; what two of them share is taken out once. */
const pausesWithin = (
  pauses: readonly { from: Instant; to: Instant }[],
  calendar: Calendar,
  from: Instant,
  until: Instant,
): Stretch[] => {
  let reached = from;
  return pauses
    .toSorted((a, b) => (a.from < b.from ? -1 : 1))
    .flatMap((pause) => {
      const begins = pause.from > reached ? pause.from : reached;
      const ends = pause.to < until ? pause.to : until;
      if (begins >= ends) return [];
      reached = ends;
      return [{ from: begins, to: ends, seconds: openSecondsBetween(calendar, begins, ends) }];
    });
};

const localDay = (calendar: Calendar, at: Instant): DateTime =>
  DateTime.fromISO(at, { zone: calendar.zone }).startOf('day');

const isoDay = (day: DateTime): string => day.toFormat('yyyy-MM-dd');

/** Local days of a range, its last one too, that have hours of their own. */
export const daysApart = (calendar: Calendar, { startedAt, until }: Pick<Count, 'startedAt' | 'until'>) => {
  const [first, last] = [isoDay(localDay(calendar, startedAt)), isoDay(localDay(calendar, until))];
  return Object.entries(calendar.exceptions ?? {})
    .filter(([day]) => day >= first && day <= last)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
};

/** Holidays of the range on which the weekly hours would have been open. An exception has the last word about its day. */
const holidaysWithin = (calendar: Calendar, from: Instant, until: Instant): string[] => {
  const [first, last] = [isoDay(localDay(calendar, from)), isoDay(localDay(calendar, until))];
  return calendar.holidays
    .filter((day) => day >= first && day <= last && calendar.exceptions?.[day] === undefined)
    .filter((day) => {
      const weekday = weekdays[DateTime.fromISO(day, { zone: 'utc' }).weekday - 1];
      return weekday !== undefined && calendar.weekly[weekday].length > 0;
    })
    .toSorted();
};

/** The open local days after the start's own, up to that of the moment reached without pauses. */
const openDays = (calendar: Calendar, from: Instant, reached: Instant): string[] => {
  const days: string[] = [];
  const last = localDay(calendar, reached);
  for (let day = localDay(calendar, from).plus({ days: 1 }); day <= last; day = day.plus({ days: 1 })) {
    const [begins, ends] = [day.toJSDate().toISOString(), day.plus({ days: 1 }).toJSDate().toISOString()];
    if (openIntervals(calendar, begins, ends).length > 0) days.push(isoDay(day));
  }
  return days;
};

/** Where a clock without a deadline stopped: when the desk began to wait for a solution's sake, or when the ticket was closed. */
const stoppedAt = (ticket: Ticket, target: Target): Instant => {
  const waits = stopsWhileWaiting(target.kind) ? ticket.pauses : [];
  const waitingSince = waits.find(({ to }) => to === undefined)?.from;
  const moments = [waitingSince, target.endedAt].filter((at) => at !== undefined).toSorted();
  const stopped = moments[0] ?? ticket.changedAt;
  return stopped > target.startedAt ? stopped : target.startedAt;
};

const secondsLess = (open: number, paused: number): number =>
  toSeconds(Math.round(open * 1000) - Math.round(paused * 1000));

/**
 * Counted time from a promise's start up to a moment, before its deadline or after it, in seconds: what its clock left out is taken
 * out once, however many stretches share it.
 */
export const usedBy = (ticket: Ticket, target: Target, at: Instant): number => {
  const calendar = calendarOf(ticket.terms, target.calendar);
  const { startedAt } = target;
  const pauses = pausesWithin(uncounted(ticket, { kind: target.kind, endedAt: at }), calendar, startedAt, at);
  return secondsLess(openSecondsBetween(calendar, startedAt, at), total(pauses));
};

/** Counts one promise of a ticket. Throws where the ticket's terms lack the promise's calendar. */
export const countOf = (ticket: Ticket, target: Target): Count => {
  const calendar = calendarOf(ticket.terms, target.calendar);
  const { startedAt } = target;
  const deadline = deadlineOf(ticket, target);
  const until = deadline ?? stoppedAt(ticket, target);
  const intervals = openStretches(calendar, startedAt, until);
  const pauses = pausesWithin(uncounted(ticket, target), calendar, startedAt, until);
  const [openSeconds, pausedSeconds] = [total(intervals), total(pauses)];
  const inDays = deadline !== undefined && parseSpan(target.span).unit === 'business-days';
  return {
    startedAt,
    until,
    deadline: deadline ?? null,
    intervals,
    pauses,
    openSeconds,
    pausedSeconds,
    countedSeconds: secondsLess(openSeconds, pausedSeconds),
    holidays: holidaysWithin(calendar, startedAt, until),
    ...(inDays && { days: openDays(calendar, startedAt, addBusinessTime(calendar, startedAt, target.span)) }),
  };
};
