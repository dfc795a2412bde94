/**
 * Mail to customers and managers: each event that a letter can come of wakes the notify function, which knows who is to be told what; so
 * does a mail that came in and is to be answered. The trap: the bus tries for a day to hand an event over; after delivery the
 * bus learns nothing of the outcome. Where the function fails, Lambda tries it twice more; both ways end in the same dead-letter queue.
 */
import { Duration } from 'aws-cdk-lib';
import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { EVENT_SOURCE } from '../lambdas/handlers/dispatch/bus-requests.ts';
import { answeredMails, mailedEvents, unmailedCauses } from '../lambdas/handlers/mail/letters.ts';
import type { DeskConfig } from './config.ts';
import { DeadLetters } from './dead-letters.ts';
import { DeskFunction } from './function.ts';
import type { Mail } from './mail.ts';
import type { DeskTable } from './table.ts';

export interface NotificationsProps {
  readonly config: DeskConfig;
  readonly table: DeskTable;
  readonly bus: IEventBus;
  readonly mail: Mail;
  /** Where people reach the desk's pages; absent: letters link to none. */
  readonly publicUrl: string | undefined;
}

export class Notifications extends Construct {
  readonly function: DeskFunction;
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { config, table, bus, mail, publicUrl }: NotificationsProps) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    this.function = new DeskFunction(this, 'Notify', {
      config,
      handler: 'notify',
      description: 'Tells people by mail what happened to a ticket.',
      timeout: Duration.seconds(30),
      environment: { TABLE_NAME: table.name, PUBLIC_URL: publicUrl, ...mail.environment, ...mail.tierEnvironment },
    });
    this.function.allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem'], [table.arn]);
    mail.allowSending(this.function, table);
    this.function.keepFailures(this.deadLetters);
    new Rule(this, 'Rule', {
      eventBus: bus,
      description: 'The events that a letter can come of, for the notify function.',
      eventPattern: {
        source: [EVENT_SOURCE],
        detailType: [
          ...mailedEvents.map((type) => `ticket.${type}`),
          ...answeredMails.map((outcome) => `mail.${outcome}`),
        ],
        detail: { cause: [{ 'anything-but': unmailedCauses }, { exists: false }] },
      },
      targets: [
        new LambdaFunction(this.function.function, {
          retryAttempts: 20,
          maxEventAge: Duration.hours(24),
          deadLetterQueue: this.deadLetters,
        }),
      ],
    });
  }
}
