/**
 * One event source mapping: takes a table's records to a function, in order and at least once, tries failing batches again by the
 * desk's clock, and gives up on them as the template says. It must not know what the records mean. The trap: a batch that fails
 * holds up its shard, as on AWS; nothing may overtake it.
 */
import type { Activity } from '../activity.ts';
import type { DeskClock } from '../clock.ts';
import type { DeadLetters } from '../functions/dead-letters.ts';
import type { InvocationResult } from '../functions/functions.ts';
import { REGION } from '../template/resolve.ts';
import type { MappingPlan } from '../template/eventing.ts';
import { bisect, intoBatches, judge } from './batch.ts';
import type { Batch, Verdict } from './batch.ts';
import type { ChangeLog, StreamRecord } from './change-log.ts';

export interface MappingOptions {
  readonly plan: MappingPlan;
  readonly log: ChangeLog;
  readonly invoke: (functionArn: string, event: unknown) => Promise<InvocationResult>;
  readonly clock: DeskClock;
  readonly activity: Activity;
  readonly deadLetters: DeadLetters;
  /** Keeps records that were given up on, which the letter only names. */
  readonly keepBuried?: (records: readonly StreamRecord[]) => void;
}

const FIRST_RETRY_DELAY_MS = 1_000;
const LONGEST_RETRY_DELAY_MS = 60_000;
/** AWS cuts a stream into shards; on one machine one is enough. */
const SHARD = 'shardId-00000000000000000000-local';

export class StreamMapping {
  readonly #options: MappingOptions;
  /** Those that are not done with; the first one comes first. */
  #batches: Batch[] = [];
  /** By the desk's clock, ms since the epoch: until then the first batch is not tried again. */
  #blockedUntil = -Infinity;
  #running: Promise<unknown> = Promise.resolve();
  #queued: Promise<boolean> | undefined;
  #mayHoldNews = true;

  constructor(options: MappingOptions) {
    this.#options = options;
  }

  /** Says that somebody may have written to the table since the last look. */
  touch(): void {
    this.#mayHoldNews = true;
  }

  /** Works off what the stream holds; answers whether there was anything. One at a time: a second caller waits for its turn. */
  drain(): Promise<boolean> {
    this.#queued ??= this.#turn();
    return this.#queued;
  }

  #turn(): Promise<boolean> {
    const turn = this.#running.then(async () => {
      this.#queued = undefined;
      try {
        return await this.#drainOnce();
      } catch (error) {
        this.touch();
        throw error;
      }
    });
    this.#running = turn.catch(() => undefined);
    return turn;
  }

  async #drainOnce(): Promise<boolean> {
    if (!this.#mayHoldNews) return false;
    this.#mayHoldNews = false;
    let found = false;
    if (this.#batches.length === 0) {
      const { log, plan } = this.#options;
      const records = await log.take(plan.id);
      this.#batches = intoBatches(records, plan.matches, plan.batchSize, this.#now());
      found = records.length > 0;
    } else {
      // Nobody has looked since these batches were held up.
      this.touch();
    }
    for (let batch = this.#batches[0]; batch !== undefined && !this.#isBlocked(); batch = this.#batches[0]) {
      found = true;
      this.#batches.splice(0, 1, ...(await this.#process(batch)));
    }
    return found;
  }

  #isBlocked(): boolean {
    return this.#blockedUntil > this.#now();
  }

  /** Tries a batch once; answers what of it is to be tried again. */
  async #process(batch: Batch): Promise<Batch[]> {
    const { plan, invoke } = this.#options;
    if (batch.records.length === 0) return this.#finish(batch.lastSequenceNumber);
    const records = batch.records.map((record) => this.#forFunction(record));
    const verdict = judge(batch, await invoke(plan.functionArn, { Records: records }), plan.reportsItemFailures);
    if (verdict.outcome === 'done') return this.#finish(batch.lastSequenceNumber);
    if (verdict.outcome === 'partly' && verdict.from > 0) {
      this.#finish(batch.records[verdict.from - 1]?.dynamodb.SequenceNumber ?? '');
      // Progress was made: what is left is a new batch, whose retries count anew.
      const rest = { ...batch, records: batch.records.slice(verdict.from), retries: 0 };
      return this.#again(rest, verdict);
    }
    if (verdict.outcome === 'failed' && plan.bisectOnError && batch.records.length > 1) return bisect(batch);
    return this.#again(batch, verdict);
  }

  #again(batch: Batch, verdict: Exclude<Verdict, { outcome: 'done' }>): Batch[] {
    const { plan, clock, activity } = this.#options;
    const delay = Math.min(FIRST_RETRY_DELAY_MS * 2 ** batch.retries, LONGEST_RETRY_DELAY_MS);
    const retryAt = this.#now() + delay;
    const tooOld = plan.maximumAgeSeconds !== undefined && retryAt - batch.firstSeenAt > plan.maximumAgeSeconds * 1000;
    if (tooOld || (plan.maximumRetries !== undefined && batch.retries >= plan.maximumRetries)) {
      this.#bury(batch, verdict, tooOld ? 'RecordAgeExceeded' : 'RetryAttemptsExhausted');
      return this.#finish(batch.lastSequenceNumber);
    }
    this.#blockedUntil = retryAt;
    clock.at(retryAt, `retry of ${plan.id}`, async () => {
      this.touch();
      await activity.run(() => this.drain());
    });
    return [{ ...batch, retries: batch.retries + 1 }];
  }

  /** What the log holds up to here is done with; nothing of it is left to try. */
  #finish(sequenceNumber: string): Batch[] {
    this.#options.log.forget(this.#options.plan.id, sequenceNumber);
    return [];
  }

  /** Lambda's letter names the records, it does not carry them. */
  #bury(batch: Batch, verdict: { requestId: string }, condition: string): void {
    const { plan, deadLetters, keepBuried } = this.#options;
    keepBuried?.(batch.records);
    deadLetters.put(plan.deadLetterArn, {
      requestContext: {
        requestId: verdict.requestId,
        functionArn: plan.functionArn,
        condition,
        approximateInvokeCount: batch.retries + 1,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: new Date(this.#now()).toISOString(),
      DDBStreamBatchInfo: {
        shardId: SHARD,
        startSequenceNumber: batch.records[0]?.dynamodb.SequenceNumber,
        endSequenceNumber: batch.records.at(-1)?.dynamodb.SequenceNumber,
        batchSize: batch.records.length,
        streamArn: plan.streamArn,
      },
    });
  }

  /** As Lambda hands it over: from AWS's stream, and at the desk's time. */
  #forFunction(record: StreamRecord): unknown {
    return {
      ...record,
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: REGION,
      dynamodb: { ...record.dynamodb, ApproximateCreationDateTime: Math.floor(this.#now() / 1000) },
      eventSourceARN: this.#options.plan.streamArn,
    };
  }

  #now(): number {
    return this.#options.clock.now();
  }
}
