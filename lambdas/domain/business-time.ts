/**
 * Business time: the moment at which a budget of open hours is used up, and how much of it two moments use. It owns the
 * conventions below and how pauses count; it must not know tickets, targets or what time it is. The trap: a pause is worth
 * only the open time within it, so a pause over night moves no deadline.
 *
 * - Open hours include their opening and not their closing; a span that ends exactly at closing is due at closing.
 * - A start outside hours counts from the next opening, and a zero span there ends at that opening.
 * - Hours are elapsed time, on the days of 23 and 25 hours too.
 * - n business days later is the same local time on the n-th open day after the start's local day. The start keeps its local
 *   time even outside hours or on a closed day: Saturday 10:13 plus one business day is Monday 10:13, not Tuesday 09:00, and
 *   midnight stays midnight. Only zero business days outside hours move to the next opening.
 * - A local time that the clocks skip moves forward by as much as they skip; of one that comes twice the first is taken.
 * - A day that a zone skipped altogether, on changing sides of the date line, is not an open day.
 */
import { indexOf } from './time/calendar-index.ts';
import type { CalendarIndex } from './time/calendar-index.ts';
import type { Calendar } from './time/calendar.ts';
import { fromMillis, toMillis } from './time/instant.ts';
import type { Instant } from './time/instant.ts';
import { parseSpan } from './time/span.ts';
import type { Span } from './time/span.ts';

/** A stretch of time from an instant, included, to a later one, not included. */
export interface Period {
  readonly from: Instant;
  readonly to: Instant;
}

/** A period in milliseconds. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * The instant at which `span` of the calendar's business time has passed since `start`, pauses not counted. A span in seconds
 * is used up by open time alone; one in business days is counted in days first and then moved on by the open time paused
 * before it. Pauses may overlap and come in any order; what lies before `start`, or begins at or after the deadline, changes
 * nothing. Throws a RangeError for text that is no span, and where the years 1990 to 2100 do not hold the answer.
 */
export const addBusinessTime = (
  calendar: Calendar,
  start: Instant,
  span: Span | string,
  pauses: readonly Period[] = [],
): Instant => {
  const index = indexOf(calendar);
  const startAt = toMillis(start);
  const deadlineAt = addSpan(index, startAt, typeof span === 'string' ? parseSpan(span) : span);
  return fromMillis(pauses.length === 0 ? deadlineAt : postpone(index, startAt, deadlineAt, pauses));
};

/**
 * Whole seconds of business time from one instant to another, pauses not counted; a begun second is dropped. Negative when
 * `to` is before `from`. Throws a RangeError outside the years 1990 to 2100.
 */
export const businessTimeBetween = (
  calendar: Calendar,
  from: Instant,
  to: Instant,
  pauses: readonly Period[] = [],
): number => {
  const index = indexOf(calendar);
  const [fromAt, toAt] = [toMillis(from), toMillis(to)];
  const earlier = Math.min(fromAt, toAt);
  const later = Math.max(fromAt, toAt);
  let open = index.between(earlier, later);
  for (const pause of unionOf(pauses, earlier, later)) open -= index.between(pause.from, pause.to);
  const seconds = Math.floor(open / 1000);
  return toAt < fromAt && seconds > 0 ? -seconds : seconds;
};

/** The open periods between two instants, cut to them, in order; hours that touch are one period. */
export const openIntervals = (calendar: Calendar, from: Instant, to: Instant): Period[] =>
  indexOf(calendar)
    .intervals(toMillis(from), toMillis(to))
    .map(([opensAt, closesAt]) => ({ from: fromMillis(opensAt), to: fromMillis(closesAt) }));

/** Whether the calendar is open at an instant: from the opening on, and no longer at the closing. */
export const isOpenAt = (calendar: Calendar, at: Instant): boolean => indexOf(calendar).isOpenAt(toMillis(at));

const addSpan = (index: CalendarIndex, startAt: number, span: Span): number =>
  span.unit === 'seconds' ? index.add(startAt, span.seconds * 1000) : index.addDays(startAt, span.days);

/** Moves a deadline on by the open time of the pauses that begin before it, counting those that it thereby moves past. */
const postpone = (index: CalendarIndex, startAt: number, deadlineAt: number, pauses: readonly Period[]): number => {
  let reached = deadlineAt;
  for (const pause of unionOf(pauses, startAt, Infinity)) {
    if (pause.from >= reached) break;
    const paused = index.between(pause.from, pause.to);
    // Adding nothing to a deadline at closing time would still move it to the next opening.
    if (paused > 0) reached = index.add(reached, paused);
  }
  return reached;
};

/** The pauses within a range as stretches that are in order and don't touch. A pause that ends before it begins is none. */
const unionOf = (pauses: readonly Period[], earliest: number, latest: number): readonly Stretch[] => {
  const union: Stretch[] = [];
  const stretches = pauses
    .map((pause) => ({
      from: Math.max(toMillis(pause.from), earliest),
      to: Math.min(toMillis(pause.to), latest),
    }))
    .filter((stretch) => stretch.from < stretch.to)
    .sort((a, b) => a.from - b.from);
  for (const stretch of stretches) {
    const last = union.at(-1);
    if (last && stretch.from <= last.to)
      union[union.length - 1] = { from: last.from, to: Math.max(last.to, stretch.to) };
    else union.push(stretch);
  }
  return union;
};
