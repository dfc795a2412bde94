/** Every call of the API, once, held against the contract: its answer is what the schema says, no more and no less. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApiDocument } from '../../lambdas/handlers/api/openapi.ts';
import { operations, type OperationId } from '../../lambdas/handlers/api/operations.ts';
import manifest from '../../package.json' with { type: 'json' };
import {
  customerOn,
  openTicket,
  startTestDesk,
  type Answer,
  type Customer,
  type Person,
  type TestDesk,
} from '../support/desk.ts';

let desk: TestDesk & { stop: () => Promise<void> };
let manager: Person;
let engineer: Person;
let customer: Customer;
let ticketId: string;
beforeAll(async () => {
  desk = await startTestDesk();
  manager = await desk.as({ role: 'manager', email: 'max@example.com' });
  engineer = await desk.as({ role: 'engineer', email: 'eve@example.com', tier: 'TS1' });
  customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
  ticketId = await openTicket(customer, { category: 'queue' });
});
afterAll(() => desk.stop());

const newTicket = () => ({ accountId: customer.accountId, subject: 'Mail is stuck', description: 'Nothing leaves.' });
const newAccount = {
  name: 'Example Ltd',
  planId: 'scalix-basic',
  timeZone: 'Europe/Berlin',
  region: 'DE-BY',
  contacts: [{ email: 'Bea@Example.com', name: 'Bea', role: 'administrator' }],
};

const calls: Record<OperationId, () => Promise<Answer>> = {
  listPlans: () => customer.user.get('/v1/plans'),
  getPlan: () => customer.user.get('/v1/plans/scalix-basic'),
  getContract: async () => (await desk.as()).get('/v1/openapi.json'),
  createAccount: () => manager.post('/v1/accounts', newAccount),
  getAccount: () => customer.user.get(`/v1/accounts/${customer.accountId}`),
  getBalance: () => customer.user.get(`/v1/accounts/${customer.accountId}/balance`),
  getLedger: () => customer.user.get(`/v1/accounts/${customer.accountId}/ledger`),
  purchaseUnits: () => manager.post(`/v1/accounts/${customer.accountId}/purchases`, { amount: 5 }),
  recordFacts: () => manager.post(`/v1/accounts/${customer.accountId}/facts`, { productRelease: '11.4' }),
  getHistory: () => customer.user.get(`/v1/accounts/${customer.accountId}/history`),
  listBenefits: () => customer.user.get(`/v1/accounts/${customer.accountId}/benefits`),
  redeemBenefit: async () => {
    const { accountId, administrator } = await customerOn(desk, 'scalix-gold');
    return administrator.post(`/v1/accounts/${accountId}/benefits`, { benefit: 'training-enrolment' });
  },
  getRemoteAccess: () => engineer.get(`/v1/accounts/${customer.accountId}/remote-access`),
  setRemoteAccess: () =>
    customer.user.post(`/v1/accounts/${customer.accountId}/remote-access`, { granted: true, note: 'Until Friday.' }),
  recordRemoteSession: () =>
    engineer.post(`/v1/accounts/${customer.accountId}/remote-sessions`, { purpose: 'Look at the queue.', ticketId }),
  quoteTicket: () => customer.administrator.post('/v1/quotes', newTicket()),
  openTicket: () => customer.administrator.post('/v1/tickets', newTicket()),
  listTickets: () => customer.user.get('/v1/tickets'),
  getTicket: () => customer.user.get(`/v1/tickets/${ticketId}`),
  getTimeline: () => customer.user.get(`/v1/tickets/${ticketId}/timeline`),
  listMessages: () => customer.user.get(`/v1/tickets/${ticketId}/messages`),
  postMessage: () => engineer.post(`/v1/tickets/${ticketId}/messages`, { body: 'On it.' }),
  assignTicket: () => engineer.post(`/v1/tickets/${ticketId}/assign`, { engineer: 'eve@example.com' }),
  escalateTicket: () => manager.post(`/v1/tickets/${ticketId}/escalate`, { reason: 'It needs research.' }),
  requestCallBack: () => customer.user.post(`/v1/tickets/${ticketId}/callback`, { phone: '+1 555 0100', ticketId }),
  reprioritizeTicket: () =>
    customer.administrator.post(`/v1/tickets/${ticketId}/reprioritize`, { priority: 'urgent', reason: 'It grows.' }),
  splitTicket: () =>
    engineer.post(`/v1/tickets/${ticketId}/split`, { problems: [{ subject: 'Fonts', description: 'Too small.' }] }),
  planTicket: () =>
    engineer.post(`/v1/tickets/${ticketId}/plan`, { summary: 'A patch.', expectedBy: '2026-03-05T12:00:00+01:00' }),
  pauseTicket: () => engineer.post(`/v1/tickets/${ticketId}/pause`, { reason: 'Which version?' }),
  resolveTicket: async () => {
    await engineer.post(`/v1/tickets/${ticketId}/messages`, { body: 'I called you.', calledBack: true });
    return engineer.post(`/v1/tickets/${ticketId}/resolve`, { summary: 'Done.' });
  },
  closeTicket: () => engineer.post(`/v1/tickets/${ticketId}/close`),
  rateTicket: () => customer.user.post(`/v1/tickets/${ticketId}/rating`, { score: 5, comment: 'Swift.' }),
  reopenTicket: () => customer.user.post(`/v1/tickets/${ticketId}/reopen`, { sameProblem: true }),
  classifyTicket: () => manager.post(`/v1/tickets/${ticketId}/classify`, { as: 'product-bug', reason: 'A bug.' }),
  listQueue: () => engineer.get('/v1/queues/TS1?limit=10'),
};

describe('the contract', () => {
  it.each(Object.entries(calls))('%s answers what its schema says', async (operationId, call) => {
    const { success } = operations.find((one) => one.operationId === operationId)!;
    const { status, headers, body } = await call();
    expect(body).not.toHaveProperty('detail');
    expect(status).toBe(success.status);
    expect(headers.get('content-type')).toBe('application/json');
    expect(success.schema.parse(body)).toEqual(body);
  });

  it('names every operation here', () => {
    expect(Object.keys(calls).toSorted()).toEqual(operations.map(({ operationId }) => operationId).toSorted());
  });

  it('is the committed document, to the letter', () => {
    const file = join(import.meta.dirname, '../../lambdas/handlers/api/openapi.generated.json');
    const made = JSON.parse(JSON.stringify(openApiDocument(operations, manifest.version))) as unknown;
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(made);
  });

  it('refers to components that are there', () => {
    const text = JSON.stringify(openApiDocument(operations, '1'));
    const { components } = JSON.parse(text) as { components: { schemas: Record<string, unknown> } };
    const refs = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
    expect(refs.length).toBeGreaterThan(20);
    expect(refs.filter((name) => !(name! in components.schemas))).toEqual([]);
    expect(text).not.toContain('#/$defs/');
  });
});
