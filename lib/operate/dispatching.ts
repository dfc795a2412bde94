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

/** The place in a batch of the first record that was not taken; its end where all were. Nothing where the function itself failed. */
const firstLeft = ({ failed, answer }: Invoked, batch: readonly StreamRecord[]): number | undefined => {
  const refused = failed ? undefined : answerSchema.safeParse(answer).data?.batchItemFailures;
  if (refused === undefined) return undefined;
  const [first] = refused;
  if (first === undefined) return batch.length;
  return Math.max(
    0,
    batch.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === first.itemIdentifier),
  );
};

/** The ticket or the mail that a record is of. */
const ownerOf = ({ dynamodb }: StreamRecord): string | undefined => dynamodb.Keys.pk?.S;

/**
 * Hands records over in their order, a batch at a time. One that is not taken holds up those of its own ticket or mail, so that its
 * consumers hear of it in order where they can, and no others; a function that fails ends it. Answers what was taken.
 */
export const dispatchAgain = async (
  invoke: Invoke,
  functionName: string,
  records: readonly StreamRecord[],
): Promise<ReadonlySet<StreamRecord>> => {
  const taken = new Set<StreamRecord>();
  let left = records;
  while (left.length > 0) {
    const batch = left.slice(0, BATCH);
    const place = firstLeft(await invoke(functionName, { Records: batch }), batch);
    if (place === undefined) return taken;
    for (const record of batch.slice(0, place)) taken.add(record);
    const stopped = batch[place];
    left = stopped ? left.slice(place + 1).filter((record) => ownerOf(record) !== ownerOf(stopped)) : left.slice(place);
  }
  return taken;
};
