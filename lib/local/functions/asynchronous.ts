/**
 * Lambda's queue of asynchronous events: accepted at once, run later, run again by the desk's clock when the function fails, and
 * at last put aside as a dead letter. It must not know where an event comes from. The trap: an event is in the journal before it
 * is accepted, so a desk that is killed runs it again, perhaps for the second time.
 */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Activity } from '../activity.ts';
import type { DeskClock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { FunctionFailure, LocalFunctions } from './functions.ts';

/** Lambda waits a minute before the first retry and two before the second. */
const RETRY_DELAYS_MS = [60_000, 120_000] as const;

const pendingSchema = z.object({
  functionArn: z.string(),
  payload: z.unknown(),
  /** ms since the epoch, by the desk's clock. */
  acceptedAt: z.number(),
  dueAt: z.number(),
  attempts: z.number(),
});
type Pending = z.infer<typeof pendingSchema>;

export interface AsynchronousOptions {
  readonly functions: LocalFunctions;
  readonly deadLetters: DeadLetters;
  readonly clock: DeskClock;
  readonly activity: Activity;
  readonly journal: Journal;
}

const PREFIX = 'asynchronous/';

/**
 * So many events are handed to functions at a time, the others wait in the order in which they came. They share one process here
 * with what people and clocks wait for: a letter may come a moment later, a settlement may not.
 */
const MOST_AT_ONCE = 8;

export class AsynchronousInvocations {
  readonly #options: AsynchronousOptions;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(options: AsynchronousOptions) {
    this.#options = options;
  }

  /**
   * Takes up what a former run of the desk accepted and did not finish; what is due by now has been tried when it resolves. One after
   * the other: a desk that was killed several times may hold the same event twice, and the second has to see what the first did.
   */
  async resume(): Promise<void> {
    const { journal, clock, activity } = this.#options;
    const left = journal
      .entries(PREFIX)
      .map(([key, stored]) => ({ id: key.slice(PREFIX.length), pending: pendingSchema.parse(stored) }))
      .toSorted((a, b) => a.pending.acceptedAt - b.pending.acceptedAt);
    for (const { id, pending } of left) {
      if (pending.dueAt > clock.now()) this.#schedule(id, pending);
      else await activity.run(() => this.#attempt(id, pending));
    }
  }

  /** Accepts an event for a function; it runs as soon as the caller is done. */
  accept(functionArn: string, payload: unknown): void {
    const now = this.#options.clock.now();
    const id = randomUUID();
    const pending = { functionArn, payload, acceptedAt: now, dueAt: now, attempts: 0 };
    this.#options.journal.set(PREFIX + id, pending);
    void this.#options.activity.run(() => this.#attempt(id, pending));
  }

  #schedule(id: string, pending: Pending): void {
    this.#options.clock.at(pending.dueAt, `retry of ${pending.functionArn}`, () =>
      this.#options.activity.run(() => this.#attempt(id, pending)),
    );
  }

  /** Runs the work when it is its turn. */
  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running >= MOST_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }

  async #attempt(id: string, pending: Pending): Promise<void> {
    const { functions, journal, clock } = this.#options;
    const { failure } = await this.#inTurn(() => functions.invoke(pending.functionArn, pending.payload, id));
    if (failure === undefined) {
      journal.delete(PREFIX + id);
      return;
    }
    const { maximumRetries, maximumAgeSeconds } = functions.plan(pending.functionArn).asynchronous;
    const dueAt = clock.now() + (RETRY_DELAYS_MS[pending.attempts] ?? 0);
    const attempts = pending.attempts + 1;
    if (attempts > maximumRetries || dueAt - pending.acceptedAt > maximumAgeSeconds * 1000) {
      this.#bury(id, { ...pending, attempts }, failure);
      return;
    }
    const next = { ...pending, attempts, dueAt };
    journal.set(PREFIX + id, next);
    this.#schedule(id, next);
  }

  /** The letter has the form of Lambda's own failure destinations. */
  #bury(id: string, { functionArn, payload, attempts }: Pending, failure: FunctionFailure): void {
    const { functions, deadLetters, clock, journal } = this.#options;
    deadLetters.put(functions.plan(functionArn).asynchronous.deadLetterArn, {
      version: '1.0',
      timestamp: new Date(clock.now()).toISOString(),
      requestContext: {
        requestId: id,
        functionArn: `${functionArn}:$LATEST`,
        condition: 'RetriesExhausted',
        approximateInvokeCount: attempts,
      },
      requestPayload: payload,
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: failure,
    });
    journal.delete(PREFIX + id);
  }
}
