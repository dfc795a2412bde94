/**
 * What an operator must hear of. Each alarm's description says what it means for customers and what to do first. Without an
 * address for them the alarms still show in the console.
 */
import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { DeskConfig } from './config.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { DeskFunction } from './function.ts';
import type { DeskApi } from './http-api.ts';
import type { TicketClock } from './workflow.ts';

export interface AlarmsProps {
  readonly config: DeskConfig;
  readonly api: DeskApi;
  readonly clock: TicketClock;
  /** By the name that the alarm's id and description take. */
  readonly functions: Readonly<
    Record<
      | 'Api'
      | 'Files'
      | 'Quarantine'
      | 'Contract'
      | 'Settle'
      | 'Dispatch'
      | 'Notify'
      | 'Sweep'
      | 'Remind'
      | 'Renew'
      | 'Report',
      DeskFunction
    > & {
      readonly Inbound?: DeskFunction;
      readonly MailEvents?: DeskFunction;
    }
  >;
  readonly deadLetters: Readonly<Record<string, DeadLetters>>;
}

const PERIOD = { period: Duration.minutes(5) };
const SUM = { ...PERIOD, statistic: 'Sum' };
const MAXIMUM = { ...PERIOD, statistic: 'Maximum' };
/** The events of a ticket are meant to move within seconds; a minute late would be a visibly late signal. */
const OLDEST_EVENT_MS = 60_000;

export class Alarms extends Construct {
  readonly #topic?: Topic;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    if (props.config.alarmEmail !== undefined) {
      this.#topic = new Topic(this, 'Topic', { enforceSSL: true });
      // A policy of its own takes the place of the one that lets this account's alarms in.
      const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
      this.#topic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com', { conditions }));
      this.#topic.addSubscription(new EmailSubscription(props.config.alarmEmail));
    }
    this.watchClock(props.clock);
    this.watchFunctions(props);
    this.watchDeadLetters(props);
    this.raise(
      'ApiServerErrors',
      props.api.httpApi.metricServerError(SUM),
      5,
      'Callers get 5xx. Read the logs of the functions behind it.',
    );
  }

  private watchClock({ stateMachine }: TicketClock): void {
    const remedy =
      "A ticket's clock has stopped. The sweep restarts it once its deadline has passed; read the execution's last event for the cause.";
    this.raise('ClockFailed', stateMachine.metricFailed(SUM), 1, remedy);
    this.raise('ClockTimedOut', stateMachine.metricTimedOut(SUM), 1, remedy);
  }

  private watchFunctions({ functions }: AlarmsProps): void {
    for (const [name, { function: watched }] of Object.entries(functions)) {
      this.raise(
        `${name}Errors`,
        watched.metricErrors(SUM),
        1,
        `The ${name} function failed. Read its log by request id.`,
      );
    }
    const age = functions.Dispatch.function.metric('IteratorAge', MAXIMUM);
    this.raise(
      'DispatchLate',
      age,
      OLDEST_EVENT_MS,
      'Events wait over a minute for dispatch: clocks and mails run late.',
    );
  }

  private watchDeadLetters({ deadLetters }: AlarmsProps): void {
    for (const [name, queue] of Object.entries(deadLetters)) {
      const depth = queue.metricApproximateNumberOfMessagesVisible(MAXIMUM);
      this.raise(
        `${name}DeadLetters`,
        depth,
        1,
        `${name} gave up on something. Look at the queue; redrive after the cause is gone.`,
      );
    }
  }

  private raise(id: string, metric: IMetric, threshold: number, description: string): void {
    const alarm = new Alarm(this, id, {
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: description,
    });
    if (this.#topic !== undefined) alarm.addAlarmAction(new SnsAction(this.#topic));
  }
}
