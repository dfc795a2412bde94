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
const bucketOf = (id: string) => {
  const [found, ...others] = someOf(template, 'AWS::S3::Bucket').filter((each) => each.id.includes(id));
  if (!found || others.length > 0) throw new Error(`no one bucket ${id}`);
  return found;
};
const bucket = bucketOf('InboundMailBucket');
const attachments = bucketOf('InboundMailAttachments');
const policyOf = (id: string) =>
  someOf(template, 'AWS::S3::BucketPolicy')
    .map(({ properties }) => properties)
    .find(({ Bucket }) => referenced(Bucket) === id)?.PolicyDocument as { Statement: Record<string, unknown>[] };
const OVER_TLS_ALONE = { Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };

it('is not there without a domain', () => {
  const without = templateFor();
  expect(Object.values(without.Resources).filter(({ Type }) => /^AWS::(S3|SES)::/.test(Type))).toEqual([]);
  expect(someOf(without, 'AWS::Lambda::Function')).toHaveLength(FUNCTIONS.length);
  expect(without.Outputs).not.toHaveProperty('MailIn');
});

it('adds one function, which has its dead-letter queue, and the CDK’s own for the deployment', () => {
  expect(someOf(template, 'AWS::Lambda::Function')).toHaveLength(FUNCTIONS.length + 2);
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

const KEPT = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };

describe('the rule set', () => {
  const activation = oneOf(template, 'Custom::ActiveReceiptRuleSet');
  const provider = template.Resources[referenced(activation.properties.ServiceToken)]!;
  const rule = oneOf(template, 'AWS::SES::ReceiptRule');

  it('is made the active one by every deployment, once its rule is there', () => {
    const call = JSON.stringify(activation.properties.Update).replaceAll('\\', '');
    expect(call).toContain('"service":"SES","action":"setActiveReceiptRuleSet"');
    expect(call).toContain(`"RuleSetName":"",{"Ref":"${oneOf(template, 'AWS::SES::ReceiptRuleSet').id}"}`);
    expect(activation.properties.Create).toEqual(activation.properties.Update);
    expect(activation.properties.InstallLatestAwsSdk).toBe(false);
    expect(activation.resource.DependsOn).toContain(rule.id);
  });

  it('is left as it is when the stack goes: it may be the active one, or somebody else’s may be', () => {
    expect(activation.properties).not.toHaveProperty('Delete');
    expect(oneOf(template, 'AWS::SES::ReceiptRuleSet').resource).toMatchObject(KEPT);
  });

  it('is activated by a function that may do nothing else', () => {
    const granted = statementsOf(template, referenced(provider.Properties?.Role)).flatMap(({ Action, Resource }) =>
      Resource.flatMap((resource) => Action.map((action) => `${action} on ${describeResource(template, resource)}`)),
    );
    expect(granted.sort()).toEqual([
      'logs:CreateLogStream on LogGroup',
      'logs:PutLogEvents on LogGroup',
      'ses:SetActiveReceiptRuleSet on *',
    ]);
    expect(provider.Properties?.Runtime).toBe('nodejs24.x');
  });

  it('is only prepared where another one is to stay', () => {
    const prepared = templateFor({ ...WITH_INBOUND, mailRuleSet: 'prepared' });
    expect(allOf(prepared, 'Custom::ActiveReceiptRuleSet')).toEqual([]);
    expect(someOf(prepared, 'AWS::Lambda::Function')).toHaveLength(FUNCTIONS.length + 1);
    const told = JSON.stringify(prepared.Outputs?.MailIn?.Value);
    expect(told).toMatch(/not switched on.*copy the rule.*MX/);
    // That would switch off the one that is to stay.
    expect(told).not.toContain('set-active-receipt-rule-set');
    expect(oneOf(prepared, 'AWS::SES::ReceiptRuleSet').resource).toMatchObject(KEPT);
  });

  it('is told of, with what is left to do', () => {
    expect(JSON.stringify(template.Outputs?.MailIn?.Value)).toMatch(/^.*on: .*verify the domain.*MX/);
    expect(template.Outputs?.MailInRuleSet?.Value).toEqual({ Ref: oneOf(template, 'AWS::SES::ReceiptRuleSet').id });
  });
});

it('says where to find what the function gave up on', () => {
  expect(template.Outputs?.InboundFunction?.Value).toEqual({ Ref: functionOf(template, 'inbound').id });
  expect(template.Outputs?.InboundDeadLetters?.Value).toEqual({
    Ref: expect.stringMatching(/^InboundMailDeadLetters/),
  });
});

describe('a bucket', () => {
  it.each([
    ['mails', bucket],
    ['files', attachments],
  ])('of %s is encrypted, private and outlives the stack', (_, { properties, resource }) => {
    expect(properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    expect(resource).toMatchObject(KEPT);
  });

  it('forgets mails after a year, files of tickets never, and what was not uploaded whole after a day', () => {
    const rulesOf = ({ properties }: typeof bucket) =>
      (properties.LifecycleConfiguration as { Rules: unknown[] }).Rules;
    const upload = { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' };
    expect(rulesOf(bucket)).toEqual([{ ...upload, ExpirationInDays: 365 }]);
    expect(rulesOf(attachments)).toEqual([upload]);
  });

  it('lets SES put mail of this account there, and nobody come without TLS', () => {
    expect(policyOf(bucket.id).Statement).toMatchObject([
      OVER_TLS_ALONE,
      {
        Effect: 'Allow',
        Action: 's3:PutObject',
        Principal: { Service: 'ses.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
    expect(policyOf(bucket.id).Statement).toHaveLength(2);
    expect(policyOf(attachments.id).Statement).toMatchObject([OVER_TLS_ALONE]);
    expect(policyOf(attachments.id).Statement).toHaveLength(1);
  });
});

const BUCKETS = { MAIL_BUCKET: { Ref: bucket.id }, ATTACHMENT_BUCKET: { Ref: attachments.id } };

const grantsOn = (of: typeof template, name: string) =>
  statementsOf(of, referenced(functionOf(of, name).properties.Role)).flatMap(({ Action, Resource }) =>
    Resource.flatMap((resource) => Action.map((action) => `${action} on ${describeResource(of, resource)}`)),
  );
/** What a function may do because mail comes in. */
const addedTo = (name: string): string[] => {
  const before = new Set(grantsOn(templateFor(), name));
  return grantsOn(template, name)
    .filter((granted) => !before.has(granted))
    .toSorted();
};
const environmentOf = (of: typeof template, name: string) =>
  JSON.stringify(functionOf(of, name).properties.Environment);

describe('the HTTP API', () => {
  it('may give links to mails and their files by the function for files, and by no other', () => {
    expect(addedTo('files')).toEqual(['s3:GetObject on /attachments/*', 's3:GetObject on /inbound/*']);
    expect(functionOf(template, 'files').properties.Environment).toMatchObject({ Variables: BUCKETS });
    expect(environmentOf(template, 'files')).not.toContain('REPLY_SECRET');
  });

  it('handles a mail as the inbound function does where a manager releases one, and nowhere else', () => {
    expect(addedTo('quarantine')).toEqual(['s3:GetObject on /inbound/*', 's3:PutObject on /attachments/*']);
    expect(functionOf(template, 'quarantine').properties.Environment).toMatchObject({
      Variables: { ...BUCKETS, MAIL_DOMAIN: 'desk.example.com' },
    });
  });

  it('has nothing to do with mails in the function for everything else', () => {
    expect(addedTo('api')).toEqual([]);
    expect(environmentOf(template, 'api')).not.toMatch(/MAIL_|BUCKET/);
  });

  it('removes what an erased person sent by the function for erasures, and reads nothing there', () => {
    expect(addedTo('erasure')).toEqual(['s3:DeleteObject on /attachments/*', 's3:DeleteObject on /inbound/*']);
    expect(functionOf(template, 'erasure').properties.Environment).toMatchObject({ Variables: BUCKETS });
  });

  it.each(['files', 'quarantine', 'erasure'])('has nothing of it in the %s function where no mail comes in', (name) => {
    expect(environmentOf(templateFor(), name)).not.toMatch(/MAIL_|BUCKET/);
    expect(grantsOn(templateFor(), name).filter((granted) => granted.startsWith('s3:'))).toEqual([]);
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
        's3:PutObject on /attachments/*',
        'sqs:SendMessage on Queue',
        'xray:PutTelemetryRecords on *',
        'xray:PutTraceSegments on *',
      ].sort(),
    );
  });

  it('knows the table and the buckets', () => {
    expect(properties.Environment).toMatchObject({
      Variables: { TABLE_NAME: { Ref: oneOf(template, 'AWS::DynamoDB::Table').id }, ...BUCKETS },
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
