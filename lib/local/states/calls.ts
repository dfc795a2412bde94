/**
 * What a task's resource does: checks the arguments, makes the call and gives errors the names they have on AWS. It must not know
 * about states. The trap: a definition catches errors by name, so a name that is not AWS's makes a catch that works only here.
 */
import * as z from 'zod';
import { AwsError } from '../aws/aws-error.ts';
import type { CallName } from './definition.ts';
import { StatesError, TaskFailure } from './failure.ts';
import type { Started, StartRequest } from './service.ts';

/** What lies outside the state machines. */
export interface Integrations {
  readonly dynamodb: {
    updateItem(args: object): Promise<object>;
    getItem(args: object): Promise<object>;
  };
  /** Rejects with what the handler threw, or with an error named `Lambda.…` when it was not the handler that failed. */
  invokeFunction(arn: string, payload: unknown): Promise<unknown>;
}

export type Call = (args: unknown) => Promise<unknown>;

const invokeSchema = z.strictObject({ FunctionName: z.string(), Payload: z.unknown().optional() });
const startSchema = z.strictObject({
  StateMachineArn: z.string(),
  Name: z.string().optional(),
  Input: z.string().optional(),
});
const objectSchema = z.looseObject({});

/** The calls by the name that a definition's resource stands for. */
export const calls = (
  integrations: Integrations,
  startExecution: (request: StartRequest) => Started,
): Record<CallName, Call> => ({
  updateItem: (args) => integrations.dynamodb.updateItem(accept(objectSchema, args)).catch(throwAs(dynamoDbError)),
  getItem: (args) => integrations.dynamodb.getItem(accept(objectSchema, args)).catch(throwAs(dynamoDbError)),
  invoke: async (args) => {
    const { FunctionName, Payload = {} } = accept(invokeSchema, args);
    const answer = await integrations.invokeFunction(FunctionName, Payload).catch(throwAs(functionError));
    return { ExecutedVersion: '$LATEST', Payload: asJson(answer), StatusCode: 200 };
  },
  startExecution: (args) => {
    const { StateMachineArn, Name, Input } = accept(startSchema, args);
    const started = start(() => startExecution({ stateMachineArn: StateMachineArn, name: Name, input: Input }));
    return Promise.resolve({
      ExecutionArn: started.executionArn,
      StartDate: new Date(started.startedAt).toISOString(),
    });
  },
});

const accept = <T>(schema: z.ZodType<T>, args: unknown): T => {
  const result = schema.safeParse(args);
  if (result.success) return result.data;
  throw new TaskFailure('States.Runtime', `Arguments: ${z.prettifyError(result.error)}`);
};

/** A handler's answer goes over the wire; one that returns nothing answers null. */
const asJson = (answer: unknown): unknown => (answer === undefined ? null : JSON.parse(JSON.stringify(answer)));

const start = (run: () => Started): Started => {
  try {
    return run();
  } catch (error) {
    if (error instanceof StatesError) throw new TaskFailure(`Sfn.${error.code}Exception`, error.message);
    throw error;
  }
};

const throwAs =
  (describe: (error: unknown) => TaskFailure) =>
  (error: unknown): never => {
    throw error instanceof TaskFailure ? error : describe(error);
  };

/** Only what the service itself refused bears the service's name; the rest never reached it. */
const dynamoDbError = (error: unknown): TaskFailure => {
  const { message } = asError(error);
  const name = error instanceof AwsError ? error.code : 'SdkClientException';
  return new TaskFailure(`DynamoDb.${name}`, message, { cause: error });
};

const functionError = (error: unknown): TaskFailure => {
  const { name, message, stack } = asError(error);
  if (name.startsWith('Lambda.')) return new TaskFailure(name, message, { cause: error });
  const cause = { errorType: name, errorMessage: message, trace: (stack ?? '').split('\n') };
  return new TaskFailure(name, JSON.stringify(cause), { cause: error });
};

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
