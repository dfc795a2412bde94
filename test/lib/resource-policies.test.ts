/**
 * Whom the largest stack's resources let in by policies of their own, written by hand. A policy that is not in the table fails, and so
 * does a row for one that is gone.
 */
import { describe, expect, it } from 'vitest';
import { grantsOf, shortName, template } from './grants-told.ts';
import { allOf, API_FUNCTIONS, someOf } from './support.ts';

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
