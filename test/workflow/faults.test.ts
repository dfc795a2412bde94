/** What production does to a desk: clocks that die, signals that come late, deliveries that come twice. */
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { SendTaskFailureCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, it } from 'vitest';
import { customerOn, openTicket, deskOfThisFile } from '../support/desk.ts';

const sdk = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

const desk = deskOfThisFile();
let states: SFNClient;
beforeAll(() => {
  states = new SFNClient({ ...sdk, endpoint: desk.desk.awsEndpoint });
});

const ticket = async (ticketId: string) => (await desk.manager.get(`/v1/tickets/${ticketId}`)).body;
const types = async (ticketId: string) =>
  (await desk.manager.get(`/v1/tickets/${ticketId}/timeline`)).body.items.map(({ type }: { type: string }) => type);
const credits = async (accountId: string) =>
  (await desk.manager.get(`/v1/accounts/${accountId}/ledger`)).body.items.filter(
    ({ kind }: { kind: string }) => kind === 'credit',
  );
const executions = (ticketId: string) => desk.desk.executions().filter(({ name }) => name.startsWith(ticketId));
const kill = (ticketId: string) =>
  states.send(new StopExecutionCommand({ executionArn: executions(ticketId)[0]!.arn }));

/** One clock after the other, until nobody replaces it at once any more: the seventh, by its name, is the sweep's to start. */
const killAll = async (ticketId: string) => {
  for (let death = 0; death < 8; death += 1) {
    await desk.settled();
    await kill(ticketId);
  }
  await desk.settled();
};

