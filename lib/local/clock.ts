/**
 * The desk's clock: it ticks with real time and can be moved forward, when every timer on the way fires at its own moment.
 * It owns time on the local desk and must not know what the timers are for. The trap: while it is being moved it stands still
 * between moments, so whoever waits for real time to pass must not ask this clock.
 */
import { TimerHeap } from './timer-heap.ts';
import type { HeapTimer } from './timer-heap.ts';

export interface Timer {
  cancel(): void;
}

export interface ClockOptions {
  /** Where the clock starts, in ms since the epoch; the machine's time when left out. */
  startAt?: number;
  /** Hears of a timer that threw; without it the error becomes a process warning. It never stops the clock. */
  onError?: (error: unknown, label: string) => void;
}

/** Timers of one moment that fire at the same time; more of them would only get in each other's way on one account. */
const mostAtOnce = 24;

/** The longest delay that setTimeout takes; a longer one would fire at once. */
const longestDelay = 2 ** 31 - 1;
/** Timers that keep falling due at one moment make no progress; no chain of real work is this long. */
const mostRoundsAtOneMoment = 10_000;

export class DeskClock {
  readonly #heap = new TimerHeap();
  readonly #onError: (error: unknown, label: string) => void;
  #ahead: number;
  #latest = -Infinity;
  #standing: number | undefined;
  #target: number | undefined;
  #order = 0;
  #stopped = false;
  #armed: NodeJS.Timeout | undefined;
  #moves: Promise<void> = Promise.resolve();

  constructor(options: ClockOptions = {}) {
    this.#ahead = options.startAt === undefined ? 0 : Math.floor(options.startAt) - Date.now();
    this.#onError = options.onError ?? warn;
  }

  /** Milliseconds since the epoch. It never goes back, even when the machine's own clock does. */
  now(): number {
    this.#latest = Math.max(this.#latest, this.#standing ?? Date.now() + this.#ahead);
    return this.#latest;
  }

  /** Fires once, never before `dueAt` (ms since the epoch); a moment already past fires as soon as it can. */
  at(dueAt: number, label: string, fire: () => Promise<void> | void): Timer {
    if (!Number.isFinite(dueAt)) throw new RangeError(`The timer "${label}" has no moment to fall due at`);
    const timer: HeapTimer = { dueAt, order: this.#order++, label, fire, cancelled: false };
    this.#heap.push(timer);
    if (this.#heap.peek() === timer) this.#arm();
    return { cancel: () => void (timer.cancelled = true) };
  }

  /** The moment of the next timer, in ms since the epoch. */
  nextDueAt(): number | undefined {
    return this.#heap.peek()?.dueAt;
  }

  /** Where the clock is being moved to, in ms since the epoch; undefined while it just ticks. */
  movingTo(): number | undefined {
    return this.#target;
  }

  /**
   * Moves the clock forward to `target` (ms since the epoch, or made from the moment at which the move begins), through every moment
   * at which a timer falls due; `settled` tells when all that a moment caused is done. Moves asked for at the same time run one after
   * the other. Answers the moment that it has reached. Rejects with a RangeError for a target in the past.
   */
  moveTo(target: number | ((now: number) => number), settled: () => Promise<void>): Promise<number> {
    const turn = this.#moves.then(() => this.#move(target, settled));
    this.#moves = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  /** Forgets every timer; the clock still tells the time. A move under way ends with an error. */
  stop(): void {
    this.#stopped = true;
    this.#heap.clear();
    clearTimeout(this.#armed);
  }

  async #move(to: number | ((now: number) => number), settled: () => Promise<void>): Promise<number> {
    const start = this.now();
    const target = typeof to === 'number' ? to : to(start);
    if (!(target >= start) || !Number.isFinite(target)) throw new RangeError('The clock only moves forward');
    clearTimeout(this.#armed);
    this.#standing = start;
    this.#target = target;
    try {
      // What is under way belongs to the present moment, and may still set timers that fall due on the way.
      await settled();
      await this.#fireUntil(target, settled);
      this.#standing = target;
      return target;
    } finally {
      this.#ahead = this.now() - Date.now();
      this.#standing = undefined;
      this.#target = undefined;
      this.#arm();
    }
  }

  async #fireUntil(target: number, settled: () => Promise<void>): Promise<void> {
    let rounds = 0;
    for (let next = this.#heap.peek(); next !== undefined && next.dueAt <= target; next = this.#heap.peek()) {
      rounds = next.dueAt > this.now() ? 0 : rounds + 1;
      if (rounds > mostRoundsAtOneMoment) throw new Error(`The timer "${next.label}" falls due again and again`);
      this.#standing = Math.max(this.now(), next.dueAt);
      const due = this.#heap.takeDue(this.#standing);
      for (let first = 0; first < due.length; first += mostAtOnce) {
        await Promise.all(due.slice(first, first + mostAtOnce).map((timer) => this.#fire(timer)));
        await settled();
      }
      if (this.#stopped) throw new Error('The clock was stopped while it was being moved');
    }
  }

  #arm(): void {
    if (this.#standing !== undefined || this.#stopped) return;
    clearTimeout(this.#armed);
    const dueAt = this.#heap.peek()?.dueAt;
    if (dueAt === undefined) return;
    const delay = Math.min(Math.max(dueAt - this.now(), 0), longestDelay);
    this.#armed = setTimeout(() => {
      for (const timer of this.#heap.takeDue(this.now())) void this.#fire(timer);
      this.#arm();
    }, delay);
    // A desk lives as long as its servers do, not as long as its tickets wait.
    this.#armed.unref();
  }

  async #fire(timer: HeapTimer): Promise<void> {
    if (timer.cancelled) return;
    try {
      await timer.fire();
    } catch (error) {
      this.#onError(error, timer.label);
    }
  }
}

const warn = (error: unknown, label: string): void => {
  process.emitWarning(
    `The timer "${label}" failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
};
