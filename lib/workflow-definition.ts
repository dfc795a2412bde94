/**
 * The ticket's clock as Amazon States Language, in JSONata. It holds no rule of the desk: it waits for a change or for the
 * deadline that it was given, and asks the settle function what is due. The trap: executions outlive deployments, so a
 * running clock follows the definition it was started with; what these states exchange (`lambdas/domain/wait.ts`) only grows.
 */
import { NO_DEADLINE, TICKET_CLOSED } from '../lambdas/domain/wait.ts';
import { TICKET_PREFIX, TICKET_SK } from '../lambdas/store/keys.ts';

/** A wait without a deadline is re-read this often (30 days), so that a lost signal is found in the end. */
export const LONGEST_WAIT_SECONDS = 30 * 24 * 3600;
/** A clock hands over to a fresh execution after so many versions of its ticket: less than half of the 25,000 events of a history. */
export const HAND_OVER_AFTER_VERSIONS = 500;
/** And at this age: an execution ends after a year, and the longest wait must still fit in. */
export const HAND_OVER_AFTER_DAYS = 300;
const MILLIS_TO_HAND_OVER_AT = HAND_OVER_AFTER_DAYS * 86_400_000;

/** Where the clock's calls go; CloudFormation references at synthesis, plain text in a test. */
export interface ClockTargets {
  readonly partition: string;
  readonly tableName: string;
  readonly settleFunctionArn: string;
}

/** A JSONata expression as a state's field carries it. */
const expression = (jsonata: string): string => `{% ${jsonata.replace(/\s+/g, ' ').trim()} %}`;

const OWN = '$states.context.Execution.Input';
const TICKET_KEY = { pk: { S: expression(`'${TICKET_PREFIX}' & ${OWN}.ticketId`) }, sk: { S: TICKET_SK } };

/** Full jitter keeps the clocks that failed together from coming back together. `States.Timeout` is never among the errors. */
const backOff = (errors: readonly string[], attempts: number) => ({
  ErrorEquals: errors,
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  MaxAttempts: attempts,
  JitterStrategy: 'FULL',
});
const neverRetry = (...errors: string[]) => ({ ErrorEquals: errors, MaxAttempts: 0 });
const onError = (error: string, next: string) => ({ ErrorEquals: [error], Next: next });

/** What Lambda answers when it is not the function that failed. */
const LAMBDA_IS_BUSY = [
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
];
const STALE = 'DynamoDb.ConditionalCheckFailedException';
const ALREADY_HANDED_OVER = 'Sfn.ExecutionAlreadyExistsException';
/** What an expression throws. */
const THROWN = 'States.QueryEvaluationError';

/** A deadline is missed strictly after it, so the alarm rings a second later; the bounds are what a state may wait. */
const SECONDS_TO_WAIT = `$exists($states.input.deadlineAt)
  ? $max([1, $min([${LONGEST_WAIT_SECONDS}, $floor(($toMillis($states.input.deadlineAt) - $millis()) / 1000) + 1])])
  : ${LONGEST_WAIT_SECONDS}`;

/** No version is as young as this one asks for where the clock has lived long enough, so its next wait is not parked. */
const VERSION_TO_HAND_OVER_AT = `$string($millis() - $toMillis($states.context.Execution.StartTime) > ${MILLIS_TO_HAND_OVER_AT}
  ? 0 : ${OWN}.version + ${HAND_OVER_AFTER_VERSIONS})`;

const awaitChangeOrDeadline = ({ partition, tableName }: ClockTargets) => ({
  Type: 'Task',
  Comment: 'Leaves a task token on the ticket, unless another deadline stands there than this wait was planned for.',
  Resource: `arn:${partition}:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken`,
  Arguments: {
    TableName: tableName,
    Key: TICKET_KEY,
    UpdateExpression: 'SET #token = :token, #until = :until, #generation = :generation',
    ConditionExpression: '#deadlineAt = :until AND #generation <= :generation AND #version < :last',
    ExpressionAttributeNames: {
      '#token': 'waitToken',
      '#until': 'waitUntil',
      '#generation': 'generation',
      '#deadlineAt': 'deadlineAt',
      '#version': 'version',
    },
    ExpressionAttributeValues: {
      ':token': { S: expression('$states.context.Task.Token') },
      ':until': { S: expression(`$exists($states.input.deadlineAt) ? $states.input.deadlineAt : '${NO_DEADLINE}'`) },
      ':generation': { N: expression(`$string(${OWN}.generation)`) },
      ':last': { N: expression(VERSION_TO_HAND_OVER_AT) },
    },
  },
  TimeoutSeconds: expression(SECONDS_TO_WAIT),
  Retry: [neverRetry(STALE, TICKET_CLOSED), backOff(['States.TaskFailed'], 6)],
  Catch: [
    onError('States.Timeout', 'Settle'),
    onError(STALE, 'ReadTicket'),
    onError(TICKET_CLOSED, 'Done'),
    onError('States.ALL', 'ClockFailed'),
  ],
  Next: 'AwaitChangeOrDeadline',
});