const stored = async () => {
  const client = new DynamoDBClient({ ...sdk, endpoint: desk.desk.engineEndpoint });
  const TableName = desk.desk.blueprint.tables[0]!.name;
  const { Items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
  return Items;
};

/** Lets the clock's present wait fail, and each that it tries again, until it gives up. */
const fail = async (ticketId: string) => {
  while (executions(ticketId).at(-1)!.status === 'RUNNING') {
    const item = (await stored()).find(({ pk, sk }) => pk?.S === `TICKET#${ticketId}` && sk?.S === 'TICKET');
    await states.send(new SendTaskFailureCommand({ taskToken: item!.waitToken!.S!, error: 'Broken' }));
    await desk.advance(61);
  }
};

/** The stream records of a ticket's events, as the table's stream would deliver them. */
const records = async (ticketId: string) => {
  const events = (await stored()).filter(({ pk, sk }) => pk?.S === `TICKET#${ticketId}` && sk?.S?.startsWith('EVENT#'));
  return events
    .toSorted((a, b) => (a.sk!.S! < b.sk!.S! ? -1 : 1))
    .map((NewImage, place) => ({ eventName: 'INSERT', dynamodb: { NewImage, SequenceNumber: String(place) } }));
};
const deliver = (delivered: readonly unknown[]) =>
  desk.desk.invoke('lambdas/handlers/dispatch.lambda.ts', { Records: delivered });

describe('a clock that died', () => {
  it('is found by the sweep, which starts a new generation; the make-good is dated at its deadline', async () => {
    const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
    const id = await openTicket(customer, { priority: 'emergency' });
    await killAll(id);
    const [target] = (await ticket(id)).targets;
    await desk.advance(3600 + 30);
    expect(await types(id)).toEqual(['opened']);
    await desk.advance(10 * 60);
    expect((await types(id)).slice(0, 4)).toEqual(['opened', 'missed', 'credited', 'escalated']);
    expect(await credits(customer.accountId)).toMatchObject([{ amount: 10, at: target.deadline }]);
    expect(
      executions(id)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual([0, 1, 2, 3, 4, 5, 6].map((generation) => `${id}-${String(generation)}`));
    await desk.advance(3600);
    expect(await ticket(id)).toMatchObject({ tier: 'TS3' });
  });

  it('does not keep anybody from answering, though its token is over', async () => {
    const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
    const id = await openTicket(customer, { priority: 'standard' });
    await desk.settled();
    await kill(id);
    expect((await desk.engineer.post(`/v1/tickets/${id}/messages`, { body: 'Here.' })).status).toBe(201);
    await desk.settled();
    expect(desk.desk.deadLetters()).toEqual([]);
    await desk.advance(48 * 3600 + 600);
    expect((await types(id)).slice(-2)).toEqual(['missed', 'credited']);
  });

  it('is found though another ticket can’t be read, and that one is told of', async () => {
    const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 40 });
    const ids = [
      await openTicket(customer, { priority: 'emergency' }),
      await openTicket(customer, { priority: 'emergency' }),
    ];
    for (const id of ids) await killAll(id);
    const [broken = '', other = ''] = ids.toSorted();
    const standing = (value: object) =>
      desk.desk.tables('UpdateItem', {
        ...{
          TableName: desk.desk.blueprint.tables[0]!.name,
          Key: { pk: { S: `TICKET#${broken}` }, sk: { S: 'TICKET' } },
        },
        ...{ UpdateExpression: 'SET generation = :value', ExpressionAttributeValues: { ':value': value } },
      });
    await standing({ S: 'broken' });
    const sweep = { schema: 1, now: new Date(desk.desk.clock.now() + 2 * 3_600_000).toISOString() };
    const told = await desk.desk.invoke('lambdas/handlers/sweep.lambda.ts', sweep);
    expect(told.failure?.errorMessage).toBe('1 clocks were not restarted');
    expect(executions(other).map(({ name }) => name)).toContain(`${other}-6`);
    await standing({ N: '5' });
    await desk.advance(5 * 3600);
    for (const id of ids) expect((await types(id)).slice(0, 3)).toEqual(['opened', 'missed', 'credited']);
  });

  it('gives way to a younger one: only the youngest waits', async () => {
    const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
    const id = await openTicket(customer, { priority: 'emergency' });
    await desk.settled();
    const sweep = { schema: 1, now: new Date(desk.desk.clock.now() + 2 * 3_600_000).toISOString() };
    expect(await desk.desk.invoke('lambdas/handlers/sweep.lambda.ts', sweep)).toMatchObject({
      payload: { restarted: 1 },
    });
    await desk.advance(3 * 3600);
    const [younger, older] = executions(id).toSorted((a, b) => (a.name < b.name ? 1 : -1));
    expect(older).toMatchObject({ name: `${id}-0`, status: 'SUCCEEDED' });
    expect(younger).toMatchObject({ name: `${id}-1`, status: 'RUNNING' });
    expect(await credits(customer.accountId)).toHaveLength(1);
  });
});

