/**
 * All stream mappings of the desk: tells them when to look. It must not know what they read. The trap: while the clock
 * is moved nobody looks; whoever moves it has the streams drained after each step.
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

/** Looks again where a look failed, such as while the engine did not answer. In real time. */
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
