/**
 * Replaying: hands events that stand in the table to the dispatch function again, which starts or wakes clocks and puts each on the bus.
 * Everything behind it is idempotent: a clock that runs is not started twice, a letter that was sent is not sent again. The trap: that
 * a letter was sent is remembered for a while only, so older events are left alone.
 */
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { dispatchAgain, type Invoke, type StreamRecord, type TableItem } from './dispatching.ts';

export interface ReplayServices {
  /** What dispatch takes of one ticket, or of the whole table: its items, of one ticket in their order. */
  readonly items: (ticketId: string | undefined) => AsyncIterable<TableItem>;
  readonly invoke: Invoke;
}

export interface ReplayOptions {
  /** One ticket's events, or those of all tickets that were written down in a span of time, both ends included. */
  readonly of: { readonly ticketId: string } | { readonly from: number; readonly to: number };
  readonly dispatch: string;
  /** Events before this moment are left alone, ms since the epoch. */
  readonly notBefore: number;
  /** Without it nothing is handed over. */
  readonly act: boolean;
}

export interface Replayed {
  readonly about: string;
  readonly result:
    'would be handed over' | 'handed over' | 'failed' | 'damaged' | 'too old: its letters would be sent again';
}

/** Not the stream's: dispatch counts what is news, and this is none. */
const SOURCE = 'makegood:replay';

const recordSchema = z.union([
  z
    .object({ ticketId: z.string(), seq: z.number(), recordedAt: z.string(), type: z.string() })
    .transform(({ ticketId, seq, recordedAt, type }) => ({
      about: `ticket.${type} ${ticketId}-${String(seq)}`,
      at: Date.parse(recordedAt),
    })),
  z
    .object({ sesMessageId: z.string(), at: z.string(), outcome: z.string() })
    .transform(({ sesMessageId, at, outcome }) => ({ about: `mail.${outcome} ${sesMessageId}`, at: Date.parse(at) })),
]);

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** What an item is about and when it was written down; nothing where its record is neither an event nor a mail. */
const read = (item: TableItem): z.output<typeof recordSchema> | undefined =>
  recordSchema.safeParse(jsonOf(String(unmarshall(item).record))).data;

const asRecord = (item: TableItem, place: number): StreamRecord => ({
  eventName: 'INSERT',
  eventSource: SOURCE,
  dynamodb: {
    Keys: { pk: item.pk ?? { NULL: true }, sk: item.sk ?? { NULL: true } },
    NewImage: item,
    SequenceNumber: String(place + 1),
  },
});

/** Replays what the options name, and tells of each event. */
export const replayEvents = async (
  { items, invoke }: ReplayServices,
  { of, dispatch, notBefore, act }: ReplayOptions,
  tell: (replayed: Replayed) => void,
): Promise<void> => {
  const wanted: { about: string; record: StreamRecord }[] = [];
  for await (const item of items('ticketId' in of ? of.ticketId : undefined)) {
    const known = read(item);
    if (known === undefined) {
      tell({ about: [item.pk?.S, item.sk?.S].join(' '), result: 'damaged' });
      continue;
    }
    const { about, at } = known;
    if ('from' in of && (at < of.from || at > of.to)) continue;
    if (at < notBefore) tell({ about, result: 'too old: its letters would be sent again' });
    else wanted.push({ about, record: asRecord(item, wanted.length) });
  }
  const records = wanted.map(({ record }) => record);
  const taken = act ? await dispatchAgain(invoke, dispatch, records) : new Set();
  for (const { about, record } of wanted) {
    tell({ about, result: !act ? 'would be handed over' : taken.has(record) ? 'handed over' : 'failed' });
  }
};
