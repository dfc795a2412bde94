/**
 * Cases of business time as other libraries' test suites have them, in one file format: read, run, and compared. It owns how
 * liberally such a file is read, so that the domain can stay strict; it must not count any time itself. The trap: a case that
 * can't be understood is a failed case, never a skipped one.
 */
import { DateTime, Duration } from 'luxon';
import * as z from 'zod';
import { addBusinessTime, businessTimeBetween } from '../lambdas/domain/business-time.ts';
import type { Period } from '../lambdas/domain/business-time.ts';
import { calendarSchema, weekdays } from '../lambdas/domain/time/calendar.ts';
import type { Calendar, OpenInterval } from '../lambdas/domain/time/calendar.ts';
import { fromMillis, toMillis } from '../lambdas/domain/time/instant.ts';
import { formatSeconds, parseSpan } from '../lambdas/domain/time/span.ts';
import type { Span } from '../lambdas/domain/time/span.ts';

const pairSchema = z.union([
  z.tuple([z.string(), z.string()]),
  z.object({ from: z.string(), to: z.string() }).transform(({ from, to }): [string, string] => [from, to]),
  z.object({ start: z.string(), end: z.string() }).transform(({ start, end }): [string, string] => [start, end]),
]);
const pairsSchema = z.array(pairSchema).nullish();

const exceptionSchema = z.object({ date: z.string(), intervals: pairsSchema, hours: pairsSchema });

const caseSchema = z.object({
  id: z.union([z.string(), z.number()]),
  calendar: z.object({
    zone: z.string(),
    weekly: z.record(z.string(), pairsSchema),
    holidays: z.array(z.union([z.string(), z.object({ date: z.string() }).transform(({ date }) => date)])).nullish(),
    exceptions: z.union([z.array(exceptionSchema), z.record(z.string(), pairsSchema)]).nullish(),
  }),
  op: z.enum(['add', 'between']),
  from: z.string(),
  to: z.string().nullish(),
  amount: z.string().nullish(),
  expected: z.union([z.string(), z.number()]),
  pauses: pairsSchema,
});
type Case = z.infer<typeof caseSchema>;
type Pairs = z.infer<typeof pairsSchema>;

/** A case whose answer was not the expected one. */
export interface Failure {
  readonly id: string;
  readonly expected: unknown;
  readonly got: string;
}

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly Failure[];
}

/** `9:00`, `09:00:00` and a closing at `00:00` in the form that calendars have. */
const readTime = (text: string): string => {
  const [hours = '', minutes = '00', seconds = '00'] = text.trim().split(':');
  if (Number(seconds) !== 0) throw new RangeError(`hours are counted in minutes: ${text}`);
  return `${hours.padStart(2, '0')}:${minutes}`;
};

const readIntervals = (pairs: Pairs): OpenInterval[] =>
  (pairs ?? [])
    .map(([opens, closes]): OpenInterval => {
      const closing = readTime(closes);
      return [readTime(opens), closing === '00:00' ? '24:00' : closing];
    })
    .sort(([a], [b]) => a.localeCompare(b));

const readExceptions = (exceptions: Case['calendar']['exceptions']): Record<string, OpenInterval[]> => {
  const days: [string, Pairs][] = Array.isArray(exceptions)
    ? exceptions.map(({ date, intervals, hours }) => [date, intervals ?? hours])
    : Object.entries(exceptions ?? {});
  return Object.fromEntries(days.map(([day, pairs]) => [day.slice(0, 10), readIntervals(pairs)]));
};

const readCalendar = ({ zone, weekly, holidays, exceptions }: Case['calendar']): Calendar => {
  const byDay = new Map(Object.entries(weekly).map(([day, pairs]) => [day.slice(0, 3).toLowerCase(), pairs]));
  return calendarSchema.parse({
    zone,
    weekly: Object.fromEntries(weekdays.map((day) => [day, readIntervals(byDay.get(day))])),
    holidays: (holidays ?? []).map((day) => day.slice(0, 10)),
    exceptions: readExceptions(exceptions),
  });
};

/** An instant with any offset; without one it is local to the calendar. */
const readInstant = (text: string, zone: string): string => {
  const moment = DateTime.fromISO(text.trim().replace(' ', 'T'), { zone });
  if (!moment.isValid) throw new RangeError(`not an instant: ${text}`);
  return fromMillis(moment.toMillis());
};

const readSeconds = (text: string | number): number => {
  if (typeof text === 'number') return text;
  const duration = Duration.fromISO(text);
  if (!duration.isValid) throw new RangeError(`not a duration: ${text}`);
  if (duration.years !== 0 || duration.months !== 0) throw new RangeError(`a duration of no certain length: ${text}`);
  return duration.as('seconds');
};

const readSpan = (text: string): Span => {
  if (text.endsWith('BD')) return parseSpan(text);
  const seconds = readSeconds(text);
  if (!Number.isInteger(seconds) || seconds < 0) throw new RangeError(`not a span of business time: ${text}`);
  return { unit: 'seconds', seconds };
};

const required = (text: string | null | undefined, name: string): string => {
  if (text === null || text === undefined) throw new RangeError(`the case has no ${name}`);
  return text;
};

/** The answer to one case, and whether it is the expected one: instants as instants, durations as durations. */
const answer = (given: Case): { got: string; good: boolean } => {
  const calendar = readCalendar(given.calendar);
  const read = (text: string): string => readInstant(text, calendar.zone);
  const from = read(given.from);
  const pauses = (given.pauses ?? []).map(([start, end]): Period => ({ from: read(start), to: read(end) }));
  if (given.op === 'between') {
    const seconds = businessTimeBetween(calendar, from, read(required(given.to, 'to')), pauses);
    return { got: formatSeconds(seconds), good: seconds === readSeconds(given.expected) };
  }
  const got = addBusinessTime(calendar, from, readSpan(required(given.amount, 'amount')), pauses);
  return { got, good: toMillis(got) === toMillis(read(String(given.expected))) };
};

const partsOf = (raw: unknown, position: number): { id: string; expected: unknown } => {
  const { id, expected } = (typeof raw === 'object' && raw ? raw : {}) as Record<string, unknown>;
  return { id: typeof id === 'string' || typeof id === 'number' ? String(id) : `case ${position + 1}`, expected };
};

const failureOf = (raw: unknown, position: number): Failure | undefined => {
  try {
    const { got, good } = answer(caseSchema.parse(raw));
    return good ? undefined : { ...partsOf(raw, position), got };
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    return { ...partsOf(raw, position), got: `error: ${message}` };
  }
};

/** Runs the cases of a file's text. Throws an Error when the text is not a JSON list. */
export const runCases = (text: string): Outcome => {
  const cases = z.array(z.unknown()).parse(JSON.parse(text));
  const failures = cases.map(failureOf).filter((failure) => failure !== undefined);
  return { passed: cases.length - failures.length, failed: failures.length, failures };
};
