/**
 * Instants: the one way this product writes a moment down. It owns the text form and its conversion to milliseconds and back,
 * and must not know any zone or clock. The trap: only the canonical form (`Date#toISOString`) sorts as text, so every instant
 * that enters the domain is parsed once and written by `fromMillis`.
 */
import * as z from 'zod';

/** A moment as UTC ISO-8601 text exactly as `Date#toISOString` gives it, such as `2026-11-26T14:00:00.000Z`. */
export type Instant = string;

/** Accepts the canonical form only: milliseconds present and a `Z`, never an offset. */
export const instantSchema = z.iso.datetime({ precision: 3 });

/** Milliseconds since 1970-01-01T00:00Z. Throws a RangeError for text that is no instant. */
export const toMillis = (at: Instant): number => {
  const millis = Date.parse(at);
  if (Number.isNaN(millis)) throw new RangeError(`not an instant: ${at}`);
  return millis;
};

/** A day of UTC, which has no other length. */
export const MILLIS_A_DAY = 86_400_000;
/** Years of four digits, which are written in one way. */
const EARLIEST = Date.UTC(1000, 0, 1);
const LATEST = Date.UTC(9999, 11, 31);
/** Ten years of days; a busy function writes down moments of some weeks. */
const MOST_DAYS = 3660;

const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
const dayTexts = new Map<number, string>();

/** The text of a day up to its `T`, kept, because a Date takes six times as long to write down as the rest of a moment does. */
const textOfDay = (day: number): string => {
  const known = dayTexts.get(day);
  if (known !== undefined) return known;
  const text = new Date(day * MILLIS_A_DAY).toISOString().slice(0, 'yyyy-mm-ddT'.length);
  if (dayTexts.size >= MOST_DAYS) dayTexts.clear();
  dayTexts.set(day, text);
  return text;
};

/** The instant of so many milliseconds since 1970-01-01T00:00Z. Throws a RangeError outside what a Date can hold. */
export const fromMillis = (millis: number): Instant => {
  if (!(millis >= EARLIEST && millis < LATEST)) return new Date(millis).toISOString();
  const whole = Math.trunc(millis);
  const day = Math.floor(whole / MILLIS_A_DAY);
  const seconds = Math.floor((whole - day * MILLIS_A_DAY) / 1000);
  const rest = String(whole - day * MILLIS_A_DAY - seconds * 1000).padStart(3, '0');
  const [hour, minute] = [twoDigits[Math.floor(seconds / 3600)], twoDigits[Math.floor(seconds / 60) % 60]];
  return `${textOfDay(day)}${hour ?? ''}:${minute ?? ''}:${twoDigits[seconds % 60] ?? ''}.${rest}Z`;
};

/** The whole second that `millis` lies in: what the desk records as the time of an event. */
export const floorToSecond = (millis: number): Instant => fromMillis(Math.floor(millis / 1000) * 1000);

/** The later of two instants. */
export const laterOf = (a: Instant, b: Instant): Instant => (toMillis(a) >= toMillis(b) ? a : b);
