/**
 * The outbox: the events that a transaction wrote to the table reach the dispatch function through the table's stream, at least
 * once. What can't be delivered goes to a dead-letter queue. The trap: with a parallelization factor Lambda keeps the order of one item
 * alone, by partition and sort key, and each event is an item of its own; so nothing behind may count on a ticket's events in their order.
 */
import { Duration, Validations } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { EVENT_PREFIX, INBOUND_PREFIX, TO_ANSWER_ATTRIBUTE } from '../lambdas/store/keys.ts';
import type { DeskConfig } from './config.ts';
import { DeadLetters } from './dead-letters.ts';
import { DeskFunction } from './function.ts';
import type { DeskTable } from './table.ts';
import type { TicketClock } from './workflow.ts';

/** What a transaction adds to a timeline; the tickets, accounts and keys it writes beside are nobody's message. */
const NEW_EVENTS = { eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: [{ prefix: EVENT_PREFIX }] } } } };
/** And mails that came in and are to be answered, some of them after a manager has looked at them. */
const MAILS_TO_ANSWER = {
  eventName: ['INSERT', 'MODIFY'],
  dynamodb: {
    Keys: { pk: { S: [{ prefix: INBOUND_PREFIX }] } },
    NewImage: { [TO_ANSWER_ATTRIBUTE]: { BOOL: [true] } },
  },
};

export interface DispatchProps {
  readonly config: DeskConfig;
  readonly table: DeskTable;
  readonly clock: TicketClock;
  readonly bus: IEventBus;
}

export class Dispatch extends Construct {
  readonly function: DeskFunction;
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { config, table, clock, bus }: DispatchProps) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    this.function = new DeskFunction(this, 'Dispatch', {
      config,
      handler: 'dispatch',
      description: "Starts and signals the tickets' clocks and publishes their events.",
      timeout: Duration.seconds(30),
      environment: { TABLE_NAME: table.name, STATE_MACHINE_ARN: clock.arn, BUS_NAME: bus.eventBusName },
    });
    this.function.allow(['dynamodb:GetItem'], [table.arn]);
    this.function.allow(['states:StartExecution', 'states:SendTaskSuccess', 'states:SendTaskFailure'], [clock.arn]);
    this.function.allow(['events:PutEvents'], [bus.eventBusArn]);
    this.function.function.addEventSource(this.eventsOf(table));
    Validations.of(this.function.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'dynamodb:ListStreams, which the stream mapping needs, knows no resources.',
    });
  }

  /**
   * A record is tried ten times more, the batch halved where it fails, which rides out some minutes of trouble; and none that is older
   * than an hour, when the sweep has taken over and order is moot.
   */
  private eventsOf({ table }: DeskTable): DynamoEventSource {
    return new DynamoEventSource(table, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 10,
      parallelizationFactor: 4,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: 10,
      maxRecordAge: Duration.hours(1),
      onFailure: new SqsDlq(this.deadLetters),
      filters: [FilterCriteria.filter(NEW_EVENTS), FilterCriteria.filter(MAILS_TO_ANSWER)],
    });
  }
}
