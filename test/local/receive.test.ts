/** The local desk as SES: what it takes, how it hands a mail on, and the receipt rules that it can't follow. */
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LOCAL_ISSUER } from '../../lib/local/issuer.ts';
import { readTemplate } from '../../lib/local/template/blueprint.ts';
import { customerOn, deskOfThisFile } from '../support/desk.ts';
import { GOOD, rawMail } from '../support/mail.ts';
import { miniTemplate } from './support/mini-template.ts';

const desk = deskOfThisFile();
const arrival = (changes: object = {}) => ({
  raw: rawMail(),
  envelope: { from: 'ann@example.com', recipients: ['support@desk.example.com'] },
  verdicts: GOOD,
  ...changes,
});
const post = (body: object) => desk.manager.post('/local/mail/inbound', body);

describe('POST /local/mail/inbound', () => {
  it.each([
    ['nobody here', { envelope: { from: 'a@example.com', recipients: ['support@example.com'] } }],
    ['a subdomain', { envelope: { from: 'a@example.com', recipients: ['a@b.desk.example.com'] } }],
    ['no recipient', { envelope: { from: 'a@example.com', recipients: [] } }],
    ['something else', { priority: 'urgent' }],
    ['an unknown policy', { verdicts: { ...GOOD, dmarcPolicy: 'perhaps' } }],
  ])('refuses a mail for %s', async (_, changes) => {
    const { status, body } = await post(arrival(changes));
    expect([status, body.type]).toEqual([400, 'urn:makegood:problem:validation']);
  });

  it('takes bytes in three encodings, and mail far larger than other local requests', async () => {
    const customer = await customerOn(desk, 'scalix-basic', { units: 50 });
    const textOf = async (raw: Buffer, encoding: 'utf8' | 'latin1' | 'base64') => {
      const { body } = await post(arrival({ raw: raw.toString(encoding), encoding }));
      expect(body).toMatchObject({ outcome: 'opened' });
      await desk.settled();
      return (await customer.administrator.get(`/v1/tickets/${body.ticketId}`)).body.description as string;
    };
    const latin = Buffer.from(rawMail({ text: 'Grüße' }).replace('utf-8', 'iso-8859-1'), 'latin1');
    expect(await textOf(Buffer.from(rawMail({ text: 'Grüße' })), 'utf8')).toBe('Grüße');
    expect(await textOf(latin, 'latin1')).toBe('Grüße');
    expect(await textOf(latin, 'base64')).toBe('Grüße');
    expect(await textOf(Buffer.from(rawMail({ text: 'x'.repeat(3_000_000) })), 'utf8')).toHaveLength(20_000);
  });

  it('keeps a record of a mail that it did not take, with the reason and no word of it', async () => {
    const { body } = await post(
      arrival({ raw: rawMail({ from: 'Eve <eve@example.net>', subject: 'secret', text: 'secret' }) }),
    );
    expect(body).toMatchObject({ outcome: 'refused' });
    const client = new DynamoDBClient({
      endpoint: desk.desk.engineEndpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    onTestFinished(() => {
      client.destroy();
    });
    const { Items = [] } = await client.send(new ScanCommand({ TableName: desk.desk.blueprint.tables[0]!.name }));
    const kept = Items.filter(({ entity, record }) => entity?.S === 'inbound-mail' && record?.S?.includes('refused'));
    expect(kept.map(({ record }) => JSON.parse(record!.S!))).toEqual([
      expect.objectContaining({ code: 'stranger', reason: body.reason, sender: 'eve@example.net' }),
    ]);
    // It waits for nobody.
    expect(kept[0]?.queuePk).toBeUndefined();
    expect(JSON.stringify(Items)).not.toContain('secret');
  });
});

describe('a receipt rule', () => {
  const rule = (changes: object = {}, actions?: object[]) => {
    const template = miniTemplate(LOCAL_ISSUER);
    const wake = { LambdaAction: { FunctionArn: { 'Fn::GetAtt': ['Api', 'Arn'] }, InvocationType: 'Event' } };
    const store = { S3Action: { BucketName: { Ref: 'Mails' }, ObjectKeyPrefix: 'in/' } };
    Object.assign(template.Resources, {
      Mails: { Type: 'AWS::S3::Bucket', Properties: {} },
      Rules: { Type: 'AWS::SES::ReceiptRuleSet', Properties: {} },
      Receive: {
        Type: 'AWS::SES::ReceiptRule',
        Properties: {
          RuleSetName: { Ref: 'Rules' },
          Rule: {
            Enabled: true,
            ScanEnabled: true,
            TlsPolicy: 'Require',
            Recipients: ['Desk.example.com'],
            Actions: actions?.map((one) => ('S3Action' in one ? one : wake)) ?? [store, wake],
            ...changes,
          },
        },
      },
    });
    return () => readTemplate(template).receiptRules;
  };

  it('says for whom mail is taken, where it is stored, and who is woken', () => {
    expect(rule()()).toEqual([
      {
        recipients: ['desk.example.com'],
        bucket: 'mails',
        prefix: 'in/',
        functionArn: expect.stringMatching(/function:Api$/),
      },
    ]);
  });

  it.each([
    ['without a scan', rule({ ScanEnabled: false }), /nobody scanned/],
    ['for everybody', rule({ Recipients: [] }), /Recipients/],
    ['that wakes before it stores', rule({}, [{}, { S3Action: { BucketName: { Ref: 'Mails' } } }]), /Actions/],
    ['with a bucket of somebody else', rule({}, [{ S3Action: { BucketName: 'others' } }, {}]), /no bucket/],
  ])('is refused %s', (_, reading, message) => {
    expect(reading).toThrow(message);
  });
});
