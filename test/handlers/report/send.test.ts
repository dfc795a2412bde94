/**
 * The reports that go out, on a running desk: its accounts, tickets and table, and a mail service as SES is. The plans on offer are
 * a copy in which one plan promises reports.
 */
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SESClient } from '@aws-sdk/client-ses';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { catalogue } from '../../../lambdas/plans/catalogue.ts';
import { holidaysOrNone } from '../../../lambdas/plans/holidays/holidays.ts';
import { tellOfExpiry } from '../../../lambdas/handlers/mail/expiry-notices.ts';
import { openPost } from '../../../lambdas/handlers/mail/post.ts';
import { sendReports, type Sending } from '../../../lambdas/handlers/report/send.ts';
import { openTable, type Table } from '../../../lambdas/store/table.ts';
import { startAwsEndpoint, type AwsEndpoint } from '../../../lib/local/aws/endpoint.ts';
import { DeskClock } from '../../../lib/local/clock.ts';
import { Journal } from '../../../lib/local/journal.ts';
import { Outbox } from '../../../lib/local/mail/outbox.ts';
import { mailService } from '../../../lib/local/mail/ses.ts';
import { openTicket, startTestDesk, type Person, type TestDesk } from '../../support/desk.ts';

const ENTITLED = 'luxsci-token-dedicated';
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

