/** Every call of the API, once, held against the contract: its answer is what the schema says, no more and no less. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import recorded from '../../lambdas/handlers/api/examples.generated.json' with { type: 'json' };
import { openApiDocument } from '../../lambdas/handlers/api/openapi.ts';
import { operations, type OperationId } from '../../lambdas/handlers/api/operations.ts';
import manifest from '../../package.json' with { type: 'json' };
import { customerOn, openTicket, deskOfThisFile, type Answer, type Customer } from '../support/desk.ts';
import { deliverRaw, ratingPathOf, rawMailWithFiles } from '../support/mail.ts';
import { exampleOf, isRecording, saveExamples, type Example } from '../support/examples.ts';
import { deliver } from '../support/mail.ts';

const desk = deskOfThisFile();
let customer: Customer;
let ticketId: string;
/** A ticket that a mail with a file opened. */
let mailedId: string;
beforeAll(async () => {
  customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
  ticketId = await openTicket(customer, { category: 'queue' });
  const raw = await rawMailWithFiles({}, [{ filename: 'mail.log', content: 'Deferred.' }]);
  mailedId = (await deliverRaw(desk.manager, raw)).body.ticketId;
  await desk.settled();
});
const examples: Record<string, Example> = {};
afterAll(() => {
  if (isRecording()) saveExamples(examples);
});

const newTicket = () => ({ accountId: customer.accountId, subject: 'Mail is stuck', description: 'Nothing leaves.' });
const newAccount = {
  name: 'Example Ltd',
  planId: 'scalix-basic',
  timeZone: 'Europe/Berlin',
  region: 'DE-BY',
  contacts: [{ email: 'Bea@Example.com', name: 'Bea', role: 'administrator' }],
};

/** A mail that a manager has to decide about; answers its id. */
const quarantined = async (): Promise<string> => {
  const email = 'cleo@example.com';
  if (!(await desk.manager.get('/v1/quarantine')).body.items.length) {
    await customerOn(desk, 'scalix-basic', { units: 50, contacts: [{ email, name: 'Cleo', role: 'administrator' }] });
  }
  await deliver(desk.manager, { from: `Cleo <${email}>`, returnPath: email, verdicts: { dmarc: 'FAIL' } });
  await desk.settled();
  return (await desk.manager.get('/v1/quarantine')).body.items.at(-1).mailId as string;
};

