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

/** The instant of so many milliseconds since 1970-01-01T00:00Z. Throws a RangeError outside what a Date can hold. */
export const fromMillis = (millis: number): Instant => new Date(millis).toISOString();

/** The whole second that `millis` lies in: what the desk records as the time of an event. */
export const floorToSecond = (millis: number): Instant => fromMillis(Math.floor(millis / 1000) * 1000);

/** The later of two instants. */
export const laterOf = (a: Instant, b: Instant): Instant => (toMillis(a) >= toMillis(b) ? a : b);
