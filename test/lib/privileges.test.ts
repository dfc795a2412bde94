/**
 * Who may do what in AWS: every role and every resource's own policy of the largest stack, action by action and resource by resource,
 * written by hand. Short names stand for resources: what a logical id says without its hash. A role or a policy that is not in the
 * table fails, and so does a row for one that is gone. To add a grant, add its line; to add a role, add its row.
 */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  allOf,
  API_FUNCTIONS,
  referenced,
  someOf,
  templateFor,
  WITH_INBOUND,
  WITH_MAIL,
  type Found,
} from './support.ts';

const template = templateFor({ ...WITH_MAIL, ...WITH_INBOUND, alarmEmail: 'ops@example.com' });

const shortName = (id: string): string => id.replace(/[0-9A-F]{8}$/, '');

/** A resource in words: names of the stack's own resources, and the fixed text around them. */
const tell = (resource: unknown): string => {
  if (typeof resource === 'string') return resource;
  const join = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) }).safeParse(resource);
  if (join.success)
    return join.data['Fn::Join'][1]
      .map(tell)
      .join('')
      .replace(/^arn:AWS::Partition:/, '');
  return shortName(referenced(resource));
};

const statementSchema = z.object({
  Action: z.union([z.string().transform((one) => [one]), z.array(z.string())]),
  Effect: z.enum(['Allow', 'Deny']),
  Resource: z.unknown(),
  Principal: z.unknown().optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
const documentOf = ({ properties }: Found) =>
  z.object({ Statement: z.array(statementSchema) }).parse(properties.PolicyDocument).Statement;

const resourcesOf = (resource: unknown): unknown[] => (Array.isArray(resource) ? resource : [resource]);

const grantsOf = (policies: readonly Found[]): string[] =>
  [
    ...new Set(
      policies.flatMap(documentOf).flatMap(({ Action, Effect, Resource, Condition }) =>
        resourcesOf(Resource).flatMap((resource) =>
          Action.map((action) => {
            const only = Condition ? ` if ${Object.values(Condition).flatMap(Object.keys).join(' and ')}` : '';
            return `${Effect === 'Deny' ? 'never ' : ''}${action} on ${tell(resource)}${only}`;
          }),
        ),
      ),
    ),
  ].toSorted();

const roles = someOf(template, 'AWS::IAM::Role');
const policiesOf = (role: Found): Found[] =>
  someOf(template, 'AWS::IAM::Policy').filter(({ properties }) =>
    (properties.Roles as unknown[]).some((one) => referenced(one) === role.id),
  );

const on = (resource: string, service: string, actions: readonly string[]): string[] =>
  actions.map((action) => `${service}:${action} on ${resource}`);

const COMMAND = ['BatchGetItem', 'PutItem', 'UpdateItem'];
const BY_ACCOUNT = 'dynamodb:Query on Table/index/byAccount';
const QUEUE = 'dynamodb:Query on Table/index/queue';
/**
 * Sending is claimed, counted and written down. Which identities SES asks for lies with sender and recipient; the condition says from
 * whom mail may come.
 */
const SEND_MAIL = [
  ...['identity/*', 'configuration-set/MailSenderConfigurationSet'].map(
    (sender) => `ses:SendRawEmail on ses:AWS::Region:AWS::AccountId:${sender} if ses:FromAddress`,
  ),
  ...['GetItem', 'BatchGetItem', 'UpdateItem', 'PutItem', 'BatchWriteItem'].map(
    (action) => `dynamodb:${action} on Table`,
  ),
];
const START_CLOCK = 'states:StartExecution on ClockStateMachine';
const TRACE = on('*', 'xray', ['PutTelemetryRecords', 'PutTraceSegments']);

/** What every function may do: write its own log and its traces; and, where it is woken without waiting, keep what failed. */
const function_ = (name: string, failures: string | undefined, ...grants: readonly string[]): Row => ({
  by: 'lambda.amazonaws.com',
  may: [
    ...on(`${name}Logs`, 'logs', ['CreateLogStream', 'PutLogEvents']),
    ...TRACE,
    ...(failures === undefined ? [] : [`sqs:SendMessage on ${failures}DeadLetters`]),
    ...grants,
  ],
});

interface Row {
  readonly by: string;
  readonly may: readonly string[];
}

const ROLES: Readonly<Record<string, Row>> = {
  ApiRole: function_('Api', undefined, ...on('Table', 'dynamodb', [...COMMAND, 'GetItem', 'Query']), BY_ACCOUNT, QUEUE),
  // Its links are signed with its own rights.
  FilesRole: function_(
    'Files',
    undefined,
    ...on('Table', 'dynamodb', ['BatchGetItem', 'GetItem']),
    's3:GetObject on InboundMailBucket/inbound/*',
    's3:GetObject on InboundMailAttachments/attachments/*',
  ),
  // A manager's release handles a mail as the inbound function does.
  QuarantineRole: function_(
    'Quarantine',
    undefined,
    ...on('Table', 'dynamodb', [...COMMAND, 'GetItem', 'Query']),
    QUEUE,
    's3:GetObject on InboundMailBucket/inbound/*',
    's3:PutObject on InboundMailAttachments/attachments/*',
  ),
  // No other may delete.
  ErasureRole: function_(
    'Erasure',
    undefined,
    ...on('Table', 'dynamodb', [...COMMAND, 'GetItem', 'DeleteItem', 'Query']),
    BY_ACCOUNT,
    's3:DeleteObject on InboundMailBucket/inbound/*',
    's3:DeleteObject on InboundMailAttachments/attachments/*',
  ),
  ContractRole: function_('Contract', undefined),
  SettleRole: function_('Settle', undefined, ...on('Table', 'dynamodb', COMMAND)),
  DispatchRole: function_(
    'Dispatch',
    'Dispatch',
    ...on('Table', 'dynamodb', ['GetItem', 'DescribeStream', 'GetRecords', 'GetShardIterator']),
    'dynamodb:ListStreams on *',
    'events:PutEvents on Bus',
    ...on('DispatchDeadLetters', 'sqs', ['GetQueueAttributes', 'GetQueueUrl']),
    START_CLOCK,
    ...on('ClockStateMachine', 'states', ['SendTaskSuccess', 'SendTaskFailure']),
  ),
  NotificationsNotifyRole: function_('NotificationsNotify', 'Notifications', ...SEND_MAIL),
  SchedulesSweepRole: function_(
    'SchedulesSweep',
    'Schedules',
    ...on('Table', 'dynamodb', ['GetItem', 'UpdateItem']),
    QUEUE,
    START_CLOCK,
  ),
  SchedulesRemindRole: function_('SchedulesRemind', 'Schedules', QUEUE, ...SEND_MAIL),
  SchedulesRenewRole: function_('SchedulesRenew', 'Schedules', QUEUE, ...SEND_MAIL),
  SchedulesReportRole: function_(
    'SchedulesReport',
    'Schedules',
    ...on('Table', 'dynamodb', ['Query']),
    BY_ACCOUNT,
    QUEUE,
    ...SEND_MAIL,
  ),
  InboundMailInboundRole: function_(
    'InboundMailInbound',
    'InboundMail',
    ...on('Table', 'dynamodb', [...COMMAND, 'GetItem', 'Query']),
    's3:GetObject on InboundMailBucket/inbound/*',
    's3:PutObject on InboundMailAttachments/attachments/*',
  ),
  MailEventsFunctionRole: function_(
    'MailEventsFunction',
    'MailEvents',
    ...on('Table', 'dynamodb', [...COMMAND, 'GetItem']),
  ),
  // Active rule sets know no resources.
  InboundMailActiveRuleSetRole: {
    by: 'lambda.amazonaws.com',
    may: [
      ...on('InboundMailActiveRuleSetLogs', 'logs', ['CreateLogStream', 'PutLogEvents']),
      'ses:SetActiveReceiptRuleSet on *',
    ],
  },
  // Log deliveries of a state machine know no resources.
  ClockRole: {
    by: 'states.amazonaws.com',
    may: [
      ...on('Table', 'dynamodb', ['GetItem', 'UpdateItem']),
      'lambda:InvokeFunction on SettleFunction',
      'states:StartExecution on states:AWS::Region:AWS::AccountId:stateMachine:makegood-dev-ticket-clock',
      ...on('*', 'logs', ['CreateLogDelivery', 'DeleteLogDelivery', 'GetLogDelivery', 'ListLogDeliveries']),
      ...on('*', 'logs', ['UpdateLogDelivery', 'DescribeLogGroups', 'DescribeResourcePolicies', 'PutResourcePolicy']),
      ...TRACE,
      ...on('*', 'xray', ['GetSamplingRules', 'GetSamplingTargets']),
    ],
  },
  SchedulesRole: {
    by: 'scheduler.amazonaws.com if aws:SourceAccount',
    may: [
      ...['Remind', 'Renew', 'Report', 'Sweep'].map((name) => `lambda:InvokeFunction on Schedules${name}Function`),
      'sqs:SendMessage on SchedulesDeadLetters',
    ],
  },
};

const trustSchema = z.object({
  Statement: z.tuple([
    z.object({
      Action: z.literal('sts:AssumeRole'),
      Principal: z.object({ Service: z.string() }),
      Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
    }),
  ]),
});
const trustedBy = ({ properties }: Found): string => {
  const [{ Principal, Condition = {} }] = trustSchema.parse(properties.AssumeRolePolicyDocument).Statement;
  const only = Object.values(Condition).flatMap(Object.keys);
  return `${Principal.Service}${only.length > 0 ? ` if ${only.join(' and ')}` : ''}`;
};

describe('a role', () => {
  it('is in the table, each of them', () => {
    expect(roles.map(({ id }) => shortName(id)).toSorted()).toEqual(Object.keys(ROLES).toSorted());
  });

  it.each(roles.map((role) => [shortName(role.id), role] as const))('%s may do what the table says', (name, role) => {
    expect(role.properties.ManagedPolicyArns).toBeUndefined();
    expect(role.properties.Policies).toBeUndefined();
    expect(trustedBy(role)).toBe(ROLES[name]?.by);
    expect(grantsOf(policiesOf(role))).toEqual(ROLES[name]?.may.toSorted());
  });

  it('is all that a policy is for', () => {
    const held = roles.flatMap((role) => policiesOf(role).map(({ id }) => id));
    expect(held.toSorted()).toEqual(
      someOf(template, 'AWS::IAM::Policy')
        .map(({ id }) => id)
        .toSorted(),
    );
    expect(allOf(template, 'AWS::IAM::ManagedPolicy')).toEqual([]);
    expect(allOf(template, 'AWS::IAM::User')).toEqual([]);
  });
});

const onlyWithTls = (service: string, ...names: readonly string[]): string[] =>
  names.map((name) => `never ${service} on ${name} if aws:SecureTransport`);

/** The policies that stand at a resource itself: whom else it lets in. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  DispatchDeadLettersPolicy: onlyWithTls('sqs:*', 'DispatchDeadLetters'),
  NotificationsDeadLettersPolicy: [
    ...onlyWithTls('sqs:*', 'NotificationsDeadLetters'),
    'sqs:SendMessage on NotificationsDeadLetters if aws:SourceArn',
  ],
  SchedulesDeadLettersPolicy: [
    ...onlyWithTls('sqs:*', 'SchedulesDeadLetters'),
    'sqs:SendMessage on SchedulesDeadLetters if aws:SourceArn',
  ],
  InboundMailDeadLettersPolicy: onlyWithTls('sqs:*', 'InboundMailDeadLetters'),
  InboundMailBucketPolicy: [
    ...onlyWithTls('s3:*', 'InboundMailBucket', 'InboundMailBucket/*'),
    's3:PutObject on InboundMailBucket/inbound/* if aws:SourceAccount',
  ],
  InboundMailAttachmentsPolicy: onlyWithTls('s3:*', 'InboundMailAttachments', 'InboundMailAttachments/*'),
  MailEventsDeadLettersPolicy: [
    ...onlyWithTls('sqs:*', 'MailEventsDeadLetters'),
    'sqs:SendMessage on MailEventsDeadLetters if aws:SourceArn',
  ],
  MailEventsTopicPolicy: [
    ...onlyWithTls('sns:Publish', 'MailEventsTopic'),
    'sns:Publish on MailEventsTopic if AWS:SourceAccount and AWS:SourceArn',
  ],
  // Without the second line no alarm of this account would reach the topic.
  AlarmsTopicPolicy: [...onlyWithTls('sns:Publish', 'AlarmsTopic'), 'sns:Publish on AlarmsTopic if aws:SourceAccount'],
};

describe('a resource', () => {
  const doors = ['AWS::SQS::QueuePolicy', 'AWS::S3::BucketPolicy', 'AWS::SNS::TopicPolicy'].flatMap((type) =>
    allOf(template, type),
  );

  it('with a policy of its own is in the table, each of them', () => {
    expect(doors.map(({ id }) => shortName(id)).toSorted()).toEqual(Object.keys(DOORS).toSorted());
  });

  it.each(doors.map((door) => [shortName(door.id), door] as const))(
    'lets in by %s what the table says',
    (name, door) => {
      expect(grantsOf([door])).toEqual(DOORS[name]?.toSorted());
    },
  );

  it('that is a function is invoked by its own source alone', () => {
    const invokers = someOf(template, 'AWS::Lambda::Permission').map(({ properties }) => ({
      by: properties.Principal,
      bound: properties.SourceArn !== undefined || properties.SourceAccount !== undefined,
    }));
    expect(invokers.map(({ by }) => by).toSorted()).toEqual([
      // One for the routes of each function, and one for the catch-all.
      ...[...API_FUNCTIONS, '$default'].map(() => 'apigateway.amazonaws.com'),
      ...['events.amazonaws.com', 'events.amazonaws.com', 'ses.amazonaws.com', 'sns.amazonaws.com'],
    ]);
    expect(invokers.every(({ bound }) => bound)).toBe(true);
    expect(
      someOf(template, 'AWS::Lambda::Permission').every(
        ({ properties }) => properties.Action === 'lambda:InvokeFunction',
      ),
    ).toBe(true);
  });
});
