/**
 * Optimistic writing: read, decide, write on condition; where something changed in between, read and decide again. Waiting times are
 * drawn at random, so that writers who met once do not meet again. They grow, because a crowd has to spread out, and become shorter
 * towards the end, so that whoever has waited long comes before those who have just come.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { BusyError } from './busy-error.ts';

/** The longest wait before each attempt but the first, ms: all of them make seven seconds at the very most. */
const LONGEST_WAITS = [20, 60, 180, 540, 1000, 1000, 1000, 500, 500, 500, 250, 250, 250, 250, 250] as const;

/** Repeats `work` while it answers `stale`. Throws BusyError when it still does after the last attempt. */
export const attempt = async <Result>(work: () => Promise<Result | 'stale'>): Promise<Result> => {
  for (const longest of [0, ...LONGEST_WAITS]) {
    if (longest > 0) await pause(randomInt(longest) + 1);
    const result = await work();
    if (result !== 'stale') return result;
  }
  throw new BusyError('too many writers at once');
};
