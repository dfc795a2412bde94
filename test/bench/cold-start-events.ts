/** What a cold start is asked first: a table with one account and one ticket in it, and for each function an event about them. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { commit } from '../../lambdas/store/commit.ts';
import { openTable } from '../../lambdas/store/table.ts';
import { readConfig } from '../../lib/config.ts';
import { createTables } from '../../lib/local/aws/tables.ts';
import { startEngine } from '../../lib/local/engine.ts';
import { readTemplate } from '../../lib/local/template/blueprint.ts';
import { synthesize } from '../../lib/synthesize.ts';
import { accountOn, having, openedOn, TICKET_ID } from '../support/records.ts';

const NOW = '2026-03-02T15:00:00.000Z';

/** What the stack would tell the functions; each reads what is its own. */
export const variables: Readonly<Record<string, string>> = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  POWERTOOLS_SERVICE_NAME: 'makegood-bench',
  STAGE: 'bench',
  CLAIM_ROLE: 'role',
  CLAIM_ACCOUNT: 'account',
  CLAIM_EMAIL: 'email',
  CLAIM_TIER: 'tier',
  OPENINGS_PER_HOUR: '1000',
  OPENINGS_PER_DAY: '5000',
  CHANGES_PER_HOUR: '1000',
  STATE_MACHINE_ARN: 'arn:aws:states:us-east-1:111111111111:stateMachine:clock',
  BUS_NAME: 'bus',
  SENDER: 'support@desk.example.com',
  MANAGERS: 'managers@desk.example.com',
  DESK_NAME: 'Desk',
  TS1_ADDRESSES: '',
  TS2_ADDRESSES: '',
  TS3_ADDRESSES: '',
  MAIL_DOMAIN: 'desk.example.com',
  REPLY_SECRET: 'not-a-secret',
  MAIL_BUCKET: 'mails',
  ATTACHMENT_BUCKET: 'files',
};

const call = (routeKey: string, pathParameters: Readonly<Record<string, string>> = {}) => ({
  version: '2.0',
  routeKey,
  rawPath: '/',
  headers: {},
  pathParameters,
  requestContext: {
    requestId: 'first',
    timeEpoch: Date.parse(NOW),
    http: { method: 'GET' },
    authorizer: { jwt: { claims: { role: 'manager', email: 'max@example.com', sub: 'max' } } },
  },
});

const schedule = { schema: 1, now: NOW };

/** A function that is not here is only loaded: its first event needs more services than a table. */
export const firstEvents: Readonly<Record<string, unknown>> = {
  api: call('GET /v1/tickets/{ticketId}', { ticketId: TICKET_ID }),
  files: call('GET /v1/tickets/{ticketId}/messages/{seq}/text', { ticketId: TICKET_ID, seq: '1' }),
  quarantine: call('GET /v1/quarantine'),
  settle: { schema: 1, ticketId: TICKET_ID, generation: 1, now: NOW },
  sweep: schedule,
  remind: schedule,
  renew: schedule,
  report: schedule,
};

export interface PreparedTable {
  readonly endpoint: string;
  readonly tableName: string;
  readonly stop: () => Promise<void>;
}

export const prepareTable = async (): Promise<PreparedTable> => {
  const { tables } = readTemplate(
    synthesize(readConfig({ stage: 'local', issuer: 'https://id.example.com/', audience: 'desk' }, {}), {
      skipBundling: true,
    }),
  );
  const [plan] = tables;
  if (!plan) throw new Error('the stack has no table');
  const engine = await startEngine();
  await createTables(engine.endpoint, tables);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: engine.endpoint, region: 'us-east-1', credentials });
  const { account, ticket, events } = openedOn(having(accountOn('scalix-basic'), 50), NOW);
  const written = await commit(openTable(plan.name, client), {
    account: { after: account },
    ticket: { after: ticket },
    events,
  });
  if (written !== 'committed') throw new Error('the first ticket was not written');
  client.destroy();
  return { endpoint: engine.endpoint, tableName: plan.name, stop: () => engine.stop() };
};
