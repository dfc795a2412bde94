/**
 * Spans of business time, the budgets of targets: so many seconds of open time, or so many business days. It owns their text
 * form; it must not know any calendar. The trap: `P3D` is 72 hours of the calendar's open time, which on office hours is nine
 * days of eight hours; three business days are written `3BD`.
 */
import * as z from 'zod';

export const spanSchema = z.discriminatedUnion('unit', [
  z.strictObject({ unit: z.literal('seconds'), seconds: z.int().nonnegative() }),
  z.strictObject({ unit: z.literal('business-days'), days: z.int().nonnegative() }),
]);

/** A whole, non-negative amount of business time: seconds of open time, or days on which the calendar opens. */
export type Span = z.infer<typeof spanSchema>;

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

const businessDaysPattern = /^(\d{1,6})BD$/;
/** Days, hours, minutes and seconds as whole numbers; at least one of them, and one after a `T`. */
const durationPattern = /^P(?=[\dT])(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?$/;

/**
 * Reads `PT4H`, `PT1M30S`, `P3D` (24 hours each) or `3BD` (business days). Throws a RangeError for anything else, such as
 * fractions, weeks, months and negative amounts.
 */
export const parseSpan = (text: string): Span => {
  const businessDays = businessDaysPattern.exec(text);
  if (businessDays) return { unit: 'business-days', days: Number(businessDays[1]) };
  const duration = durationPattern.exec(text);
  if (!duration) throw new RangeError(`not a span of business time: ${text}`);
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = duration;
  return {
    unit: 'seconds',
    seconds: Number(days) * day + Number(hours) * hour + Number(minutes) * minute + Number(seconds),
  };
};

/** Writes a duration as an ISO-8601 one in hours, minutes and seconds: `PT39H30M`, `PT0S`, `-PT2H`. */
export const formatSeconds = (seconds: number): string => {
  const total = Math.abs(seconds);
  const parts = [
    [Math.floor(total / hour), 'H'],
    [Math.floor((total % hour) / minute), 'M'],
    [total % minute, 'S'],
  ] as const;
  const text = parts.map(([amount, unit]) => (amount === 0 ? '' : `${amount}${unit}`)).join('');
  return `${seconds < 0 ? '-' : ''}PT${text === '' ? '0S' : text}`;
};
