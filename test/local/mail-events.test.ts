/** The local desk as SES and SNS where mail fails: what it tells whom, and the templates that it can't follow. */
import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { describe, expect, it, onTestFinished } from 'vitest';
import { topics } from '../../lib/local/aws/topics.ts';
import { DeskClock } from '../../lib/local/clock.ts';
import { LOCAL_ISSUER } from '../../lib/local/issuer.ts';
import { readTemplate } from '../../lib/local/template/blueprint.ts';
import { deskOfThisFile } from '../support/desk.ts';
import { functionResource, miniTemplate, type Resource } from './support/mini-template.ts';

const desk = deskOfThisFile();

describe('POST /local/mail/bounce', () => {
  const post = (body: object) => desk.manager.post('/local/mail/bounce', body);
  const sendWith = (ConfigurationSetName?: string) => {
    const ses = new SESClient({
      endpoint: desk.desk.awsEndpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    onTestFinished(() => {
      ses.destroy();
    });
    const Data = Buffer.from('From: support@desk.example.com\r\nSubject: Hello\r\n\r\nHello.');
    const Destinations = [`${ConfigurationSetName ?? 'none'}@example.com`];
    return ses.send(new SendRawEmailCommand({ Destinations, RawMessage: { Data }, ConfigurationSetName }));
  };

  it.each([
    ['an address that got no mail', { to: 'nobody@example.com', type: 'bounce' }, 404],
    ['a failure that SES does not know', { to: 'nobody@example.com', type: 'rain' }, 400],
    ['something that is no address', { to: 'nobody', type: 'bounce' }, 400],
    ['anything beside', { to: 'nobody@example.com', type: 'bounce', permanent: true }, 400],
  ])('refuses %s', async (_, body, status) => {
    expect((await post(body)).status).toBe(status);
  });

  it('tells nobody of a mail that was sent without a configuration set, as SES would not', async () => {
    await sendWith();
    expect(await post({ to: 'none@example.com', type: 'bounce' })).toMatchObject({ status: 409 });
  });

  it('is about the latest mail to the address, and answers when all that follows has happened', async () => {
    const [{ configurationSet } = { configurationSet: '' }] = desk.desk.blueprint.mailEvents;
    await sendWith(configurationSet);
    const to = `${configurationSet}@example.com`;
    const { MessageId } = await sendWith(configurationSet);
    expect((await post({ to: to.toUpperCase(), type: 'complaint' })).body).toEqual({ messageId: MessageId });
    const { items } = (await desk.manager.get('/v1/mail-stops')).body;
    expect(items).toMatchObject([{ email: to.toLowerCase(), state: 'complained' }]);
  });

  it('SES refuses a configuration set that is not there', async () => {
    await expect(sendWith('other')).rejects.toThrow(/Configuration set <other> does not exist/);
  });
});

it('a topic hands what is published to each of its functions, at the desk’s moment', () => {
  const taken: [string, any][] = [];
  const clock = new DeskClock({ startAt: Date.parse('2026-03-02T15:00:00.000Z'), onError: () => undefined });
  onTestFinished(() => {
    clock.stop();
  });
  const publish = topics({
    subscriptions: [
      { id: 'One', topicArn: 'arn:aws:sns:t', functionArn: 'f1' },
      { id: 'Two', topicArn: 'arn:aws:sns:t', functionArn: 'f2' },
      { id: 'Other', topicArn: 'arn:aws:sns:u', functionArn: 'f3' },
    ],
    clock,
    accept: (functionArn, event) => taken.push([functionArn, event]),
  });
  publish('arn:aws:sns:t', 'Subject', '{"a":1}');
  expect(taken.map(([functionArn]) => functionArn)).toEqual(['f1', 'f2']);
  expect(taken[0]?.[1].Records).toMatchObject([
    { EventSource: 'aws:sns', Sns: { TopicArn: 'arn:aws:sns:t', Subject: 'Subject', Message: '{"a":1}' } },
  ]);
  expect(taken[0]?.[1].Records[0].Sns.Timestamp).toMatch(/^2026-03-02T15:00:/);
});

describe('the mail events of a template', () => {
  const reading = (changes: Record<string, Record<string, unknown>> = {}) => {
    const template = miniTemplate(LOCAL_ISSUER);
    const resources: Record<string, Resource> = {
      Failed: functionResource('failed.ts'),
      Topic: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: 'key' } },
      Subscription: {
        Type: 'AWS::SNS::Subscription',
        Properties: {
          ...{ Protocol: 'lambda', TopicArn: { Ref: 'Topic' }, Endpoint: { 'Fn::GetAtt': ['Failed', 'Arn'] } },
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetters', 'Arn'] } },
        },
      },
      Set: { Type: 'AWS::SES::ConfigurationSet', Properties: { SuppressionOptions: { SuppressedReasons: [] } } },
      Destination: {
        Type: 'AWS::SES::ConfigurationSetEventDestination',
        Properties: {
          ConfigurationSetName: { Ref: 'Set' },
          EventDestination: {
            ...{ Enabled: true, MatchingEventTypes: ['bounce', 'complaint'] },
            SnsDestination: { TopicARN: { Ref: 'Topic' } },
          },
        },
      },
    };
    for (const [id, properties] of Object.entries(changes)) {
      const all = { ...resources[id]!.Properties, ...properties };
      resources[id]!.Properties = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    }
    Object.assign(template.Resources, resources);
    return () => readTemplate(template);
  };

  it('say which set tells what to which topic, and whom the topic calls', () => {
    const { subscriptions, mailEvents } = reading()();
    const topicArn = 'arn:aws:sns:us-east-1:000000000000:Topic';
    const functionArn = expect.stringMatching(/function:Failed$/);
    expect(subscriptions).toEqual([{ id: 'Subscription', topicArn, functionArn }]);
    expect(mailEvents).toMatchObject([
      { configurationSet: 'Set', destinations: [{ eventTypes: ['bounce', 'complaint'], topicArn }] },
    ]);
  });

  it('leave out a person, who gets no mail from here', () => {
    const Subscription = { Protocol: 'email', Endpoint: 'ops@example.com', RedrivePolicy: undefined };
    const template = reading({ Subscription });
    expect(template().subscriptions).toEqual([]);
  });

  const destination = (changes: object) => ({
    Destination: {
      EventDestination: {
        ...{ Enabled: true, MatchingEventTypes: ['bounce'], SnsDestination: { TopicARN: { Ref: 'Topic' } } },
        ...changes,
      },
    },
  });
  it.each<[string, Record<string, Record<string, unknown>>, RegExp]>([
    ['of opened mails', destination({ MatchingEventTypes: ['open'] }), /MatchingEventTypes/],
    ['that are switched off', destination({ Enabled: false }), /Enabled/],
    ['for a stream', destination({ KinesisFirehoseDestination: {} }), /KinesisFirehoseDestination/],
    ['for another topic', destination({ SnsDestination: { TopicARN: 'arn:aws:sns:x' } }), /no topic/],
    ['of another set', { Destination: { ConfigurationSetName: 'Other' } }, /no configuration set/],
    ['for a queue', { Subscription: { Protocol: 'sqs' } }, /Protocol/],
    ['by a filter', { Subscription: { FilterPolicy: {} } }, /FilterPolicy/],
    ['of no function', { Subscription: { Endpoint: 'arn:aws:lambda:x' } }, /no function/],
    ['put aside nowhere', { Subscription: { RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:x' } } }, /no queue/],
    ['in order', { Topic: { FifoTopic: true } }, /FifoTopic/],
    ['with a second list', { Set: { SuppressionOptions: { SuppressedReasons: ['BOUNCE'] } } }, /SuppressedReasons/],
    ['of a set that sends nothing', { Set: { SendingOptions: { SendingEnabled: false } } }, /SendingEnabled/],
  ])('are refused %s', (_, changes, message) => {
    expect(reading(changes)).toThrow(message);
  });
});
