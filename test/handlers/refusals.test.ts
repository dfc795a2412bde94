/** What the API refuses: bad input, other people's things, and too little to pay with. Nothing of it changes anything. */
import { ScanCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { customerOn, openTicket, deskOfThisFile, type Answer, type Customer } from '../support/desk.ts';

const desk = deskOfThisFile();
let customer: Customer;
let stranger: Customer;
let ticketId: string;
beforeAll(async () => {
  customer = await customerOn(desk, 'scalix-basic', { units: 50 });
  stranger = await customerOn(desk, 'scalix-basic', { units: 50 });
  ticketId = await openTicket(customer);
  await desk.settled();
});

/** Everything that is stored, without what the workflow parks on tickets by itself. */
const stored = async () => {
  const client = new DynamoDBClient({
    endpoint: desk.desk.engineEndpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const TableName = desk.desk.blueprint.tables[0]!.name;
  const { Items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
  return Items.map(canonical).toSorted();
};
/** The engine gives attributes in any order. */
const canonical = (item: unknown): string =>
  JSON.stringify(item, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

const expectProblem = (answer: Answer, status: number, code: string) => {
  expect({ status: answer.status, type: answer.body?.type }).toEqual({
    status,
    type: expect.stringMatching(`${code}$`),
  });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.body).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
};

const newTicket = (changes: object = {}) => ({
  accountId: customer.accountId,
  subject: 'Mail is stuck',
  description: 'Nothing leaves.',
  ...changes,
});
const newAccount = (changes: object = {}) => ({
  name: 'Example Ltd',
  planId: 'scalix-basic',
  timeZone: 'Europe/Berlin',
  region: 'DE',
  contacts: [{ email: 'bea@example.com', name: 'Bea', role: 'administrator' }],
  ...changes,
});
const unknownTicket = 'tkt_01J9ZC2M6Q4V7R8T5X3W1Y0N2Z';
const unknownAccount = 'acc_01J9ZC2M6Q4V7R8T5X3W1Y0N2Z';

type Case = readonly [what: string, status: number, code: string, call: () => Promise<Answer>];

const cases: readonly Case[] = [
  ['a customer of no account', 403, 'forbidden', async () => (await desk.as({ role: 'customer' })).get('/v1/plans')],
  ['no token', 401, 'unauthenticated', async () => (await desk.as()).get('/v1/plans')],
  ['an unknown path', 404, 'not-found', () => desk.manager.get('/v1/nothing')],
  ['an unknown method', 405, 'method-not-allowed', () => desk.manager.post('/v1/plans', {})],
  ['an unknown plan', 404, 'not-found', () => desk.manager.get('/v1/plans/scalix-diamond')],
  ['a body that is not JSON', 400, 'validation', () => desk.manager.post('/v1/accounts', '{"name":')],
  ['half a character', 400, 'validation', () => desk.manager.post('/v1/accounts', newAccount({ name: '\ud83d' }))],
  ['a body that is a list', 400, 'validation', () => desk.manager.post('/v1/accounts', [])],
  ['no body', 400, 'validation', () => desk.manager.post('/v1/accounts')],
  ['an unknown field', 400, 'validation', () => desk.manager.post('/v1/accounts', newAccount({ colour: 'red' }))],
  ['a wrong type', 400, 'validation', () => desk.manager.post('/v1/accounts', newAccount({ name: 7 }))],
  [
    'a bad zone',
    400,
    'validation',
    () => desk.manager.post('/v1/accounts', newAccount({ timeZone: 'Europe/Nowhere' })),
  ],
  [
    'an offset for a zone',
    400,
    'validation',
    () => desk.manager.post('/v1/accounts', newAccount({ timeZone: '+02:00' })),
  ],
  ['a bad region', 400, 'validation', () => desk.manager.post('/v1/accounts', newAccount({ region: 'XX' }))],
  [
    'a plan not on offer',
    400,
    'validation',
    () => desk.manager.post('/v1/accounts', newAccount({ planId: 'nothing' })),
  ],
  ['no contacts', 400, 'validation', () => desk.manager.post('/v1/accounts', newAccount({ contacts: [] }))],
  [
    'a contact twice',
    400,
    'validation',
    () => {
      const bea = { email: 'bea@example.com', name: 'Bea', role: 'administrator' };
      return desk.manager.post('/v1/accounts', newAccount({ contacts: [bea, { ...bea, email: 'BEA@example.com' }] }));
    },
  ],
  ['a huge body', 413, 'too-large', () => desk.manager.post('/v1/accounts', ' '.repeat(1_400_000))],
  [
    'an amount that is no pack',
    400,
    'validation',
    () => desk.manager.post(`/v1/accounts/${customer.accountId}/purchases`, { amount: 60 }),
  ],
  [
    'a fraction',
    400,
    'validation',
    () => desk.manager.post(`/v1/accounts/${customer.accountId}/purchases`, { amount: 50.5 }),
  ],
  [
    'a negative amount',
    400,
    'validation',
    () => desk.manager.post(`/v1/accounts/${customer.accountId}/purchases`, { amount: -50 }),
  ],
  [
    'an unknown account',
    404,
    'not-found',
    () => desk.manager.post(`/v1/accounts/${unknownAccount}/purchases`, { amount: 50 }),
  ],
  ['an id that is none', 400, 'validation', () => desk.manager.get('/v1/accounts/acc_1')],
  [
    'a subject of two lines',
    400,
    'validation',
    () => customer.user.post('/v1/tickets', newTicket({ subject: 'a\r\nBcc: x@example.com' })),
  ],
  ['no subject', 400, 'validation', () => customer.user.post('/v1/tickets', newTicket({ subject: '  ' }))],
  [
    'a priority of another plan',
    400,
    'validation',
    () => customer.user.post('/v1/tickets', newTicket({ priority: 'urgent' })),
  ],
  [
    'a priority that is none',
    400,
    'validation',
    () => customer.user.post('/v1/tickets', newTicket({ priority: 'asap' })),
  ],
  [
    'a bad idempotency key',
    400,
    'validation',
    () => customer.user.post('/v1/tickets', newTicket(), { 'idempotency-key': 'a b' }),
  ],
  [
    'a plan for the past',
    400,
    'validation',
    () => desk.engineer.post(`/v1/tickets/${ticketId}/plan`, { summary: 'x', expectedBy: '2020-01-01T00:00:00Z' }),
  ],
  [
    'a plan without a zone',
    400,
    'validation',
    () => desk.engineer.post(`/v1/tickets/${ticketId}/plan`, { summary: 'x', expectedBy: '2027-01-01T00:00:00' }),
  ],
  [
    'a cursor that is none',
    400,
    'validation',
    () => customer.user.get(`/v1/tickets/${ticketId}/timeline?cursor=rubbish`),
  ],
  ['a page too long', 400, 'validation', () => customer.user.get(`/v1/tickets/${ticketId}/timeline?limit=1000`)],
  ['an unknown query', 400, 'validation', () => customer.user.get(`/v1/tickets/${ticketId}/timeline?sort=up`)],
  ['an unknown tier', 400, 'validation', () => desk.engineer.get('/v1/queues/TS4')],
  ['an unknown ticket', 404, 'not-found', () => desk.engineer.get(`/v1/tickets/${unknownTicket}`)],
  ['another tenant’s ticket', 404, 'not-found', () => stranger.administrator.get(`/v1/tickets/${ticketId}`)],
  ['another tenant’s timeline', 404, 'not-found', () => stranger.administrator.get(`/v1/tickets/${ticketId}/timeline`)],
  ['another tenant’s messages', 404, 'not-found', () => stranger.administrator.get(`/v1/tickets/${ticketId}/messages`)],
  [
    'writing to another tenant',
    404,
    'not-found',
    () => stranger.administrator.post(`/v1/tickets/${ticketId}/messages`, { body: 'Hi' }),
  ],
  [
    'closing for another tenant',
    404,
    'not-found',
    () => stranger.administrator.post(`/v1/tickets/${ticketId}/close`, {}),
  ],
  [
    'another tenant’s account',
    404,
    'not-found',
    () => stranger.administrator.get(`/v1/accounts/${customer.accountId}`),
  ],
  [
    'another tenant’s balance',
    404,
    'not-found',
    () => stranger.administrator.get(`/v1/accounts/${customer.accountId}/balance`),
  ],
  [
    'another tenant’s ledger',
    404,
    'not-found',
    () => stranger.administrator.get(`/v1/accounts/${customer.accountId}/ledger`),
  ],
  [
    'another tenant’s list',
    404,
    'not-found',
    () => stranger.administrator.get(`/v1/tickets?accountId=${customer.accountId}`),
  ],
  [
    'paying with another tenant’s points',
    404,
    'not-found',
    () => stranger.administrator.post('/v1/tickets', newTicket()),
  ],
  ['a quote for another tenant', 404, 'not-found', () => stranger.administrator.post('/v1/quotes', newTicket())],
  [
    'a customer who buys',
    403,
    'forbidden',
    () => customer.administrator.post(`/v1/accounts/${customer.accountId}/purchases`, { amount: 50 }),
  ],
  ['a customer who makes accounts', 403, 'forbidden', () => customer.administrator.post('/v1/accounts', newAccount())],
  ['a customer in the queue', 403, 'forbidden', () => customer.administrator.get('/v1/queues/TS1')],
  [
    'a customer who resolves',
    403,
    'forbidden',
    () => customer.administrator.post(`/v1/tickets/${ticketId}/resolve`, { summary: 'x' }),
  ],
  [
    'a customer who writes internally',
    403,
    'forbidden',
    () => customer.user.post(`/v1/tickets/${ticketId}/messages`, { body: 'x', visibility: 'internal' }),
  ],
  ['an engineer at the ledger', 403, 'forbidden', () => desk.engineer.get(`/v1/accounts/${customer.accountId}/ledger`)],
  [
    'an engineer who opens by web',
    403,
    'forbidden',
    () => desk.engineer.post('/v1/tickets', newTicket({ channel: 'web', contact: 'ann@example.com' })),
  ],
  ['a manager who opens', 403, 'forbidden', () => desk.manager.post('/v1/tickets', newTicket())],
  [
    'a stranger with the account’s token',
    403,
    'not-entitled',
    async () =>
      (await desk.as({ role: 'customer', account: customer.accountId, email: 'eve@example.com' })).post(
        '/v1/tickets',
        newTicket(),
      ),
  ],
  [
    'a token without an address',
    403,
    'not-entitled',
    async () => (await desk.as({ role: 'customer', account: customer.accountId })).post('/v1/tickets', newTicket()),
  ],
  [
    'resolving before anybody answered',
    409,
    'wrong-state',
    () => desk.engineer.post(`/v1/tickets/${ticketId}/resolve`, { summary: 'x' }),
  ],
  ['closing what is not resolved', 409, 'wrong-state', () => desk.engineer.post(`/v1/tickets/${ticketId}/close`, {})],
];

describe('a refusal', () => {
  it.each(cases)('%s: %i %s', async (_what, status, code, call) => {
    const before = await stored();
    expectProblem(await call(), status, code);
    expect(await stored()).toEqual(before);
  });

  it('says what is missing, which packs would do, and writes nothing', async () => {
    const poor = await customerOn(desk, 'scalix-basic');
    const before = await stored();
    const answer = await poor.user.post(
      '/v1/tickets',
      { ...newTicket(), accountId: poor.accountId, channel: 'phone' },
      { 'idempotency-key': 'poor' },
    );
    expectProblem(answer, 402, 'insufficient-credit');
    expect(answer.body).toMatchObject({
      unit: 'point',
      required: 30,
      available: 0,
      missing: 30,
      packs: [50, 110, 180],
    });
    expect(await stored()).toEqual(before);
    const quote = await poor.user.post('/v1/quotes', { ...newTicket(), accountId: poor.accountId, channel: 'phone' });
    expect(quote).toMatchObject({ status: 200, body: { charge: { amount: 30 }, refusal: { missing: 30 } } });
  });

  it('names every field that is wrong', async () => {
    const { body } = await customer.user.post('/v1/tickets', { subject: 1, colour: 'red' });
    const paths = body.errors.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(expect.arrayContaining(['body.accountId', 'body.subject', 'body.description']));
    expect(JSON.stringify(body.errors)).toContain('colour');
  });
});