/** Throwing saves a Choice state, which every wake would otherwise pay for. */
const OPEN_OR_THROW = `$states.result.Payload.open = false ? $error('The ticket is closed.') : $states.result.Payload`;

const settle = ({ partition, settleFunctionArn }: ClockTargets) => ({
  Type: 'Task',
  Comment: 'Has the rules write what the passing of time has caused, and answers with the next wait.',
  Resource: `arn:${partition}:states:::lambda:invoke`,
  Arguments: {
    FunctionName: settleFunctionArn,
    Payload: {
      schema: 1,
      ticketId: expression(`${OWN}.ticketId`),
      generation: expression(`${OWN}.generation`),
      now: expression('$states.context.State.EnteredTime'),
    },
  },
  Output: expression(OPEN_OR_THROW),
  Retry: [backOff(LAMBDA_IS_BUSY, 8), neverRetry(THROWN), backOff(['States.TaskFailed'], 4)],
  Catch: [onError(THROWN, 'Done'), onError('States.ALL', 'ClockFailed')],
  Next: 'AwaitChangeOrDeadline',
});

const TICKET_AS_WAIT = `{
  'schema': 1,
  'ticketId': ${OWN}.ticketId,
  'version': $number($states.result.Item.version.N),
  'generation': $number($states.result.Item.generation.N),
  'open': $exists($states.result.Item.deadlineAt),
  'deadlineAt': $states.result.Item.deadlineAt.S[$ != '${NO_DEADLINE}']
}`;

const readTicket = ({ partition, tableName }: ClockTargets) => ({
  Type: 'Task',
  Comment:
    'The wait could not be parked: plans it again from how the ticket stands now. No ticket counts as a closed one.',
  Resource: `arn:${partition}:states:::aws-sdk:dynamodb:getItem`,
  Arguments: {
    TableName: tableName,
    Key: TICKET_KEY,
    ConsistentRead: true,
    ProjectionExpression: '#version, #generation, #deadlineAt',
    ExpressionAttributeNames: {
      '#version': 'version',
      '#generation': 'generation',
      '#deadlineAt': 'deadlineAt',
    },
  },
  Output: expression(TICKET_AS_WAIT),
  Retry: [backOff(['States.TaskFailed'], 6)],
  Catch: [onError('States.ALL', 'ClockFailed')],
  Next: 'Open?',
});

const FINISHED = `$states.input.open = false or $states.input.generation > ${OWN}.generation`;
const OLD_AGE = `$states.input.version - ${OWN}.version >= ${HAND_OVER_AFTER_VERSIONS}
  or $millis() - $toMillis($states.context.Execution.StartTime) > ${MILLIS_TO_HAND_OVER_AT}`;

const open = () => ({
  Type: 'Choice',
  Comment:
    'A closed ticket, or one that a younger clock has taken over, needs no clock; an old clock starts its successor.',
  Choices: [
    { Condition: expression(FINISHED), Next: 'Done' },
    { Condition: expression(OLD_AGE), Next: 'HandOver' },
  ],
  Default: 'AwaitChangeOrDeadline',
});

const handOver = ({ partition }: ClockTargets) => ({
  Type: 'Task',
  Comment: 'Starts the next generation before this history grows too long.',
  Resource: `arn:${partition}:states:::aws-sdk:sfn:startExecution`,
  Arguments: {
    StateMachineArn: expression('$states.context.StateMachine.Id'),
    Name: expression(`${OWN}.ticketId & '-' & $string(${OWN}.generation + 1)`),
    Input: expression(`$string($merge([$states.input, {'generation': ${OWN}.generation + 1}]))`),
  },
  Retry: [neverRetry(ALREADY_HANDED_OVER), backOff(['States.TaskFailed'], 6)],
  Catch: [onError(ALREADY_HANDED_OVER, 'Done'), onError('States.ALL', 'ClockFailed')],
  Next: 'Done',
});

export const clockDefinition = (targets: ClockTargets) => ({
  Comment:
    'The clock of one ticket: waits for a change or for the next deadline, and has the rules settle what is due.',
  QueryLanguage: 'JSONata',
  StartAt: 'AwaitChangeOrDeadline',
  States: {
    AwaitChangeOrDeadline: awaitChangeOrDeadline(targets),
    Settle: settle(targets),
    ReadTicket: readTicket(targets),
    'Open?': open(),
    HandOver: handOver(targets),
    Done: { Type: 'Succeed' },
    ClockFailed: {
      Type: 'Fail',
      Comment:
        'Raises the alarm; the sweep starts the next generation at once, or after the deadline if clocks keep dying.',
      Error: expression('$states.input.Error'),
      Cause: expression(`$exists($states.input.Cause) ? $states.input.Cause : 'No cause was given.'`),
    },
  },
});
