import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Activity } from '../../lib/local/activity.ts';
import { clientOver, DYNAMODB, jsonClient, sender } from '../../lib/local/aws/json-client.ts';
import type { JsonClient, Send } from '../../lib/local/aws/json-client.ts';
import { createTables } from '../../lib/local/aws/tables.ts';
import { DeskClock } from '../../lib/local/clock.ts';
import { startEngine } from '../../lib/local/engine.ts';
import type { Engine } from '../../lib/local/engine.ts';
import { DeadLetters } from '../../lib/local/functions/dead-letters.ts';
import { LOCAL_ISSUER } from '../../lib/local/issuer.ts';
import { Journal } from '../../lib/local/journal.ts';
import { ChangeLog } from '../../lib/local/streams/change-log.ts';
import { StreamMapping } from '../../lib/local/streams/stream-mapping.ts';
import { Streams } from '../../lib/local/streams/streams.ts';
import { readTemplate } from '../../lib/local/template/blueprint.ts';
import { miniTemplate } from './support/mini-template.ts';

interface FunctionRecord {
  eventName: string;
  eventSourceARN: string;
  awsRegion: string;
  dynamodb: { Keys: { sk: { S: string } }; NewImage?: Record<string, unknown>; SequenceNumber: string };
}
type Answer = (names: string[], records: FunctionRecord[]) => unknown;

let engine: Engine;
let call: JsonClient;
let send: Send;
let opened = 0;

beforeAll(async () => {
  engine = await startEngine();
  call = jsonClient(engine.endpoint, DYNAMODB);
  send = sender(engine.endpoint, DYNAMODB);
});
afterAll(() => engine.stop());

/** A table of its own, a mapping on it, and a function that notes the names it gets and answers as it is told. */
async function open(answer: Answer, change: Record<string, unknown> = {}) {
  const template = miniTemplate(LOCAL_ISSUER);
  const tableName = `stream-${String((opened += 1))}`;
  template.Resources.Table!.Properties.TableName = tableName;
  Object.assign(template.Resources.Mapping!.Properties, change);
  const blueprint = readTemplate(template);
  await createTables(engine.endpoint, blueprint.tables);
  const clock = new DeskClock({ startAt: Date.parse('2026-03-02T08:00:00Z') });
  const activity = new Activity();
  const journal = new Journal();
  const deadLetters = new DeadLetters(journal, () => undefined);
  const batches: string[][] = [];
  const records: FunctionRecord[] = [];
  const plan = blueprint.mappings[0]!;
  /** As the desk itself is started: with what the journal holds. */
  const start = () => {
    const log = new ChangeLog({ ...blueprint, call, journal });
    const mapping = new StreamMapping({
      ...{ plan, log, clock, activity, deadLetters },
      invoke: (_, event) => {
        const { Records } = event as { Records: FunctionRecord[] };
        const names = Records.map(({ dynamodb }) => dynamodb.Keys.sk.S.replace('EVENT#', ''));
        batches.push(names);
        records.push(...Records);
        try {
          return Promise.resolve({ requestId: 'r', payload: answer(names, Records) });
        } catch (error) {
          return Promise.resolve({ requestId: 'r', failure: { errorType: 'Error', errorMessage: String(error) } });
        }
      },
    });
    return { log, mapping };
  };
  const { log, mapping } = start();
  /** Where an answer is lost, it is lost after the engine wrote. */
  let loses = false;
  const tables = clientOver((operation, body) =>
    log.around(operation, body, async () => {
      const given = await send(operation, body);
      if (loses) throw new Error('socket hang up');
      return given;
    }),
  );
  activity.addSource(() => mapping.drain());
  const put = async (...names: string[]) => {
    for (const sk of names)
      await tables('PutItem', { TableName: tableName, Item: { pk: { S: 'p' }, sk: { S: sk }, n: { N: '1' } } });
    mapping.touch();
  };
  const putAndLose = async (...names: string[]) => {
    loses = true;
    await expect(put(...names)).rejects.toThrow('socket hang up');
    loses = false;
    mapping.touch();
  };
  return {
    ...{ activity, batches, records, deadLetters, journal, put, putAndLose, start, tables, tableName },
    move: (seconds: number) => clock.moveTo(clock.now() + seconds * 1000, () => activity.settled()),
  };
}

const failOn =
  (name: string): Answer =>
  (names) => {
    if (names.includes(name)) throw new Error('bad record');
    return { batchItemFailures: [] };
  };

