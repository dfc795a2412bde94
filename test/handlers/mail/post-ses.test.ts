/** How often SES is asked for a letter: it knows no token by which it would take one once, so what is slow there is not asked again. */
import { SESClient } from '@aws-sdk/client-ses';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { writeLetter } from '../../../lambdas/handlers/mail/letter.ts';
import { openPost, SES_SECONDS, sesSettings, UnsentLetterError } from '../../../lambdas/handlers/mail/post.ts';
import { clientSettings } from '../../../lambdas/store/client-settings.ts';
import { HELD_SECONDS } from '../../../lambdas/store/mails.ts';
import { AwsError } from '../../../lib/local/aws/aws-error.ts';
import { startAwsEndpoint, type AwsEndpoint } from '../../../lib/local/aws/endpoint.ts';
import { functionOf, templateFor, WITH_MAIL } from '../../lib/support.ts';
import type { Table } from '../../../lambdas/store/table.ts';
import { anyEngine, testTable } from '../../store/support.ts';

const NOW = '2026-03-02T15:20:00.000Z';
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

let table: Table;
let mails: AwsEndpoint;
let ses: SESClient;
/** What SES answers, one for each time that it is asked. */
let answers: readonly (() => Promise<Record<string, string>>)[];
let asked: number;
beforeAll(async () => {
  table = await testTable(anyEngine);
  mails = await startAwsEndpoint({
    json: {},
    query: () => answers[asked++]!(),
    onError: () => undefined,
  });
});
afterAll(async () => {
  await mails.stop();
});
beforeEach(() => {
  asked = 0;
  ses = new SESClient({
    ...sesSettings,
    requestHandler: { ...sesSettings.requestHandler, requestTimeout: 50 },
    ...{ endpoint: mails.url, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } },
  });
});
afterEach(() => {
  ses.destroy();
});

const takes = () => Promise.resolve({ MessageId: 'id' });
const refuses = (message: string) => () => Promise.reject(new AwsError('Throttling', message));

const post = (cause: string): Promise<void> => {
  const letter = writeLetter({
    reader: { email: 'ann@example.com' },
    title: 'Title',
    body: ['Text'],
    signature: 'Desk',
  });
  return openPost(table, { sender: 'support@example.com', deskName: 'Desk', log: silent, ses }).send(
    [letter],
    cause,
    NOW,
  );
};

it('is asked once, however long it takes: it may take the letter all the same', async () => {
  let answer = (): void => undefined;
  const slow = () =>
    new Promise<Record<string, string>>((resolve) => {
      answer = () => {
        resolve({ MessageId: 'id' });
      };
    });
  answers = [slow, slow, slow];
  await expect(post('slow')).rejects.toThrow('SES did not take the letter about slow: TimeoutError');
  answer();
  expect(asked).toBe(1);
});

it('is asked again where it takes no more in this second, and after no other refusal', async () => {
  const tooFast = refuses('Maximum sending rate exceeded.');
  answers = [tooFast, tooFast, takes];
  await post('too fast');
  expect(asked).toBe(3);
  asked = 0;
  answers = [refuses('Daily message quota exceeded.'), takes];
  await expect(post('too many')).rejects.toBeInstanceOf(UnsentLetterError);
  expect(asked).toBe(1);
});

it('has its time, and the record too, before the claim ends; and that ends before Lambda comes again', () => {
  /** Those of `attempt`, for the rate of SES. */
  const waits = 7;
  const record = (4 * clientSettings.requestHandler.requestTimeout) / 1000;
  expect(waits + SES_SECONDS + record).toBeLessThan(HELD_SECONDS);
  expect(HELD_SECONDS).toBeLessThan(60);
  const notify = functionOf(templateFor(WITH_MAIL), 'notify');
  expect(2 * SES_SECONDS).toBeLessThanOrEqual(Number(notify.properties.Timeout));
});
