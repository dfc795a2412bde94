/**
 * The synthesized definition of the ticket's clock, run by the local runner against a real table and signalled as the functions signal it;
 * only Settle is the test's.
 */
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openClock } from '../../../lambdas/handlers/clock.ts';
import { readConfig } from '../../../lib/config.ts';
import { startEngine } from '../../../lib/local/engine.ts';
import type { Engine } from '../../../lib/local/engine.ts';
import { Activity } from '../../../lib/local/activity.ts';
import { DeskClock } from '../../../lib/local/clock.ts';
import { Journal } from '../../../lib/local/journal.ts';
import { AwsError } from '../../../lib/local/aws/aws-error.ts';
import { startAwsEndpoint } from '../../../lib/local/aws/endpoint.ts';
import { DYNAMODB, jsonClient } from '../../../lib/local/aws/json-client.ts';
import { dynamoDbIntegration } from '../../../lib/local/states/dynamodb.ts';
import { statesApi } from '../../../lib/local/states/api.ts';
import { StateMachines } from '../../../lib/local/states/service.ts';
import { readTemplate } from '../../../lib/local/template/blueprint.ts';
import type { Blueprint } from '../../../lib/local/template/blueprint.ts';
import { synthesize } from '../../../lib/synthesize.ts';
import { executionName, NO_DEADLINE, TICKET_CLOSED } from '../../../lambdas/domain/wait.ts';
import type { SettleRequest, Wait } from '../../../lambdas/domain/wait.ts';
import { day, second, startAt } from './desk.ts';

let engine: Engine;
let client: DynamoDBClient;
let blueprint: Blueprint;
let tableName: string;
beforeAll(async () => {
  engine = await startEngine();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new DynamoDBClient({ endpoint: engine.endpoint, region: 'us-east-1', credentials });
  const config = readConfig({ stage: 'local', issuer: 'http://127.0.0.1:1', audience: 'desk' }, {});
  blueprint = readTemplate(synthesize(config, { skipBundling: true }));
  tableName = blueprint.tables[0]!.name;
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
});
afterAll(() => engine.stop());

let clock: DeskClock;
let activity: Activity;
let machines: StateMachines;
let settle: (request: SettleRequest) => Promise<Wait>;
let tickets = 0;
let ticketId: string;
beforeEach(() => {
  // The machine's own time stands still, so that only moves of the clock count.
  vi.useFakeTimers({ now: Date.UTC(2030, 0, 1), toFake: ['Date'] });
  ticketId = `tkt_${(tickets += 1)}`;
  clock = new DeskClock({ startAt });
  activity = new Activity();
  settle = () => Promise.reject(new Error('nobody expected a deadline to pass'));
  machines = new StateMachines({
    ...{ clock, activity, journal: new Journal(), machines: blueprint.stateMachines },
    integrations: {
      dynamodb: dynamoDbIntegration(jsonClient(engine.endpoint, DYNAMODB)),
      invokeFunction: (_arn, payload) => settle(payload as SettleRequest),
    },
    random: () => 0.5,
  });
});

const key = () => ({ pk: { S: `TICKET#${ticketId}` }, sk: { S: 'TICKET' } });
const wait = (more: Partial<Wait>): Wait => ({
  ...{ schema: 1, ticketId, version: 1, generation: 1, open: true },
  ...more,
});
const write = ({ version, generation, open, deadlineAt }: Wait) =>
  client.send(
    new PutItemCommand({
      TableName: tableName,
      Item: {
        ...key(),
        ...{ version: { N: String(version) }, generation: { N: String(generation) } },
        ...(open && { deadlineAt: { S: deadlineAt ?? NO_DEADLINE } }),
      },
    }),
  );
/** A change of an open ticket, which keeps the token that is parked on it. */
const change = (version: number, next = NO_DEADLINE) =>
  client.send(
    new UpdateItemCommand({
      ...{ TableName: tableName, Key: key() },
      UpdateExpression: 'SET #version = :version, #deadlineAt = :deadlineAt',
      ExpressionAttributeNames: { '#version': 'version', '#deadlineAt': 'deadlineAt' },
      ExpressionAttributeValues: { ':version': { N: String(version) }, ':deadlineAt': { S: next } },
    }),
  );
