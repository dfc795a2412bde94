/**
 * The functions behind the HTTP API, each with the rights of its own operations alone. Most calls need nothing but the table and share
 * one function; what would make its cold start slow, or its rights wider, has one of its own. The trap: which operation a function
 * answers is said beside the operations, not here.
 */
import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ApiFunction } from '../lambdas/handlers/api/operations.ts';
import { BY_ACCOUNT_INDEX, QUEUE_INDEX } from '../lambdas/store/keys.ts';
import { type DeskConfig, quotaVariables } from './config.ts';
import { DeskFunction, type DeskFunctionProps } from './function.ts';
import type { ReplySecret } from './reply-secret.ts';
import type { DeskTable } from './table.ts';

export interface ApiFunctionsProps {
  readonly config: DeskConfig;
  readonly table: DeskTable;
  readonly replySecret: ReplySecret | undefined;
}

export type ApiFunctions = Readonly<Record<ApiFunction, DeskFunction>>;

/** What a command of the desk does to the table: read, then one transaction of conditional writes. */
export const COMMAND_ACTIONS = ['BatchGetItem', 'PutItem', 'UpdateItem'].map((action) => `dynamodb:${action}`);

/** Below the 30 seconds after which API Gateway gives up on an integration. */
const timeout = Duration.seconds(20);

const claimsFor = ({ claims }: DeskConfig): DeskFunctionProps['environment'] => ({
  CLAIM_ROLE: claims.role,
  CLAIM_ACCOUNT: claims.account,
  CLAIM_EMAIL: claims.email,
  CLAIM_TIER: claims.tier,
});

const createApi = (scope: Construct, { config, table, replySecret }: ApiFunctionsProps): DeskFunction => {
  const api = new DeskFunction(scope, 'Api', {
    config,
    handler: 'api',
    description: 'Answers the HTTP API.',
    timeout,
    environment: {
      TABLE_NAME: table.name,
      ...claimsFor(config),
      ...quotaVariables(config),
      REPLY_SECRET: replySecret?.environment.REPLY_SECRET,
    },
  });
  api.allow([...COMMAND_ACTIONS, 'dynamodb:GetItem'], [table.arn]);
  api.allow(['dynamodb:Query'], [table.arn, table.indexArn(BY_ACCOUNT_INDEX), table.indexArn(QUEUE_INDEX)]);
  return api;
};

const createFiles = (scope: Construct, { config, table }: ApiFunctionsProps): DeskFunction => {
  const files = new DeskFunction(scope, 'Files', {
    config,
    handler: 'files',
    description: 'Answers calls for what mails brought to tickets.',
    timeout,
    environment: { TABLE_NAME: table.name, ...claimsFor(config) },
  });
  files.allow(['dynamodb:BatchGetItem', 'dynamodb:GetItem'], [table.arn]);
  return files;
};

const createQuarantine = (scope: Construct, { config, table }: ApiFunctionsProps): DeskFunction => {
  const quarantine = new DeskFunction(scope, 'Quarantine', {
    config,
    handler: 'quarantine',
    description: 'Answers calls for mails that wait for a manager, and lets a released one act.',
    timeout,
    environment: { TABLE_NAME: table.name, ...claimsFor(config) },
  });
  quarantine.allow([...COMMAND_ACTIONS, 'dynamodb:GetItem'], [table.arn]);
  quarantine.allow(['dynamodb:Query'], [table.arn, table.indexArn(QUEUE_INDEX)]);
  return quarantine;
};

/** The one function that may delete. */
const createErasure = (scope: Construct, { config, table }: ApiFunctionsProps): DeskFunction => {
  const erasure = new DeskFunction(scope, 'Erasure', {
    config,
    handler: 'erasure',
    description: 'Erases a person from everything that is kept about an account, a part with each call.',
    timeout,
    environment: { TABLE_NAME: table.name, ...claimsFor(config) },
  });
  erasure.allow([...COMMAND_ACTIONS, 'dynamodb:GetItem', 'dynamodb:DeleteItem'], [table.arn]);
  erasure.allow(['dynamodb:Query'], [table.arn, table.indexArn(BY_ACCOUNT_INDEX)]);
  return erasure;
};

export const createApiFunctions = (scope: Construct, props: ApiFunctionsProps): ApiFunctions => ({
  api: createApi(scope, props),
  files: createFiles(scope, props),
  quarantine: createQuarantine(scope, props),
  erasure: createErasure(scope, props),
  contract: new DeskFunction(scope, 'Contract', {
    config: props.config,
    handler: 'contract',
    description: 'Answers the contract, and calls that are not in it.',
    timeout,
    environment: {},
  }),
});
