/**
 * How often each call of the API goes to the table: what it costs and how long it takes follows from that. The handler is called
 * itself, so that nothing is counted that other functions do; a call is one read and at most one transaction wherever it can be.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accountMutations, accountQueries } from '../../lambdas/handlers/api/accounts.ts';
import { answering } from '../../lambdas/handlers/api/answer.ts';
import type { HttpEvent } from '../../lambdas/handlers/api/call.ts';
import { exportQueries } from '../../lambdas/handlers/api/export.ts';
import { lifecycleMutations } from '../../lambdas/handlers/api/lifecycle.ts';
import { mailMutations, mailQueries } from '../../lambdas/handlers/api/mail-stops.ts';
import { operations, type OperationId } from '../../lambdas/handlers/api/operations.ts';
import { planQueries } from '../../lambdas/handlers/api/plans.ts';
import { asking } from '../../lambdas/handlers/api/reply.ts';
import { changing } from '../../lambdas/handlers/api/mutation.ts';
import { deskOperations } from '../../lambdas/handlers/api/contract/desk.ts';
import { ratingMutations, ratingQueries } from '../../lambdas/handlers/api/ratings.ts';
import { reportQueries } from '../../lambdas/handlers/api/reports.ts';
import { ticketMutations, ticketQueries } from '../../lambdas/handlers/api/tickets.ts';
import { catalogue } from '../../lambdas/plans/catalogue.ts';
import { commit } from '../../lambdas/store/commit.ts';
import { anyEngine, startTable, type TestTable } from '../store/support.ts';
import { ACCOUNT_ID, accountOn, having } from '../support/records.ts';

let running: TestTable;
let answer: ReturnType<typeof answering>;
/** What went to the table, in order: R for a read by key, Q for a query of a list or an index, W for a transaction. */
let sent = '';
const LIMITS = { openingsPerHour: 1000, openingsPerDay: 1000, changesPerHour: 1000 };
const LETTERS: Readonly<Record<string, string>> = {
  GetItemCommand: 'R',
  BatchGetItemCommand: 'R',
  QueryCommand: 'Q',
  TransactWriteItemsCommand: 'W',
};

beforeAll(async () => {
  running = await startTable(anyEngine, { watched: true });
  const { table } = running;
  await commit(table, { account: { after: having(accountOn('luxsci-token-dedicated'), 50) } });
  table.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        sent += LETTERS[commandName] ?? `(${commandName})`;
        return next(args);
      },
    { step: 'initialize' },
  );
  const desk = { table, catalogue };
  const queries = { ...planQueries, ...accountQueries, ...exportQueries, ...ticketQueries, ...reportQueries };
  const mutations = { ...accountMutations, ...ticketMutations, ...lifecycleMutations, ...ratingMutations };
  answer = answering({
    operations: deskOperations,
    runs: [
      asking(desk, { ...queries, ...mailQueries, ...ratingQueries }),
      changing(desk, { ...mutations, ...mailMutations }, LIMITS),
    ],
    claims: { role: 'role', account: 'account', email: 'email', tier: 'tier' },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  });
});
afterAll(() => running.stop());

const CLAIMS = {
  customer: { role: 'customer', account: ACCOUNT_ID, email: 'ann@example.com' },
  engineer: { role: 'engineer', email: 'eve@example.com', tier: 'TS1' },
  manager: { role: 'manager', email: 'max@example.com' },
};

let minutes = 0;
let ticketId = '';
const call = async (id: OperationId, who: keyof typeof CLAIMS, body?: object, key?: string) => {
  const { method, path } = operations.find(({ operationId }) => operationId === id)!;
  const pathParameters = { planId: 'scalix-basic', accountId: ACCOUNT_ID, ticketId, tier: 'TS1', month: '2026-02' };
  const event = {
    ...{ routeKey: `${method} ${path}`, rawPath: path, headers: key === undefined ? {} : { 'idempotency-key': key } },
    pathParameters: Object.fromEntries(Object.entries(pathParameters).filter(([name]) => path.includes(`{${name}}`))),
    requestContext: {
      ...{ requestId: id, http: { method }, timeEpoch: Date.UTC(2026, 2, 2, 15, (minutes += 1)) },
      authorizer: { jwt: { claims: CLAIMS[who] } },
    },
    ...(body && { body: JSON.stringify(body) }),
  } as unknown as HttpEvent;
  sent = '';
  const { statusCode = 0, body: text = '' } = await answer(event);
  expect(statusCode, text).toBeLessThan(300);
  return text;
};

