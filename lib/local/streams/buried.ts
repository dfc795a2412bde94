/**
 * DynamoDB Streams as far as an operator's commands read it: the records that a mapping gave up on, which its dead letter only names. It
 * holds these alone, for the day for which a stream keeps its records. It must not know what becomes of them.
 */
import * as z from 'zod';
import { AwsError } from '../aws/aws-error.ts';
import type { JsonService } from '../aws/endpoint.ts';
import type { DeskClock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import type { StreamRecord } from './change-log.ts';

const PREFIX = 'buried/';
const KEPT_MS = 24 * 3_600_000;

/** `at`: ms since the epoch, by the desk's clock. */
const buriedSchema = z.object({
  at: z.number(),
  record: z.looseObject({ dynamodb: z.looseObject({ SequenceNumber: z.string() }) }),
});
const iteratorSchema = z.object({ ShardIteratorType: z.literal('AT_SEQUENCE_NUMBER'), SequenceNumber: z.string() });
const recordsSchema = z.object({ ShardIterator: z.string() });

export class BuriedRecords {
  readonly #journal: Journal;
  readonly #clock: DeskClock;

  constructor(journal: Journal, clock: DeskClock) {
    this.#journal = journal;
    this.#clock = clock;
  }

  keep(records: readonly StreamRecord[]): void {
    const at = this.#clock.now();
    for (const record of records) this.#journal.set(PREFIX + record.dynamodb.SequenceNumber, { at, record });
  }

  /** Iterators are sequence numbers here. Every table has this one stream, as one shard. */
  readonly service: JsonService = (operation, input) => {
    switch (operation) {
      case 'ListStreams':
        return Promise.resolve({ Streams: [] });
      case 'GetShardIterator': {
        const { SequenceNumber } = iteratorSchema.parse(input);
        // As in AWS, where a shard goes with the last of its records.
        if (this.#from('').length === 0) throw new AwsError('ResourceNotFoundException', 'Shard does not exist');
        if (!this.#from(SequenceNumber).some(({ dynamodb }) => dynamodb.SequenceNumber === SequenceNumber)) {
          throw new AwsError('TrimmedDataAccessException', 'The record is gone from the stream.');
        }
        return Promise.resolve({ ShardIterator: SequenceNumber });
      }
      case 'GetRecords':
        return Promise.resolve({ Records: this.#from(recordsSchema.parse(input).ShardIterator) });
      default:
        throw new AwsError('UnknownOperationException', `The local streams have no ${operation}.`);
    }
  };

  #from(sequenceNumber: string) {
    const youngest = this.#clock.now() - KEPT_MS;
    return this.#journal
      .entries(PREFIX)
      .map(([, kept]) => buriedSchema.parse(kept))
      .filter(({ at, record }) => at >= youngest && record.dynamodb.SequenceNumber >= sequenceNumber)
      .map(({ record }) => ({ eventSource: 'aws:dynamodb', ...record }));
  }
}
