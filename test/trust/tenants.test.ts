/** What one customer holds in hand, cursors, keys, ids, opens nothing of another's, and a body says nothing of who its sender is. */
import { beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../../lambdas/handlers/api/operations.ts';
import { customerOn, deskOfThisFile, openTicket, type Answer, type Customer } from '../support/desk.ts';
import { newAmong, storedItems } from '../support/stored.ts';
import { access } from './access-table.ts';

const desk = deskOfThisFile();
let own: Customer;
let other: Customer;
let ticketId: string;
let othersTicketId: string;
beforeAll(async () => {
  own = await customerOn(desk, 'luxsci-token-dedicated', { units: 100 });
  other = await customerOn(desk, 'luxsci-token-dedicated', { units: 100 });
  ticketId = await openTicket(own);
  othersTicketId = await openTicket(other);
  await openTicket(own);
  await openTicket(other);
  for (const { accountId, administrator } of [own, other]) {
    for (const granted of [true, false]) {
      await administrator.post(`/v1/accounts/${accountId}/remote-access`, { granted });
    }
  }
  for (const one of [ticketId, othersTicketId]) {
    for (const body of ['One.', 'Two.']) await desk.engineer.post(`/v1/tickets/${one}/messages`, { body });
  }
});

const code = ({ status, body }: Answer) => ({ status, type: String(body?.type).replace('urn:makegood:problem:', '') });

describe('a cursor', () => {
  const lists = (customer: () => Customer, ticket: () => string) => ({
    tickets: () => `/v1/tickets?accountId=${customer().accountId}&limit=1`,
    ledger: () => `/v1/accounts/${customer().accountId}/ledger?limit=1`,
    history: () => `/v1/accounts/${customer().accountId}/history?limit=1`,
    timeline: () => `/v1/tickets/${ticket()}/timeline?limit=1`,
    messages: () => `/v1/tickets/${ticket()}/messages?limit=1`,
    export: () => `/v1/accounts/${customer().accountId}/export?limit=1`,
  });
  const mine = lists(
    () => own,
    () => ticketId,
  );
  const theirs = lists(
    () => other,
    () => othersTicketId,
  );

  it.each(Object.keys(mine) as (keyof typeof mine)[])('of another’s %s is refused', async (list) => {
    const { body } = await other.administrator.get(theirs[list]());
    expect(body.next).toBeTypeOf('string');
    expect((await other.administrator.get(`${theirs[list]()}&cursor=${String(body.next)}`)).status).toBe(200);
    const answer = await own.administrator.get(`${mine[list]()}&cursor=${String(body.next)}`);
    expect(code(answer)).toEqual({ status: 400, type: 'validation' });
    expect((await own.administrator.get(`${theirs[list]()}&cursor=${String(body.next)}`)).status).toBe(404);
  });

  it('that somebody made reaches no other list', async () => {
    const made = (cursor: object) => Buffer.from(JSON.stringify(cursor)).toString('base64url');
    const list = `ACCOUNT#${own.accountId}/LEDGER#`;
    for (const cursor of [
      { list: `ACCOUNT#${other.accountId}/LEDGER#`, after: 'LEDGER#' },
      { list: `${list}x`, after: 'LEDGER#' },
      { list, after: 'LEDGER#', more: true },
      { list, after: 7 },
      { list: [list], after: 'LEDGER#' },
    ]) {
      const answer = await own.administrator.get(`${mine.ledger()}&cursor=${made(cursor)}`);
      expect(code(answer)).toEqual({ status: 400, type: 'validation' });
    }
  });

  it('that somebody made does not leave its own list, nor turn it round', async () => {
    const made = (cursor: object) => Buffer.from(JSON.stringify(cursor)).toString('base64url');
    const afters = ['', 'ACCOUNT', 'A', 'Z', 'EVENT#', 'HISTORY#', ' ', '\u0000', '\uffff', 'LEDGER#\uffff\uffff', 'é'];
    const names = {
      tickets: `ACCOUNT#${own.accountId}/`,
      ledger: `ACCOUNT#${own.accountId}/LEDGER#`,
      history: `ACCOUNT#${own.accountId}/HISTORY#`,
      timeline: `TICKET#${ticketId}/EVENT#`,
      messages: `TICKET#${ticketId}/MESSAGE#`,
    };
    for (const [name, list] of Object.entries(names)) {
      const path = mine[name as keyof typeof names]();
      for (const after of afters) {
        const { status, body } = await own.administrator.get(`${path}&cursor=${made({ list, after })}`);
        expect([name, after, [200, 400].includes(status)]).toEqual([name, after, true]);
        if (name !== 'tickets' && status === 200) expect(after.startsWith(list.split('/')[1]!)).toBe(true);
        for (const entry of body.items ?? []) expect(JSON.stringify(entry)).not.toContain(other.accountId);
      }
    }
    const queues = await Promise.all(
      afters.map((after) => desk.engineer.get(`/v1/queues/TS1?cursor=${made({ list: 'QUEUE#TS1', after })}`)),
    );
    expect(queues.filter(({ status }) => status !== 200 && status !== 400)).toEqual([]);
  });
});

describe('an idempotency key', () => {
  const opening = (accountId: string, subject = 'Mail is stuck') => ({ accountId, subject, description: 'Nothing.' });
  const key = { 'idempotency-key': 'the-same' };

  it('of another customer gives nothing of theirs, whoever sends what', async () => {
    const theirs = await other.administrator.post('/v1/tickets', opening(other.accountId), key);
    expect(theirs.status).toBe(201);
    const asTheirs = await own.administrator.post('/v1/tickets', opening(other.accountId), key);
    expect(code(asTheirs)).toEqual({ status: 404, type: 'not-found' });
    const mine = await own.administrator.post('/v1/tickets', opening(own.accountId), key);
    expect(mine.status).toBe(201);
    expect(mine.body.ticketId).not.toBe(theirs.body.ticketId);
    expect(mine.headers.get('idempotency-replayed')).toBeNull();
  });

  it('of a colleague, and of the same address in another role, is another key', async () => {
    const first = await desk.manager.post(`/v1/accounts/${own.accountId}/purchases`, { amount: 5 }, key);
    const asEngineer = await desk.as({ role: 'manager', email: 'other@example.com' });
    const second = await asEngineer.post(`/v1/accounts/${own.accountId}/purchases`, { amount: 5 }, key);
    expect(second.status).toBe(201);
    expect(second.body.lotId).not.toBe(first.body.lotId);
    const note = { body: 'Hello.' };
    const asCustomer = await own.administrator.post(`/v1/tickets/${ticketId}/messages`, note, {
      'idempotency-key': 'm',
    });
    const namesake = await desk.as({ role: 'engineer', email: 'ann@example.com', tier: 'TS1' });
    const asNamesake = await namesake.post(`/v1/tickets/${ticketId}/messages`, note, { 'idempotency-key': 'm' });
    expect(asNamesake.body.messageId).not.toBe(asCustomer.body.messageId);
  });
});

describe('an id of another’s', () => {
  it('in a body leads nowhere', async () => {
    const callBack = { phone: '+1 555 0100', ticketId: othersTicketId };
    expect(code(await own.administrator.post(`/v1/tickets/${ticketId}/callback`, callBack))).toEqual({
      status: 400,
      type: 'validation',
    });
    await own.administrator.post(`/v1/accounts/${own.accountId}/remote-access`, { granted: true });
    const session = { purpose: 'Look.', ticketId: othersTicketId };
    const answer = await desk.engineer.post(`/v1/accounts/${own.accountId}/remote-sessions`, session);
    expect(code(answer)).toEqual({ status: 404, type: 'not-found' });
    const { body } = await own.administrator.get(`/v1/accounts/${own.accountId}/history`);
    expect(JSON.stringify(body)).not.toContain(othersTicketId);
  });

  it('in the path decides, not the account in the token', async () => {
    const answer = await own.administrator.get(`/v1/tickets?accountId=${other.accountId}`);
    expect(code(answer)).toEqual({ status: 404, type: 'not-found' });
    expect(
      (await own.administrator.get(`/v1/tickets?accountId=${own.accountId}&accountId=${other.accountId}`)).status,
    ).toBe(400);
  });
});

/** What somebody might hope to be taken over into a record: names that stand in records, claims, and the language's own. */
const HOPES: Readonly<Record<string, unknown>> = {
  role: 'manager',
  tier: 'TS3',
  actor: { role: 'manager' },
  accountId: 'acc_01J9ZC2M6Q4V7R8T5X3W1Y0N2Z',
  ticketId: 'tkt_01J9ZC2M6Q4V7R8T5X3W1Y0N2Z',
  version: 99,
  status: 'closed',
  charge: { unit: 'token', amount: 0 },
  credited: 100,
  targets: [],
  terms: {},
  lots: [{ lotId: 'lot_1', amount: 1_000_000, remaining: 1_000_000, source: 'purchase' }],
  remaining: 1_000_000,
  expiresAt: null,
  openedAt: '2020-01-01T00:00:00.000Z',
  at: '2020-01-01T00:00:00.000Z',
  seq: 1,
  author: { role: 'engineer' },
  now: '2020-01-01T00:00:00.000Z',
  remoteAccess: { granted: true },
  subscription: { renews: true },
  pk: 'ACCOUNT#1',
  constructor: { prototype: { role: 'manager' } },
};

/** But for those that a signed link lets in, whoever sends it. */
const posts = operations.flatMap(({ operationId, method }) =>
  method === 'POST' && !access[operationId]?.byLink ? [operationId] : [],
);

describe('an unknown field is refused, and changes nothing, in the body of', () => {
  it.each(posts)('%s', async (operationId) => {
    const { call } = access[operationId]!;
    const fill = (text: string) =>
      text.replaceAll('{accountId}', own.accountId).replaceAll('{ticketId}', ticketId).replaceAll('{mailId}', 'none');
    const body = JSON.parse(fill(JSON.stringify(call.body))) as Record<string, unknown>;
    await desk.settled();
    const before = await storedItems(desk.desk);
    const people = [own.administrator, desk.engineer, desk.manager];
    for (const [name, value] of Object.entries(HOPES)) {
      if (name in body) continue;
      const answers = await Promise.all(
        people.map((one) => one.post(fill(String(call.path)), { ...body, [name]: value })),
      );
      for (const answer of answers) {
        expect([name, code(answer).type]).toEqual([name, expect.stringMatching(/^(validation|forbidden)$/)]);
      }
      expect(answers.some(({ status }) => status === 400)).toBe(true);
    }
    const text = JSON.stringify({ __proto: { role: 'manager' }, ...body }).replace('__proto', '__proto__');
    for (const person of people)
      expect([400, 403]).toContain((await person.post(fill(String(call.path)), text)).status);
    expect(newAmong(await storedItems(desk.desk), before)).toEqual([]);
  });
});
