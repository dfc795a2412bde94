/**
 * Reads one table's stream from the engine: finds its shards, parents before children, and hands out their records in order. It
 * must not know what becomes of a record. The trap: iterators expire and old records are trimmed, so a position is kept as the
 * sequence number of the last record that was done with, and iterators are made from it.
 */
import * as z from 'zod';
import { AwsError } from '../aws/aws-error.ts';
import { jsonClient } from '../aws/json-client.ts';
import type { JsonClient } from '../aws/json-client.ts';

const recordSchema = z.looseObject({
  eventID: z.string(),
  eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
  dynamodb: z.looseObject({ SequenceNumber: z.string() }),
});
/** A record as the engine gives it. */
export type StreamRecord = z.infer<typeof recordSchema>;

const recordsSchema = z.object({ Records: z.array(recordSchema), NextShardIterator: z.string().nullish() });
const shardSchema = z.looseObject({ ShardId: z.string(), ParentShardId: z.string().nullish() });
const streamSchema = z.object({
  StreamDescription: z.looseObject({ Shards: z.array(shardSchema), LastEvaluatedShardId: z.string().nullish() }),
});
const streamsSchema = z.object({ Streams: z.array(z.looseObject({ StreamArn: z.string() })) });
const iteratorSchema = z.object({ ShardIterator: z.string() });

/** A part of the stream, in which records have an order. */
export interface Shard {
  readonly id: string;
  readonly parentId?: string;
  /** Sequence number of the last record that is done with. */
  position?: string;
  iterator?: string;
  /** Nothing will come any more. */
  ended: boolean;
}

/** What GetRecords gives at most. */
const READ_LIMIT = 1000;
const MUST_START_ANEW = ['ExpiredIteratorException', 'TrimmedDataAccessException', 'ValidationException'];

export class StreamReader {
  readonly #call: JsonClient;
  readonly #tableName: string;
  readonly #startPosition: (shardId: string) => string | undefined;
  readonly #shards = new Map<string, Shard>();
  #streamArn: string | undefined;

  /** `startPosition` is where a former run left a shard. */
  constructor(endpoint: string, tableName: string, startPosition: (shardId: string) => string | undefined) {
    this.#call = jsonClient(endpoint, 'DynamoDBStreams_20120810');
    this.#tableName = tableName;
    this.#startPosition = startPosition;
  }

  /** The shards that may be read now: those whose parents have ended. */
  readable(): Shard[] {
    return [...this.#shards.values()].filter(({ ended, parentId }) => {
      const parent = parentId === undefined ? undefined : this.#shards.get(parentId);
      return !ended && (parent?.ended ?? true);
    });
  }

  /** Looks for shards that are new. */
  async discover(): Promise<void> {
    this.#streamArn ??= await this.#findStream();
    let ExclusiveStartShardId: string | undefined;
    do {
      const input = {
        StreamArn: this.#streamArn,
        ...(ExclusiveStartShardId !== undefined && { ExclusiveStartShardId }),
      };
      const { StreamDescription: stream } = streamSchema.parse(await this.#call('DescribeStream', input));
      for (const { ShardId, ParentShardId } of stream.Shards) this.#add(ShardId, ParentShardId ?? undefined);
      ExclusiveStartShardId = stream.LastEvaluatedShardId ?? undefined;
    } while (ExclusiveStartShardId !== undefined);
  }

  /** The next records of a shard, none when there are none yet. */
  async read(shard: Shard): Promise<StreamRecord[]> {
    try {
      shard.iterator ??= await this.#iterator(shard);
      const answer = await this.#call('GetRecords', { ShardIterator: shard.iterator, Limit: READ_LIMIT });
      const { Records, NextShardIterator } = recordsSchema.parse(answer);
      delete shard.iterator;
      if (NextShardIterator) shard.iterator = NextShardIterator;
      else shard.ended = true;
      return Records;
    } catch (error) {
      if (!(error instanceof AwsError) || !MUST_START_ANEW.includes(error.code) || shard.iterator === undefined)
        throw error;
      delete shard.iterator;
      if (error.code === 'TrimmedDataAccessException') delete shard.position;
      return [];
    }
  }

  #add(id: string, parentId: string | undefined): void {
    if (this.#shards.has(id)) return;
    const position = this.#startPosition(id);
    this.#shards.set(id, {
      id,
      ended: false,
      ...(parentId !== undefined && { parentId }),
      ...(position !== undefined && { position }),
    });
  }

  async #findStream(): Promise<string> {
    const { Streams } = streamsSchema.parse(await this.#call('ListStreams', { TableName: this.#tableName }));
    const [stream] = Streams.slice(-1);
    if (stream === undefined) throw new Error(`The engine has no stream for the table ${this.#tableName}.`);
    return stream.StreamArn;
  }

  async #iterator(shard: Shard): Promise<string> {
    const from =
      shard.position === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: shard.position };
    const input = { StreamArn: this.#streamArn, ShardId: shard.id, ...from };
    return iteratorSchema.parse(await this.#call('GetShardIterator', input)).ShardIterator;
  }
}
