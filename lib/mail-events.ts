/**
 * What SES tells of the mails that the desk sent: bounces, complaints and mails that it refused reach the mail-events function over a
 * topic of their own, encrypted and over TLS alone. It exists only where mail goes out. The trap: SES may use a key only where the key's
 * own policy says so, which the keys that AWS manages for SNS never do.
 */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { EmailSendingEvent, EventDestination, type ConfigurationSet } from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { DeskConfig } from './config.ts';
import { DeadLetters } from './dead-letters.ts';
import { DeskFunction } from './function.ts';
import type { DeskTable } from './table.ts';

export interface MailEventsProps {
  readonly config: DeskConfig;
  readonly table: DeskTable;
  /** The set that every mail of the desk is sent with. */
  readonly configurationSet: ConfigurationSet;
}

/** What a failure does to the table: read together, then one transaction; an address of no ticket is read by itself. */
const ACTIONS = ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'].map((action) => `dynamodb:${action}`);

export class MailEvents extends Construct {
  readonly function: DeskFunction;
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { config, table, configurationSet }: MailEventsProps) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    this.function = new DeskFunction(this, 'Function', {
      config,
      handler: 'mail-events',
      description: 'Notes mails that did not arrive, and stops mail to addresses that bounce or complain.',
      timeout: Duration.seconds(30),
      environment: { TABLE_NAME: table.name },
    });
    this.function.allow(ACTIONS, [table.arn]);
    this.function.keepFailures(this.deadLetters);
    const topic = new Topic(this, 'Topic', { masterKey: this.createKey(), enforceSSL: true });
    // The queue also takes what SNS itself could not hand to the function.
    topic.addSubscription(new LambdaSubscription(this.function.function, { deadLetterQueue: this.deadLetters }));
    configurationSet.addEventDestination('Events', {
      destination: EventDestination.snsTopic(topic),
      events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT, EmailSendingEvent.REJECT],
    });
  }

  /**
   * It protects what is under way for moments, so nothing is lost with it. SES comes to it by way of the topic alone, whose own policy says
   * for which account and which configuration set.
   */
  private createKey(): Key {
    const key = new Key(this, 'Key', {
      description: 'Encrypts what SES tells of mails, on its way to the desk.',
      enableKeyRotation: true,
      pendingWindow: Duration.days(7),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('ses.amazonaws.com')],
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: ['*'],
      }),
    );
    return key;
  }
}
