/**
 * How often each call of the API goes to the table: what it costs and how long it takes follows from that. The handler is called
 * itself, so that nothing is counted that other functions do; a call is one read and at most one transaction wherever it can be. What
 * is asked of stored mails beside is not counted.
 */
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accountMutations, accountQueries } from '../../lambdas/handlers/api/accounts.ts';
import { answering } from '../../lambdas/handlers/api/answer.ts';
import type { HttpEvent } from '../../lambdas/handlers/api/call.ts';
import { erasureMutations } from '../../lambdas/handlers/api/erasures.ts';
import { exportQueries } from '../../lambdas/handlers/api/export.ts';
import { fileQueries } from '../../lambdas/handlers/api/files.ts';
import { lifecycleMutations } from '../../lambdas/handlers/api/lifecycle.ts';
import { mailMutations, mailQueries } from '../../lambdas/handlers/api/mail-stops.ts';
import { operations, operationsOf, type OperationId } from '../../lambdas/handlers/api/operations.ts';
import { planQueries } from '../../lambdas/handlers/api/plans.ts';
import { quarantineMutations, quarantineQueries } from '../../lambdas/handlers/api/quarantine.ts';
import { asking } from '../../lambdas/handlers/api/reply.ts';
import { changing } from '../../lambdas/handlers/api/mutation.ts';
import { ratingMutations, ratingQueries } from '../../lambdas/handlers/api/ratings.ts';
import { reportQueries } from '../../lambdas/handlers/api/reports.ts';
import { ticketMutations, ticketQueries } from '../../lambdas/handlers/api/tickets.ts';
import { RAW_MAIL_PREFIX } from '../../lambdas/handlers/inbound/raw-mail.ts';
import { openRatingTokens } from '../../lambdas/handlers/mail/reply-address.ts';
import { catalogue } from '../../lambdas/plans/catalogue.ts';
import { commit } from '../../lambdas/store/commit.ts';
import { startAwsEndpoint, type AwsEndpoint } from '../../lib/local/aws/endpoint.ts';
import { Objects, objectService } from '../../lib/local/aws/objects.ts';
import { linkChecker } from '../../lib/local/aws/signed-links.ts';
import type { Table } from '../../lambdas/store/table.ts';
import { anyEngine, testTable } from '../store/support.ts';
import { rawMailWithFiles } from '../support/mail.ts';
import { ACCOUNT_ID, accountOn, having } from '../support/records.ts';

let table: Table;
let aws: AwsEndpoint;
let answer: ReturnType<typeof answering>;
/**
 * What went to the table, in order: R a read by key, Q a query of a list or an index, W a transaction, U and D one item changed or deleted.
 */
let sent = '';
const LIMITS = { openingsPerHour: 1000, openingsPerDay: 1000, changesPerHour: 1000 };
const LETTERS: Readonly<Record<string, string>> = {
  GetItemCommand: 'R',
  BatchGetItemCommand: 'R',
  QueryCommand: 'Q',
  TransactWriteItemsCommand: 'W',
  UpdateItemCommand: 'U',
  DeleteItemCommand: 'D',
};

/** An account whose plan includes training. */
const TRAINED = 'acc_01J9ZC2M6Q4V7R8T5X3W1Y0N2P';
const MAILS = 'mails';
const OPENED_AT = '2026-03-02T15:00:00.000Z';
const ratingTokens = openRatingTokens('secret');
const objects = new Objects({ buckets: [MAILS] });

/** Two mails wait for a manager, and nothing is sent to an address until one lifts that. */
const setTheScene = async (table: Table): Promise<void> => {
  await commit(table, { account: { after: having(accountOn('luxsci-token-dedicated'), 50) } });
  const contacts = [{ email: 'pat@example.com', name: 'Pat', role: 'administrator' as const }];
  await commit(table, { account: { after: accountOn('scalix-platinum', { accountId: TRAINED, contacts }) } });
  const unclear = { spf: 'pass', dkim: 'pass', dmarc: 'fail', spam: 'pass', virus: 'pass' } as const;
  const received = { returnPath: 'ann@example.com', recipients: ['support@desk.example.com'], verdicts: unclear };
  const quarantined = { outcome: 'quarantined', code: 'dmarc', reason: 'It is not proven.', at: OPENED_AT } as const;
  const parts = {
    subject: 'Stuck',
    text: `Nothing leaves.\n\nOn 2 Mar 2026 at 10:05 Uwe wrote:\n> Does it?\n\n-- \nAnn\n`,
  };
  const files = [{ filename: 'mail.log', content: 'Nothing.' }];
  for (const sesMessageId of ['released', 'dropped']) {
    await commit(table, { inboundMail: { sesMessageId, ...quarantined, received } });
    const raw = await rawMailWithFiles({ ...parts, messageId: `<${sesMessageId}@mail.example.com>` }, files);
    objects.put(MAILS, `${RAW_MAIL_PREFIX}${sesMessageId}`, Buffer.from(raw, 'latin1'));
  }
  const stop = { state: 'bounced', at: OPENED_AT, reason: 'It came back.' } as const;
  await commit(table, { address: { after: { email: 'uwe@example.com', version: 1, stop } } });
};

