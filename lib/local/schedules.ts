/**
 * The template's schedules by the desk's clock. It must not know what they wake. The trap: while the clock is moved, a schedule of
 * every few minutes would fire a hundred thousand times a year; then it fires once between two other timers, at the last moment it
 * was due before the second.
 */
import * as z from 'zod';
import { withoutFraction } from './aws/bus.ts';
import type { DeskClock, Timer } from './clock.ts';
import type { Journal } from './journal.ts';
import type { SchedulePlan } from './template/eventing.ts';

export interface SchedulesOptions {
  readonly plans: readonly SchedulePlan[];
  readonly clock: DeskClock;
  readonly journal: Journal;
  /** Takes an event for a function, to run it at once. */
  readonly accept: (functionArn: string, event: unknown) => void;
}

/** In ms since the epoch. */
const progressSchema = z.object({ since: z.number(), firedAt: z.number() });

interface Running {
  readonly plan: SchedulePlan;
  readonly since: number;
  /** The last moment it was due and fired, or when it began. */
  firedAt: number;
  timer?: Timer | undefined;
}

export class Schedules {
  readonly #options: SchedulesOptions;
  readonly #running: Running[];
  #started = false;

  constructor(options: SchedulesOptions) {
    this.#options = options;
    const now = options.clock.now();
    this.#running = options.plans.map((plan) => {
      const known = progressSchema.safeParse(options.journal.get(journalKey(plan)));
      return { plan, ...(known.success ? known.data : { since: now, firedAt: now }) };
    });
  }

  /** Sets the timers. What fell due while the desk was down fires now: a frequent schedule once, any other each time. */
  start(): void {
    this.#started = true;
    for (const running of this.#running) {
      this.#keep(running);
      this.#wait(running);
    }
  }

  /** While the clock is being moved to `target`: lets frequent schedules fire only just before the next other timer. */
  coalesce(target: number): void {
    if (!this.#started) return;
    const frequent = this.#running.filter(({ plan }) => plan.rhythm.frequent);
    for (const { timer } of frequent) timer?.cancel();
    const now = this.#options.clock.now();
    const next = this.#options.clock.nextDueAt();
    // A timer that is overdue leaves no room before it.
    const limit = next === undefined || next > target ? target + 1 : next < now ? now + 1 : next;
    for (const running of frequent) {
      const dueAt = running.plan.rhythm.last(limit, running.firedAt, running.since);
      running.timer = dueAt === undefined ? undefined : this.#at(running, dueAt, () => undefined);
    }
  }

  /** The clock was moved and ticks on: every schedule waits for its next moment. */
  resume(): void {
    if (!this.#started) return;
    for (const running of this.#running) if (running.plan.rhythm.frequent) this.#wait(running);
  }

  #wait(running: Running): void {
    running.timer?.cancel();
    const { rhythm } = running.plan;
    const missed = rhythm.frequent
      ? rhythm.last(this.#options.clock.now() + 1, running.firedAt, running.since)
      : undefined;
    const dueAt = missed ?? rhythm.next(running.firedAt, running.since);
    running.timer = this.#at(running, dueAt, () => {
      this.#wait(running);
    });
  }

  #at(running: Running, dueAt: number, then: () => void): Timer {
    const { clock, accept } = this.#options;
    return clock.at(dueAt, `schedule ${running.plan.name}`, () => {
      running.firedAt = dueAt;
      const input = running.plan.input.replaceAll('<aws.scheduler.scheduled-time>', withoutFraction(dueAt));
      accept(running.plan.functionArn, JSON.parse(input));
      this.#keep(running);
      then();
    });
  }

  #keep({ plan, since, firedAt }: Running): void {
    this.#options.journal.set(journalKey(plan), { since, firedAt });
  }
}

const journalKey = ({ name }: SchedulePlan): string => `schedule/${name}`;
