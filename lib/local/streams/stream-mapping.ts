/**
 * One event source mapping: takes a table's records to a function, in order and at least once, tries failing batches again by the
 * desk's clock, and gives up on them as the template says. It must not know what the records mean. The trap: a batch that fails
 * holds up its shard, as on AWS; nothing may overtake it.
 */
import type { Activity } from '../activity.ts';
import type { DeskClock } from '../clock.ts';
import type { DeadLetters } from '../functions/dead-letters.ts';
import type { InvocationResult } from '../functions/functions.ts';
import type { Journal } from '../journal.ts';
import { REGION } from '../template/resolve.ts';
import type { MappingPlan } from '../template/eventing.ts';
import { bisect, intoBatches, judge } from './batch.ts';
import type { Batch, Verdict } from './batch.ts';
import { StreamReader } from './stream-reader.ts';
import type { Shard, StreamRecord } from './stream-reader.ts';

export interface MappingOptions {
  readonly plan: MappingPlan;
  readonly endpoint: string;
  readonly invoke: (functionArn: string, event: unknown) => Promise<InvocationResult>;
  readonly clock: DeskClock;
  readonly activity: Activity;
  readonly journal: Journal;
  readonly deadLetters: DeadLetters;
}

/** Batches of a shard that are not done with; the first one comes first. */
interface Lane {
  batches: Batch[];
  /** By the desk's clock, ms since the epoch: until then the first batch is not tried again. */
  blockedUntil?: number;
}

/** Shards change rarely, and a shard that ends is noticed at once; new ones beside it are looked for this often, in real time. */
const DISCOVERY_INTERVAL_MS = 5_000;
/** An answer holds up to 1,000 records, or fewer where they are large. */
const MAY_BE_CUT = 50;
const FIRST_RETRY_DELAY_MS = 1_000;
const LONGEST_RETRY_DELAY_MS = 60_000;

export class StreamMapping {
  readonly #options: MappingOptions;
  readonly #reader: StreamReader;
  readonly #lanes = new Map<string, Lane>();
  #discoveredAt = -Infinity;
  #running: Promise<unknown> = Promise.resolve();
  #queued: Promise<boolean> | undefined;
  #mayHoldNews = true;

  constructor(options: MappingOptions) {
    this.#options = options;
    this.#reader = new StreamReader(options.endpoint, options.plan.tableName, (shardId) => {
      const position = options.journal.get(this.#key(shardId));
      return typeof position === 'string' ? position : undefined;
    });
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
    if (performance.now() - this.#discoveredAt > DISCOVERY_INTERVAL_MS) await this.#discover();
    const found = await Promise.all(this.#reader.readable().map((shard) => this.#drainShard(shard)));
    return found.includes(true);
  }

  async #discover(): Promise<void> {
    await this.#reader.discover();
    this.#discoveredAt = performance.now();
  }

  async #drainShard(shard: Shard): Promise<boolean> {
    const lane = this.#lanes.get(shard.id) ?? { batches: [] };
    this.#lanes.set(shard.id, lane);
    let found = false;
    if (lane.batches.length === 0) {
      const records = await this.#reader.read(shard);
      if (shard.ended) this.#discoveredAt = -Infinity;
      lane.batches = intoBatches(records, this.#options.plan.matches, this.#options.plan.batchSize, this.#now());
      found = records.length > 0 || shard.ended;
      // Whoever writes says so (`touch`); a long answer may have been cut, so there is a second look behind it.
      if (records.length >= MAY_BE_CUT || shard.ended) this.touch();
    } else {
      // Nobody has read since these batches were held up.
      this.touch();
    }
    for (let batch = lane.batches[0]; batch !== undefined && !this.#isBlocked(lane); batch = lane.batches[0]) {
      found = true;
      const left = await this.#process(batch, shard, lane);
      lane.batches.splice(0, 1, ...left);
    }
    return found;
  }

  #isBlocked(lane: Lane): boolean {
    return lane.blockedUntil !== undefined && lane.blockedUntil > this.#now();
  }

  /** Tries a batch once; answers what of it is to be tried again. */
  async #process(batch: Batch, shard: Shard, lane: Lane): Promise<Batch[]> {
    const { plan, invoke } = this.#options;
    if (batch.records.length === 0) return this.#finish(shard, batch.lastSequenceNumber);
    const records = batch.records.map((record) => this.#forFunction(record));
    const verdict = judge(batch, await invoke(plan.functionArn, { Records: records }), plan.reportsItemFailures);
    if (verdict.outcome === 'done') return this.#finish(shard, batch.lastSequenceNumber);
    if (verdict.outcome === 'partly' && verdict.from > 0) {
      this.#finish(shard, batch.records[verdict.from - 1]?.dynamodb.SequenceNumber ?? '');
      // Progress was made: what is left is a new batch, whose retries count anew.
      const rest = { ...batch, records: batch.records.slice(verdict.from), retries: 0 };
      return this.#again(rest, verdict, shard, lane);
    }
    if (verdict.outcome === 'failed' && plan.bisectOnError && batch.records.length > 1) return bisect(batch);
    return this.#again(batch, verdict, shard, lane);
  }

  #again(batch: Batch, verdict: Exclude<Verdict, { outcome: 'done' }>, shard: Shard, lane: Lane): Batch[] {
    const { plan, clock, activity } = this.#options;
    const delay = Math.min(FIRST_RETRY_DELAY_MS * 2 ** batch.retries, LONGEST_RETRY_DELAY_MS);
    const retryAt = this.#now() + delay;
    const tooOld = plan.maximumAgeSeconds !== undefined && retryAt - batch.firstSeenAt > plan.maximumAgeSeconds * 1000;
    if (tooOld || (plan.maximumRetries !== undefined && batch.retries >= plan.maximumRetries)) {
      this.#bury(batch, verdict, shard, tooOld ? 'RecordAgeExceeded' : 'RetryAttemptsExhausted');
      return this.#finish(shard, batch.lastSequenceNumber);
    }
    lane.blockedUntil = retryAt;
    clock.at(retryAt, `retry of ${plan.id}`, async () => {
      this.touch();
      await activity.run(() => this.drain());
    });
    return [{ ...batch, retries: batch.retries + 1 }];
  }

  /** Keeps how far the shard is done with; nothing of it is left to try. */
  #finish(shard: Shard, sequenceNumber: string): Batch[] {
    shard.position = sequenceNumber;
    this.#options.journal.set(this.#key(shard.id), sequenceNumber);
    return [];
  }

  /** Lambda's letter names the records, it does not carry them. */
  #bury(batch: Batch, verdict: { requestId: string }, shard: Shard, condition: string): void {
    const { plan, deadLetters } = this.#options;
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
        shardId: shard.id,
        startSequenceNumber: batch.records[0]?.dynamodb.SequenceNumber,
        endSequenceNumber: batch.records.at(-1)?.dynamodb.SequenceNumber,
        batchSize: batch.records.length,
        streamArn: plan.streamArn,
      },
    });
  }

  /** As Lambda hands it over: from AWS's stream, not from the engine's, and at the desk's time. */
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

  #key(shardId: string): string {
    return `stream/${this.#options.plan.id}/${shardId}`;
  }
}
