/** How SES tells of mail that failed: nothing of it without a sender, and with one no right and no door too many. */
import { describe, expect, it } from 'vitest';
import {
  allOf,
  describeResource,
  functionOf,
  FUNCTIONS,
  oneOf,
  referenced,
  someOf,
  statementsOf,
  templateFor,
  WITH_MAIL,
} from './support.ts';

const template = templateFor(WITH_MAIL);
const topic = oneOf(template, 'AWS::SNS::Topic');
const key = oneOf(template, 'AWS::KMS::Key');
const set = oneOf(template, 'AWS::SES::ConfigurationSet');

interface Policy {
  readonly Statement: readonly Record<string, any>[];
}

it('is not there without a sender', () => {
  const without = templateFor();
  expect(Object.values(without.Resources).filter(({ Type }) => /^AWS::(KMS|SES|SNS)::/.test(Type))).toEqual([]);
  expect(someOf(without, 'AWS::Lambda::Function')).toHaveLength(FUNCTIONS.length);
});

it('adds one function, which has its dead-letter queue', () => {
  expect(someOf(template, 'AWS::Lambda::Function')).toHaveLength(FUNCTIONS.length + 1);
});

it('tells of bounces, complaints and rejects alone, and keeps no second list of stopped addresses', () => {
  expect(set.properties.SuppressionOptions).toEqual({ SuppressedReasons: [] });
  expect(oneOf(template, 'AWS::SES::ConfigurationSetEventDestination').properties).toEqual({
    ConfigurationSetName: { Ref: set.id },
    EventDestination: {
      Enabled: true,
      MatchingEventTypes: ['bounce', 'complaint', 'reject'],
      SnsDestination: { TopicARN: { Ref: topic.id } },
    },
  });
});

it('is what every function sends with that sends', () => {
  for (const name of ['notify', 'remind', 'report']) {
    expect(functionOf(template, name).properties.Environment).toMatchObject({
      Variables: { MAIL_CONFIGURATION_SET: { Ref: set.id } },
    });
  }
});

describe('the topic', () => {
  it('is encrypted with a key of its own that turns, and that SES may use', () => {
    expect(topic.properties.KmsMasterKeyId).toEqual({ 'Fn::GetAtt': [key.id, 'Arn'] });
    expect(key.properties.EnableKeyRotation).toBe(true);
    const [owner, ses, ...others] = (key.properties.KeyPolicy as Policy).Statement;
    expect(others).toEqual([]);
    expect(JSON.stringify(owner?.Principal)).toContain(':root');
    expect(ses).toEqual({
      Effect: 'Allow',
      Principal: { Service: 'ses.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: '*',
    });
  });

  it('takes what SES tells of this set in this account, over TLS alone', () => {
    const { PolicyDocument } = oneOf(template, 'AWS::SNS::TopicPolicy').properties as { PolicyDocument: Policy };
    const [tls, ses, ...others] = PolicyDocument.Statement;
    expect(others).toEqual([]);
    expect(tls).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    expect(ses).toMatchObject({ Effect: 'Allow', Action: 'sns:Publish', Principal: { Service: 'ses.amazonaws.com' } });
    const { StringEquals } = ses?.Condition as { StringEquals: Record<string, unknown> };
    expect(StringEquals['AWS:SourceAccount']).toEqual({ Ref: 'AWS::AccountId' });
    expect(JSON.stringify(StringEquals['AWS:SourceArn'])).toContain(`{"Ref":"${set.id}"}`);
  });

  it('calls the function and nobody else, and puts aside what it can’t hand over', () => {
    const { id } = functionOf(template, 'mail-events');
    const { properties } = oneOf(template, 'AWS::SNS::Subscription');
    expect(properties).toMatchObject({ Protocol: 'lambda', Endpoint: { 'Fn::GetAtt': [id, 'Arn'] } });
    const { deadLetterTargetArn } = properties.RedrivePolicy as { deadLetterTargetArn: unknown };
    expect(template.Resources[referenced(deadLetterTargetArn)]?.Type).toBe('AWS::SQS::Queue');
    const permissions = allOf(template, 'AWS::Lambda::Permission')
      .map((one) => one.properties)
      .filter(({ FunctionName }) => JSON.stringify(FunctionName).includes(id));
    expect(permissions).toEqual([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: { 'Fn::GetAtt': [id, 'Arn'] },
        Principal: 'sns.amazonaws.com',
        SourceArn: { Ref: topic.id },
      },
    ]);
  });
});

it('may do exactly its work', () => {
  const { properties } = functionOf(template, 'mail-events');
  const granted = statementsOf(template, referenced(properties.Role)).flatMap(({ Action, Resource }) =>
    Resource.flatMap((resource) => Action.map((action) => `${action} on ${describeResource(template, resource)}`)),
  );
  expect(granted.sort()).toEqual(
    [
      ...['BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem'].map((action) => `dynamodb:${action} on Table`),
      'logs:CreateLogStream on LogGroup',
      'logs:PutLogEvents on LogGroup',
      'sqs:SendMessage on Queue',
      'xray:PutTelemetryRecords on *',
      'xray:PutTraceSegments on *',
    ].sort(),
  );
});
