/**
 * All stream mappings of the desk: tells them when to look. It must not know what they read. The trap: looking costs a request each
 * time, so nobody looks while the clock is moved; whoever moves it has the streams drained after each step.
 */
import type { Activity } from '../activity.ts';
import type { DeskClock } from '../clock.ts';
import type { StreamMapping } from './stream-mapping.ts';

export interface StreamsOptions {
  readonly mappings: readonly StreamMapping[];
  readonly clock: DeskClock;
  readonly activity: Activity;
  readonly onError: (error: unknown) => void;
}

/** Finds what was written by no function of this desk, such as by hand through an engine that others use too. In real time. */
const POLL_INTERVAL_MS = 250;

export class Streams {
  readonly #options: StreamsOptions;
  #poll: NodeJS.Timeout | undefined;
  #started = false;

  constructor(options: StreamsOptions) {
    this.#options = options;
    for (const mapping of options.mappings) options.activity.addSource(() => mapping.drain());
  }

  /** Nobody looks before. */
  start(): void {
    this.#started = true;
    this.#poll = setInterval(() => {
      this.touch();
    }, POLL_INTERVAL_MS).unref();
    this.touch();
  }

  stop(): void {
    clearInterval(this.#poll);
  }

  /** Somebody may have written to a table. */
  touch(): void {
    const { mappings, clock, activity, onError } = this.#options;
    for (const mapping of mappings) mapping.touch();
    if (!this.#started || clock.movingTo() !== undefined) return;
    activity.run(() => Promise.all(mappings.map((mapping) => mapping.drain()))).catch(onError);
  }
}
