/** The receiving side of mail in the stack: nothing of it without a domain, and with one no right and no door too many. */
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../lib/config.ts';
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
  WITH_INBOUND,
} from './support.ts';

const template = templateFor(WITH_INBOUND);
const bucket = oneOf(template, 'AWS::S3::Bucket');

it('is not there without a domain', () => {
  const without = templateFor();
  expect(Object.values(without.Resources).filter(({ Type }) => /^AWS::(S3|SES)::/.test(Type))).toEqual([]);
  expect(someOf(without, 'AWS::Lambda::Function')).toHaveLength(FUNCTIONS.length);
  expect(without.Outputs).not.toHaveProperty('MailIn');
});

it('adds one function, which has its alarm and its dead-letter queue', () => {
  expect(someOf(template, 'AWS::Lambda::Function')).toHaveLength(FUNCTIONS.length + 1);
  const alarms = someOf(template, 'AWS::CloudWatch::Alarm').map(({ id }) => id);
  expect(alarms.filter((id) => id.startsWith('AlarmsInbound'))).toHaveLength(2);
  expect(
    JSON.stringify(someOf(template, 'AWS::Lambda::EventInvokeConfig').map(({ properties }) => properties)),
  ).toContain(functionOf(template, 'inbound').id);
});

it('takes mail for the domain over TLS alone, scans it, stores it, and then wakes the function', () => {
  const { properties } = oneOf(template, 'AWS::SES::ReceiptRule');
  expect(properties.RuleSetName).toEqual({ Ref: oneOf(template, 'AWS::SES::ReceiptRuleSet').id });
  expect(properties.Rule).toEqual({
    Enabled: true,
    Recipients: ['desk.example.com'],
    ScanEnabled: true,
    TlsPolicy: 'Require',
    Actions: [
      { S3Action: { BucketName: { Ref: bucket.id }, ObjectKeyPrefix: 'inbound/' } },
      {
        LambdaAction: {
          FunctionArn: { 'Fn::GetAtt': [functionOf(template, 'inbound').id, 'Arn'] },
          InvocationType: 'Event',
        },
      },
    ],
  });
});

it('says how it is switched on', () => {
  expect(JSON.stringify(template.Outputs?.MailIn?.Value)).toMatch(
    /not yet switched on.*MX.*set-active-receipt-rule-set/,
  );
  expect(template.Outputs?.MailInRuleSet?.Value).toEqual({ Ref: oneOf(template, 'AWS::SES::ReceiptRuleSet').id });
});

describe('the bucket', () => {
  it('is encrypted, private, outlives the stack and forgets by its rule', () => {
    expect(bucket.properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 365, Status: 'Enabled' }] },
    });
    expect(bucket.resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('lets SES put mail of this account there, and nobody come without TLS', () => {
    const { PolicyDocument } = oneOf(template, 'AWS::S3::BucketPolicy').properties as {
      PolicyDocument: { Statement: Record<string, unknown>[] };
    };
    expect(PolicyDocument.Statement).toMatchObject([
      { Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      {
        Effect: 'Allow',
        Action: 's3:PutObject',
        Principal: { Service: 'ses.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
    expect(PolicyDocument.Statement).toHaveLength(2);
  });
});

describe('the inbound function', () => {
  const { id, properties } = functionOf(template, 'inbound');

  it('may do exactly its work', () => {
    const granted = statementsOf(template, referenced(properties.Role)).flatMap(({ Action, Resource }) =>
      Resource.flatMap((resource) => Action.map((action) => `${action} on ${describeResource(template, resource)}`)),
    );
    expect(granted.sort()).toEqual(
      [
        ...['BatchGetItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'].map((action) => `dynamodb:${action} on Table`),
        'logs:CreateLogStream on LogGroup',
        'logs:PutLogEvents on LogGroup',
        's3:GetObject on /inbound/*',
        'sqs:SendMessage on Queue',
        'xray:PutTelemetryRecords on *',
        'xray:PutTraceSegments on *',
      ].sort(),
    );
  });

  it('knows the table and the bucket', () => {
    expect(properties.Environment).toMatchObject({
      Variables: { TABLE_NAME: { Ref: oneOf(template, 'AWS::DynamoDB::Table').id }, MAIL_BUCKET: { Ref: bucket.id } },
    });
  });

  it('is woken by SES of this account and by nobody else', () => {
    const permissions = allOf(template, 'AWS::Lambda::Permission')
      .map((one) => one.properties)
      .filter(({ FunctionName }) => JSON.stringify(FunctionName).includes(id));
    expect(permissions).toEqual([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: { 'Fn::GetAtt': [id, 'Arn'] },
        Principal: 'ses.amazonaws.com',
        SourceAccount: { Ref: 'AWS::AccountId' },
      },
    ]);
  });
});

it('refuses a domain that is none', () => {
  for (const mailDomain of ['support@example.com', 'example', 'https://example.com', '-a.example.com', 'a..com']) {
    expect(() => readConfig({ mailDomain }, {})).toThrow(/mailDomain: .*desk\.example\.com/);
  }
  expect(readConfig({ mailDomain: 'Desk.Example.com' }, {}).mailDomain).toBe('desk.example.com');
});