const calls: Record<OperationId, () => Promise<Answer>> = {
  listPlans: () => customer.user.get('/v1/plans'),
  getPlan: () => customer.user.get('/v1/plans/axigen-basic'),
  getContract: async () => (await desk.as()).get('/v1/openapi.json'),
  createAccount: () => desk.manager.post('/v1/accounts', newAccount),
  listAccounts: () => desk.engineer.get('/v1/accounts?email=bea@example.com'),
  getAccount: () => customer.user.get(`/v1/accounts/${customer.accountId}`),
  getBalance: () => customer.user.get(`/v1/accounts/${customer.accountId}/balance`),
  getLedger: () => customer.user.get(`/v1/accounts/${customer.accountId}/ledger`),
  purchaseUnits: () => desk.manager.post(`/v1/accounts/${customer.accountId}/purchases`, { amount: 5 }),
  recordFacts: () => desk.manager.post(`/v1/accounts/${customer.accountId}/facts`, { productRelease: '11.4' }),
  setContact: () =>
    desk.manager.post(`/v1/accounts/${customer.accountId}/contacts`, {
      email: 'zoe@example.com',
      name: 'Zoe',
      role: 'user',
    }),
  changeDetails: () => desk.manager.post(`/v1/accounts/${customer.accountId}/details`, { timeZone: 'America/Chicago' }),
  changePlan: async () => {
    const { accountId } = await customerOn(desk, 'scalix-basic', { units: 50 });
    return desk.manager.post(`/v1/accounts/${accountId}/subscription`, { planId: 'scalix-silver' });
  },
  getHistory: () => customer.user.get(`/v1/accounts/${customer.accountId}/history`),
  listBenefits: () => customer.user.get(`/v1/accounts/${customer.accountId}/benefits`),
  redeemBenefit: async () => {
    const { accountId, administrator } = await customerOn(desk, 'scalix-gold');
    return administrator.post(`/v1/accounts/${accountId}/benefits`, { benefit: 'training-enrolment' });
  },
  getRemoteAccess: () => desk.engineer.get(`/v1/accounts/${customer.accountId}/remote-access`),
  setRemoteAccess: () =>
    customer.user.post(`/v1/accounts/${customer.accountId}/remote-access`, { granted: true, note: 'Until Friday.' }),
  recordRemoteSession: () =>
    desk.engineer.post(`/v1/accounts/${customer.accountId}/remote-sessions`, {
      purpose: 'Look at the queue.',
      ticketId,
    }),
  quoteTicket: () => customer.administrator.post('/v1/quotes', newTicket()),
  openTicket: () => customer.administrator.post('/v1/tickets', newTicket()),
  listTickets: () => customer.user.get('/v1/tickets'),
  getTicket: () => customer.user.get(`/v1/tickets/${ticketId}`),
  getTimeline: () => customer.user.get(`/v1/tickets/${ticketId}/timeline`),
  listMessages: () => customer.user.get(`/v1/tickets/${ticketId}/messages`),
  postMessage: () => desk.engineer.post(`/v1/tickets/${ticketId}/messages`, { body: 'On it.' }),
  getAttachment: () => customer.user.get(`/v1/tickets/${mailedId}/attachments/att_1_1`),
  getMessageText: () => customer.user.get(`/v1/tickets/${mailedId}/messages/1/text`),
  getRawMail: () => desk.engineer.get(`/v1/tickets/${mailedId}/messages/1/raw`),
  assignTicket: () => desk.engineer.post(`/v1/tickets/${ticketId}/assign`, { engineer: 'eve@example.com' }),
  escalateTicket: () => desk.manager.post(`/v1/tickets/${ticketId}/escalate`, { reason: 'It needs research.' }),
  requestCallBack: () => customer.user.post(`/v1/tickets/${ticketId}/callback`, { phone: '+1 555 0100', ticketId }),
  reprioritizeTicket: () =>
    customer.administrator.post(`/v1/tickets/${ticketId}/reprioritize`, { priority: 'urgent', reason: 'It grows.' }),
  splitTicket: () =>
    desk.engineer.post(`/v1/tickets/${ticketId}/split`, {
      problems: [{ subject: 'Fonts', description: 'Too small.' }],
    }),
  planTicket: () =>
    desk.engineer.post(`/v1/tickets/${ticketId}/plan`, {
      summary: 'A patch.',
      expectedBy: '2026-03-05T12:00:00+01:00',
    }),
  pauseTicket: () => desk.engineer.post(`/v1/tickets/${ticketId}/pause`, { reason: 'Which version?' }),
  resolveTicket: async () => {
    await desk.engineer.post(`/v1/tickets/${ticketId}/messages`, { body: 'I called you.', calledBack: true });
    return desk.engineer.post(`/v1/tickets/${ticketId}/resolve`, { summary: 'Done.' });
  },
  closeTicket: () => desk.engineer.post(`/v1/tickets/${ticketId}/close`),
  getRatingPage: async () => (await desk.as()).get(await ratingPathOf(desk, ticketId)),
  rateByLink: async () => (await desk.as()).post(await ratingPathOf(desk, ticketId), { score: 4, comment: 'Fine.' }),
  rateTicket: () => customer.user.post(`/v1/tickets/${ticketId}/rating`, { score: 5, comment: 'Swift.' }),
  reopenTicket: () => customer.user.post(`/v1/tickets/${ticketId}/reopen`, { sameProblem: true }),
  classifyTicket: () => desk.manager.post(`/v1/tickets/${ticketId}/classify`, { as: 'product-bug', reason: 'A bug.' }),
  listQueue: () => desk.engineer.get('/v1/queues/TS1?limit=10'),
  explainTicket: () => customer.user.get(`/v1/tickets/${ticketId}/explanation`),
  listQuarantine: async () => {
    await quarantined();
    return desk.manager.get('/v1/quarantine');
  },
  getQuarantinedMail: async () => desk.manager.get(`/v1/quarantine/${await quarantined()}`),
  releaseMail: async () =>
    desk.manager.post(`/v1/quarantine/${await quarantined()}/release`, { reason: 'I called her: it is hers.' }),
  dropMail: async () => desk.manager.post(`/v1/quarantine/${await quarantined()}/drop`, { reason: 'A forgery.' }),
  exportAccount: () => customer.administrator.get(`/v1/accounts/${customer.accountId}/export`),
  eraseContact: async () => {
    const { accountId } = await customerOn(desk, 'scalix-basic');
    return desk.manager.post(`/v1/accounts/${accountId}/erasures`, { email: 'ann@example.com' });
  },
  getReport: () => customer.user.get(`/v1/accounts/${customer.accountId}/reports/2026-03`),
  listMailStops: async () => {
    await desk.settled();
    await desk.manager.post('/local/mail/bounce', { to: 'ann@example.com', type: 'bounce' });
    return desk.engineer.get('/v1/mail-stops');
  },
  liftMailStop: () =>
    desk.manager.post('/v1/mail-stops/lift', { email: 'ann@example.com', reason: 'The mailbox works again.' }),
  getReportPage: () => desk.manager.get(`/v1/accounts/${customer.accountId}/reports/2026-03/page`),
};

