/** The operations on the table, through a client as the functions open theirs: it keeps the steps of each operation for all requests. */
import { createServer, type AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { clientSettings } from '../../lambdas/store/client-settings.ts';
import { readMany } from '../../lambdas/store/read.ts';
import * as store from '../../lambdas/store/table.ts';
import type { Table } from '../../lambdas/store/table.ts';
import { onEachEngine, testTable } from './support.ts';

const MANY = Array.from({ length: 40 }, (_, number) => number);
const key = (number: number) => ({ pk: `PARTITION#${String(number)}`, sk: 'ITEM' });
const item = (number: number) => ({ ...key(number), number, text: 'x'.repeat(number * 100) });

onEachEngine('the table, on', (engine) => {
  let table: Table;
  beforeAll(async () => {
    table = await testTable(engine);
  });

  it('gives each of many requests at once its own answer', async () => {
    await Promise.all(MANY.map((number) => store.putItem(table, { Item: item(number) })));
    expect(await Promise.all(MANY.map((number) => store.getItem(table, key(number))))).toEqual(MANY.map(item));
    const queries = MANY.map((number) =>
      store.queryOnce(table, {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': key(number).pk },
      }),
    );
    expect(await Promise.all(queries)).toEqual(MANY.map((number) => ({ items: [item(number)] })));
    const updates = MANY.map((number) =>
      store.updateItem(table, {
        Key: key(number),
        UpdateExpression: 'SET #text = :text',
        ExpressionAttributeNames: { '#text': 'text' },
        ExpressionAttributeValues: { ':text': String(number) },
      }),
    );
    await Promise.all(updates);
    const written = await Promise.all(MANY.map((number) => store.getItem(table, key(number))));
    expect(written.map((one) => one?.text)).toEqual(MANY.map(String));
  });

  it('reads an item once that is asked for twice, also where the two are a hundred keys apart', async () => {
    const numbers = Array.from({ length: 150 }, (_, number) => number);
    await Promise.all(numbers.map((number) => store.putItem(table, { Item: { ...key(number), sk: 'MANY', number } })));
    const asked = [0, ...numbers, 7, 149].map((number) => ({ ...key(number), sk: 'MANY' }));
    const read: unknown[] = [];
    for await (const one of readMany(table, asked)) read.push(one.number);
    expect(read.toSorted((a, b) => Number(a) - Number(b))).toEqual(numbers);
  });

  it('keeps failures apart from what succeeds beside them', async () => {
    const outcomes = await Promise.allSettled(
      MANY.map((number) =>
        store.putItem(table, {
          Item: { ...key(number), sk: 'ONCE' },
          ConditionExpression: number % 2 === 0 ? 'attribute_not_exists(pk)' : 'attribute_exists(pk)',
        }),
      ),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(
      MANY.map((number) => (number % 2 === 0 ? 'fulfilled' : 'rejected')),
    );
  });
});

it('gives up a request that nobody answers, and tries it again', async () => {
  let asked = 0;
  const silent = createServer(() => (asked += 1));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const client = new DynamoDBClient({
    ...clientSettings,
    requestHandler: { ...clientSettings.requestHandler, requestTimeout: 50 },
    ...{ region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, maxAttempts: 2 },
    endpoint: `http://127.0.0.1:${String((silent.address() as AddressInfo).port)}`,
  });
  onTestFinished(() => {
    client.destroy();
    silent.close();
  });
  await expect(store.getItem(store.openTable('table', client), key(1))).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(asked).toBe(2);
  // Four tries of the API's functions, which have 20 seconds.
  expect(4 * clientSettings.requestHandler.requestTimeout).toBeLessThan(20_000);
});