let desk: TestDesk & { stop: () => Promise<void> };
let manager: Person;
let table: Table;
let mails: AwsEndpoint;
let outbox: Outbox;
let sending: Sending;
beforeAll(async () => {
  desk = await startTestDesk();
  manager = await desk.as({ role: 'manager', email: 'max@example.com' });
  const { engineEndpoint: endpoint, blueprint } = desk.desk;
  table = openTable(blueprint.tables[0]!.name, new DynamoDBClient({ endpoint, region: 'us-east-1', credentials }));
  mails = await startAwsEndpoint({
    json: {},
    query: (...call) => mailService(outbox)(...call),
    onError: (error) => {
      throw error;
    },
  });
  const ses = new SESClient({ endpoint: mails.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  const post = openPost(table, { sender: 'support@example.com', deskName: 'Desk', log: silent, ses });
  const plans = new Map(catalogue).set(ENTITLED, { ...catalogue.get(ENTITLED)!, monthlyReport: true });
  sending = { table, catalogue: plans, holidaysOf: holidaysOrNone, post, log: silent, deskName: 'Desk' };
});
beforeEach(() => {
  outbox = new Outbox({ journal: new Journal(), clock: new DeskClock() });
});
afterAll(async () => {
  await mails.stop();
  await desk.stop();
});

const accountOf = async (planId: string, facts: object = {}): Promise<string> => {
  const contacts = [
    { email: 'ann@example.com', name: 'Ann', role: 'administrator' },
    { email: 'abe@example.com', name: 'Abe', role: 'administrator' },
    { email: 'uwe@example.com', name: 'Uwe', role: 'user' },
  ];
  const whole = { name: 'Example Ltd', planId, timeZone: 'America/New_York', region: 'US', contacts, ...facts };
  const { status, body } = await manager.post('/v1/accounts', whole);
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.accountId as string;
};

/** Writes an account's record anew; answers what stood there. */
const rewrite = async (accountId: string, record: string): Promise<string> => {
  const { Attributes } = await table.client.send(
    new UpdateItemCommand({
      TableName: table.name,
      Key: { pk: { S: `ACCOUNT#${accountId}` }, sk: { S: 'ACCOUNT' } },
      UpdateExpression: 'SET #record = :record',
      ExpressionAttributeNames: { '#record': 'record' },
      ExpressionAttributeValues: { ':record': { S: record } },
      ReturnValues: 'UPDATED_OLD',
    }),
  );
  return Attributes!.record!.S!;
};
/** For the length of a test: its account stands among those of the others. */
const damage = async (accountId: string): Promise<void> => {
  const record = await rewrite(accountId, '{}');
  onTestFinished(async () => {
    await rewrite(accountId, record);
  });
};

describe('the monthly report by mail', () => {
  it('goes to the administrators once, from their account manager, however often it is asked for', async () => {
    const accountId = await accountOf(ENTITLED, { tam: { name: 'Tom', email: 'tom@example.com' } });
    await manager.post(`/v1/accounts/${accountId}/purchases`, { amount: 5 });
    const administrator = await desk.as({ role: 'customer', account: accountId, email: 'ann@example.com' });
    const customer = { accountId, administrator, user: administrator };
    await openTicket(customer, { priority: 'standard', subject: 'Mail <b>is</b> stuck' });
    await accountOf('scalix-basic');

    // Midnight in New York, the first of April, is four o'clock in UTC.
    expect(await sendReports(sending, '2026-04-01T03:59:59.000Z')).toBe(0);
    expect(await sendReports(sending, '2026-04-01T04:00:00.000Z')).toBe(2);
    expect(await sendReports(sending, '2026-04-01T04:30:00.000Z')).toBe(0);
    expect(await sendReports(sending, '2026-04-02T12:00:00.000Z')).toBe(0);
    expect(outbox.all().map(({ to, subject }) => [to, subject])).toEqual([
      ['ann@example.com', 'Service report for March 2026: Example Ltd'],
      ['abe@example.com', 'Service report for March 2026: Example Ltd'],
    ]);
    const [mail] = outbox.all();
    expect(mail?.from).toBe('support@example.com');
    expect(mail?.headers).toMatchObject({ 'x-makegood-cause': `report-${accountId}-2026-03` });
    expect(mail?.headers.from).toContain('Tom');
    expect(mail?.headers['reply-to']).toContain('tom@example.com');
    expect(mail?.text).toContain('Hello Ann,');
    expect(mail?.text).toContain('Incidents reported: 1');
    expect(mail?.text).toContain('- Mail <b>is</b> stuck (standard, open)');
    expect(mail?.text).toContain('Tom\nyour technical account manager, Desk');
    expect(mail?.text).not.toContain('Reported before');

    await sendReports(sending, '2026-05-01T12:00:00.000Z');
    const next = outbox.all().find(({ subject }) => subject === 'Service report for April 2026: Example Ltd');
    expect(next?.text).toMatch(
      /No incident was reported\.\s+Reported before, and open or rated in the month:\n- Mail <b>is<\/b> stuck/,
    );
  });

  it('waits for the first working day of the account’s region', async () => {
    const accountId = await accountOf(ENTITLED, { timeZone: 'Europe/Berlin', region: 'DE-BY' });
    const sent = () => outbox.all().filter(({ headers }) => headers['x-makegood-cause']?.includes(accountId)).length;
    // The first of May is a holiday there and a Friday; Monday the 4th begins on Sunday at ten in the evening, UTC.
    await sendReports(sending, '2026-05-03T21:30:00.000Z');
    expect(sent()).toBe(0);
    await sendReports(sending, '2026-05-03T22:00:00.000Z');
    expect(sent()).toBe(2);
    const mail = outbox.all().find(({ headers }) => headers['x-makegood-cause']?.includes(accountId));
    expect(mail?.headers['reply-to']).toBeUndefined();
    expect(mail?.text).toContain('No incident was reported.');
  });

  it('goes to every contact of an account that has no administrator', async () => {
    const contacts = [{ email: 'uwe@example.com', name: 'Uwe', role: 'user' }];
    const accountId = await accountOf(ENTITLED, { contacts, timeZone: 'Pacific/Auckland', region: 'NZ' });
    await sendReports(sending, '2026-07-01T12:00:00.000Z');
    const sent = outbox.all().filter(({ headers }) => headers['x-makegood-cause']?.includes(accountId));
    expect(sent.map(({ to }) => to)).toEqual(['uwe@example.com']);
  });

  it('sends all others when one account fails, and tells of the failure', async () => {
    await accountOf(ENTITLED, { name: 'Able' });
    const broken = await accountOf('scalix-basic', { name: 'Broken' });
    await accountOf(ENTITLED, { name: 'Capable' });
    const without = new Map(sending.catalogue);
    without.delete('scalix-basic');
    const failed = await sendReports({ ...sending, catalogue: without }, '2026-06-01T12:00:00.000Z').catch(
      (error: unknown) => error,
    );
    expect(failed).toBeInstanceOf(AggregateError);
    expect((failed as AggregateError).errors.map(String)).toContain(`Error: no report for ${broken}`);
    const subjects = outbox.all().map(({ subject }) => subject);
    expect(subjects.filter((one) => one.endsWith(': Able') || one.endsWith(': Capable'))).toHaveLength(4);
  });

  it('sends all others when the record of one account is damaged, and the log names it', async () => {
    const damaged = await accountOf(ENTITLED, { name: 'Damaged' });
    await accountOf(ENTITLED, { name: 'Sound' });
    await damage(damaged);
    const told: unknown[] = [];
    const log = { error: (...line: unknown[]) => void told.push(line) };
    await expect(sendReports({ ...sending, log }, '2026-08-03T12:00:00.000Z')).rejects.toThrow('1 reports were not');
    expect(outbox.all().filter(({ subject }) => subject.endsWith(': Sound'))).toHaveLength(2);
    expect(told).toEqual([
      ['report not sent', { accountId: damaged, error: expect.objectContaining({ name: 'DamagedRecordError' }) }],
    ]);
  });

  it('nor are others left without the notice that units expire', async () => {
    const damaged = await accountOf(ENTITLED, { name: 'Damaged too' });
    const sound = await accountOf('scalix-basic', { name: 'Sound too' });
    await manager.post(`/v1/accounts/${sound}/purchases`, { amount: 50 });
    await damage(damaged);
    const planOf = ({ planId }: { planId: string }) => catalogue.get(planId)!;
    const notifier = { ...sending, planOf };
    const untold = await tellOfExpiry(notifier, [damaged, sound], '2027-02-25T12:00:00.000Z');
    expect(untold).toMatchObject([{ accountId: damaged, error: { name: 'DamagedRecordError' } }]);
    expect(outbox.all().map(({ to }) => to)).toContain('ann@example.com');
  });
});
