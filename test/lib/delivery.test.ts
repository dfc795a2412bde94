/** How things reach functions by themselves: the stream, the bus, the schedules, and the mail they send. */
import { describe, expect, it } from 'vitest';
import { mailedEvents } from '../../lambdas/handlers/mail/letters.ts';
import {
  describeResource,
  functionOf,
  oneOf,
  referenced,
  someOf,
  statementsOf,
  templateFor,
  type Found,
  WITH_MAIL,
} from './support.ts';

const template = templateFor();
const targetQueue = (of: typeof template, arn: unknown) => of.Resources[referenced(arn)]?.Type;

describe('the stream of the table', () => {
  const { properties } = oneOf(template, 'AWS::Lambda::EventSourceMapping');

  it('wakes dispatch for new events and for mails to answer alone', () => {
    expect(properties.FunctionName).toEqual({ Ref: functionOf(template, 'dispatch').id });
    const { Filters } = properties.FilterCriteria as { Filters: { Pattern: string }[] };
    expect(Filters.map(({ Pattern }) => JSON.parse(Pattern) as unknown)).toEqual([
      { eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: [{ prefix: 'EVENT#' }] } } } },
      {
        eventName: ['INSERT', 'MODIFY'],
        dynamodb: { Keys: { pk: { S: [{ prefix: 'INBOUND#' }] } }, NewImage: { toAnswer: { BOOL: [true] } } },
      },
    ]);
  });

  it('retries what failed and nothing else, a bounded number of times, then puts it aside', () => {
    expect(properties).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10,
      MaximumRecordAgeInSeconds: 3600,
      StartingPosition: 'TRIM_HORIZON',
    });
    const { OnFailure } = properties.DestinationConfig as { OnFailure: { Destination: unknown } };
    expect(targetQueue(template, OnFailure.Destination)).toBe('AWS::SQS::Queue');
  });
});

interface RuleTarget {
  readonly Arn: unknown;
  readonly DeadLetterConfig: { readonly Arn: unknown };
  readonly RetryPolicy: unknown;
}

/** The one rule that wakes a function, and that it does not give up soon nor lose what it gives up. */
const ruleFor = (name: string) => {
  const woken = functionOf(template, name).id;
  const targetsOf = ({ properties }: Found) => properties.Targets as RuleTarget[];
  const rules = someOf(template, 'AWS::Events::Rule').filter((rule) =>
    targetsOf(rule).some(({ Arn }) => referenced(Arn) === woken),
  );
  expect(rules).toHaveLength(1);
  const [target, ...others] = targetsOf(rules[0]!);
  expect(others).toEqual([]);
  expect(target?.RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 20 });
  expect(targetQueue(template, target?.DeadLetterConfig.Arn)).toBe('AWS::SQS::Queue');
  return rules[0]!.properties;
};

describe('a bus', () => {
  it('wakes notify for every event that a letter can come of, with retries and a dead-letter queue', () => {
    const properties = ruleFor('notify');
    expect(properties.EventPattern).toEqual({
      source: ['makegood.desk'],
      'detail-type': [
        ...mailedEvents.map((type) => `ticket.${type}`),
        'mail.refused',
        'mail.replied',
        'mail.quarantined',
      ],
      // What a miss caused beside it is told in the letter about the miss.
      detail: { cause: [{ 'anything-but': ['miss'] }, { exists: false }] },
    });
    expect(properties.EventBusName).toEqual({ Ref: oneOf(template, 'AWS::Events::EventBus').id });
  });

  it('of the account, on which Step Functions tells, wakes the sweep for clocks that died', () => {
    const properties = ruleFor('sweep');
    expect(properties).not.toHaveProperty('EventBusName');
    expect(properties.EventPattern).toEqual({
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: {
        stateMachineArn: [{ Ref: oneOf(template, 'AWS::StepFunctions::StateMachine').id }],
        status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
      },
    });
  });
});

interface Target {
  readonly Arn: unknown;
  readonly Input: string;
  readonly RoleArn: unknown;
  readonly DeadLetterConfig: { readonly Arn: unknown };
  readonly RetryPolicy: { readonly MaximumRetryAttempts: number };
}

describe.each([
  ['sweep', 'rate(5 minutes)'],
  ['remind', 'cron(0 8 * * ? *)'],
  ['renew', 'cron(0 8 * * ? *)'],
  ['report', 'cron(0 8 * * ? *)'],
])('the schedule of %s', (name, expression) => {
  const zoned = templateFor({ deskTimeZone: 'America/New_York' });
  const woken = functionOf(zoned, name).id;
  const schedule = someOf(zoned, 'AWS::Scheduler::Schedule').find(
    ({ properties }) => referenced((properties.Target as Target).Arn) === woken,
  );
  const target = schedule?.properties.Target as Target;

  it('comes when it should, to the minute', () => {
    expect(schedule?.properties).toMatchObject({
      ScheduleExpression: expression,
      FlexibleTimeWindow: { Mode: 'OFF' },
      State: 'ENABLED',
    });
  });

  it('is named after the function, which is how a dead letter tells whose it is', () => {
    expect(schedule?.properties.Name).toBe(`makegood-dev-${name}`);
  });

  it('carries the moment it was planned for', () => {
    expect(JSON.parse(target.Input)).toEqual({ schema: 1, now: '<aws.scheduler.scheduled-time>' });
  });

  it('is retried, and put aside when that does not help', () => {
    expect(target.RetryPolicy.MaximumRetryAttempts).toBe(5);
    expect(targetQueue(zoned, target.DeadLetterConfig.Arn)).toBe('AWS::SQS::Queue');
  });

  it('may wake the scheduled functions and fill their queue, and no more', () => {
    const may = statementsOf(zoned, referenced(target.RoleArn)).flatMap(({ Action, Resource }) =>
      Resource.flatMap((resource) => Action.map((action) => `${action} on ${describeResource(zoned, resource)}`)),
    );
    expect(may.sort()).toEqual([
      ...Array<string>(4).fill('lambda:InvokeFunction on Function'),
      'sqs:SendMessage on Queue',
    ]);
  });
});

