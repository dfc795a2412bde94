/**
 * What an event source mapping does with one batch: calls the function and judges its answer. It owns the rules of partial
 * failures and must not know when a batch is tried again. The trap: an answer that names a record the batch does not hold counts
 * as a failure of the whole batch, not as a success.
 */
import * as z from 'zod';
import type { FunctionFailure, InvocationResult } from '../functions/functions.ts';
import type { StreamRecord } from './change-log.ts';

export interface Batch {
  /** Those the function gets; the filter has passed them. */
  readonly records: readonly StreamRecord[];
  /** Up to here the stream is done with when the batch is. */
  readonly lastSequenceNumber: string;
  /** How often it was tried again; cutting a batch in two is not counted. */
  readonly retries: number;
  /** By the desk's clock, ms since the epoch. */
  readonly firstSeenAt: number;
}

export type Verdict =
  | { readonly outcome: 'done' }
  /** The records before `from` are done; those from it on are to be tried again. */
  | { readonly outcome: 'partly'; readonly from: number; readonly requestId: string }
  | { readonly outcome: 'failed'; readonly requestId: string; readonly failure?: FunctionFailure };

const answerSchema = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
});

/** Judges the result of an invocation with the batch. */
export function judge(batch: Batch, result: InvocationResult, reportsItemFailures: boolean): Verdict {
  const { requestId } = result;
  if (result.failure) return { outcome: 'failed', requestId, failure: result.failure };
  if (!reportsItemFailures || result.payload === null || result.payload === '') return { outcome: 'done' };
  const answer = answerSchema.safeParse(result.payload);
  if (!answer.success) return { outcome: 'failed', requestId };
  const failed = (answer.data.batchItemFailures ?? []).map(({ itemIdentifier }) =>
    batch.records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === itemIdentifier),
  );
  if (failed.length === 0) return { outcome: 'done' };
  const from = Math.min(...failed);
  return from < 0 ? { outcome: 'failed', requestId } : { outcome: 'partly', from, requestId };
}

/** The two halves of a batch, to find the record that spoils it. */
export function bisect(batch: Batch): Batch[] {
  const { records } = batch;
  const middle = Math.ceil(records.length / 2);
  const first = records.slice(0, middle);
  return [
    { ...batch, records: first, lastSequenceNumber: first.at(-1)?.dynamodb.SequenceNumber ?? batch.lastSequenceNumber },
    { ...batch, records: records.slice(middle) },
  ];
}

/** Cuts what was read into batches; records that the filter skips are done with together with their neighbours. */
export function intoBatches(
  records: readonly StreamRecord[],
  matches: (record: unknown) => boolean,
  batchSize: number,
  firstSeenAt: number,
): Batch[] {
  const wanted = records.filter(matches);
  const last = records.at(-1)?.dynamodb.SequenceNumber ?? '';
  const batches: Batch[] = [];
  for (let start = 0; start < wanted.length; start += batchSize) {
    const slice = wanted.slice(start, start + batchSize);
    const isLast = start + batchSize >= wanted.length;
    const own = slice.at(-1)?.dynamodb.SequenceNumber ?? last;
    batches.push({ records: slice, lastSequenceNumber: isLast ? last : own, retries: 0, firstSeenAt });
  }
  return batches.length > 0 || records.length === 0
    ? batches
    : [{ records: [], lastSequenceNumber: last, retries: 0, firstSeenAt }];
}
