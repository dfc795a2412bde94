/** How much the desk takes: bodies, fields, lists, pages, depth. What is too much is refused, and the desk goes on. */
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { customerOn, deskOfThisFile, openTicket, type Customer } from '../support/desk.ts';

const desk = deskOfThisFile();
let customer: Customer;
let ticketId: string;
let token: string;
beforeAll(async () => {
  customer = await customerOn(desk, 'scalix-basic', { units: 180 });
  ticketId = await openTicket(customer);
  token = await desk.desk.token({ role: 'manager', email: 'max@example.com' });
});

const contact = (at: number) => ({ email: `c${String(at)}@example.com`, name: 'C', role: 'user' });
const newAccount = (changes: object = {}) => ({
  ...{ name: 'Example Ltd', planId: 'scalix-basic', timeZone: 'Europe/Berlin', region: 'DE' },
  contacts: [contact(1)],
  ...changes,
});
const post = async (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) => {
  const response = await fetch(`${desk.url}/v1/accounts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body,
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const padded = (bytes: number): string => {
  const text = JSON.stringify(newAccount());
  return text + ' '.repeat(bytes - text.length);
};

describe('a body', () => {
  it('may have as many bytes as the contract says, and no byte more', async () => {
    const { body: contract } = await desk.manager.get('/v1/openapi.json');
    expect(JSON.stringify(contract.paths['/v1/accounts'].post.responses['413'])).toContain('1310720 bytes');
    expect((await post(padded(1_310_720))).status).toBe(201);
    expect((await post(padded(1_310_721))).body).toMatchObject({ status: 413, type: 'urn:makegood:problem:too-large' });
    expect((await post(padded(9_000_000))).status).toBe(413);
  });

  it('is counted in bytes, not in characters', async () => {
    expect((await post(JSON.stringify(newAccount({ name: 'é'.repeat(700_000) })))).status).toBe(413);
  });

  it.each([
    ['lists in lists', '['.repeat(600_000) + ']'.repeat(600_000)],
    ['objects in objects', '{"a":'.repeat(200_000) + '1' + '}'.repeat(200_000)],
    [
      'lists in a field',
      JSON.stringify(newAccount()).replace('"Example Ltd"', '['.repeat(600_000) + ']'.repeat(600_000)),
    ],
    ['lists that never end', '['.repeat(1_200_000)],
    ['a number of many digits', `{"name":${'9'.repeat(1_200_000)}}`],
    [
      'many unknown fields',
      JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`f${String(at)}`, 1]))),
    ],
    ['a word', '"text"'],
    ['nothing', 'null'],
    ['not UTF-8', Uint8Array.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['compressed', Uint8Array.from(gzipSync(JSON.stringify(newAccount())))],
  ])('that is %s is refused as not valid', async (_what, body) => {
    const answer = await post(body);
    expect(answer.body).toMatchObject({ status: 400, type: 'urn:makegood:problem:validation' });
    expect(JSON.stringify(answer.body).length).toBeLessThan(20_000);
  });

  it('that says it is in another charset than UTF-8 is refused, because its text would be lost', async () => {
    const sent = (charset: string) =>
      post(JSON.stringify(newAccount()), { 'content-type': `application/json${charset}` });
    for (const other of ['iso-8859-1', '"windows-1252"', 'utf-16']) {
      const { body } = await sent(`; charset=${other}`);
      expect(body).toMatchObject({ status: 400, type: 'urn:makegood:problem:validation' });
      expect(body.detail).toContain('send it in UTF-8');
    }
    for (const same of ['', '; charset=utf-8', ';charset="UTF-8"', '; profile=x; Charset=utf8']) {
      expect((await sent(same)).status).toBe(201);
    }
  });

  it('with half of a character says where', async () => {
    const { body } = await post(JSON.stringify(newAccount({ contacts: [{ ...contact(1), name: 'A\ud83d' }] })));
    expect(body).toMatchObject({ status: 400, errors: [{ path: 'body.contacts.0.name' }] });
    expect((await post(`{"\\ud83d":1}`)).status).toBe(400);
    expect((await post(JSON.stringify(newAccount({ name: 'A\ud83d\ude00' })))).status).toBe(201);
  });

  it('that says it is compressed is not taken apart', async () => {
    const bomb = Uint8Array.from(gzipSync(Buffer.alloc(20_000_000, 32)));
    expect((await post(bomb, { 'content-encoding': 'gzip' })).status).toBe(400);
  });
});

describe('a field', () => {
  const asks: readonly (readonly [string, number, () => Promise<{ status: number }>])[] = [
    ['a description of 20,000 characters', 201, () => open({ description: 'x'.repeat(20_000) })],
    ['one more', 400, () => open({ description: 'x'.repeat(20_001) })],
    ['20,000 blanks', 400, () => open({ description: ' '.repeat(20_000) })],
    ['blanks and then what no text holds', 400, () => open({ description: `${' '.repeat(19_000)}\u0000` })],
    ['a subject of 200 characters', 201, () => open({ subject: 'x'.repeat(200) })],
    ['one more', 400, () => open({ subject: 'x'.repeat(201) })],
    ['50 contacts', 201, () => account({ contacts: Array.from({ length: 50 }, (_, at) => contact(at)) })],
    ['51 contacts', 400, () => account({ contacts: Array.from({ length: 51 }, (_, at) => contact(at)) })],
    [
      'an address of 65 characters before the @',
      400,
      () => account({ contacts: [{ ...contact(1), email: `${'x'.repeat(65)}@example.com` }] }),
    ],
    [
      'an amount of units beyond all reason',
      400,
      () => desk.manager.post(`/v1/accounts/${customer.accountId}/purchases`, { amount: 1e15 }),
    ],
    ['11 problems at once', 400, () => split(11)],
    ['a date that its offset moves past all dates', 400, () => plan('9999-12-31T23:59:59-01:00')],
    ['a date before all dates', 400, () => plan('0000-01-01T00:00:00+01:00')],
    ['a day whose year has an end that no date has', 400, () => account({ registeredOn: '9999-12-31' })],
    ['an idempotency key of 200 characters', 201, () => open({}, 'k'.repeat(200))],
    ['one more', 400, () => open({}, 'k'.repeat(201))],
    ['an empty idempotency key', 400, () => open({}, '')],
  ];
  const open = (changes: object, key?: string) =>
    customer.administrator.post(
      '/v1/tickets',
      { accountId: customer.accountId, subject: 'Stuck', description: 'Nothing leaves.', ...changes },
      key === undefined ? {} : { 'idempotency-key': key },
    );
  const account = (changes: object) => desk.manager.post('/v1/accounts', newAccount(changes));
  const split = (count: number) =>
    desk.engineer.post(`/v1/tickets/${ticketId}/split`, {
      problems: Array.from({ length: count }, () => ({ subject: 'a', description: 'b' })),
    });
  const plan = (expectedBy: string) => desk.engineer.post(`/v1/tickets/${ticketId}/plan`, { summary: 'x', expectedBy });

  it.each(asks)('with %s: %i', async (_what, status, ask) => {
    expect((await ask()).status).toBe(status);
  });
});

/** JSON in ASCII alone, as some programs write it: six bytes for each of these characters. */
const spelledOut = (body: object): string =>
  JSON.stringify(body).replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);

it('the largest body of all has room for what its fields may hold, in the longest spelling, and so has the table', async () => {
  const { accountId, administrator } = await customerOn(desk, 'scalix-basic', { units: 180 });
  const problem = { subject: '漢'.repeat(200), description: '漢'.repeat(20_000) };
  const opened = await administrator.post('/v1/tickets', spelledOut({ accountId, ...problem }));
  expect(opened.status).toBe(201);
  const body = spelledOut({ problems: Array.from({ length: 10 }, () => problem) });
  expect(body.length).toBeGreaterThan(1_200_000);
  const key = { 'idempotency-key': 'the-longest' };
  const split = await desk.engineer.post(`/v1/tickets/${opened.body.ticketId as string}/split`, body, key);
  expect(split.status).toBe(200);
  const { items } = (await administrator.get('/v1/tickets')).body;
  expect(items).toHaveLength(11);
  for (const item of items) expect(item).toMatchObject(problem);
  await desk.settled();
});

describe('a page', () => {
  const timeline = (query: string) => customer.user.get(`/v1/tickets/${ticketId}/timeline${query}`);

  it.each([
    ['?limit=0', 400],
    ['?limit=1', 200],
    ['?limit=100', 200],
    ['?limit=101', 400],
    ['?limit=-1', 400],
    ['?limit=1.5', 400],
    ['?limit=1e9', 400],
    ['?limit=', 400],
    ['?limit=ten', 400],
    ['?limit=NaN', 400],
    ['?limit=0x10', 400],
    ['?limit=1e1', 400],
    ['?limit=%201', 400],
    ['?limit=%2B1', 400],
    ['?limit=１', 400],
    ['?limit=007', 200],
    ['?limit=1&limit=100', 400],
    [`?cursor=${'A'.repeat(501)}`, 400],
    ['?offset=7', 400],
    ['?__proto__=1', 400],
    [`?${'x=1&'.repeat(500)}`, 400],
  ])('asked for with %s: %i', async (query, status) => {
    expect((await timeline(query)).status).toBe(status);
  });

  it.each(['abc', '0x10', '101'])('asked for with limit=%s says what is wanted', async (limit) => {
    const { detail } = (await timeline(`?limit=${limit}`)).body;
    expect(detail).toBe('query.limit: must be a whole number from 1 to 100, in decimal digits');
  });
});

describe('a path', () => {
  it.each([
    ['/v1/tickets/%00', 400],
    ['/v1/tickets/..%2f..%2fetc', 400],
    [`/v1/tickets/${'x'.repeat(8000)}`, 400],
    ['/v1/tickets/tkt_01j9zc2m6q4v7r8t5x3w1y0n2z', 400],
    ['/v1/accounts/acc_%0aX', 400],
    ['/v1/queues/TS1%20', 400],
    ['/v1/plans/__proto__', 404],
    ['/v1/plans/constructor', 404],
    ['/v1//tickets', 404],
    ['/V1/plans', 404],
    ['/v1/plans/', 404],
    ['/v1/plans%2fscalix-basic', 404],
    ['/v1/%ff', 400],
  ])('such as %s: %i', async (path, status) => {
    expect((await desk.manager.get(path)).status).toBe(status);
  });

  it('that is known says which methods it answers to', async () => {
    const ask = (method: string, path: string) =>
      fetch(`${desk.url}${path}`, { method, headers: { authorization: `Bearer ${token}` } });
    for (const [method, path, allow] of [
      ['POST', '/v1/plans', 'GET'],
      ['DELETE', `/v1/tickets/${ticketId}`, 'GET'],
      ['PATCH', `/v1/tickets/${ticketId}/messages`, 'GET, POST'],
      ['PUT', `/v1/tickets/${ticketId}/close`, 'POST'],
      ['HEAD', '/v1/plans', 'GET'],
      ['OPTIONS', '/v1/plans', 'GET'],
      ['DELETE', '/v1/openapi.json', 'GET'],
    ] as const) {
      const { status, headers } = await ask(method, path);
      expect([method, path, status, headers.get('allow')]).toEqual([method, path, 405, allow]);
    }
    expect((await ask('DELETE', '/v1/nothing')).status).toBe(404);
  });
});

it('answers are of one caller and of the type that they say', async () => {
  for (const path of ['/v1/plans', `/v1/tickets/${ticketId}`, '/v1/nothing', '/v1/tickets/x']) {
    const { headers } = await customer.user.get(path);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
});