it("counts the daily schedules' hours in the desk's zone, clock changes included", () => {
  const zoned = someOf(templateFor({ deskTimeZone: 'America/New_York' }), 'AWS::Scheduler::Schedule');
  const daily = zoned.filter(({ properties }) => String(properties.ScheduleExpression).startsWith('cron'));
  expect(daily).not.toEqual([]);
  for (const { properties } of daily) expect(properties.ScheduleExpressionTimezone).toBe('America/New_York');
});

it('encrypts every dead-letter queue and lets nobody in without TLS', () => {
  const queues = someOf(template, 'AWS::SQS::Queue');
  expect(queues).toHaveLength(3);
  for (const { properties } of queues) {
    expect(properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 86_400 });
  }
  const guarded = someOf(template, 'AWS::SQS::QueuePolicy').map(({ properties }) => JSON.stringify(properties));
  expect(guarded.filter((policy) => policy.includes('"aws:SecureTransport":"false"'))).toHaveLength(3);
});

describe('mail', () => {
  const status = (of: typeof template) => String(of.Outputs?.Mail?.Value);
  const sending = (of: typeof template, name: string) =>
    statementsOf(of, referenced(functionOf(of, name).properties.Role)).filter(({ Action }) =>
      Action.includes('ses:SendRawEmail'),
    );

  it('is off without a sender, and says how to switch it on', () => {
    expect(status(template)).toMatch(/^off: .*-c sender=/);
    expect(Object.values(template.Resources).filter(({ Type }) => Type.startsWith('AWS::SES'))).toEqual([]);
    for (const name of ['notify', 'remind', 'report']) {
      expect(sending(template, name)).toEqual([]);
      const { Variables } = functionOf(template, name).properties.Environment as { Variables: Record<string, string> };
      expect(Object.keys(Variables)).not.toContain('SENDER');
      expect(Object.keys(Variables)).not.toContain('MANAGERS');
    }
  });

  it('goes out from the verified address alone, to whatever address the sandbox wants a right for', () => {
    const on = templateFor(WITH_MAIL);
    expect(status(on)).toMatch(/^on, from support@example\.com\. SES has sent a link/);
    expect(oneOf(on, 'AWS::SES::EmailIdentity').properties.EmailIdentity).toBe('support@example.com');
    for (const name of ['notify', 'remind', 'report']) {
      const [statement, ...others] = sending(on, name);
      expect(others).toEqual([]);
      expect(statement?.Resource.map((resource) => describeResource(on, resource))).toEqual([
        'ConfigurationSet',
        'identity/*',
      ]);
      expect(statement?.Condition).toEqual({ StringEquals: { 'ses:FromAddress': 'support@example.com' } });
      expect(functionOf(on, name).properties.Environment).toMatchObject({
        Variables: { SENDER: 'support@example.com', MANAGERS: 'ann@example.com,bob@example.com' },
      });
    }
  });

  it('proves a whole domain when asked to, and tells the DNS records for it', () => {
    const on = templateFor({ ...WITH_MAIL, senderIdentity: 'domain' });
    expect(oneOf(on, 'AWS::SES::EmailIdentity').properties.EmailIdentity).toBe('example.com');
    // The address may be verified by itself, too: then SES takes that for the identity.
    expect(sending(on, 'notify')).toEqual(sending(templateFor(WITH_MAIL), 'notify'));
    expect(Object.keys(on.Outputs ?? {})).toEqual(
      expect.arrayContaining(['MailDnsRecord1', 'MailDnsRecord2', 'MailDnsRecord3']),
    );
  });

  it.each(['address', 'domain'])('keeps its proof when the stack goes or no longer names it: %s', (senderIdentity) => {
    const on = templateFor({ ...WITH_MAIL, senderIdentity });
    // A first deployment that fails takes it back, or the next one would find it there.
    const kept = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };
    expect(oneOf(on, 'AWS::SES::EmailIdentity').resource).toMatchObject(kept);
  });

  it('leaves alone an identity that the account has already', () => {
    const on = templateFor({ ...WITH_MAIL, senderIdentity: 'existing' });
    expect(Object.values(on.Resources).filter(({ Type }) => Type === 'AWS::SES::EmailIdentity')).toEqual([]);
    expect(sending(on, 'notify')).toEqual(sending(templateFor(WITH_MAIL), 'notify'));
  });
});
