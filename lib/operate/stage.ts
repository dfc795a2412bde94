/**
 * Where a stage's parts are: what its stack tells in its outputs, or what the local desk tells of itself. Whoever asks gets names and
 * clients, and does the same with both. The trap: the table's name is the dispatch function's own, so that it is the one that the desk
 * runs on.
 */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import type { FunctionNames } from './dead-letters.ts';

export interface Stage {
  readonly tableName: string;
  readonly stateMachineArn: string;
  readonly functions: FunctionNames;
  /** The URLs of the dead-letter queues, by their names. */
  readonly queues: Readonly<Record<string, string>>;
  /** By the stage's own clock, ms since the epoch. */
  readonly now: number;
  readonly clients: {
    readonly dynamodb: DynamoDBClient;
    readonly streams: DynamoDBStreamsClient;
    readonly lambda: LambdaClient;
    readonly sqs: SQSClient;
    readonly states: SFNClient;
  };
}

type Outputs = Readonly<Record<string, string>>;

const namesIn = (outputs: Outputs, suffix: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(outputs).flatMap(([name, value]) =>
      name.endsWith(suffix) ? [[name.slice(0, -suffix.length), value] as const] : [],
    ),
  );

const partsIn = (outputs: Outputs) => ({
  tableName: z.string().parse(outputs.TableName),
  stateMachineArn: z.string().parse(outputs.ClockArn),
  functions: namesIn(outputs, 'Function'),
  queues: namesIn(outputs, 'DeadLetters'),
});

/** Where the CLI would look. The SDK knows one of its two variables for the region, and its files. */
const regionOfTheCli = (): { region?: string } => {
  const region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  return region === undefined ? {} : { region };
};

/** A stage that is deployed in the account and region of the environment's credentials. */
const deployedStage = async (stage: string): Promise<Stage> => {
  const StackName = `makegood-${stage}`;
  const where = regionOfTheCli();
  const { Stacks = [] } = await new CloudFormationClient(where).send(new DescribeStacksCommand({ StackName }));
  const outputs = (Stacks[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue] as const);
  return {
    ...partsIn(z.record(z.string(), z.string()).parse(Object.fromEntries(outputs))),
    now: Date.now(),
    clients: {
      dynamodb: new DynamoDBClient(where),
      streams: new DynamoDBStreamsClient(where),
      lambda: new LambdaClient(where),
      sqs: new SQSClient(where),
      states: new SFNClient(where),
    },
  };
};

const localStackSchema = z.object({
  outputs: z.record(z.string(), z.string()),
  endpoints: z.object({ dynamodb: z.url(), aws: z.url() }),
  now: z.iso.datetime(),
});

/** The local desk at this address. */
export const localStage = async (url: string): Promise<Stage> => {
  const response = await fetch(`${url.replace(/\/+$/, '')}/local/stack`);
  if (!response.ok) throw new Error(`${url} is no local desk: it answered ${String(response.status)}.`);
  const { outputs, endpoints, now } = localStackSchema.parse(await response.json());
  const local = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const aws = { ...local, endpoint: endpoints.aws };
  return {
    ...partsIn(outputs),
    now: Date.parse(now),
    clients: {
      dynamodb: new DynamoDBClient({ ...local, endpoint: endpoints.dynamodb }),
      streams: new DynamoDBStreamsClient(aws),
      lambda: new LambdaClient(aws),
      sqs: new SQSClient({ ...aws, useQueueUrlAsEndpoint: false }),
      states: new SFNClient(aws),
    },
  };
};

/** What every command of an operator takes beside its own: where to act, and whether to. */
export const stageOptions = {
  stage: { type: 'string', default: 'dev' },
  desk: { type: 'string' },
  yes: { type: 'boolean', default: false },
} as const satisfies NonNullable<Parameters<typeof parseArgs>[0]>['options'];

export const openStage = ({ stage, desk }: { stage: string; desk?: string | undefined }): Promise<Stage> => {
  // The SDK's warning about this machine's Node hides what a command says.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  return desk === undefined ? deployedStage(stage) : localStage(desk);
};
