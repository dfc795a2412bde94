/**
 * The functions' logs carry ids. A desk that says everything it can (its log level is DEBUG) lives through a day with strings in it
 * that occur nowhere else: in bodies, addresses, names, keys, mails, tokens. None of them may be found in what was logged.
 */
import { DynamoDBClient, paginateScan, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDesk, type Desk } from '../../lib/local/desk.ts';
import { prepare } from '../../lib/local/prepare.ts';
import { MONDAY_10_NEW_YORK, testDeskOf, type Person, type TestDesk } from '../support/desk.ts';
import { deliver } from '../support/mail.ts';

const log: string[] = [];
let desk: TestDesk;
let running: Desk;
beforeAll(async () => {
  const prepared = await prepare({ logLevel: 'DEBUG', managers: 'canary-managers@example.com' });
  running = await startDesk({ prepared, startAt: Date.parse(MONDAY_10_NEW_YORK), log: (line) => log.push(line) });
  desk = testDeskOf(running);
}, 120_000);
afterAll(() => running.stop());

/** Everything that must not be found, by what it is. */
const secrets = new Map<string, string>([['managers', 'canary-managers']]);
const canary = (what: string): string => {
  const text = `canary-${what}-${String(secrets.size)}`;
  secrets.set(what, text);
  return text;
};
const address = (what: string): string => `${canary(what)}@example.com`;

const tokenFor = async (bearer: Parameters<Desk['token']>[0]): Promise<Person> => {
  const token = await running.token(bearer);
  // The header and the start of the payload are the same in every token; the signature is its secret.
  for (const [place, part] of token.split('.').entries())
    if (place > 0) secrets.set(`token ${part.slice(-8)}`, part.slice(-40));
  return desk.as(bearer);
};

const table = () => ({
  client: new DynamoDBClient({
    endpoint: running.engineEndpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  }),
  name: running.blueprint.tables[0]!.name,
});

/** The tokens of waits that are parked now. */
const noteTaskTokens = async (): Promise<void> => {
  const { client, name } = table();
  for await (const { Items = [] } of paginateScan({ client }, { TableName: name, ConsistentRead: true })) {
    for (const { waitToken, pk } of Items)
      if (waitToken?.S) secrets.set(`task token of ${pk!.S!}`, waitToken.S.slice(-40));
  }
};

const liveADay = async (): Promise<void> => {
  const manager = await tokenFor({ role: 'manager', email: address('manager') });
  const eve = address('engineer');
  const engineer = await tokenFor({ role: 'engineer', email: eve, tier: 'TS1' });
  const email = address('contact');
  const created = await manager.post(
    '/v1/accounts',
    {
      ...{ name: canary('account'), planId: 'axigen-premium', timeZone: 'Europe/Berlin', region: 'DE-BY' },
      contacts: [{ email, name: canary('name'), role: 'administrator' }],
      tam: { name: canary('tam'), email: address('tam-address') },
    },
    { 'idempotency-key': canary('key') },
  );
  expect(created.status).toBe(201);
  const { accountId } = created.body;
  const account = `/v1/accounts/${String(accountId)}`;
  const customer = await tokenFor({ role: 'customer', account: accountId, email });
  const opening = () => ({ accountId, subject: canary('subject'), description: canary('description') });
  const open = async () => `/v1/tickets/${String((await customer.post('/v1/tickets', opening())).body.ticketId)}`;
  const [first, second, third] = [await open(), await open(), await open()];
  await running.activity.settled();
  await noteTaskTokens();
  const statuses = [
    await manager.post(`${account}/facts`, { productRelease: '11.4' }),
    await customer.post(`${account}/remote-access`, { granted: true, note: canary('note') }),
    await engineer.post(`${account}/remote-sessions`, { purpose: canary('purpose') }),
    await customer.post('/v1/quotes', opening()),
    await engineer.post(`${first}/assign`, { engineer: eve }),
    await engineer.post(`${first}/messages`, { body: canary('answer') }, { 'idempotency-key': canary('key-2') }),
    await engineer.post(`${first}/messages`, { body: canary('internal'), visibility: 'internal' }),
    await engineer.post(`${first}/pause`, { reason: canary('pause') }),
    await customer.post(`${first}/messages`, { body: canary('reply') }),
    await engineer.post(`${first}/plan`, { summary: canary('plan'), expectedBy: '2027-01-01T00:00:00Z' }),
    await engineer.post(`${first}/resolve`, { summary: canary('solution') }),
    await customer.post(`${first}/close`, {}),
    await customer.post(`${first}/rating`, { score: 2, comment: canary('comment') }),
    await customer.post(`${first}/reopen`, { sameProblem: true }),
    await customer.post(`${second}/callback`, { phone: '+1 555 0199 8877' }),
    await engineer.post(`${second}/escalate`, { reason: canary('escalation') }),
    await engineer.post(`${second}/split`, { problems: [{ subject: canary('split'), description: canary('part') }] }),
    await manager.post(`${third}/classify`, { as: 'declined', reason: canary('declined') }),
    ...(await Promise.all(
      [`${first}/timeline`, `${first}/messages`, `${first}/explanation`, account, `${account}/ledger`].map((path) =>
        customer.get(path),
      ),
    )),
  ].map(({ status }) => status);
  secrets.set('phone', '0199 8877');
  expect(statuses.filter((status) => status >= 300)).toEqual([]);
  await refuse(customer, String(accountId));
  await mailIn(customer, email);
};