/** The desk that takes mail in and keeps it, as the functions of the API have it together. */
const deskWith = (table: Table, endpoint: string) => {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const store = { bucket: MAILS, client: new S3Client({ endpoint, region: 'us-east-1', credentials }) };
  const staff = { tiers: { TS1: [], TS2: [], TS3: [] }, managers: [] };
  const mail = { store, mailDomain: 'desk.example.com', staff };
  return { table, catalogue, ratingTokens, mail, files: { mails: store, attachments: store } };
};

beforeAll(async () => {
  table = await testTable(anyEngine, { watched: true });
  aws = await startAwsEndpoint({
    json: {},
    query: () => Promise.reject(new Error('no mail is sent')),
    objects: objectService(
      objects,
      linkChecker(() => Date.parse(OPENED_AT)),
    ),
    onError: (error) => {
      throw error;
    },
  });
  await setTheScene(table);
  table.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        sent += LETTERS[commandName] ?? `(${commandName})`;
        return next(args);
      },
    { step: 'initialize' },
  );
  const desk = deskWith(table, aws.url);
  const queries = { ...planQueries, ...accountQueries, ...exportQueries, ...ticketQueries, ...reportQueries };
  const mutations = { ...accountMutations, ...ticketMutations, ...lifecycleMutations, ...ratingMutations };
  answer = answering({
    operations: Object.assign({}, ...Object.values(operationsOf)),
    runs: [
      asking(desk, { ...queries, ...mailQueries, ...ratingQueries }),
      changing(desk, { ...mutations, ...mailMutations }, LIMITS),
      asking<'files'>(desk, fileQueries),
      asking<'quarantine'>(desk, quarantineQueries),
      changing<'quarantine'>(desk, quarantineMutations),
      changing<'erasure'>(desk, erasureMutations),
    ],
    claims: { role: 'role', account: 'account', email: 'email', tier: 'tier' },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    meter: { measure: () => undefined },
  });
});
afterAll(async () => {
  await aws.stop();
});

const CLAIMS = {
  customer: { role: 'customer', account: ACCOUNT_ID, email: 'ann@example.com' },
  engineer: { role: 'engineer', email: 'eve@example.com', tier: 'TS1' },
  manager: { role: 'manager', email: 'max@example.com' },
};