describe('an event source mapping', () => {
  it('hands on what its filter lets through, in order, in batches, as Lambda does', async () => {
    const { put, activity, batches, records } = await open(() => null);
    await put('EVENT#1', 'TICKET', 'EVENT#2', 'EVENT#3', 'EVENT#3', 'EVENT#4', 'EVENT#5', 'TICKET');
    await activity.settled();
    expect(batches).toEqual([['1', '2', '3', '4'], ['5']]);
    expect(records[0]).toMatchObject({
      eventName: 'INSERT',
      eventSource: 'aws:dynamodb',
      eventVersion: '1.1',
      awsRegion: 'us-east-1',
      eventSourceARN: expect.stringMatching(
        /^arn:aws:dynamodb:us-east-1:000000000000:table\/.+\/stream\/local$/,
      ) as string,
      dynamodb: {
        ApproximateCreationDateTime: Date.parse('2026-03-02T08:00:00Z') / 1000,
        Keys: { pk: { S: 'p' }, sk: { S: 'EVENT#1' } },
        NewImage: { pk: { S: 'p' }, sk: { S: 'EVENT#1' }, n: { N: '1' } },
        SequenceNumber: expect.any(String) as string,
        StreamViewType: 'NEW_IMAGE',
      },
    });
    await activity.settled();
    expect(batches).toHaveLength(2);
  });

  it('tries again from the first record that is reported as failed, and no earlier one', async () => {
    let failed = false;
    const { put, move, activity, batches } = await open((names, records) => {
      if (failed || !names.includes('2')) return null;
      failed = true;
      return { batchItemFailures: [{ itemIdentifier: records[1]!.dynamodb.SequenceNumber }] };
    });
    await put('EVENT#1', 'EVENT#2', 'EVENT#3');
    await activity.settled();
    expect(batches).toEqual([['1', '2', '3']]);
    await move(2);
    expect(batches).toEqual([
      ['1', '2', '3'],
      ['2', '3'],
    ]);
  });

  it('cuts a failing batch in two until the bad record stands alone, and buries it after its retries', async () => {
    const { put, move, batches, deadLetters } = await open(failOn('3'));
    await put('EVENT#1', 'EVENT#2', 'EVENT#3', 'EVENT#4');
    await move(600);
    expect(batches).toEqual([['1', '2', '3', '4'], ['1', '2'], ['3', '4'], ['3'], ['3'], ['3'], ['4']]);
    expect(deadLetters.all()).toEqual([
      {
        queueArn: 'arn:aws:sqs:us-east-1:000000000000:DeadLetters',
        body: expect.objectContaining({
          requestContext: expect.objectContaining({
            condition: 'RetryAttemptsExhausted',
            approximateInvokeCount: 3,
          }) as object,
          DDBStreamBatchInfo: expect.objectContaining({ batchSize: 1 }) as object,
        }) as object,
      },
    ]);
  });

  it('lets nothing overtake a batch that waits for its retry', async () => {
    const { put, move, activity, batches } = await open(failOn('1'));
    await put('EVENT#1');
    await activity.settled();
    await put('EVENT#2');
    await activity.settled();
    expect(batches).toEqual([['1']]);
    await move(600);
    expect(batches).toEqual([['1'], ['1'], ['1'], ['2']]);
  });

  it('gives up on records that are too old', async () => {
    const { put, move, batches, deadLetters } = await open(failOn('1'), {
      MaximumRetryAttempts: 100,
      MaximumRecordAgeInSeconds: 60,
    });
    await put('EVENT#1');
    await move(600);
    expect(batches.length).toBeLessThan(10);
    expect(deadLetters.all()[0]?.body).toMatchObject({ requestContext: { condition: 'RecordAgeExceeded' } });
  });

  it.each([
    ['names a record that is not in the batch', { batchItemFailures: [{ itemIdentifier: '999' }] }],
    ['has another form', { batchItemFailures: [{ itemIdentifier: '' }] }],
  ])('takes an answer that %s for a failure of the whole batch', async (_, payload) => {
    const { put, move, deadLetters } = await open(() => payload);
    await put('EVENT#1');
    await move(600);
    expect(deadLetters.all()).toHaveLength(1);
  });

  it('goes on after a restart where it was', async () => {
    const { put, activity, batches, start, journal } = await open(() => null);
    await put('EVENT#1');
    await activity.settled();
    await put('EVENT#2');
    await start().mapping.drain();
    expect(batches).toEqual([['1'], ['2']]);
    expect(journal.entries('stream/')).toEqual([]);
  });
});

