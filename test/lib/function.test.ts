import { describe, expect, it } from 'vitest';
import { LONGEST_RUN_SECONDS } from '../../lambdas/store/longest-run.ts';
import {
  API_FUNCTIONS,
  describeResource,
  functionOf,
  FUNCTIONS,
  referenced,
  someOf,
  statementsOf,
  templateFor,
  WITH_MAIL,
} from './support.ts';

const template = templateFor(WITH_MAIL);
const prod = templateFor({ ...WITH_MAIL, stage: 'prod' });

const COMMAND = ['BatchGetItem', 'PutItem', 'UpdateItem'];
const on = (resource: string, service: string, actions: readonly string[]) =>
  actions.map((action) => `${service}:${action} on ${resource}`);
const SEND_MAIL = ['ses:SendRawEmail on identity/*', 'ses:SendRawEmail on ConfigurationSet'];
/** Whether a letter may be sent is read; sending is claimed, counted and written down. */
const WRITE_MAIL = on('Table', 'dynamodb', ['GetItem', 'BatchGetItem', 'UpdateItem', 'PutItem']);
const KEEP_FAILURES = ['sqs:SendMessage on Queue'];

/** What every function may do beside its own work: write its log and its traces. */
const EVERYWHERE = [
  ...on('LogGroup', 'logs', ['CreateLogStream', 'PutLogEvents']),
  ...on('*', 'xray', ['PutTelemetryRecords', 'PutTraceSegments']),
];

const MAY: Record<(typeof FUNCTIONS)[number], string[]> = {
  api: [
    ...on('Table', 'dynamodb', [...COMMAND, 'GetItem', 'Query']),
    ...on('/index/byAccount', 'dynamodb', ['Query']),
    ...on('/index/queue', 'dynamodb', ['Query']),
  ],
  files: on('Table', 'dynamodb', ['BatchGetItem', 'GetItem']),
  quarantine: [
    ...on('Table', 'dynamodb', [...COMMAND, 'GetItem', 'Query']),
    ...on('/index/queue', 'dynamodb', ['Query']),
  ],
  erasure: [
    ...on('Table', 'dynamodb', [...COMMAND, 'GetItem', 'DeleteItem', 'Query']),
    ...on('/index/byAccount', 'dynamodb', ['Query']),
  ],
  contract: [],
  settle: on('Table', 'dynamodb', COMMAND),
  dispatch: [
    ...on('Table', 'dynamodb', ['GetItem', 'DescribeStream', 'GetRecords', 'GetShardIterator']),
    ...on('*', 'dynamodb', ['ListStreams']),
    ...on('StateMachine', 'states', ['StartExecution', 'SendTaskSuccess', 'SendTaskFailure']),
    ...on('EventBus', 'events', ['PutEvents']),
    ...on('Queue', 'sqs', ['SendMessage', 'GetQueueAttributes', 'GetQueueUrl']),
  ],
  notify: [...WRITE_MAIL, ...SEND_MAIL, ...KEEP_FAILURES],
  sweep: [
    ...KEEP_FAILURES,
    ...on('/index/queue', 'dynamodb', ['Query']),
    ...on('Table', 'dynamodb', ['GetItem', 'UpdateItem']),
    ...on('StateMachine', 'states', ['StartExecution']),
  ],
  remind: [...on('/index/queue', 'dynamodb', ['Query']), ...WRITE_MAIL, ...SEND_MAIL, ...KEEP_FAILURES],
  renew: [...on('/index/queue', 'dynamodb', ['Query']), ...WRITE_MAIL, ...SEND_MAIL, ...KEEP_FAILURES],
  report: [
    ...on('/index/queue', 'dynamodb', ['Query']),
    ...on('/index/byAccount', 'dynamodb', ['Query']),
    ...on('Table', 'dynamodb', ['Query']),
    ...WRITE_MAIL,
    ...SEND_MAIL,
    ...KEEP_FAILURES,
  ],
};

