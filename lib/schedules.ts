/**
 * What happens by the clock alone: the sweep, which restarts the clock of a ticket that lost it and hears of clocks that die, the daily
 * reminder, the daily look at accounts that time has changed, and the monthly reports. Each run gets the moment it was planned for, so that
 * a late or repeated run does the same. The trap: Scheduler's times have no fraction of a second.
 */
import { Aws, Duration, TimeZone } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { BY_ACCOUNT_INDEX, QUEUE_INDEX } from '../lambdas/store/keys.ts';
import { LONGEST_RUN_SECONDS } from '../lambdas/store/longest-run.ts';
import type { DeskConfig } from './config.ts';
import { DeadLetters } from './dead-letters.ts';
import { DeskFunction, type DeskFunctionProps } from './function.ts';
import type { Mail } from './mail.ts';
import type { DeskTable } from './table.ts';
import type { TicketClock } from './workflow.ts';

export interface SchedulesProps {
  readonly config: DeskConfig;
  readonly table: DeskTable;
  readonly clock: TicketClock;
  readonly mail: Mail;
}

export class Schedules extends Construct {
  readonly sweep: DeskFunction;
  readonly remind: DeskFunction;
  readonly renew: DeskFunction;
  readonly report: DeskFunction;
  readonly deadLetters: DeadLetters;
  readonly #stage: string;

  constructor(scope: Construct, id: string, props: SchedulesProps) {
    super(scope, id);
    this.#stage = props.config.stage;
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    this.sweep = this.createSweep(props);
    this.remind = this.createRemind(props);
    this.renew = this.createRenew(props);
    this.report = this.createReport(props);
    this.hearOfDeaths(props.clock);
    const role = this.createRole();
    // A run that is late by more than its period is made good by the next one.
    this.wake(this.sweep, 'Sweep', role, Duration.minutes(5), ScheduleExpression.rate(Duration.minutes(5)));
    const daily = { hour: '8', minute: '0', timeZone: TimeZone.of(props.config.deskTimeZone) };
    this.wake(this.remind, 'Remind', role, Duration.hours(4), ScheduleExpression.cron(daily));
    // At the reminder's moment: every command settles its account by itself, so no hour is better than another.
    this.wake(this.renew, 'Renew', role, Duration.hours(12), ScheduleExpression.cron(daily));
    // Whatever its zone, each account's day contains this moment once: nobody's first working day is passed over.
    this.wake(this.report, 'Report', role, Duration.hours(12), ScheduleExpression.cron(daily));
  }

  private createSweep({ config, table, clock }: SchedulesProps): DeskFunction {
    const sweep = this.createFunction('Sweep', {
      config,
      handler: 'sweep',
      description: 'Starts a new clock for a ticket whose deadline passed without being settled.',
      environment: { TABLE_NAME: table.name, STATE_MACHINE_ARN: clock.arn, MAIL_DOMAIN: config.mailDomain },
    });
    sweep.allow(['dynamodb:Query'], [table.indexArn(QUEUE_INDEX)]);
    sweep.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [table.arn]);
    sweep.allow(['states:StartExecution'], [clock.arn]);
    return sweep;
  }

  /** Includes clocks stopped by hand: every open ticket must have a clock. */
  private hearOfDeaths(clock: TicketClock): void {
    new Rule(this, 'ClockDied', {
      description: 'Clocks that ended by a fault, for the sweep function, which gives their tickets new ones at once.',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [clock.arn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: [
        new LambdaFunction(this.sweep.function, {
          retryAttempts: 20,
          maxEventAge: Duration.hours(24),
          deadLetterQueue: this.deadLetters,
        }),
      ],
    });
  }

  private createRemind({ config, table, mail }: SchedulesProps): DeskFunction {
    const remind = this.createFunction('Remind', {
      config,
      handler: 'remind',
      description: 'Reminds the managers each morning of what waits for them.',
      environment: { TABLE_NAME: table.name, ...mail.environment },
    });
    remind.allow(['dynamodb:Query'], [table.indexArn(QUEUE_INDEX)]);
    mail.allowSending(remind, table);
    return remind;
  }

  private createRenew({ config, table, mail }: SchedulesProps): DeskFunction {
    const renew = this.createFunction('Renew', {
      config,
      handler: 'renew',
      description: 'Writes terms begun, units granted and units expired, and tells of units that will expire.',
      environment: { TABLE_NAME: table.name, ...mail.environment },
    });
    renew.allow(['dynamodb:Query'], [table.indexArn(QUEUE_INDEX)]);
    renew.allow(
      ['BatchGetItem', 'PutItem', 'UpdateItem'].map((action) => `dynamodb:${action}`),
      [table.arn],
    );
    mail.allowSending(renew, table);
    return renew;
  }

  private createReport({ config, table, mail }: SchedulesProps): DeskFunction {
    const report = this.createFunction('Report', {
      config,
      handler: 'report',
      description: 'Sends the monthly service reports on the first working day.',
      environment: { TABLE_NAME: table.name, ...mail.environment },
    });
    report.allow(['dynamodb:Query'], [table.arn, table.indexArn(QUEUE_INDEX), table.indexArn(BY_ACCOUNT_INDEX)]);
    report.allow(['dynamodb:BatchGetItem'], [table.arn]);
    mail.allowSending(report, table);
    return report;
  }

  private createFunction(id: string, props: Omit<DeskFunctionProps, 'timeout'>): DeskFunction {
    const created = new DeskFunction(this, id, { ...props, timeout: Duration.seconds(LONGEST_RUN_SECONDS) });
    created.keepFailures(this.deadLetters);
    return created;
  }

  /** Scheduler's own role, for schedules of this account only. */
  private createRole(): Role {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    const allow = (action: string, resources: string[]) =>
      role.addToPolicy(new PolicyStatement({ actions: [action], resources }));
    allow(
      'lambda:InvokeFunction',
      [this.sweep, this.remind, this.renew, this.report].map((woken) => woken.function.functionArn),
    );
    allow('sqs:SendMessage', [this.deadLetters.queueArn]);
    return role;
  }

  /** A schedule is named after what it wakes: its dead letters tell its name, and not always the function's. */
  private wake(
    woken: DeskFunction,
    name: string,
    role: Role,
    maxEventAge: Duration,
    schedule: ScheduleExpression,
  ): void {
    new Schedule(this, `${name}Schedule`, {
      scheduleName: `makegood-${this.#stage}-${name.toLowerCase()}`,
      schedule,
      target: new LambdaInvoke(woken.function, {
        // The target would add every version of the function to the role's policy.
        role: role.withoutPolicyUpdates(),
        input: ScheduleTargetInput.fromObject({ schema: 1, now: ContextAttribute.scheduledTime }),
        retryAttempts: 5,
        maxEventAge,
        deadLetterQueue: this.deadLetters,
      }),
    });
  }
}
