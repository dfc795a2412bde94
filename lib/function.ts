/**
 * The one way a function comes into the stack: runtime, architecture, bundling, logs, tracing and its own role are set here.
 * It knows nothing of what a function does; who uses it grants exact actions with `allow`. The trap: the local desk finds
 * the handler's source by the metadata `makegood:entry`, so a function made in any other way can't run there.
 */
import { join } from 'node:path';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  type CfnFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ApiFunction } from '../lambdas/handlers/api/operations.ts';
import { bundlingFor } from './bundling.ts';
import { type DeskConfig, isProduction } from './config.ts';

const PROJECT_ROOT = join(import.meta.dirname, '..');

/** Long enough in production to look back at a disputed quarter; short where nobody will. */
export const logRetention = (config: DeskConfig): RetentionDays =>
  isProduction(config) ? RetentionDays.SIX_MONTHS : RetentionDays.TWO_WEEKS;

export interface DeskFunctionProps {
  readonly config: DeskConfig;
  /** The handler is `lambdas/handlers/<handler>.lambda.ts`. */
  readonly handler:
    | ApiFunction
    | ('settle' | 'dispatch' | 'notify' | 'sweep' | 'remind' | 'renew' | 'report' | 'inbound' | 'mail-events');
  readonly description: string;
  readonly timeout: Duration;
  /** A value that is absent leaves its variable out. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** CPU comes with memory: below this the start of a bundle with the SDK dominates the answer's time. */
const MEMORY_MB = 512;

const present = (environment: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).flatMap(([key, value]) => (value ? [[key, value]] : [])));

export class DeskFunction extends Construct {
  readonly function: NodejsFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: DeskFunctionProps) {
    super(scope, id);
    const { config, handler } = props;
    const entry = `lambdas/handlers/${handler}.lambda.ts`;
    const logGroup = new LogGroup(this, 'Logs', {
      retention: logRetention(config),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    this.function = new NodejsFunction(this, 'Function', {
      description: props.description,
      entry: join(PROJECT_ROOT, entry),
      projectRoot: PROJECT_ROOT,
      depsLockFilePath: join(PROJECT_ROOT, 'package-lock.json'),
      bundling: bundlingFor(config),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: MEMORY_MB,
      timeout: props.timeout,
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      // The logger itself leaves out what is below the level. Lambda would take a metric for a line of INFO and leave it out too.
      applicationLogLevelV2: config.logLevel === 'DEBUG' ? ApplicationLogLevel.DEBUG : ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      tracing: Tracing.ACTIVE,
      environment: {
        ...present(props.environment),
        STAGE: config.stage,
        POWERTOOLS_SERVICE_NAME: `makegood-${handler}`,
        POWERTOOLS_LOG_LEVEL: config.logLevel,
        NODE_OPTIONS: '--enable-source-maps',
      },
    });
    (this.function.node.defaultChild as CfnFunction).addMetadata('makegood:entry', entry);
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'xray:PutTraceSegments and xray:PutTelemetryRecords know no resources.',
    });
  }

  /** What this function still fails at after Lambda's own two retries goes to the queue instead of nowhere. */
  keepFailures(queue: IQueue): void {
    this.allow(['sqs:SendMessage'], [queue.queueArn]);
    this.function.configureAsyncInvoke({ onFailure: { bind: () => ({ destination: queue.queueArn }) } });
  }

  /** Grants exactly these actions on exactly these resources. */
  allow(actions: readonly string[], resources: readonly string[], conditions?: Record<string, unknown>): void {
    this.role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources], conditions }));
  }
}
