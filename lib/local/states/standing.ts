/**
 * How an execution stands, as it is kept in the journal: enough to go on after the process was killed at any moment. It must not
 * know how a state runs. The trap: it is written before what it says is begun, so a state found under way is entered again.
 */
import * as z from 'zod';
import type { Journal } from '../journal.ts';

const outcomeSchema = z.union([
  z.strictObject({ output: z.unknown() }),
  z.strictObject({ error: z.string(), cause: z.string() }),
]);
/** How a signal ended a wait. */
export type Outcome = z.infer<typeof outcomeSchema>;

const positionSchema = z.strictObject({
  state: z.string(),
  input: z.unknown(),
  /** In ms since the epoch, as all moments here. */
  enteredAt: z.number(),
  /** How often each retrier of the state has retried. */
  retries: z.array(z.number()),
  /** The task's call was answered and the wait for its token stands; `dueAt` is missing when the wait has no end. */
  parked: z.strictObject({ dueAt: z.number().optional() }).optional(),
  /** A signal that was accepted and not yet followed. */
  signalled: outcomeSchema.optional(),
  /** The state failed and is tried again then. */
  retryAt: z.number().optional(),
});
export type Position = z.infer<typeof positionSchema>;

export const statusSchema = z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']);
export type Status = z.infer<typeof statusSchema>;

const standingSchema = z.strictObject({
  arn: z.string(),
  name: z.string(),
  machineArn: z.string(),
  /** Which text of the definition it was started with. */
  definitionId: z.string(),
  /** JSON text, as it was given. */
  input: z.string(),
  status: statusSchema,
  startedAt: z.number(),
  stoppedAt: z.number().optional(),
  /** States entered and retried: what AWS bills. */
  transitions: z.number().int(),
  /** Entries of its history written so far. */
  historyLength: z.number().int(),
  /** Where it is; missing once it is closed. */
  position: positionSchema.optional(),
  /** JSON text. */
  output: z.string().optional(),
  error: z.string().optional(),
  cause: z.string().optional(),
});
export type Standing = z.infer<typeof standingSchema>;

const historySchema = z.strictObject({
  type: z.string(),
  at: z.number(),
  state: z.string().optional(),
  error: z.string().optional(),
  cause: z.string().optional(),
});
export type HistoryEntry = z.infer<typeof historySchema>;

const standingPrefix = 'states/execution/';
const historyPrefix = (arn: string): string => `states/history/${arn}/`;
const historyKey = (arn: string, index: number): string => `${historyPrefix(arn)}${String(index).padStart(8, '0')}`;

/** The executions and their histories in the journal. */
export class StandingBook {
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  all(): Standing[] {
    return this.#journal.entries(standingPrefix).map(([, value]) => standingSchema.parse(value));
  }

  save(standing: Standing): void {
    this.#journal.set(standingPrefix + standing.arn, standing);
  }

  /** Adds to the history; the standing that counts its entries is saved by whoever changes it. */
  note(standing: Standing, entry: HistoryEntry): void {
    this.#journal.set(historyKey(standing.arn, standing.historyLength), entry);
    standing.historyLength += 1;
  }

  history(arn: string): HistoryEntry[] {
    return this.#journal.entries(historyPrefix(arn)).map(([, value]) => historySchema.parse(value));
  }

  forget(standing: Standing): void {
    this.#journal.delete(standingPrefix + standing.arn);
    for (let index = 0; index < standing.historyLength; index += 1) {
      this.#journal.delete(historyKey(standing.arn, index));
    }
  }
}
