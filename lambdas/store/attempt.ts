/**
 * Optimistic writing: read, decide, write on condition; where something changed in between, read and decide again. Waiting times
 * grow and are drawn at random, so that writers who met once do not meet again.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { BusyError } from './read.ts';

/** With waits of up to 10, 20, 40, … 640 ms, the last attempt comes after about a second and a half. */
const MOST_ATTEMPTS = 12;
const LONGEST_WAIT_MILLIS = 640;

/** Repeats `work` while it answers `stale`. Throws BusyError when it still does after the last attempt. */
export const attempt = async <Result>(work: () => Promise<Result | 'stale'>): Promise<Result> => {
  for (let tried = 0; tried < MOST_ATTEMPTS; tried += 1) {
    const result = await work();
    if (result !== 'stale') return result;
    await pause(randomInt(Math.min(10 * 2 ** tried, LONGEST_WAIT_MILLIS)) + 1);
  }
  throw new BusyError('too many writers at once');
};