/** What is refused is logged too, and with no more. */
const refuse = async (customer: Person, accountId: string): Promise<void> => {
  const opening = { accountId, subject: 'Stuck', description: 'Nothing leaves.' };
  const answers = [
    await customer.post('/v1/tickets', `{"subject": "${canary('broken')}`),
    await customer.post('/v1/tickets', { ...opening, [canary('field')]: canary('value') }),
    await customer.post('/v1/tickets', { ...opening, subject: `${canary('lines')}\r\n\u001b[31m` }),
    await customer.post('/v1/tickets', { ...opening, description: `${canary('huge')}${'x'.repeat(70_000)}` }),
    await customer.post('/v1/tickets', opening, { 'idempotency-key': `${canary('bad-key')} x` }),
    await customer.get(`/v1/tickets/${canary('path')}`),
    await customer.get(`/v1/tickets?cursor=${canary('cursor')}`),
    await customer.get(`/v1/tickets?${canary('query')}=1`),
    await customer.get(`/${canary('nowhere')}`),
    await customer.get('/v1/tickets/%0d%0a%1b[31mcanary-control'),
  ];
  secrets.set('control characters', 'canary-control');
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 413, 400, 400, 400, 400, 404, 400]);
  const bad = await fetch(`${desk.url}/v1/plans`, { headers: { authorization: `Bearer ${canary('bearer')}` } });
  expect(bad.status).toBe(401);
};

const mailIn = async (somebody: Person, email: string): Promise<void> => {
  const mail = (more: object = {}) =>
    deliver(somebody, {
      from: `${canary('sender')} <${email}>`,
      subject: canary('mail'),
      text: canary('text'),
      returnPath: email,
      ...more,
    });
  const outcomes = [
    await mail(),
    await mail({ verdicts: { dmarc: 'FAIL', dkim: 'FAIL', spf: 'FAIL' } }),
    await mail({ verdicts: { virus: 'FAIL' } }),
    await mail({ from: `${canary('unknown')} <${address('nobody')}>` }),
    await mail({ headers: ['Auto-Submitted: auto-replied', `X-Note: ${canary('header')}`] }),
    await mail({ headers: ['Content-Type: multipart/mixed; boundary="'], text: canary('damaged') }),
  ];
  expect(outcomes.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
};

/** What fails inside is logged with an error; the record that it failed on stays out of it. */
const failInside = async (): Promise<void> => {
  const manager = await tokenFor({ role: 'manager', email: address('late-manager') });
  const created = await manager.post('/v1/accounts', {
    ...{ name: canary('damaged-account'), planId: 'scalix-basic', timeZone: 'Europe/Berlin', region: 'DE-BY' },
    contacts: [{ email: address('damaged-contact'), name: 'Ann', role: 'administrator' }],
  });
  const { client, name } = table();
  const damage = (record: string) =>
    client.send(
      new UpdateItemCommand({
        TableName: name,
        Key: { pk: { S: `ACCOUNT#${String(created.body.accountId)}` }, sk: { S: 'ACCOUNT' } },
        UpdateExpression: 'SET #record = :record',
        ExpressionAttributeNames: { '#record': 'record' },
        ExpressionAttributeValues: { ':record': { S: record } },
      }),
    );
  for (const record of [
    JSON.stringify({ accountId: 7, name: canary('wrong-type'), lots: canary('wrong-lots'), [canary('wrong-name')]: 1 }),
    `${canary('no-json')} {`,
  ]) {
    await damage(record);
    const answer = await manager.get(`/v1/accounts/${String(created.body.accountId)}`);
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain('canary');
  }
};

describe('what the functions log', () => {
  it('is ids, through a day of everything and a month of time', async () => {
    await liveADay();
    await running.activity.settled();
    await noteTaskTokens();
    await desk.moveTo('2026-03-20T12:00:00.000Z');
    await noteTaskTokens();
    await desk.moveTo('2026-04-03T12:00:00.000Z');
    await noteTaskTokens();
    await failInside();
    const functions = new Set(log.flatMap((line) => /"service":"makegood-([a-z]+)"/.exec(line)?.[1] ?? []));
    expect([...functions].toSorted()).toEqual(
      expect.arrayContaining(['api', 'dispatch', 'inbound', 'notify', 'settle']),
    );
    expect(secrets.size).toBeGreaterThan(60);
    const text = log.join('\n').toLowerCase();
    const found = [...secrets].filter(([, secret]) => text.includes(secret.toLowerCase()));
    const told = found.map(([what, secret]) => [
      what,
      log.find((line) => line.toLowerCase().includes(secret.toLowerCase()))?.slice(0, 400),
    ]);
    expect(told).toEqual([]);
    expect(text).not.toMatch(/canary|@example\.com|eyJ[\w-]{10}/);
  }, 120_000);

  it('is one line of JSON each, whatever was asked', () => {
    const broken = log.filter((line) => {
      try {
        return typeof JSON.parse(line) !== 'object';
      } catch {
        return true;
      }
    });
    expect(broken).toEqual([]);
    expect(log.filter((line) => /\p{Cc}/u.test(line))).toEqual([]);
  });
});
