/**
 * SNS as far as the desk uses it: what is published to a topic is handed to the functions that subscribe to it, each by itself and at
 * least once. It must not know what a message says.
 */
import { randomUUID } from 'node:crypto';
import type { DeskClock } from '../clock.ts';
import type { SubscriptionPlan } from '../template/mail-events-plan.ts';
import { ACCOUNT, REGION } from '../template/resolve.ts';

export interface TopicsOptions {
  readonly subscriptions: readonly SubscriptionPlan[];
  readonly clock: DeskClock;
  /** Takes an event for a function, to run it later. */
  readonly accept: (functionArn: string, event: unknown) => void;
}

/** Publishes a message with its subject to a topic. */
export type Publish = (topicArn: string, subject: string, message: string) => void;

export function topics({ subscriptions, clock, accept }: TopicsOptions): Publish {
  return (topicArn, subject, message) => {
    const MessageId = randomUUID();
    const Timestamp = new Date(clock.now()).toISOString();
    for (const { id, functionArn } of subscriptions.filter((one) => one.topicArn === topicArn)) {
      const EventSubscriptionArn = `${topicArn}:${id}`;
      accept(functionArn, {
        Records: [
          {
            EventSource: 'aws:sns',
            EventVersion: '1.0',
            EventSubscriptionArn,
            Sns: {
              ...{ Type: 'Notification', MessageId, TopicArn: topicArn, Subject: subject, Message: message, Timestamp },
              // Nothing here checks a signature.
              ...{ SignatureVersion: '1', Signature: 'local', SigningCertUrl: 'https://sns.example.com/local.pem' },
              UnsubscribeUrl: `https://sns.${REGION}.example.com/?Action=Unsubscribe&SubscriptionArn=${EventSubscriptionArn}&Account=${ACCOUNT}`,
              MessageAttributes: {},
            },
          },
        ],
      });
    }
  };
}
