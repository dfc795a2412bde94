/**
 * Moves the desk's clock forward and keeps where it stands, so that a restart finds it again. It must not know what the timers
 * do. The trap: the clock is kept before it jumps, so a desk that is killed on the way comes back at or after what it had begun,
 * never before.
 */
import type { Activity } from '../activity.ts';
import type { DeskClock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import type { Schedules } from '../schedules.ts';

const JOURNAL_KEY = 'clock';

export interface MoverOptions {
  readonly clock: DeskClock;
  readonly activity: Activity;
  readonly schedules: Schedules;
  readonly journal: Journal;
}

/** Keeps how far a moment (ms since the epoch) is ahead of the machine's clock. */
export function keepClock(journal: Journal, moment: number): void {
  journal.set(JOURNAL_KEY, moment - Date.now());
}

/** Where a former run's clock would stand by now; it ticks on while the desk is down. Undefined without a former run. */
export function keptClock(journal: Journal): number | undefined {
  const ahead = journal.get(JOURNAL_KEY);
  return typeof ahead === 'number' ? Date.now() + ahead : undefined;
}

export class Mover {
  readonly #options: MoverOptions;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: MoverOptions) {
    this.#options = options;
  }

  /**
   * Moves the clock to what `target` gives for the present moment (both ms since the epoch), and answers the moment it has reached
   * once all that follows has settled. Moves take turns. Rejects with a RangeError for a moment in the past.
   */
  move(target: (now: number) => number): Promise<number> {
    const turn = this.#turn.then(() => this.#move(target));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Fires everything that is due by now, in order, and waits until all that follows has settled. */
  async catchUp(): Promise<void> {
    await this.move((now) => now);
  }

  async #move(to: (now: number) => number): Promise<number> {
    const { clock, activity, schedules, journal } = this.#options;
    let reached: number;
    try {
      reached = await clock.moveTo(to, async () => {
        await activity.settled();
        const target = clock.movingTo() ?? clock.now();
        schedules.coalesce(target);
        keepClock(journal, Math.min(clock.nextDueAt() ?? target, target));
      });
    } finally {
      keepClock(journal, clock.now());
      schedules.resume();
    }
    await activity.settled();
    return reached;
  }
}
