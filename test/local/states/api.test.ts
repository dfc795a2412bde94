import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { json } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { statesApi } from '../../../lib/local/states/api.ts';
import type { SmallDesk } from './desk.ts';
import { machine, machineArn, second, smallDesk, startAt, waiting } from './desk.ts';

let desk: SmallDesk;
let server: Server;
let client: SFNClient;
const tokens: string[] = [];

beforeEach(async () => {
  desk = smallDesk({
    definition: machine({
      Await: waiting({
        TimeoutSeconds: 60,
        Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Alarm' }],
        Next: 'Done',
      }),
      Done: { Type: 'Succeed' },
      Alarm: { Type: 'Fail', Error: 'Alarm', Cause: 'nobody came' },
    }),
    updateItem: ({ token }) => (tokens.push(token), Promise.resolve({})),
  });
  const api = statesApi(desk.machines);
  server = createServer((request, response) => {
    void json(request)
      .then((body) => api(String(request.headers['x-amz-target']), body))
      .then(({ status, body }) => {
        response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = new SFNClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});
afterEach(() => {
  tokens.length = 0;
  client.destroy();
  server.close();
});

const start = (name: string, input = '{"n":1}') =>
  client.send(new StartExecutionCommand({ stateMachineArn: machineArn, name, input }));
const describeExecution = (executionArn: string) => client.send(new DescribeExecutionCommand({ executionArn }));

test('the SDK starts an execution, signals it and reads how it ended', async () => {
  const { executionArn, startDate } = await start('tkt_1-1');
  expect(executionArn).toBe('arn:aws:states:eu-central-1:000000000000:execution:small:tkt_1-1');
  expect(startDate).toEqual(new Date(startAt));
  await desk.activity.settled();
  expect(await describeExecution(executionArn!)).toMatchObject({
    status: 'RUNNING',
    name: 'tkt_1-1',
    input: '{"n":1}',
  });
  await client.send(new SendTaskSuccessCommand({ taskToken: tokens[0], output: '{"n":2}' }));
  await desk.activity.settled();
  expect(await describeExecution(executionArn!)).toMatchObject({
    ...{ status: 'SUCCEEDED', output: '{"n":2}', stateMachineArn: machineArn },
    stopDate: new Date(startAt),
  });
});

test('the SDK reads the history with its moments', async () => {
  const { executionArn } = await start('tkt_1-1');
  await desk.move(120 * second);
  const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
  const after = (seconds: number) => new Date(startAt + seconds * second);
  expect(events).toEqual([
    { id: 1, previousEventId: 0, type: 'ExecutionStarted', timestamp: after(0) },
    {
      id: 2,
      previousEventId: 1,
      type: 'TaskStateEntered',
      timestamp: after(0),
      stateEnteredEventDetails: { name: 'Await' },
    },
    {
      ...{ id: 3, previousEventId: 2, type: 'TaskTimedOut', timestamp: after(60) },
      taskTimedOutEventDetails: { error: 'States.Timeout', cause: 'The task timed out.' },
    },
    {
      id: 4,
      previousEventId: 3,
      type: 'FailStateEntered',
      timestamp: after(60),
      stateEnteredEventDetails: { name: 'Alarm' },
    },
    {
      ...{ id: 5, previousEventId: 4, type: 'ExecutionFailed', timestamp: after(60) },
      executionFailedEventDetails: { error: 'Alarm', cause: 'nobody came' },
    },
  ]);
  const first = await client.send(new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 2 }));
  const second_ = await client.send(
    new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 4, nextToken: first.nextToken }),
  );
  expect([...first.events!, ...second_.events!].map(({ id }) => id)).toEqual([5, 4, 3, 2, 1]);
  expect(second_.nextToken).toBeUndefined();
});

test('the SDK lists executions by status, the newest first', async () => {
  await start('one');
  await desk.move(second);
  await start('two');
  await start('three');
  await desk.activity.settled();
  await client.send(new SendTaskFailureCommand({ taskToken: tokens[1], error: 'No', cause: 'more' }));
  await desk.activity.settled();
  const list = async (statusFilter?: 'RUNNING' | 'FAILED') =>
    (await client.send(new ListExecutionsCommand({ stateMachineArn: machineArn, statusFilter }))).executions!.map(
      ({ name }) => name,
    );
  expect(await list()).toEqual(['three', 'two', 'one']);
  expect(await list('FAILED')).toEqual(['two']);
  expect(await list('RUNNING')).toEqual(['three', 'one']);
});

test('the SDK stops an execution', async () => {
  const { executionArn } = await start('one');
  await desk.activity.settled();
  await client.send(new StopExecutionCommand({ executionArn, error: 'Enough' }));
  expect(await describeExecution(executionArn!)).toMatchObject({ status: 'ABORTED', error: 'Enough' });
});

test('the SDK throws the errors of AWS by their names', async () => {
  await start('one');
  await desk.activity.settled();
  expect((await start('one')).startDate).toEqual(new Date(startAt));
  const unknownArn = 'arn:aws:states:eu-central-1:000000000000:execution:small:none';
  const wrong: [name: string, attempt: () => Promise<unknown>][] = [
    ['ExecutionAlreadyExists', () => start('one', '{"n":2}')],
    ['InvalidExecutionInput', () => start('two', 'no json')],
    ['InvalidName', () => start('two words')],
    ['StateMachineDoesNotExist', () => client.send(new StartExecutionCommand({ stateMachineArn: 'arn:none' }))],
    ['ExecutionDoesNotExist', () => describeExecution(unknownArn)],
    ['InvalidToken', () => client.send(new SendTaskSuccessCommand({ taskToken: 'none', output: '{}' }))],
    ['InvalidOutput', () => client.send(new SendTaskSuccessCommand({ taskToken: tokens[0], output: '{' }))],
    ['ValidationException', () => client.send(new SendTaskSuccessCommand({ taskToken: '', output: '{}' }))],
    ['UnknownOperationException', () => client.send(new ListStateMachinesCommand({}))],
  ];
  for (const [name, attempt] of wrong) await expect(attempt()).rejects.toMatchObject({ name });
  await desk.move(61 * second);
  const late = client.send(new SendTaskSuccessCommand({ taskToken: tokens[0], output: '{}' }));
  await expect(late).rejects.toMatchObject({ name: 'TaskTimedOut' });
});
