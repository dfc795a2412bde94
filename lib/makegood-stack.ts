/**
 * The desk as one stack: composes the constructs and names what an operator needs to know. It looks nothing up in an account,
 * so one template fits every account and region. The trap: an id, once released, never changes; CloudFormation would
 * replace what carries it, and the data with it.
 */
import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { COMMAND_ACTIONS, createApiFunctions } from './api-functions.ts';
import { DeskBus } from './bus.ts';
import { type DeskConfig, isWatched } from './config.ts';
import { DeskDashboard } from './dashboard.ts';
import type { Watched } from './desk-metrics.ts';
import { Dispatch } from './dispatch.ts';
import { Edge } from './edge.ts';
import { DeskFunction } from './function.ts';
import { DeskApi } from './http-api.ts';
import { Identity } from './identity.ts';
import { Mail } from './mail.ts';
import { MailEvents } from './mail-events.ts';
import { InboundMail } from './inbound-mail.ts';
import { Notifications } from './notifications.ts';
import { ReplySecret } from './reply-secret.ts';
import { Schedules } from './schedules.ts';
import { DeskTable } from './table.ts';
import { TicketClock } from './workflow.ts';

export interface MakegoodStackProps extends StackProps {
  readonly config: DeskConfig;
}

export class MakegoodStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: MakegoodStackProps) {
    super(scope, id, { description: 'Makegood: a support desk that pays back when it answers late.', ...props });
    const table = new DeskTable(this, 'Table', { config });
    const identity = new Identity(this, 'Identity', { config });
    const bus = new DeskBus(this, 'Bus', { config });
    const replySecret = this.createReplySecret(config);
    const mail = new Mail(this, 'MailSender', { config, replySecret });
    const functions = createApiFunctions(this, { config, table, replySecret });
    const { api: Api, files: Files, quarantine: Quarantine, erasure: Erasure, contract: Contract } = functions;
    const http = new DeskApi(this, 'Http', { config, functions, identity });
    const settle = this.createSettleFunction(config, table);
    const clock = new TicketClock(this, 'Clock', { config, table, settle });
    const dispatch = new Dispatch(this, 'Dispatch', { config, table, clock, bus });
    const url = config.edge ? new Edge(this, 'Edge', { config, edge: config.edge, api: http }).url : http.url;
    const publicUrl = replySecret && (config.publicUrl ?? url);
    const notifications = new Notifications(this, 'Notifications', { config, table, bus, mail, publicUrl });
    const schedules = new Schedules(this, 'Schedules', { config, table, clock, mail });
    const { configurationSet } = mail;
    const mailEvents = configurationSet && new MailEvents(this, 'MailEvents', { config, table, configurationSet });
    const inbound = replySecret && new InboundMail(this, 'InboundMail', { config, replySecret, table, mail });
    inbound?.serve(functions);
    const watched: Watched = {
      config,
      api: http,
      clock,
      table,
      functions: {
        ...{ Api, Files, Quarantine, Erasure, Contract },
        Settle: settle,
        Dispatch: dispatch.function,
        Notify: notifications.function,
        Sweep: schedules.sweep,
        Remind: schedules.remind,
        Renew: schedules.renew,
        Report: schedules.report,
        ...(inbound && { Inbound: inbound.function }),
        ...(mailEvents && { MailEvents: mailEvents.function }),
      },
      deadLetters: {
        Dispatch: dispatch.deadLetters,
        Notifications: notifications.deadLetters,
        Schedules: schedules.deadLetters,
        ...(inbound && { Inbound: inbound.deadLetters }),
        ...(mailEvents && { MailEvents: mailEvents.deadLetters }),
      },
    };
    this.operate(watched);
    this.tell({
      ApiUrl: url,
      TableName: table.name,
      BusName: bus.eventBusName,
      ClockArn: clock.arn,
      Mail: mail.status,
      MailIn: inbound?.status,
      MailInRuleSet: inbound?.ruleSetName,
      UserPoolId: identity.userPool?.userPoolId,
      ClientId: identity.client?.userPoolClientId,
      ...Object.fromEntries(mail.dnsRecords.map((record, index) => [`MailDnsRecord${index + 1}`, record])),
    });
  }

  /** Without mail that comes in there is nothing to sign. */
  private createReplySecret(config: DeskConfig): ReplySecret | undefined {
    const { mailDomain } = config;
    return mailDomain === undefined ? undefined : new ReplySecret(this, 'ReplySecret', { config, mailDomain });
  }

  private createSettleFunction(config: DeskConfig, table: DeskTable): DeskFunction {
    const settle = new DeskFunction(this, 'Settle', {
      config,
      handler: 'settle',
      description: 'Writes what the passing of time has caused to a ticket.',
      timeout: Duration.seconds(30),
      environment: { TABLE_NAME: table.name },
    });
    settle.allow(COMMAND_ACTIONS, [table.arn]);
    return settle;
  }

  /** Alarms and dashboard cost the same used or not, so a stage that nobody watches has neither. */
  private operate(watched: Watched): void {
    this.tellPlaces(watched);
    if (!isWatched(watched.config)) return;
    new Alarms(this, 'Alarms', watched);
    new DeskDashboard(this, 'Dashboard', watched);
  }

  private tell(facts: Readonly<Record<string, string | undefined>>): void {
    for (const [name, value] of Object.entries(facts)) {
      if (value !== undefined) new CfnOutput(this, name, { value });
    }
  }

  /** Where functions and dead letters are, for the operator's commands. */
  private tellPlaces({ functions, deadLetters }: Watched): void {
    for (const [name, { function: told }] of Object.entries(functions)) {
      new CfnOutput(this, `${name}Function`, { value: told.functionName });
    }
    for (const [name, { queueUrl }] of Object.entries(deadLetters)) {
      new CfnOutput(this, `${name}DeadLetters`, { value: queueUrl });
    }
  }
}
