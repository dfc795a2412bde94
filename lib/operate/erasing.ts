/**
 * How long to wait before the next part of an erasure. The trap: an erasure tells its moments by the desk's clock, which on a local desk
 * may be days ahead of this machine's.
 */
import { LONGEST_RUN_SECONDS } from '../../lambdas/store/longest-run.ts';

/** Below what the route lets in. */
const BETWEEN_CALLS_MILLIS = 200;
/** Where the desk's clock is a little behind, or was moved on. */
const SHORTEST_WAIT_MILLIS = 1000;
/** No step waits for longer, so a longer wait is the difference of two clocks. */
const LONGEST_WAIT_MILLIS = LONGEST_RUN_SECONDS * 1000;

/** In ms. `nowMillis`: by this machine's clock, since the epoch. */
export const pauseBeforeNextPart = (continueAt: string | undefined, nowMillis: number): number =>
  continueAt === undefined
    ? BETWEEN_CALLS_MILLIS
    : Math.min(LONGEST_WAIT_MILLIS, Math.max(SHORTEST_WAIT_MILLIS, Date.parse(continueAt) - nowMillis));
