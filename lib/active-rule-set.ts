/**
 * Makes a receipt rule set the active one when it is first deployed, which CloudFormation can't do by itself, and again when it gets
 * another name; a deployment that changes neither leaves alone what somebody made active since. The trap: an account has one active
 * rule set in a region, and the call that switches receipt off names none. So nothing is switched off when the stack goes: by then the
 * active one may be somebody else's.
 */
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ReceiptRuleSet } from 'aws-cdk-lib/aws-ses';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct, type IDependable } from 'constructs';
import type { DeskConfig } from './config.ts';
import { logRetention } from './function.ts';

/** The local desk knows this one custom resource, and no other. */
const RESOURCE_TYPE = 'Custom::ActiveReceiptRuleSet';

export interface ActiveRuleSetProps {
  readonly config: DeskConfig;
  readonly ruleSet: ReceiptRuleSet;
  /** What must be there before mail comes in. */
  readonly after: IDependable;
}

export class ActiveRuleSet extends Construct {
  constructor(scope: Construct, id: string, { config, ruleSet, after }: ActiveRuleSetProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: logRetention(config),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const activation = new AwsCustomResource(this, 'Activation', {
      resourceType: RESOURCE_TYPE,
      // The one in the runtime knows the call; installing another would take a minute and the internet.
      installLatestAwsSdk: false,
      onUpdate: {
        service: 'SES',
        action: 'setActiveReceiptRuleSet',
        parameters: { RuleSetName: ruleSet.receiptRuleSetName },
        physicalResourceId: PhysicalResourceId.of('active-receipt-rule-set'),
      },
      role: this.createRole(logGroup),
      policy: AwsCustomResourcePolicy.fromStatements([
        new PolicyStatement({ actions: ['ses:SetActiveReceiptRuleSet'], resources: ['*'] }),
      ]),
      logGroup,
    });
    activation.node.addDependency(after);
    Validations.of(activation).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'ses:SetActiveReceiptRuleSet knows no resources.',
    });
  }

  private createRole(logGroup: LogGroup): Role {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    return role;
  }
}