describe('a clock that dies', () => {
  const waiting = async (minutes: number) => {
    const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
    const id = await openTicket(customer, { priority: 'standard' });
    await desk.engineer.post(`/v1/tickets/${id}/messages`, { body: 'Which version?' });
    expect((await desk.engineer.post(`/v1/tickets/${id}/pause`, { reason: 'The customer looks.' })).status).toBe(200);
    await desk.advance(minutes * 60);
    await fail(id);
    return { customer, id };
  };

  it('by failures is replaced at once, though its ticket waits for people alone and no deadline will pass', async () => {
    const { customer, id } = await waiting(30);
    const [younger, older] = executions(id).toSorted((a, b) => (a.name < b.name ? 1 : -1));
    expect(older).toMatchObject({ name: `${id}-0`, status: 'FAILED', error: 'Broken' });
    expect(younger).toMatchObject({ name: `${id}-1`, status: 'RUNNING' });
    await customer.user.post(`/v1/tickets/${id}/messages`, { body: 'Version 7.' });
    await desk.advance(4 * 86_400);
    expect(await types(id)).toContain('missed');
    expect(executions(id)).toHaveLength(2);
  });

  it('is replaced once however often it is told of, and not where a younger one runs', async () => {
    const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
    const id = await openTicket(customer, { priority: 'standard' });
    await desk.settled();
    await kill(id);
    await desk.settled();
    const told = (livedMillis: number, generation = 0) => ({
      ...{ source: 'aws.states', 'detail-type': 'Step Functions Execution Status Change' },
      detail: { name: `${id}-${String(generation)}`, status: 'ABORTED', startDate: 0, stopDate: livedMillis },
    });
    const tell = (event: object) => desk.desk.invoke('lambdas/handlers/sweep.lambda.ts', event);
    await Promise.all([tell(told(3_600_000)), tell(told(3_600_000))]);
    await desk.settled();
    expect(await tell(told(3_600_000))).toMatchObject({ payload: { restarted: 0 } });
    expect(executions(id)).toHaveLength(2);
    expect(executions(id).filter(({ status }) => status === 'RUNNING')).toMatchObject([{ name: `${id}-1` }]);
  });

  it('is replaced where it had just begun, but not for ever where one after the other dies', async () => {
    const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
    const id = await openTicket(customer, { priority: 'standard' });
    await killAll(id);
    expect(executions(id).map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'ABORTED'));
    // The sweep looks for what is overdue, whatever died before.
    await desk.advance(25 * 3600);
    expect(await types(id)).toContain('missed');
    expect(executions(id).at(0)).toMatchObject({ name: `${id}-6`, status: 'RUNNING' });
  });
});

describe('a delivery that comes twice', () => {
  it('starts no second clock, credits nothing again and sends no letter again', async () => {
    const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
    const id = await openTicket(customer, { priority: 'emergency' });
    await desk.advance(3602);
    const mails = desk.desk.mails().length;
    const all = await records(id);
    expect(all).toHaveLength(5);
    for (const batch of [all, all.toReversed(), all.slice(1)]) {
      expect(await deliver(batch)).toMatchObject({ payload: { batchItemFailures: [] } });
      await desk.settled();
    }
    expect(executions(id)).toHaveLength(1);
    expect(desk.desk.mails()).toHaveLength(mails);
    expect(await credits(customer.accountId)).toHaveLength(1);
    const before = await types(id);
    const settle = { schema: 1, ticketId: id, generation: 0, now: new Date(desk.desk.clock.now()).toISOString() };
    await Promise.all([1, 2, 3].map(() => desk.desk.invoke('lambdas/handlers/settle.lambda.ts', settle)));
    expect(await types(id)).toEqual(before);
  });

  it('names the record that could not be dispatched, so that it comes again', async () => {
    const broken = { eventName: 'INSERT', dynamodb: { NewImage: { pk: { S: 'TICKET#x' } }, SequenceNumber: '77' } };
    expect(await deliver([broken])).toMatchObject({ payload: { batchItemFailures: [{ itemIdentifier: '77' }] } });
  });
});

describe('a race at the deadline', () => {
  it('credits once or not at all, as the ticket then says', async () => {
    const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
    const id = await openTicket(customer, { priority: 'emergency' });
    await desk.settled();
    await kill(id);
    await desk.advance(3600 + 5);
    const settle = { schema: 1, ticketId: id, generation: 0, now: new Date(desk.desk.clock.now()).toISOString() };
    await Promise.all([
      ...[1, 2, 3].map(() => desk.desk.invoke('lambdas/handlers/settle.lambda.ts', settle)),
      ...[1, 2, 3].map((n) => desk.engineer.post(`/v1/tickets/${id}/messages`, { body: `Here ${String(n)}.` })),
    ]);
    expect((await types(id)).filter((type: string) => type === 'credited')).toHaveLength(1);
    expect((await types(id)).filter((type: string) => type === 'answered')).toHaveLength(1);
    expect(await credits(customer.accountId)).toMatchObject([{ amount: 10 }]);
  });
});