const file = join(import.meta.dirname, '../../lambdas/handlers/api/openapi.generated.json');

describe('the contract', () => {
  it.each(Object.entries(calls))('%s answers what its schema says', async (operationId, call) => {
    const { success, ...operation } = operations.find((one) => one.operationId === operationId)!;
    const { status, headers, body, sent } = await call();
    examples[operationId] = exampleOf({ sent, body }, operation.body !== undefined);
    expect(body).not.toHaveProperty('detail');
    expect(status).toBe(success.status);
    expect(headers.get('content-type')).toBe(success.contentType ?? 'application/json');
    expect(success.schema.parse(body)).toEqual(body);
  });

  it('names every operation here', () => {
    expect(Object.keys(calls).toSorted()).toEqual(operations.map(({ operationId }) => operationId).toSorted());
  });

  it('names no problem that has no type', () => {
    const document = JSON.stringify(openApiDocument(operations, manifest.version));
    const told = Array.from(
      document.matchAll(/"description":"(`[a-z-]+`(?: or `[a-z-]+`)*)"/g),
      ([, words = '']) => words,
    );
    const words = new Set(told.flatMap((one) => one.replaceAll('`', '').split(' or ')));
    expect(words.size).toBeGreaterThan(8);
    for (const word of words) expect(document).toContain(`"urn:makegood:problem:${word}"`);
  });

  it('is the committed document, to the letter', () => {
    const made = JSON.parse(JSON.stringify(openApiDocument(operations, manifest.version))) as unknown;
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(made);
  });

  it.each(operations.map((one) => [one.operationId, one] as const))(
    'shows an example of %s that fits',
    (id, operation) => {
      const example = (recorded as Readonly<Record<string, Example>>)[id];
      expect(example, 'record the examples: see test/support/examples.ts').toBeDefined();
      expect(operation.success.schema.safeParse(example!.response).error).toBeUndefined();
      expect(example!.request !== undefined).toBe(operation.body !== undefined);
      if (operation.body) expect(operation.body.safeParse(example!.request).error).toBeUndefined();
    },
  );

  it('names the types and the headers that are answered', async () => {
    const { paths } = JSON.parse(readFileSync(file, 'utf8')) as {
      paths: Record<string, Record<string, { responses: Record<string, { content: object; headers?: object }> }>>;
    };
    for (const accept of ['text/html', 'application/json']) {
      const { status, headers } = await fetch(`${desk.url}/v1/ratings/x`, { headers: { accept } });
      const documented = Object.keys(paths['/v1/ratings/{token}']!.get!.responses[String(status)]!.content);
      expect(documented).toContain(headers.get('content-type'));
    }
    const again = () =>
      desk.engineer.post(`/v1/tickets/${ticketId}/messages`, { body: 'Twice.' }, { 'idempotency-key': 'twice' });
    await again();
    const { status, headers } = await again();
    const documented = Object.keys(paths['/v1/tickets/{ticketId}/messages']!.post!.responses[String(status)]!.headers!);
    expect(documented.map((name) => [name, headers.get(name)])).toEqual([['Idempotency-Replayed', 'true']]);
  });

  it('stays small enough to read', () => {
    expect(statSync(file).size).toBeLessThan(250_000);
  });

  it('refers to components that are there', () => {
    const text = JSON.stringify(openApiDocument(operations, '1'));
    const { components } = JSON.parse(text) as { components: Record<string, Record<string, unknown>> };
    const refs = [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)].map(([, kind, name]) => [kind!, name!]);
    expect(refs.length).toBeGreaterThan(20);
    expect(refs.filter(([kind, name]) => components[kind!]?.[name!] === undefined)).toEqual([]);
    expect(text).not.toContain('#/$defs/');
  });
});
