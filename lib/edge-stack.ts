/**
 * The second stack of a desk with an edge: the firewall's rules, which count what each client sends. CloudFront takes a web ACL from
 * us-east-1 alone, wherever the desk itself is, so it is a stack of that region; the desk's own goes on fitting any.
 *
 * The desk reads the ACL's ARN out of this stack's outputs by `Fn::GetStackOutput`, which reaches over regions. The CDK's
 * `crossRegionReferences` would do it with a function, a role and parameters in either region, to keep the ACL from going away while the
 * distribution has it; but WAF itself refuses to delete one that is in use, and its name never changes, so its ARN doesn't either. It
 * needs a CloudFormation that may look at this stack (`cloudformation:DescribeStacks`), as the roles of `cdk bootstrap` may.
 *
 * The traps: a stage of one name in two regions of an account has one edge stack, whose limits are those of the last deployment; and
 * whatever matched a blocking rule is not seen by the rules below it, so their order decides who is counted for what.
 */
import { CfnOutput, Stack } from 'aws-cdk-lib';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { problemStatus, problemType } from '../lambdas/handlers/commands/problem.ts';
import { type DeskConfig, edgeName } from './config.ts';
import type { EdgeConfig } from './edge-config.ts';

export const EDGE_REGION = 'us-east-1';
export const WEB_ACL_OUTPUT = 'WebAclArn';
/** The rules by what they count, named as their metrics are. */
export const EDGE_RULES = { token: 'requests-of-a-token', address: 'requests-of-an-address' } as const;
type Counted = keyof typeof EDGE_RULES;

/** The longest but one that WAF knows. */
const WINDOW_SECONDS = 300;

const STATUS = problemStatus['too-many'];

/** As the desk tells it; but a firewall can't say `application/problem+json`. */
const problem = (most: number, by: string): CfnWebACL.CustomResponseBodyProperty => ({
  contentType: 'APPLICATION_JSON',
  content: JSON.stringify({
    type: problemType('too-many'),
    title: 'Too many requests',
    status: STATUS,
    detail: `More than ${String(most)} requests came ${by} within five minutes. Requests that are refused count too: send none for five minutes.`,
    per: 'PT5M',
    most,
  }),
});

/**
 * A token is looked at as the API would: some clients write `bearer` small, or a space too many. A request without the header is none of
 * this rule's, and is counted by its address alone; as is one with a token that nobody issued, each time another.
 */
const byToken = {
  aggregateKeyType: 'CUSTOM_KEYS',
  customKeys: [
    {
      header: {
        name: 'authorization',
        textTransformations: [
          { priority: 0, type: 'COMPRESS_WHITE_SPACE' },
          { priority: 1, type: 'LOWERCASE' },
        ],
      },
    },
  ],
};

/** Browsers show a page's script an answer only where it says that they may; nothing in this one is anybody's. */
const forBrowsers = ({ corsOrigins }: DeskConfig): CfnWebACL.CustomHTTPHeaderProperty[] =>
  corsOrigins.length === 0
    ? []
    : [
        { name: 'access-control-allow-origin', value: '*' },
        { name: 'access-control-expose-headers', value: 'retry-after' },
      ];

/** Samples are taken of what is refused, for whoever is on call, and of nothing else. */
const visibility = (metricName: string, sampledRequestsEnabled: boolean): CfnWebACL.VisibilityConfigProperty => ({
  cloudWatchMetricsEnabled: true,
  metricName,
  sampledRequestsEnabled,
});

export class EdgeStack extends Stack {
  constructor(scope: Construct, id: string, { config, edge }: { config: DeskConfig; edge: EdgeConfig }) {
    super(scope, id, {
      description: `Makegood: the rules at the edge of the stage ${config.stage}.`,
      env: { region: EDGE_REGION },
    });
    const { requestsPerClient, requestsPerAddress } = edge;
    const name = edgeName(config);
    const acl = new CfnWebACL(this, 'WebAcl', {
      name,
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      customResponseBodies: {
        token: problem(requestsPerClient, 'with this token'),
        address: problem(requestsPerAddress, 'from this address'),
      },
      rules: [
        // First, so that what it refuses to one person is not counted for all the others at the same address.
        this.rule(config, 0, 'token', { ...byToken, limit: requestsPerClient }),
        this.rule(config, 1, 'address', { aggregateKeyType: 'IP', limit: requestsPerAddress }),
      ],
      visibilityConfig: visibility(name, false),
      dataProtectionConfig: {
        dataProtections: [
          // Not as a hash, which would be made of its beginning, and that is the same in all tokens.
          { action: 'SUBSTITUTION', field: { fieldType: 'SINGLE_HEADER', fieldKeys: ['authorization'] } },
          { action: 'SUBSTITUTION', field: { fieldType: 'QUERY_STRING' } },
        ],
      },
    });
    new CfnOutput(this, WEB_ACL_OUTPUT, { value: acl.attrArn });
  }

  private rule(
    config: DeskConfig,
    priority: number,
    counted: Counted,
    statement: Omit<CfnWebACL.RateBasedStatementProperty, 'evaluationWindowSec'>,
  ): CfnWebACL.RuleProperty {
    return {
      name: EDGE_RULES[counted],
      priority,
      statement: { rateBasedStatement: { ...statement, evaluationWindowSec: WINDOW_SECONDS } },
      action: {
        block: {
          customResponse: {
            responseCode: STATUS,
            customResponseBodyKey: counted,
            responseHeaders: [
              { name: 'retry-after', value: String(WINDOW_SECONDS) },
              { name: 'cache-control', value: 'no-store' },
              ...forBrowsers(config),
            ],
          },
        },
      },
      visibilityConfig: visibility(EDGE_RULES[counted], true),
    };
  }
}
