/**
 * What an operator must hear of. Each alarm says what it means and names its heading in RUNBOOK.md, which says what to do; a test holds
 * the two against each other. Without an address for them the alarms still show in the console. The trap: an alarm costs the same
 * whether or not it ever rings, so there is none that nobody would act on.
 */
import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { lambdaThrottles, lettersIn, MAXIMUM, ownMetric, SUM, tableThrottles, type Watched } from './desk-metrics.ts';

interface Rule {
  readonly metric: IMetric;
  readonly threshold: number;
  /** What it means, in a sentence. */
  readonly says: string;
  /** The heading in RUNBOOK.md, as a link to it spells it. */
  readonly runbook: string;
  /** How many periods in a row; one, unless what is watched mends itself. */
  readonly periods?: number;
  /** For what has to be there: silence is the fault. */
  readonly silenceRings?: boolean;
}

/** The events of a ticket are meant to move within seconds; a minute late would be a visibly late signal. */
const OLDEST_EVENT_MS = 60_000;
/**
 * The sweep lets a clock be two minutes late and comes every five, so it finds a dead one within seven and gives it a new one, which
 * settles in seconds. What is ten minutes late was found and not mended.
 */
const MENDED_WITHIN_SECONDS = 600;
/** A working day and the night before it: a manager who looks each morning never hears of it. */
const QUARANTINE_PATIENCE_SECONDS = Duration.hours(24).toSeconds();
/** A busy table or a slow start is cured by the caller's next try; five in five minutes are a fault and no hiccup. */
const SERVER_ERRORS = 5;
/** Throttled work is tried again by itself, with back-off; what lasts for a quarter of an hour does not end by itself. */
const THROTTLED_PERIODS = 3;
/** Three runs in a row that did not happen are no late delivery. */
const SILENT_PERIODS = 3;

export class Alarms extends Construct {
  readonly #topic?: Topic;

  constructor(scope: Construct, id: string, props: Watched) {
    super(scope, id);
    if (props.config.alarmEmail !== undefined) this.#topic = this.createTopic(props.config.alarmEmail);
    this.watchPromises(props);
    this.watchFunctions(props);
    this.watchDeadLetters(props);
    this.watchThrottles(props);
    this.watchApi(props);
  }

  private createTopic(address: string): Topic {
    const topic = new Topic(this, 'Topic', { enforceSSL: true });
    // A policy of its own takes the place of the one that lets this account's alarms in.
    const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    topic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com', { conditions }));
    topic.addSubscription(new EmailSubscription(address));
    return topic;
  }

  private watchPromises(watched: Watched): void {
    const { clock, config, functions } = watched;
    const says =
      "A ticket's clock has stopped. The sweep replaces it at once, or after its deadline if clocks keep dying.";
    const stopped = { threshold: 1, says, runbook: 'a-tickets-clock-has-stopped' };
    this.raise('ClockFailed', { metric: clock.stateMachine.metricFailed(SUM), ...stopped });
    this.raise('ClockTimedOut', { metric: clock.stateMachine.metricTimedOut(SUM), ...stopped });
    const late = { threshold: MENDED_WITHIN_SECONDS, runbook: 'a-deadline-is-not-settled' };
    this.raise('DeadlineUnsettled', {
      metric: ownMetric(watched, 'OldestUnsettled', 'sweep', { statistic: 'Maximum' }),
      says: 'A deadline passed ten minutes ago and its make-good is not written.',
      ...late,
    });
    this.raise('SettledLate', {
      metric: ownMetric(watched, 'SettlementDelay', 'dispatch', { statistic: 'Maximum' }),
      says: 'A make-good was written more than ten minutes after its deadline; it carries the right moment.',
      ...late,
    });
    this.raise('SweepSilent', {
      metric: functions.Sweep.function.metricInvocations(SUM),
      threshold: 1,
      periods: SILENT_PERIODS,
      silenceRings: true,
      says: 'The sweep has not run for a quarter of an hour: a clock that stops now stays stopped.',
      runbook: 'the-sweep-is-silent',
    });
    if (config.mailDomain === undefined) return;
    this.raise('MailWaitsInQuarantine', {
      metric: ownMetric(watched, 'OldestQuarantinedMail', 'sweep', { statistic: 'Maximum' }),
      threshold: QUARANTINE_PATIENCE_SECONDS,
      says: 'A mail has waited for a manager for more than a day; a customer may believe that it was read.',
      runbook: 'mail-waits-in-quarantine',
    });
  }

  /** Each failure is one of few, and is somebody's: there is no rate of errors that would be right. */
  private watchFunctions({ functions }: Watched): void {
    for (const [name, { function: watched }] of Object.entries(functions)) {
      this.raise(`${name}Errors`, {
        metric: watched.metricErrors(SUM),
        threshold: 1,
        says: `The function ${name} has failed.`,
        runbook: 'a-function-fails',
      });
    }
    this.raise('DispatchLate', {
      metric: functions.Dispatch.function.metric('IteratorAge', MAXIMUM),
      threshold: OLDEST_EVENT_MS,
      says: 'Events wait over a minute for dispatch: clocks and mails run late.',
      runbook: 'events-wait-for-dispatch',
    });
  }

  /** A function of the API answers what fails in it, so its errors count only what kept it from answering. */
  private watchApi(watched: Watched): void {
    this.raise('CallFailed', {
      metric: ownMetric(watched, 'FailedCalls', 'api', { statistic: 'Sum' }),
      threshold: 1,
      says: 'A call of the HTTP API failed by what nothing foresaw.',
      runbook: 'a-call-of-the-api-fails',
    });
    this.raise('ApiServerErrors', {
      metric: watched.api.httpApi.metricServerError(SUM),
      threshold: SERVER_ERRORS,
      says: 'Callers of the HTTP API get answers of 5xx.',
      runbook: 'the-api-answers-5xx',
    });
  }

  /** Nothing takes a letter out of these queues but a person, within the fourteen days that it is kept. */
  private watchDeadLetters({ deadLetters }: Watched): void {
    for (const [name, queue] of Object.entries(deadLetters)) {
      this.raise(`${name}DeadLetters`, {
        metric: lettersIn(queue),
        threshold: 1,
        says: `${name} gave up on something, which lies in its dead-letter queue.`,
        runbook: 'dead-letters',
      });
    }
  }

  private watchThrottles(watched: Watched): void {
    const throttled = { threshold: 1, periods: THROTTLED_PERIODS, runbook: 'something-is-throttled' };
    const lasts = 'have been refused for a quarter of an hour, for want of capacity.';
    const transitions = watched.clock.stateMachine.metricThrottled(SUM);
    this.raise('FunctionsThrottled', { metric: lambdaThrottles(), says: `Calls of functions ${lasts}`, ...throttled });
    this.raise('TableThrottled', {
      metric: tableThrottles(watched),
      says: `Reads or writes of the table ${lasts}`,
      ...throttled,
    });
    this.raise('ClocksThrottled', { metric: transitions, says: `Transitions of clocks ${lasts}`, ...throttled });
  }

  private raise(id: string, { metric, threshold, says, runbook, periods = 1, silenceRings = false }: Rule): void {
    const alarm = new Alarm(this, id, {
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: silenceRings
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: silenceRings ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      alarmDescription: `${says} Runbook: lib/RUNBOOK.md#${runbook}`,
    });
    if (this.#topic !== undefined) alarm.addAlarmAction(new SnsAction(this.#topic));
  }
}
