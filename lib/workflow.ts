/**
 * The state machine that runs one clock for each ticket, its role and its log. What the clock does stands in
 * workflow-definition.ts. The trap: a log with execution data would hold task tokens, and who reads a token can move a ticket.
 */
import { ArnFormat, Aws, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { DeskConfig } from './config.ts';
import { type DeskFunction, logRetention } from './function.ts';
import type { DeskTable } from './table.ts';
import { clockDefinition } from './workflow-definition.ts';

export interface TicketClockProps {
  readonly config: DeskConfig;
  readonly table: DeskTable;
  readonly settle: DeskFunction;
}

export class TicketClock extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { config, table, settle }: TicketClockProps) {
    super(scope, id);
    const name = `makegood-${config.stage}-ticket-clock`;
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    const allow = (actions: string[], resource: string) =>
      role.addToPolicy(new PolicyStatement({ actions, resources: [resource] }));
    allow(['dynamodb:UpdateItem', 'dynamodb:GetItem'], table.arn);
    allow(['lambda:InvokeFunction'], settle.function.functionArn);
    // By name: a reference from the machine's own role to the machine would be a circle.
    allow(
      ['states:StartExecution'],
      Stack.of(this).formatArn({
        service: 'states',
        resource: 'stateMachine',
        resourceName: name,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    );
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: name,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(
        Stack.of(this).toJsonString(
          clockDefinition({
            partition: Aws.PARTITION,
            tableName: table.name,
            settleFunctionArn: settle.function.functionArn,
          }),
        ),
      ),
      role,
      tracingEnabled: true,
      logs: { destination: this.logGroup(config, name), level: LogLevel.ALL, includeExecutionData: false },
    });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Log deliveries and X-Ray know no resources; the calls of the clock itself name theirs.',
    });
  }

  get arn(): string {
    return this.stateMachine.stateMachineArn;
  }

  /** The prefix keeps the log's resource policy from growing with each log group of the account. */
  private logGroup(config: DeskConfig, name: string): LogGroup {
    return new LogGroup(this, 'Logs', {
      logGroupName: `/aws/vendedlogs/states/${name}`,
      retention: logRetention(config),
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
