/** Replaying a span in which not everything is well. */
import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, it } from 'vitest';
import type { Invoke, StreamRecord, TableItem } from '../../lib/operate/dispatching.ts';
import { replayEvents, type Replayed } from '../../lib/operate/replay.ts';

const AT = '2026-03-02T08:00:00.000Z';
const event = (ticketId: string, seq: number, record?: string): TableItem =>
  marshall({
    ...{ pk: `TICKET#${ticketId}`, sk: `EVENT#${String(seq)}` },
    record: record ?? JSON.stringify({ ticketId, seq, recordedAt: AT, type: 'message' }),
  });

/** Dispatch as it is: takes what stands before the first record that it fails at. */
const dispatchFailingAt =
  (fails: (sk: string) => boolean): Invoke =>
  (_, given) => {
    const { Records } = given as { Records: readonly StreamRecord[] };
    const stopped = Records.find(({ dynamodb: { Keys } }) => fails(`${Keys.pk!.S!} ${Keys.sk!.S!}`));
    const batchItemFailures = stopped ? [{ itemIdentifier: stopped.dynamodb.SequenceNumber }] : [];
    return Promise.resolve({ failed: false, answer: { batchItemFailures } });
  };

const replayed = async (items: readonly TableItem[], invoke: Invoke): Promise<string[]> => {
  const told: Replayed[] = [];
  const services = {
    invoke,
    items: async function* () {
      yield* await Promise.resolve(items);
    },
  };
  const options = { of: { from: 0, to: Date.parse(AT) }, dispatch: 'dispatch', notBefore: 0, act: true };
  await replayEvents(services, options, (one) => told.push(one));
  return told.map(({ about, result }) => `${about}: ${result}`);
};

it('an event that is not taken holds up its own ticket alone', async () => {
  const items = [1, 2, 3].flatMap((seq) => ['a', 'b', 'c', 'd'].map((id) => event(id, seq)));
  const told = await replayed(
    items,
    dispatchFailingAt((key) => key === 'TICKET#b EVENT#2' || key === 'TICKET#d EVENT#1'),
  );
  expect(told.filter((line) => line.endsWith('failed'))).toEqual([
    ...['ticket.message d-1: failed', 'ticket.message b-2: failed', 'ticket.message d-2: failed'],
    ...['ticket.message b-3: failed', 'ticket.message d-3: failed'],
  ]);
  expect(told.filter((line) => line.endsWith('handed over'))).toHaveLength(7);
});

it('an event that can’t be read is told by its key, and ends nothing', async () => {
  const items = [event('a', 1, 'no {json'), event('b', 1, '{}'), event('c', 1)];
  const told = await replayed(
    items,
    dispatchFailingAt(() => false),
  );
  expect(told).toEqual([
    ...['TICKET#a EVENT#1: damaged', 'TICKET#b EVENT#1: damaged', 'ticket.message c-1: handed over'],
  ]);
});

it('a function that fails as a whole ends it', async () => {
  let calls = 0;
  const failing: Invoke = () => Promise.resolve({ failed: (calls += 1) > 0, answer: undefined });
  const items = Array.from({ length: 25 }, (_, seq) => event('a', seq));
  expect((await replayed(items, failing)).filter((line) => line.endsWith('failed'))).toHaveLength(25);
  expect(calls).toBe(1);
});
