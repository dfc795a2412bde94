/** When DynamoDB may forget an item: what stands in `TTL_ATTRIBUTE`. */
import { toMillis, type Instant } from '../domain/time/instant.ts';

const SECONDS_A_DAY = 86_400;

/** So many days after a moment, in seconds since the epoch. */
export const forgottenAfter = (at: Instant, days: number): number =>
  Math.floor(toMillis(at) / 1000) + days * SECONDS_A_DAY;
