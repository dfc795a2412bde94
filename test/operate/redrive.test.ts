/** Going through a queue of dead letters that hides what was received, as SQS does, for so many looks and no longer. */
import {
  ResourceNotFoundException,
  TrimmedDataAccessException,
  type DynamoDBStreamsClient,
} from '@aws-sdk/client-dynamodb-streams';
import { expect, it } from 'vitest';
import { redrive, type Redriven, type RedriveServices } from '../../lib/operate/redrive.ts';
import { redriveServices } from '../../lib/operate/services.ts';
import type { Stage } from '../../lib/operate/stage.ts';

const URL = 'https://queue.example.com';
const letterOf = (number: number) =>
  JSON.stringify({
    requestContext: { functionArn: `arn:aws:lambda:us-east-1:000000000000:function:inbound-1` },
    requestPayload: { number },
  });

/** A queue whose letters are seen again after `hiddenFor` further looks, with another receipt each time. */
const queueOf = (numbers: readonly number[], hiddenFor: number) => {
  const letters = new Map(numbers.map((number) => [String(number), { body: letterOf(number), hiddenUntil: 0 }]));
  const gaveBack: string[] = [];
  let look = 0;
  const services: RedriveServices = {
    receive: () => {
      look += 1;
      const seen = [...letters].filter(([, { hiddenUntil }]) => hiddenUntil < look).slice(0, 2);
      for (const [, letter] of seen) letter.hiddenUntil = look + hiddenFor;
      return Promise.resolve(
        seen.map(([id, { body }]) => ({ id, body, receipt: `${id} at ${String(look)}`, attributes: {} })),
      );
    },
    remove: (_, receipt) => Promise.resolve(void letters.delete(receipt.split(' ')[0] ?? '')),
    giveBack: (_, receipt) => Promise.resolve(void gaveBack.push(receipt)),
    invoke: (_, event) => Promise.resolve({ failed: (event as { number: number }).number < 3, answer: undefined }),
    recordsAt: () => Promise.resolve(undefined),
  };
  return { services, letters, gaveBack };
};

const through = async (services: RedriveServices, act = true): Promise<Redriven[]> => {
  const told: Redriven[] = [];
  await redrive(services, { queues: { Inbound: URL }, functions: {}, act }, (one) => told.push(one));
  return told;
};

it('reaches those behind letters that are seen again, tells of each once, and gives back what is left by its last receipt', async () => {
  const { services, letters, gaveBack } = queueOf([1, 2, 3, 4, 5, 6], 1);
  const told = await through(services);
  expect(told.map(({ result }) => result)).toEqual([
    ...['failed again', 'failed again', 'handed over', 'handed over', 'handed over', 'handed over'],
  ]);
  expect([...letters.keys()]).toEqual(['1', '2']);
  expect(gaveBack).toHaveLength(2);
  for (const receipt of gaveBack) expect(receipt).not.toMatch(/ at 1$/);
});

it('changes nothing without being told to act', async () => {
  const { services, letters } = queueOf([1, 2, 3], 10);
  expect((await through(services, false)).map(({ result }) => result)).toEqual(['waits', 'waits', 'waits']);
  expect(letters.size).toBe(3);
});

it('goes on behind a letter that it can’t hand over, and says by what', async () => {
  const { services, letters } = queueOf([1, 4, 5], 10);
  const { invoke } = services;
  const failing: RedriveServices = {
    ...services,
    invoke: (name, event) =>
      (event as { number: number }).number === 4 ? Promise.reject(new RangeError('no answer')) : invoke(name, event),
  };
  expect(await through(failing)).toMatchObject([
    { result: 'failed again' },
    { result: 'not reached', error: 'RangeError' },
    { result: 'handed over' },
  ]);
  expect([...letters.keys()]).toEqual(['1', '4']);
});

it.each([
  new TrimmedDataAccessException({ message: 'The record is gone.', $metadata: {} }),
  new ResourceNotFoundException({ message: 'Shard does not exist', $metadata: {} }),
])('takes what a stream no longer has for gone: $name', async (error) => {
  const streams = {
    send: ({ input }: { input: object }) =>
      'ShardId' in input ? Promise.reject(error) : Promise.resolve({ Streams: [] }),
  };
  const { recordsAt } = redriveServices({
    tableName: 'desk',
    clients: { streams: streams as unknown as DynamoDBStreamsClient },
  } as Stage);
  const place = { streamArn: 'arn', shardId: 'shard', startSequenceNumber: '1', endSequenceNumber: '2' };
  expect(await recordsAt(place)).toBeUndefined();
});
