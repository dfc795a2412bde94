/** The topics of the template with the functions that they call, and what SES publishes to them of the mails that it was given. */
import { functionNamed } from './function-plan.ts';
import type { FunctionPlan } from './function-plan.ts';
import * as properties from './properties.ts';
import type { Stack } from './stack.ts';
import { TemplateError } from './template-error.ts';

export type MailEventType = (typeof properties.mailEventTypes)[number];

/** A function that a topic calls. */
export interface SubscriptionPlan {
  readonly id: string;
  readonly topicArn: string;
  readonly functionArn: string;
}

/** A configuration set, and where SES tells of the mails that were sent with it. */
export interface MailEventsPlan {
  readonly configurationSet: string;
  readonly destinations: readonly { readonly eventTypes: readonly MailEventType[]; readonly topicArn: string }[];
}

interface Surroundings {
  readonly functions: readonly FunctionPlan[];
  isQueue(arn: string): boolean;
}

const topicArns = (stack: Stack): string[] =>
  stack.resources('AWS::SNS::Topic', properties.topicProperties).map(({ ref }) => ref);

export function readSubscriptions(stack: Stack, around: Surroundings): SubscriptionPlan[] {
  const topics = topicArns(stack);
  return stack
    .resources('AWS::SNS::Subscription', properties.subscriptionProperties)
    .flatMap(({ logicalId, properties: subscription }) => {
      const { TopicArn: topicArn } = subscription;
      if (!topics.includes(topicArn)) throw new TemplateError(`The subscription ${logicalId} is to no topic.`);
      if (subscription.Protocol === 'email') return [];
      const deadLetterArn = subscription.RedrivePolicy?.deadLetterTargetArn;
      if (deadLetterArn !== undefined && !around.isQueue(deadLetterArn)) {
        throw new TemplateError(`The subscription ${logicalId} sends its dead letters to something that is no queue.`);
      }
      return [
        { id: logicalId, topicArn, functionArn: functionNamed(around.functions, subscription.Endpoint, logicalId).arn },
      ];
    });
}

export function readMailEvents(stack: Stack): MailEventsPlan[] {
  const topics = topicArns(stack);
  const sets = stack.resources('AWS::SES::ConfigurationSet', properties.configurationSetProperties);
  const destinations = stack
    .resources('AWS::SES::ConfigurationSetEventDestination', properties.eventDestinationProperties)
    .map(({ logicalId, properties: { ConfigurationSetName, EventDestination } }) => {
      const { MatchingEventTypes: eventTypes, SnsDestination } = EventDestination;
      const topicArn = SnsDestination.TopicARN;
      if (!topics.includes(topicArn)) throw new TemplateError(`The event destination ${logicalId} is no topic.`);
      if (!sets.some(({ ref }) => ref === ConfigurationSetName)) {
        throw new TemplateError(`The event destination ${logicalId} is of no configuration set.`);
      }
      return { configurationSet: ConfigurationSetName, eventTypes, topicArn };
    });
  return sets.map(({ ref }) => ({
    configurationSet: ref,
    destinations: destinations.filter(({ configurationSet }) => configurationSet === ref),
  }));
}
