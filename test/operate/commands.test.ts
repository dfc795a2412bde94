/** The operator's commands against a running desk, by the clients that they use on AWS: what was dropped is handed over again, once. */
import { DynamoDBClient, UpdateItemCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { openTable } from '../../lambdas/store/table.ts';
import { restartClock, restartClocks, type Restarted } from '../../lib/operate/clocks.ts';
import { redrive, type Redriven } from '../../lib/operate/redrive.ts';
import { replayEvents, type Replayed, type ReplayOptions } from '../../lib/operate/replay.ts';
import { openTicketIds, redriveServices, replayServices } from '../../lib/operate/services.ts';
import { localStage } from '../../lib/operate/stage.ts';
import { customerOn, deskOfThisFile, openTicket } from '../support/desk.ts';

const desk = deskOfThisFile();
const stage = () => localStage(desk.url);

const table = () => {
  const { engineEndpoint: endpoint, blueprint } = desk.desk;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return {
    client: new DynamoDBClient({ endpoint, region: 'us-east-1', credentials }),
    name: blueprint.tables[0]!.name,
  };
};
const setOnTicket = async (id: string, name: string, value: AttributeValue): Promise<AttributeValue> => {
  const { client, name: TableName } = table();
  const { Attributes } = await client.send(
    new UpdateItemCommand({
      TableName,
      Key: { pk: { S: `TICKET#${id}` }, sk: { S: 'TICKET' } },
      UpdateExpression: 'SET #name = :value',
      ExpressionAttributeNames: { '#name': name },
      ExpressionAttributeValues: { ':value': value },
      ReturnValues: 'UPDATED_OLD',
    }),
  );
  return Attributes![name]!;
};

/** A ticket, and its opening as it stands in the table. */
const opened = async () => {
  const id = await openTicket(await customerOn(desk, 'scalix-basic', { units: 50 }));
  await desk.settled();
  const items = replayServices(await stage()).items(id);
  const { value } = await items[Symbol.asyncIterator]().next();
  return { id, opening: JSON.parse((value as { record: { S: string } }).record.S) as object };
};

/** Writes one more event, far behind those to come: the opening once more, told to its contact, which moves the clock or does not. */
const writeEvent = async (
  { id, opening }: { id: string; opening: object },
  seq: number,
  movesClock: boolean,
): Promise<void> => {
  const Item = {
    ...{ pk: { S: `TICKET#${id}` }, sk: { S: `EVENT#${String(seq).padStart(8, '0')}` }, entity: { S: 'event' } },
    ...{ movesClock: { BOOL: movesClock }, record: { S: JSON.stringify({ ...opening, seq }) } },
  };
  // As a function writes it: what is written past the desk comes out of no stream.
  await desk.desk.tables('PutItem', { TableName: table().name, Item });
  // Any call makes the stream look.
  await desk.manager.get('/v1/plans');
  await desk.settled();
};

/** Letters to the customer. */
const mailsAbout = (id: string) =>
  desk.desk.mails().filter(({ to, subject, text }) => to === 'ann@example.com' && `${subject}${text}`.includes(id));
const redriven = async (act: boolean): Promise<Redriven[]> => {
  const { queues, functions } = await stage();
  const told: Redriven[] = [];
  await redrive(redriveServices(await stage()), { queues, functions, act }, (one) => told.push(one));
  await desk.settled();
  return told;
};
const replayed = async (of: ReplayOptions['of'], act = true, notBefore = 0): Promise<Replayed[]> => {
  const here = await stage();
  const told: Replayed[] = [];
  const options = { of, dispatch: here.functions.Dispatch!, notBefore, act };
  await replayEvents(replayServices(here), options, (one) => told.push(one));
  await desk.settled();
  return told;
};

it('redrive tells what lies where, and hands an event over to the function that gave up on it', async () => {
  const ticket = await opened();
  const before = mailsAbout(ticket.id).length;
  const record = await setOnTicket(ticket.id, 'record', { S: 'damaged' });
  await writeEvent(ticket, 99, false);
  await desk.advance(600);
  const about = { queue: 'Notifications', about: `ticket.opened ${ticket.id}-99` };
  expect(await redriven(false)).toEqual([{ ...about, result: 'waits' }]);
  expect(await redriven(true)).toEqual([{ ...about, result: 'failed again' }]);
  await setOnTicket(ticket.id, 'record', record);
  expect(mailsAbout(ticket.id)).toHaveLength(before);
  expect(await redriven(true)).toEqual([{ ...about, result: 'handed over' }]);
  expect(mailsAbout(ticket.id)).toHaveLength(before + 1);
  expect(await redriven(true)).toEqual([]);
  expect(desk.desk.deadLetters()).toEqual([]);
});

it('redrive reads from the stream what dispatch gave up on', async () => {
  const ticket = await opened();
  const before = mailsAbout(ticket.id).length;
  const version = await setOnTicket(ticket.id, 'version', { S: 'damaged' });
  await writeEvent(ticket, 99, true);
  await desk.advance(3700);
  expect(await redriven(false)).toMatchObject([
    { queue: 'Dispatch', about: expect.stringMatching(/^1 records of shard/) },
  ]);
  const command = [join(import.meta.dirname, '../../bin/redrive.ts'), '--desk', desk.url, '--queue', 'Dispatch'];
  const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: '' };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', ...command], { env });
  expect(JSON.parse(stdout)).toMatchObject({ queue: 'Dispatch', result: 'waits' });
  expect(stderr).toBe('Nothing was done. Add --yes to hand these over.\n');
  await setOnTicket(ticket.id, 'version', version);
  expect(await redriven(true)).toMatchObject([{ queue: 'Dispatch', result: 'handed over' }]);
  expect(mailsAbout(ticket.id)).toHaveLength(before + 1);
  expect(desk.desk.deadLetters()).toEqual([]);
});