const CLAIMS = ['CLAIM_ROLE', 'CLAIM_ACCOUNT', 'CLAIM_EMAIL', 'CLAIM_TIER'];

const ENVIRONMENT: Record<(typeof FUNCTIONS)[number], string[]> = {
  api: ['TABLE_NAME', ...CLAIMS, 'OPENINGS_PER_HOUR', 'OPENINGS_PER_DAY', 'CHANGES_PER_HOUR'],
  files: ['TABLE_NAME', ...CLAIMS],
  quarantine: ['TABLE_NAME', ...CLAIMS],
  erasure: ['TABLE_NAME', ...CLAIMS],
  contract: [],
  settle: ['TABLE_NAME'],
  dispatch: ['TABLE_NAME', 'STATE_MACHINE_ARN', 'BUS_NAME'],
  notify: ['TABLE_NAME', 'SENDER', 'MAIL_CONFIGURATION_SET', 'MANAGERS', 'DESK_NAME', 'TS1_ADDRESSES'],
  sweep: ['TABLE_NAME', 'STATE_MACHINE_ARN'],
  remind: ['TABLE_NAME', 'SENDER', 'MAIL_CONFIGURATION_SET', 'MANAGERS', 'DESK_NAME'],
  renew: ['TABLE_NAME', 'SENDER', 'MAIL_CONFIGURATION_SET', 'MANAGERS', 'DESK_NAME'],
  report: ['TABLE_NAME', 'SENDER', 'MAIL_CONFIGURATION_SET', 'MANAGERS', 'DESK_NAME'],
};

describe.each(FUNCTIONS)('the %s function', (name) => {
  const { properties } = functionOf(template, name);

  it('may do exactly its work', () => {
    const granted = statementsOf(template, referenced(properties.Role)).flatMap(({ Action, Resource }) =>
      Resource.flatMap((resource) => Action.map((action) => `${action} on ${describeResource(template, resource)}`)),
    );
    expect([...new Set(granted)].sort()).toEqual([...EVERYWHERE, ...MAY[name]].sort());
  });

  it('knows what it needs and no more', () => {
    const variables = (properties.Environment as { Variables: Record<string, string> }).Variables;
    expect(Object.keys(variables).sort()).toEqual(
      [...ENVIRONMENT[name], 'STAGE', 'POWERTOOLS_SERVICE_NAME', 'POWERTOOLS_LOG_LEVEL', 'NODE_OPTIONS'].sort(),
    );
    expect(variables).toMatchObject({
      STAGE: 'dev',
      POWERTOOLS_SERVICE_NAME: `makegood-${name}`,
      POWERTOOLS_LOG_LEVEL: 'INFO',
    });
  });

  it('runs on the agreed runtime, traced, with bounded time and memory', () => {
    expect(properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 512,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON' },
    });
    expect(properties.Timeout).toBeLessThanOrEqual(LONGEST_RUN_SECONDS);
    expect(properties.FunctionName).toBeUndefined();
  });

  it('writes to a log group of its own', () => {
    const { LogGroup } = properties.LoggingConfig as { LogGroup: unknown };
    expect(template.Resources[referenced(LogGroup)]?.Type).toBe('AWS::Logs::LogGroup');
  });
});

it.each(API_FUNCTIONS)('%s answers before API Gateway gives up on it after 30 seconds', (name) => {
  expect(functionOf(template, name).properties.Timeout).toBeLessThan(30);
});

it('makes no function but these, where no mail goes out', () => {
  expect(someOf(templateFor(), 'AWS::Lambda::Function')).toHaveLength(FUNCTIONS.length);
});

it('keeps each log for a bounded time, in production for longer', () => {
  const days = (of: typeof template) =>
    someOf(of, 'AWS::Logs::LogGroup').map(({ properties }) => properties.RetentionInDays);
  expect(days(template)).toEqual(Array<number>(FUNCTIONS.length + 3).fill(14));
  expect(days(prod)).toEqual(Array<number>(FUNCTIONS.length + 3).fill(180));
});
