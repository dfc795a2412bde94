/**
 * Handing records of the table to the dispatch function again, as its stream would. The trap: dispatch takes what its mapping's filter lets
 * through and fails at anything else, so the same choice is made here.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { EVENT_PREFIX, INBOUND_PREFIX, TO_ANSWER_ATTRIBUTE } from '../../lambdas/store/keys.ts';

export type TableItem = Readonly<Record<string, AttributeValue>>;

/** As far as dispatch reads one. */
export interface StreamRecord {
  readonly eventName: string;
  readonly eventSource: string;
  readonly dynamodb: { readonly Keys: TableItem; readonly NewImage: TableItem; readonly SequenceNumber: string };
}

export interface Invoked {
  readonly failed: boolean;
  readonly answer: unknown;
}
export type Invoke = (functionName: string, event: unknown) => Promise<Invoked>;

/** What the stream hands over at once. */
const BATCH = 10;

/** Whether an item is an event of a ticket, or a mail that is to be answered. */
export const isForDispatch = (item: TableItem): boolean =>
  item.sk?.S?.startsWith(EVENT_PREFIX) === true ||
  (item.pk?.S?.startsWith(INBOUND_PREFIX) === true && item[TO_ANSWER_ATTRIBUTE]?.BOOL === true);

const answerSchema = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

/** Hands records over in their order, a batch at a time. Answers how many were taken before the first that was not. */
export const dispatchAgain = async (
  invoke: Invoke,
  functionName: string,
  records: readonly StreamRecord[],
): Promise<{ taken: number; failed: boolean }> => {
  for (let first = 0; first < records.length; first += BATCH) {
    const batch = records.slice(first, first + BATCH);
    const { failed, answer } = await invoke(functionName, { Records: batch });
    const refused = failed ? undefined : answerSchema.safeParse(answer).data?.batchItemFailures;
    if (refused === undefined) return { taken: first, failed: true };
    const [stopped] = refused;
    if (stopped === undefined) continue;
    const place = batch.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === stopped.itemIdentifier);
    return { taken: first + Math.max(0, place), failed: true };
  }
  return { taken: records.length, failed: false };
};