it('replay hands over what stands in the table: what was lost happens, what happened does not happen again', async () => {
  const ticket = await opened();
  const version = await setOnTicket(ticket.id, 'version', { S: 'damaged' });
  await writeEvent(ticket, 99, true);
  await desk.advance(3700);
  await setOnTicket(ticket.id, 'version', version);
  const { queues } = await stage();
  const [letter] = await redriveServices(await stage()).receive(queues.Dispatch!);
  await redriveServices(await stage()).remove(queues.Dispatch!, letter!.receipt);
  const before = mailsAbout(ticket.id).length;
  const running = desk.desk.executions().length;
  const both = [1, 99].map((seq) => ({ about: `ticket.opened ${ticket.id}-${String(seq)}` }));
  expect(await replayed({ ticketId: ticket.id }, false)).toEqual(
    both.map((one) => ({ ...one, result: 'would be handed over' })),
  );
  expect(mailsAbout(ticket.id)).toHaveLength(before);
  for (const of of [{ ticketId: ticket.id }, { from: 0, to: desk.desk.clock.now() }]) {
    expect(await replayed(of)).toEqual(expect.arrayContaining(both.map((one) => ({ ...one, result: 'handed over' }))));
    expect(mailsAbout(ticket.id)).toHaveLength(before + 1);
    expect(desk.desk.executions()).toHaveLength(running);
  }
  const old = await replayed({ ticketId: ticket.id }, true, desk.desk.clock.now() + 1);
  expect(old.map(({ result }) => result)).toEqual(Array(2).fill('too old: its letters would be sent again'));
});

it('redrive says where the records of a letter have left the stream, and leaves the letter', async () => {
  const ticket = await opened();
  const version = await setOnTicket(ticket.id, 'version', { S: 'damaged' });
  await writeEvent(ticket, 99, true);
  await desk.advance(3700);
  await setOnTicket(ticket.id, 'version', version);
  await desk.advance(25 * 3600);
  for (const act of [true, true]) {
    expect(await redriven(act)).toMatchObject([{ queue: 'Dispatch', result: 'gone from the stream' }]);
  }
});

it('restart-clocks gives an open ticket the first generation whose name is free', async () => {
  const { id } = await opened();
  const { clients, tableName, stateMachineArn } = await stage();
  const places = { table: openTable(tableName, clients.dynamodb), states: clients.states, stateMachineArn };
  const clocks = () => desk.desk.executions().filter(({ name }) => name.startsWith(id));
  // Until none is replaced by itself any more.
  for (let death = 0; death < 8; death += 1) {
    await clients.states.send(new StopExecutionCommand({ executionArn: clocks()[0]!.arn }));
    await desk.settled();
  }
  const taken = { stateMachineArn, name: `${id}-6`, input: JSON.stringify({ schema: 1, ticketId: id, generation: 6 }) };
  const { executionArn } = await clients.states.send(new StartExecutionCommand(taken));
  await clients.states.send(new StopExecutionCommand({ executionArn }));
  expect(await restartClock(places, id, false)).toEqual({ ticketId: id, result: 'would be restarted', generation: 5 });
  // Where the start fails, the clock that the ticket has stays its present one.
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const nowhere = { endpoint: 'http://127.0.0.1:1', region: 'us-east-1', credentials, maxAttempts: 1 };
  const unreachable = new SFNClient(nowhere);
  await expect(restartClock({ ...places, states: unreachable }, id, true)).rejects.toThrow('ECONNREFUSED');
  expect(await restartClock(places, id, false)).toMatchObject({ generation: 5 });
  expect(await restartClock(places, id, true)).toEqual({ ticketId: id, result: 'restarted', generation: 7 });
  await desk.settled();
  expect(clocks()).toContainEqual(expect.objectContaining({ name: `${id}-7`, status: 'RUNNING' }));
  const open: string[] = [];
  for await (const ticketId of openTicketIds(await stage())) open.push(ticketId);
  expect(open).toContain(id);
  expect(await restartClock(places, 'tkt_unknown', true)).toMatchObject({ result: 'not open' });
});

it('restart-clocks goes on behind a ticket that can’t be read', async () => {
  const [damaged, sound] = [await opened(), await opened()];
  const { clients, tableName, stateMachineArn } = await stage();
  const places = { table: openTable(tableName, clients.dynamodb), states: clients.states, stateMachineArn };
  const version = await setOnTicket(damaged.id, 'version', { S: 'damaged' });
  const told: Restarted[] = [];
  await restartClocks(places, [damaged.id, sound.id], false, (one) => told.push(one));
  expect(told).toEqual([
    { ticketId: damaged.id, result: 'failed', error: expect.any(String) },
    { ticketId: sound.id, result: 'would be restarted', generation: 0 },
  ]);
  await setOnTicket(damaged.id, 'version', version);
});
