/** What the desk tells an operator in figures, read where CloudWatch would: from the functions' output. */
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, it } from 'vitest';
import { customerOn, deskOfThisFile, openTicket } from '../support/desk.ts';
import { deliver } from '../support/mail.ts';

const desk = deskOfThisFile();
const SWEEP = 'lambdas/handlers/sweep.lambda.ts';
const DISPATCH = 'lambdas/handlers/dispatch.lambda.ts';

const emergency = async () => {
  const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
  const id = await openTicket(customer, { priority: 'emergency' });
  await desk.settled();
  return id;
};
const step = async (id: string, name: string, body: object): Promise<void> => {
  expect((await desk.engineer.post(`/v1/tickets/${id}/${name}`, body)).status).toBeLessThan(300);
  await desk.settled();
};

/** What has been measured under each name since the last time, whose dimensions are told without service and stage. */
let before: Readonly<Record<string, number>> = {};
const measured = (): Record<string, number> => {
  const now = desk.desk.metrics();
  const fresh = Object.entries(now).flatMap(([key, sum]) => {
    const [, name = '', dimensions = ''] = key.split(' ');
    const own = dimensions.split(',').filter((one) => !/^(service|stage)=/.test(one));
    return sum === before[key] ? [] : [[[name, ...own].join(' '), sum - (before[key] ?? 0)] as const];
  });
  before = now;
  return Object.fromEntries(fresh);
};
const sweepNow = async () => {
  await desk.desk.invoke(SWEEP, { schema: 1, now: new Date(desk.desk.clock.now()).toISOString() });
  return measured();
};

it('tells how overdue the oldest deadline is whose clock died, and 0 when it is settled', async () => {
  const id = await emergency();
  const states = new SFNClient({
    endpoint: desk.desk.awsEndpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const [clock] = desk.desk.executions().filter(({ name }) => name.startsWith(id));
  await states.send(new StopExecutionCommand({ executionArn: clock!.arn }));
  const [target] = (await desk.manager.get(`/v1/tickets/${id}`)).body.targets;
  measured();
  const now = new Date(Date.parse(target.deadline) + 130_000).toISOString();
  await desk.desk.invoke(SWEEP, { schema: 1, now });
  expect(measured()).toMatchObject({ OldestUnsettled: 130 });
  await desk.moveTo(now);
  expect((await sweepNow()).OldestUnsettled ?? 0).toBe(0);
});

it('counts each promise that is kept, once, by its kind', async () => {
  const id = await emergency();
  measured();
  await step(id, 'messages', { body: 'We look at it.', visibility: 'public' });
  expect(measured()).toEqual({ 'DeadlinesMet target=first-response': 1 });
  await step(id, 'plan', { summary: 'A patch.', expectedBy: '2026-03-05T15:00:00.000Z' });
  expect(measured()).toEqual({ 'DeadlinesMet target=resolution': 1 });
  await step(id, 'resolve', { summary: 'It runs.' });
  expect(measured()).toEqual({});
});

it('counts each promise that is missed, how late it was written down, and what came back for it', async () => {
  await emergency();
  measured();
  await desk.advance(3600 + 2);
  const { SettlementDelay, ...counts } = measured();
  expect(counts).toMatchObject({
    'DeadlinesMissed target=first-response': 1,
    'UnitsCredited cause=miss unit=token': 10,
  });
  expect(SettlementDelay).toBeGreaterThan(0);
  expect(SettlementDelay).toBeLessThanOrEqual(2);
});

it('does not measure again what an operator hands over; what the stream delivers twice is counted twice', async () => {
  const id = await emergency();
  const ticket = { ticketId: id, accountId: 'acc_1', seq: 2, actor: { role: 'desk' } };
  const at = '2026-03-02T16:00:00.000Z';
  const event = { ...ticket, type: 'credited', at, recordedAt: at, amount: 3, unit: 'point', draws: [], cause: 'miss' };
  const NewImage = { pk: { S: `TICKET#${id}` }, sk: { S: 'EVENT#00000002' }, record: { S: JSON.stringify(event) } };
  const record = { eventName: 'INSERT', dynamodb: { NewImage, SequenceNumber: '1' } };
  measured();
  await desk.desk.invoke(DISPATCH, { Records: [record] });
  expect(measured()).toEqual({});
  const delivered = { Records: [{ ...record, eventSource: 'aws:dynamodb' }] };
  await desk.desk.invoke(DISPATCH, delivered);
  await desk.desk.invoke(DISPATCH, delivered);
  expect(measured()).toEqual({ 'UnitsCredited cause=miss unit=point': 6 });
});

it('tells how many mails wait in quarantine, and how long the oldest has', async () => {
  await deliver(desk.manager, { verdicts: { spf: 'FAIL', dkim: 'FAIL', dmarc: 'FAIL' } });
  await desk.advance(7200);
  measured();
  const { QuarantinedMails, OldestQuarantinedMail } = await sweepNow();
  expect(QuarantinedMails).toBe(1);
  expect(OldestQuarantinedMail).toBeGreaterThanOrEqual(7199);
});