describe('the log of changes', () => {
  it('hands on what was written though nobody heard the answer, now and after a restart', async () => {
    const { putAndLose, activity, batches, start } = await open(() => null);
    await putAndLose('EVENT#1');
    await activity.settled();
    expect(batches).toEqual([['1']]);
    await putAndLose('EVENT#2');
    await start().mapping.drain();
    expect(batches).toEqual([['1'], ['2']]);
  });

  it('holds a record at every moment from its writing on, whenever the desk is killed', async () => {
    const { put, journal } = await open(() => null);
    const held: number[] = [];
    const drop = journal.delete.bind(journal);
    journal.delete = (key) => {
      drop(key);
      held.push(journal.entries('stream/').length);
    };
    await put('EVENT#1');
    expect(held).toEqual([1]);
  });

  it('hands on an item once for which two requests asked before the desk was killed', async () => {
    const { putAndLose, start, journal, batches } = await open(() => null);
    await putAndLose('EVENT#1');
    const [[, note]] = journal.entries('stream/') as [[string, unknown]];
    journal.set('stream/00000000000000001', note);
    await start().mapping.drain();
    expect(batches).toEqual([['1']]);
    expect(journal.entries('stream/')).toEqual([]);
  });

  it('begins on the folder of a former desk, which kept other things in its place', async () => {
    const { start, journal } = await open(() => null);
    journal.set('stream/mapping/shardId-1', '370');
    expect(await start().mapping.drain()).toBe(false);
    expect(journal.entries('stream/')).toEqual([]);
  });

  it('holds nothing of a request that the engine refused', async () => {
    const { put, tables, tableName, activity, batches, journal } = await open(() => null);
    await put('EVENT#1');
    const Item = { pk: { S: 'p' }, sk: { S: 'EVENT#1' } };
    const refused = tables('TransactWriteItems', {
      TransactItems: ['EVENT#1', 'EVENT#2'].map((sk) => ({
        Put: {
          ...{ TableName: tableName, Item: { ...Item, sk: { S: sk } } },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      })),
    });
    await expect(refused).rejects.toThrow('ConditionalCheckFailed');
    await activity.settled();
    expect(batches).toEqual([['1']]);
    expect(journal.entries('stream/')).toEqual([]);
  });

  it('tells a new item from one that was there, in every kind of write', async () => {
    const {
      tables,
      tableName: TableName,
      activity,
      records,
    } = await open(() => null, {
      FilterCriteria: {
        Filters: [{ Pattern: JSON.stringify({ dynamodb: { Keys: { sk: { S: [{ prefix: 'EVENT#' }] } } } }) }],
      },
    });
    const Key = { pk: { S: 'p' }, sk: { S: 'EVENT#1' } };
    const Update = {
      ...{ TableName, Key, UpdateExpression: 'SET n = :n' },
      ExpressionAttributeValues: { ':n': { N: '7' } },
    };
    await tables('UpdateItem', Update);
    await tables('UpdateItem', { ...Update, ExpressionAttributeValues: { ':n': { N: '8' } } });
    await tables('BatchWriteItem', { RequestItems: { [TableName]: [{ PutRequest: { Item: Key } }] } });
    await tables('TransactWriteItems', { TransactItems: [{ Delete: { TableName, Key } }] });
    await tables('DeleteItem', { TableName, Key: { pk: { S: 'p' }, sk: { S: 'TICKET' } } });
    await tables('PutItem', { TableName, Item: Key });
    await activity.settled();
    expect(records.map(({ eventName, dynamodb }) => [eventName, dynamodb.NewImage?.n])).toEqual([
      ['INSERT', { N: '7' }],
      ['MODIFY', { N: '8' }],
      ['MODIFY', undefined],
      ['REMOVE', undefined],
      ['INSERT', undefined],
    ]);
    const numbers = records.map(({ dynamodb }) => dynamodb.SequenceNumber);
    expect(numbers).toEqual(numbers.toSorted());
  });
});

it('nobody looks into a stream before all is there that its records may be for', () => {
  const activity = new Activity();
  let looks = 0;
  const mapping = { touch: () => undefined, drain: () => ((looks += 1), Promise.resolve(false)) };
  const streams = new Streams({
    ...{ mappings: [mapping as unknown as StreamMapping], clock: new DeskClock(), activity, onError: () => undefined },
  });
  // A function that a former desk had accepted has written something.
  streams.touch();
  expect(looks).toBe(0);
  streams.start();
  expect(looks).toBe(1);
  streams.stop();
});
