/**
 * A business calendar: the weekly hours of one place, its holidays, and the days whose hours are different. It owns the shape
 * and what makes a calendar valid; it must not know how time is counted on it. The trap: a calendar is copied into each ticket
 * and its index is kept by object, so a calendar is never changed in place, only replaced.
 */
import * as z from 'zod';

/** The days of the week, Monday first, as a calendar names them. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

const opensPattern = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const closesPattern = /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;

/** A day of 24 hours holds at most this many intervals; more than one per hour is no timetable. */
const mostIntervals = 24;
/** Holidays of about 60 years; a ticket carries its calendar, and an item of the table holds 400 kB. */
const mostHolidays = 1000;
const mostExceptions = 400;
/** The longest zone name of the tz database has 32 characters. */
const longestZone = 64;

const intervalSchema = z.tuple([
  z.string().regex(opensPattern, 'an opening time is HH:MM from 00:00 to 23:59'),
  z.string().regex(closesPattern, 'a closing time is HH:MM up to 24:00'),
]);

/** Open hours in local time, the opening included and the closing not: `["09:00", "17:00"]`; `24:00` is the day's end. */
export type OpenInterval = z.infer<typeof intervalSchema>;

const misorder = (intervals: readonly OpenInterval[]): string | undefined => {
  // What is no time of day is told as that alone: compared as text, 9:00 would be later than 17:00.
  if (!intervals.every(([opens, closes]) => opensPattern.test(opens) && closesPattern.test(closes))) return undefined;
  for (const [position, [opens, closes]] of intervals.entries()) {
    const previous = intervals[position - 1];
    if (opens === closes) return `${opens}-${closes} is empty`;
    if (opens > closes) {
      return `${opens}-${closes} runs over midnight: split it into ${opens}-24:00 and 00:00-${closes} on the next day`;
    }
    if (previous && opens < previous[1]) return `${opens}-${closes} overlaps or precedes ${previous[0]}-${previous[1]}`;
  }
  return undefined;
};

const dayHoursSchema = z
  .array(intervalSchema)
  .max(mostIntervals)
  .superRefine((intervals, context) => {
    const message = misorder(intervals);
    if (message) context.addIssue({ code: 'custom', message });
  });

const zonePattern = /^[A-Za-z][A-Za-z0-9_+\-/]*$/;

/** Whether the text is the name of a zone that this runtime's tz database knows. */
export const isZone = (name: string): boolean =>
  known.has(name) || (name.length <= longestZone && zonePattern.test(name) && isInRuntime(name) && remember(name));

/** Asked of Intl itself: every record that is read comes by here, and luxon would be in every function for this one question. */
const isInRuntime = (timeZone: string): boolean => {
  try {
    return Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

/** Asking the runtime for a zone is slow, and every record that is read asks. The tz database has some 600 names. */
const known = new Set<string>();
const remember = (name: string): true => {
  known.add(name);
  return true;
};

const zoneSchema = z.string().max(longestZone).refine(isZone, 'not an IANA time zone name');

/**
 * A calendar as it is stored and as plans name it. `holidays` are local ISO days on which nothing is open; `exceptions` are
 * hours that replace the usual ones of a local ISO day, on a holiday too; an empty list closes the day.
 */
export const calendarSchema = z
  .strictObject({
    zone: zoneSchema,
    weekly: z.strictObject({
      mon: dayHoursSchema,
      tue: dayHoursSchema,
      wed: dayHoursSchema,
      thu: dayHoursSchema,
      fri: dayHoursSchema,
      sat: dayHoursSchema,
      sun: dayHoursSchema,
    }),
    holidays: z.array(z.iso.date()).max(mostHolidays),
    exceptions: z
      .record(z.iso.date(), dayHoursSchema)
      .refine((days) => Object.keys(days).length <= mostExceptions, `at most ${mostExceptions} exceptions`)
      .optional(),
  })
  .refine((calendar) => isEverOpen(calendar), 'the calendar is never open');

export interface Calendar {
  zone: string;
  weekly: Record<Weekday, OpenInterval[]>;
  holidays: string[];
  exceptions?: Record<string, OpenInterval[]> | undefined;
}

/** Whether any hours are open at all. Business time on a calendar without hours has no answer. */
export const isEverOpen = (calendar: Calendar): boolean =>
  weekdays.some((day) => calendar.weekly[day].length > 0) ||
  Object.values(calendar.exceptions ?? {}).some((intervals) => intervals.length > 0);