const TICKET = { accountId: ACCOUNT_ID, subject: 'Stuck', description: 'Nothing leaves.', priority: 'standard' };
const ACCOUNT = {
  name: 'Other Ltd',
  planId: 'scalix-gold',
  timeZone: 'Europe/Berlin',
  region: 'DE',
  contacts: [{ email: 'bea@example.com', name: 'Bea', role: 'administrator' }],
};

/** In the order of a ticket's life: the calls, how they go to the table, who makes them. */
const life: [OperationId, string, keyof typeof CLAIMS, object?][] = [
  ['listPlans', '', 'customer'],
  ['getPlan', '', 'customer'],
  ['createAccount', 'RW', 'manager', ACCOUNT],
  ['getAccount', 'RR', 'customer'],
  ['getBalance', 'R', 'customer'],
  ['getLedger', 'RRQ', 'customer'],
  ['purchaseUnits', 'RW', 'manager', { amount: 5 }],
  ['recordFacts', 'RRW', 'manager', { productRelease: '11.4' }],
  ['getHistory', 'RQ', 'customer'],
  ['listBenefits', 'R', 'customer'],
  ['getRemoteAccess', 'R', 'engineer'],
  ['setRemoteAccess', 'RW', 'customer', { granted: true, note: 'Until Friday.' }],
  ['recordRemoteSession', 'RW', 'engineer', { purpose: 'Look.' }],
  ['exportAccount', 'RRQQQQQQR', 'customer'],
  ['quoteTicket', 'R', 'customer', TICKET],
  ['openTicket', 'RW', 'customer', TICKET],
  ['listTickets', 'RQR', 'customer'],
  ['getTicket', 'R', 'customer'],
  ['getTimeline', 'RQ', 'customer'],
  ['explainTicket', 'RQ', 'customer'],
  ['listQueue', 'QQR', 'engineer'],
  ['assignTicket', 'RW', 'engineer', { engineer: 'eve@example.com' }],
  ['escalateTicket', 'RW', 'manager', { reason: 'It needs research.' }],
  ['reprioritizeTicket', 'RRW', 'customer', { priority: 'urgent', reason: 'It grows.' }],
  ['postMessage', 'RW', 'engineer', { body: 'On it.' }],
  ['listMessages', 'RQ', 'customer'],
  ['splitTicket', 'RRW', 'engineer', { problems: [{ subject: 'Fonts', description: 'Too small.' }] }],
  ['planTicket', 'RW', 'engineer', { summary: 'A patch.', expectedBy: '2026-03-05T12:00:00+01:00' }],
  ['pauseTicket', 'RW', 'engineer', { reason: 'Which version?' }],
  ['resolveTicket', 'RW', 'engineer', { summary: 'Done.' }],
  ['closeTicket', 'RW', 'engineer', {}],
  ['rateTicket', 'RW', 'customer', { score: 5 }],
  ['reopenTicket', 'RW', 'customer', { sameProblem: true }],
  ['requestCallBack', 'RW', 'customer', { phone: '+1 555 0100' }],
  ['classifyTicket', 'RRW', 'manager', { as: 'product-bug', reason: 'A bug.' }],
  ['getReport', 'RQQ', 'customer'],
  ['getReportPage', 'RQQ', 'customer'],
  ['listMailStops', 'Q', 'manager'],
];

/** Not counted: these need more than the table (mails, files, a link, the text of the contract), or a state that nothing here sets up. */
const UNCOUNTED: OperationId[] = [
  ...([
    'getAttachment',
    'getMessageText',
    'getRawMail',
    'getQuarantinedMail',
    'releaseMail',
    'dropMail',
    'listQuarantine',
  ] as const),
  ...(['redeemBenefit', 'liftMailStop', 'getRatingPage', 'rateByLink', 'getContract', 'eraseContact'] as const),
];

it.each(life)('%s goes to the table as %j', async (id, expected, who, body) => {
  const text = await call(id, who, body);
  if (id === 'openTicket') ({ ticketId } = JSON.parse(text) as { ticketId: string });
  expect(sent).toBe(expected);
});

it('opening under an idempotency key costs no read and no transaction more', async () => {
  await call('openTicket', 'customer', TICKET, 'key-1');
  expect(sent).toBe('RW');
  await call('openTicket', 'customer', TICKET, 'key-1');
  expect(sent).toBe('R');
});

it('every call of the contract is counted, or named as one that is not', () => {
  const counted = [...life.map(([id]) => id), ...UNCOUNTED];
  expect(operations.map(({ operationId }) => operationId as OperationId).toSorted()).toEqual(counted.toSorted());
});
