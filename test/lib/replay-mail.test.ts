/** What the inbound function gave up on is handed to it again: the desk's own function, fed from a queue that is kept here. */
import { expect, it } from 'vitest';
import { replayMail, type Replayed, type ReplayServices } from '../../lib/replay-mail.ts';
import { deskOfThisFile } from '../support/desk.ts';

const desk = deskOfThisFile();
const ENTRY = 'lambdas/handlers/inbound.lambda.ts';

const sesEvent = (messageId: string) => ({
  Records: [
    {
      eventSource: 'aws:ses',
      ses: {
        mail: { messageId, timestamp: '2026-03-02T15:00:00.000Z', source: 'ann@example.com' },
        receipt: { recipients: ['support@desk.example.com'], virusVerdict: { status: 'FAIL' } },
      },
    },
  ],
});
/** As Lambda writes an event that it gave up on. */
const letter = (messageId: string) => JSON.stringify({ version: '1.0', requestPayload: sesEvent(messageId) });

/** A queue of which each letter is shown once, as while nobody else may see it. */
const queueOf = (...bodies: string[]) => {
  const letters = new Map(bodies.map((body, place) => [String(place), body]));
  let shown = false;
  const services: ReplayServices = {
    receive: () => {
      const seen = shown ? [] : [...letters].map(([id, body]) => ({ id, body, receipt: id }));
      shown = true;
      return Promise.resolve(seen);
    },
    invoke: async (event) => {
      const { failure, payload } = (await desk.desk.invoke(ENTRY, event)) as { failure?: object; payload?: unknown };
      return { failed: failure !== undefined, answer: failure ?? payload };
    },
    remove: (receipt) => {
      letters.delete(receipt);
      return Promise.resolve();
    },
  };
  return { services, left: () => [...letters.keys()] };
};

const replayed = async (services: ReplayServices, only?: string): Promise<Replayed[]> => {
  const told: Replayed[] = [];
  await replayMail(services, (one) => told.push(one), only);
  return told;
};

it('hands each mail over again, takes it off the queue, and leaves what fails or is no mail', async () => {
  const failing = JSON.stringify({ requestPayload: { Records: [{ ses: { mail: { messageId: 'b' } } }] } });
  const { services, left } = queueOf(letter('a'), failing, '{"requestPayload":{}}', 'no JSON');
  expect(await replayed(services)).toMatchObject([
    { sesMessageId: 'a', result: 'handled', answer: { outcome: 'refused' } },
    { sesMessageId: 'b', result: 'failed again' },
    { result: 'no mail' },
    { result: 'no mail' },
  ]);
  expect(left()).toEqual(['1', '2', '3']);
});

it('hands over the one that is asked for alone', async () => {
  const { services, left } = queueOf(letter('c'), letter('d'));
  expect(await replayed(services, 'd')).toMatchObject([{ result: 'left alone' }, { result: 'handled' }]);
  expect(left()).toEqual(['0']);
});

it('gets the first answer again for a mail that is in the queue twice', async () => {
  const { services } = queueOf(letter('e'), letter('e'));
  const [first, second] = await replayed(services);
  expect(first).toMatchObject({ result: 'handled', answer: { outcome: 'refused' } });
  expect(second).toEqual(first);
});