let minutes = 0;
/** What the calls are about; the ticket is named once it is open. */
const about = { planId: 'scalix-basic', accountId: ACCOUNT_ID, ticketId: '', tier: 'TS1', month: '2026-02', token: '' };
type About = Partial<typeof about> & Readonly<Record<string, string>>;
interface Asked {
  readonly body?: object | undefined;
  readonly on?: About | undefined;
  readonly key?: string;
}
const call = async (id: OperationId, who: keyof typeof CLAIMS, { body, on, key }: Asked = {}) => {
  const { method, path } = operations.find(({ operationId }) => operationId === id)!;
  const pathParameters = { ...about, ...on };
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

/** In the order of a ticket's life: the calls, how they go to the table, who makes them, with what, about what else than the ticket. */
const life: [OperationId, string, keyof typeof CLAIMS, object?, About?][] = [
  ['listPlans', '', 'customer'],
  ['getPlan', '', 'customer'],
  ['createAccount', 'RW', 'manager', ACCOUNT],
  ['listAccounts', 'QR', 'manager'],
  ['getAccount', 'RR', 'customer'],
  ['getBalance', 'R', 'customer'],
  ['getLedger', 'RRQ', 'customer'],
  ['purchaseUnits', 'RW', 'manager', { amount: 5 }],
  ['recordFacts', 'RRW', 'manager', { productRelease: '11.4' }],
  ['changeDetails', 'RRW', 'manager', { timeZone: 'America/Chicago' }],
  ['changePlan', 'RRW', 'manager', { planId: 'luxsci-token-platform' }],
  ['getHistory', 'RQ', 'customer'],
  ['listBenefits', 'R', 'customer'],
  ['getRemoteAccess', 'R', 'engineer'],
  ['setRemoteAccess', 'RW', 'customer', { granted: true, note: 'Until Friday.' }],
  ['recordRemoteSession', 'RW', 'engineer', { purpose: 'Look.' }],
  ['exportAccount', 'RRQQQQQQR', 'customer'],
  ['setContact', 'RRRW', 'manager', { email: 'zoe@example.com', name: 'Zoe', role: 'user' }],
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
  ['getRatingPage', 'R', 'customer'],
  ['rateByLink', 'RW', 'customer', { score: 4 }],
  ['reopenTicket', 'RW', 'customer', { sameProblem: true }],
  ['requestCallBack', 'RW', 'customer', { phone: '+1 555 0100' }],
  ['classifyTicket', 'RRW', 'manager', { as: 'product-bug', reason: 'A bug.' }],
  ['getReport', 'RQQQ', 'customer'],
  ['getReportPage', 'RQQQ', 'customer'],
  ['redeemBenefit', 'RW', 'manager', { benefit: 'training-enrolment' }, { accountId: TRAINED }],
  ['listMailStops', 'QRQ', 'manager'],
  ['liftMailStop', 'RQW', 'manager', { email: 'uwe@example.com' }],
  ['listQuarantine', 'QR', 'manager'],
  ['getQuarantinedMail', 'R', 'manager', undefined, { mailId: 'dropped' }],
  ['dropMail', 'RW', 'manager', { reason: 'Nobody knows it.' }, { mailId: 'dropped' }],
  ['releaseMail', 'RRQRW', 'manager', { reason: 'It is hers.' }, { mailId: 'released' }],
  ['getMessageText', 'RR', 'customer', undefined, { seq: '1' }],
  ['getAttachment', 'R', 'customer', undefined, { attachmentId: 'att_1_1' }],
  ['getRawMail', 'R', 'engineer', undefined, { seq: '1' }],
  ['eraseContact', 'RRW', 'manager', { email: 'uwe@example.com' }],
];

/** It stands in its function, which has no table. */
const UNCOUNTED: OperationId[] = ['getContract'];

it.each(life)('%s goes to the table as %j', async (id, expected, who, body, on) => {
  const text = await call(id, who, { body, on });
  if (id === 'openTicket' || id === 'releaseMail') {
    ({ ticketId: about.ticketId } = JSON.parse(text) as { ticketId: string });
    about.token = ratingTokens.for(about.ticketId, 'ann@example.com');
  }
  expect(sent).toBe(expected);
});

it('eraseContact goes on with a part for each call: nothing until it may, records, tickets, nothing again, answers, the mailbox', async () => {
  const calls: string[] = [];
  let done = false;
  while (!done && calls.length < 60) {
    const text = await call('eraseContact', 'manager', { body: { email: 'uwe@example.com' } });
    ({ done } = JSON.parse(text) as { done: boolean });
    calls.push(sent);
  }
  expect(calls).toEqual(['RR', 'RRQUW', 'RRQQQQDWW', 'RR', 'RRQW', 'RRQW', 'RRQQQDW']);
});

/** Calls of each kind that takes a key. An account is opened without reading anything but stops of mail, so its key costs a read. */
const keyed: [OperationId, string, keyof typeof CLAIMS, object, About?][] = [
  ['openTicket', 'RW', 'customer', TICKET],
  ['createAccount', 'RRW', 'manager', ACCOUNT],
  ['purchaseUnits', 'RW', 'manager', { amount: 5 }],
  ['recordFacts', 'RRW', 'manager', { productRelease: '11.5' }],
  ['recordRemoteSession', 'RW', 'engineer', { purpose: 'Look again.' }],
  ['postMessage', 'RW', 'engineer', { body: 'Still on it.' }],
  ['reprioritizeTicket', 'RRW', 'customer', { priority: 'urgent', reason: 'It grows.' }],
  ['resolveTicket', 'RW', 'engineer', { summary: 'Done.' }],
  ['redeemBenefit', 'RW', 'manager', { benefit: 'system-assessment' }, { accountId: TRAINED }],
];

it.each(keyed)(
  '%s under an idempotency key goes to the table as %j, and as one read when it comes again',
  async (id, expected, who, body, on) => {
    const text = await call(id, who, { body, on, key: `key-${id}` });
    expect(sent).toBe(expected);
    expect(await call(id, who, { body, on, key: `key-${id}` })).toBe(text);
    expect(sent).toBe('R');
  },
);

it('every call of the contract is counted, or named as one that is not', () => {
  const counted = [...life.map(([id]) => id), ...UNCOUNTED];
  expect(operations.map(({ operationId }) => operationId as OperationId).toSorted()).toEqual(counted.toSorted());
});
