/**
 * How long what the desk has accepted may be on its way, where calls fail: what is older has happened, lies in a dead-letter queue, or is
 * lost. The bounds are those that the desk sets itself, and no guesses: an alarm that is not true is worse than none.
 */
const MINUTE = 60_000;

/** The stream gives a record up after an hour of tries; until then dispatch has started the clock and told the bus. */
export const DISPATCHED_WITHIN_MS = 60 * MINUTE;
/** Lambda tries a function three times, after one minute and two more. */
export const TRIED_WITHIN_MS = 4 * MINUTE;
/** The sweep comes every five minutes and takes what is two minutes late. */
export const SWEPT_WITHIN_MS = 7 * MINUTE;
/** The sweep fails as all else does, and comes again; so long it may take until none of its runs did. */
export const SWEPT_AT_LAST_MS = 60 * MINUTE;

/** How strict a look has to be. */
export interface Moment {
  /** The clock, ms since the epoch. */
  readonly now: number;
  /** Nothing goes wrong at all, and nothing is on its way once the desk has come to rest. */
  readonly calm: boolean;
  /** Nothing has gone wrong for hours, and dead letters were handed over. */
  readonly last: boolean;
}
