/**
 * Who may do what in AWS: every role of the largest stack, action by action and resource by resource, written by hand. A role
 * that is not in the table fails, and so does a row for one that is gone. To add a grant, add its line; to add a role, add its row.
 */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { grantsOf, shortName, template } from './grants-told.ts';
import { allOf, referenced, someOf, type Found } from './support.ts';

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
  ...['GetItem', 'BatchGetItem', 'UpdateItem', 'PutItem'].map((action) => `dynamodb:${action} on Table`),
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

  it('is the only one that may delete items, where it erases a person', () => {
    // A batch of writes may delete, and so may a statement of PartiQL.
    const deleting = /dynamodb:(?:DeleteItem|BatchWriteItem|PartiQL\w*|\*)/i;
    const may = roles.filter((role) => grantsOf(policiesOf(role)).some((grant) => deleting.test(grant)));
    expect(may.map(({ id }) => shortName(id))).toEqual(['ErasureRole']);
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
