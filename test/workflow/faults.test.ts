/** What production does to a desk: clocks that die, signals that come late, deliveries that come twice. */
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
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

/** The stream records of a ticket's events, as the table's stream would deliver them. */
const records = async (ticketId: string) => {
  const client = new DynamoDBClient({ ...sdk, endpoint: desk.desk.engineEndpoint });
  const TableName = desk.desk.blueprint.tables[0]!.name;
  const { Items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
  const events = Items.filter(({ pk, sk }) => pk?.S === `TICKET#${ticketId}` && sk?.S?.startsWith('EVENT#'));
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
    await desk.settled();
    await kill(id);
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
    ).toEqual([`${id}-0`, `${id}-1`]);
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
