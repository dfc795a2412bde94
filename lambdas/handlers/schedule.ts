/** What the scheduler hands to a function: the moment for which it was woken, which may be earlier than the one at which it runs. */
import * as z from 'zod';
import { floorToSecond, type Instant } from '../domain/time/instant.ts';

const scheduleSchema = z.object({ schema: z.literal(1), now: z.iso.datetime({ offset: true }) });

export const scheduledMoment = (event: unknown): Instant => floorToSecond(Date.parse(scheduleSchema.parse(event).now));

/**
 * How many accounts a daily function works on at a time, each with a handful of calls: its run is two minutes, and accounts may be
 * thousands.
 */
export const ACCOUNTS_AT_ONCE = 8;
