/** Loads moment-business-time, which adds methods to moment and comes without types: those of them that are used here. */
import { createRequire } from 'node:module';

declare module 'moment' {
  interface Moment {
    addWorkingTime(amount: number, unit: 'hours' | 'minutes'): Moment;
    workingDiff(other: Moment, unit: 'hours' | 'minutes'): number;
  }
}

createRequire(import.meta.url)('moment-business-time');