const item = async () => (await client.send(new GetItemCommand({ TableName: tableName, Key: key() }))).Item ?? {};
const start = async (input: Wait): Promise<string> => {
  const { executionArn } = machines.startExecution({
    stateMachineArn: blueprint.stateMachines[0]!.arn,
    name: executionName(ticketId, input.generation),
    input: JSON.stringify(input),
  });
  await activity.settled();
  return executionArn;
};
const parkedToken = async () => (await item()).waitToken!.S!;
const signal = async (output: Wait) => {
  machines.sendTaskSuccess(await parkedToken(), JSON.stringify(output));
  await activity.settled();
};
/** The functions' side of the clock, as dispatch has it. */
const functionsClock = async () => {
  const { arn } = blueprint.stateMachines[0]!;
  const api = statesApi(machines);
  const aws = await startAwsEndpoint({
    json: {
      AWSStepFunctions: async (operation, input) => {
        const { status, body } = await api(operation, input);
        if (status === 200) return body;
        throw new AwsError((body as { __type: string }).__type, 'refused');
      },
    },
    query: () => Promise.reject(new Error('no mail is sent')),
    onError: (error) => {
      throw error;
    },
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const states = new SFNClient({ endpoint: aws.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  onTestFinished(async () => {
    states.destroy();
    await aws.stop();
  });
  return openClock(arn, states);
};
const move = (to: number) => clock.moveTo(to, () => activity.settled());
const states = (arn: string) =>
  machines.executionHistory(arn).flatMap(({ state, type }) => (type.endsWith('Entered') ? [state] : []));
const deadlineAt = new Date(startAt + 3_600 * second).toISOString();

describe('the clock of a ticket', () => {
  test('parks its token on the ticket, and ends when the ticket is closed', async () => {
    await write(wait({ deadlineAt }));
    const arn = await start(wait({ deadlineAt }));
    expect(await item()).toMatchObject({ waitUntil: { S: deadlineAt }, generation: { N: '1' } });
    await change(2);
    await signal(wait({ version: 2 }));
    expect(await item()).toMatchObject({ waitUntil: { S: 'none' }, version: { N: '2' } });
    machines.sendTaskFailure(await parkedToken(), TICKET_CLOSED);
    await activity.settled();
    expect(machines.describeExecution(arn)).toMatchObject({ status: 'SUCCEEDED', transitions: 3 });
  });

  test('settles one second after the deadline and waits for the next', async () => {
    const asked: SettleRequest[] = [];
    const next = new Date(startAt + 2 * day).toISOString();
    settle = async (request) => {
      asked.push(request);
      await change(2, next);
      return wait({ version: 2, deadlineAt: next });
    };
    await write(wait({ deadlineAt }));
    const arn = await start(wait({ deadlineAt }));
    await move(startAt + day);
    const now = new Date(Date.parse(deadlineAt) + second).toISOString().replace('.000', '');
    expect(asked).toEqual([{ schema: 1, ticketId, generation: 1, now }]);
    expect(await item()).toMatchObject({ waitUntil: { S: next } });
    expect(states(arn)).toEqual(['AwaitChangeOrDeadline', 'Settle', 'AwaitChangeOrDeadline']);
  });

  test.each([
    ['a change', true],
    ['the closing', false],
  ])(
    'takes no signal of %s on a token that has timed out, and waits on by the one that it parked since',
    async (_, open) => {
      const next = new Date(startAt + 2 * day).toISOString();
      settle = async () => {
        await change(2, next);
        return wait({ version: 2, deadlineAt: next });
      };
      await write(wait({ deadlineAt }));
      const arn = await start(wait({ deadlineAt }));
      const late = await parkedToken();
      await move(startAt + day);
      const parked = await parkedToken();
      expect(parked).not.toBe(late);
      const functions = await functionsClock();
      expect(await functions.wake(late, wait({ version: 3, open }))).toBe(false);
      await activity.settled();
      expect(machines.describeExecution(arn).status).toBe('RUNNING');
      expect(await item()).toMatchObject({ waitToken: { S: parked }, waitUntil: { S: next } });
      await change(3);
      expect(await functions.wake(parked, wait({ version: 3 }))).toBe(true);
      await activity.settled();
      expect(await item()).toMatchObject({ waitUntil: { S: 'none' } });
      expect(states(arn)).toEqual([
        'AwaitChangeOrDeadline',
        'Settle',
        'AwaitChangeOrDeadline',
        'AwaitChangeOrDeadline',
      ]);
    },
  );

  test('ends when settling has closed the ticket', async () => {
    settle = () => Promise.resolve(wait({ version: 2, open: false }));
    await write(wait({ deadlineAt }));
    const arn = await start(wait({ deadlineAt }));
    await move(startAt + day);
    expect(states(arn)).toEqual(['AwaitChangeOrDeadline', 'Settle', 'Done']);
    expect(machines.describeExecution(arn).status).toBe('SUCCEEDED');
  });

  test('parks on a version that it was not planned for where the deadline is the same', async () => {
    await write(wait({ version: 4, deadlineAt }));
    const arn = await start(wait({ deadlineAt }));
    expect(states(arn)).toEqual(['AwaitChangeOrDeadline']);
    expect(await item()).toMatchObject({ waitUntil: { S: deadlineAt } });
  });

  test('reads the ticket when its deadline moved before the wait was parked', async () => {
    const newer = new Date(startAt + 5 * day).toISOString();
    await write(wait({ version: 4, deadlineAt: newer }));
    const arn = await start(wait({ deadlineAt }));
    expect(states(arn)).toEqual(['AwaitChangeOrDeadline', 'ReadTicket', 'Open?', 'AwaitChangeOrDeadline']);
    expect(await item()).toMatchObject({ waitUntil: { S: newer } });
    expect(machines.describeExecution(arn).position?.input).toEqual(wait({ version: 4, deadlineAt: newer }));
  });

  test('ends when the ticket it reads is closed, is not there, or has a younger clock', async () => {
    await write(wait({ version: 4, open: false }));
    const closed = await start(wait({ deadlineAt }));
    ticketId = `${ticketId}-gone`;
    const gone = await start(wait({ deadlineAt }));
    ticketId = `${ticketId}-younger`;
    await write(wait({ version: 4, generation: 2 }));
    const older = await start(wait({ deadlineAt }));
    for (const arn of [closed, gone, older]) {
      expect(machines.describeExecution(arn).status).toBe('SUCCEEDED');
      expect(states(arn)).toEqual(['AwaitChangeOrDeadline', 'ReadTicket', 'Open?', 'Done']);
    }
  });

  test('re-reads every 30 days without a deadline, and hands over when it grows old', async () => {
    settle = () => Promise.resolve(wait({}));
    await write(wait({}));
    const arn = await start(wait({}));
    await move(startAt + 301 * day);
    expect(machines.describeExecution(arn).status).toBe('RUNNING');
    await move(startAt + 340 * day);
    expect(machines.describeExecution(arn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(states(arn).slice(-2)).toEqual(['HandOver', 'Done']);
    const next = machines.describeExecution(arn.replace(/-1$/, '-2'));
    expect(next).toMatchObject({ status: 'RUNNING', input: JSON.stringify(wait({ generation: 2 })) });
    expect(await item()).toMatchObject({ generation: { N: '2' } });
  });

  test('hands over after 500 versions, and leaves a next clock that is there already alone', async () => {
    await write(wait({}));
    const arn = await start(wait({}));
    const token = (await item()).waitToken!.S!;
    await change(501, deadlineAt);
    const next = await start(wait({ version: 501, generation: 2, deadlineAt }));
    await write(wait({ version: 501, deadlineAt }));
    machines.sendTaskSuccess(token, JSON.stringify(wait({ version: 501, deadlineAt })));
    await activity.settled();
    expect(states(arn).slice(1)).toEqual(['AwaitChangeOrDeadline', 'ReadTicket', 'Open?', 'HandOver', 'Done']);
    expect(machines.describeExecution(arn).status).toBe('SUCCEEDED');
    expect(machines.describeExecution(next)).toMatchObject({ status: 'RUNNING', transitions: 1 });
  });

  test('raises the alarm when settling fails again and again', async () => {
    let calls = 0;
    settle = () => ((calls += 1), Promise.reject(new TypeError('broken')));
    await write(wait({ deadlineAt }));
    const arn = await start(wait({ deadlineAt }));
    await move(startAt + day);
    expect(calls).toBe(5);
    expect(machines.describeExecution(arn)).toMatchObject({ status: 'FAILED', error: 'TypeError' });
    expect(states(arn).at(-1)).toBe('ClockFailed');
  });
});
