/** The clock as the template carries it: its shape, its role and log, and what it leaves of an execution's limits. */
import aslValidator from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { stateMachineDefinition } from '../support/state-machine-definition.ts';
import { HAND_OVER_AFTER_DAYS, HAND_OVER_AFTER_VERSIONS, LONGEST_WAIT_SECONDS } from '../../lib/workflow-definition.ts';
import { definition, state, type State, TASKS, template } from './clock.ts';
import { describeResource, functionOf, oneOf, referenced, statementsOf } from './support.ts';

const machine = oneOf(template, 'AWS::StepFunctions::StateMachine');
const table = oneOf(template, 'AWS::DynamoDB::Table').id;
const asWritten = stateMachineDefinition(template);

describe('the definition', () => {
  it('is valid Amazon States Language in JSONata', () => {
    const { isValid, errorsText } = aslValidator(definition);
    expect(isValid, errorsText()).toBe(true);
    expect(definition.QueryLanguage).toBe('JSONata');
  });

  it('keeps its references where the template had them', () => {
    const states = asWritten.States as Record<string, State>;
    expect(states.AwaitChangeOrDeadline?.Arguments.TableName).toEqual({ Ref: table });
    expect(states.Settle?.Arguments.FunctionName).toEqual({ 'Fn::GetAtt': [functionOf(template, 'settle').id, 'Arn'] });
    expect(states.ReadTicket?.Resource).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':states:::aws-sdk:dynamodb:getItem']],
    });
  });

  it('has the states of the design and no other', () => {
    expect(definition.StartAt).toBe('AwaitChangeOrDeadline');
    expect(Object.entries(definition.States).map(([name, { Type }]) => `${Type} ${name}`)).toEqual([
      'Task AwaitChangeOrDeadline',
      'Task Settle',
      'Task ReadTicket',
      'Choice Open?',
      'Task HandOver',
      'Succeed Done',
      'Fail ClockFailed',
    ]);
    expect(TASKS.map((name) => state(name).Resource.replace('arn:aws:states:::', ''))).toEqual([
      'aws-sdk:dynamodb:updateItem.waitForTaskToken',
      'lambda:invoke',
      'aws-sdk:dynamodb:getItem',
      'aws-sdk:sfn:startExecution',
    ]);
  });

  it.each(TASKS)('%s retries with back-off and jitter, a bounded number of times', (name) => {
    const retriers = state(name).Retry.filter(({ MaxAttempts }) => MaxAttempts > 0);
    expect(retriers.length).toBeGreaterThan(0);
    for (const retrier of retriers) {
      expect(retrier).toMatchObject({ BackoffRate: 2, JitterStrategy: 'FULL' });
      expect(retrier.MaxAttempts).toBeLessThanOrEqual(10);
    }
  });

  it.each(TASKS)('%s never retries a timeout', (name) => {
    const errors = state(name).Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(errors).not.toContain('States.Timeout');
    // States.ALL would match a timeout too; States.TaskFailed matches everything but one.
    expect(errors).not.toContain('States.ALL');
  });

  it.each(TASKS)('%s ends in a visible failure when nothing helps', (name) => {
    expect(state(name).Catch.at(-1)).toEqual({ ErrorEquals: ['States.ALL'], Next: 'ClockFailed' });
  });

  it('never retries what is an answer', () => {
    expect(state('AwaitChangeOrDeadline').Retry[0]).toEqual({
      ErrorEquals: ['DynamoDb.ConditionalCheckFailedException', 'TicketClosed'],
      MaxAttempts: 0,
    });
    expect(state('Settle').Retry[1]).toEqual({ ErrorEquals: ['States.QueryEvaluationError'], MaxAttempts: 0 });
    expect(state('HandOver').Retry[0]).toEqual({
      ErrorEquals: ['Sfn.ExecutionAlreadyExistsException'],
      MaxAttempts: 0,
    });
  });

  it('settles on a timeout, reads again when the deadline has moved, and is done when the ticket is or another has taken over', () => {
    expect(state('AwaitChangeOrDeadline').Catch.slice(0, -1)).toEqual([
      { ErrorEquals: ['States.Timeout'], Next: 'Settle' },
      { ErrorEquals: ['DynamoDb.ConditionalCheckFailedException'], Next: 'ReadTicket' },
      { ErrorEquals: ['TicketClosed'], Next: 'Done' },
    ]);
    expect(state('Settle').Catch[0]).toEqual({ ErrorEquals: ['States.QueryEvaluationError'], Next: 'Done' });
    expect(state('HandOver').Catch[0]).toEqual({ ErrorEquals: ['Sfn.ExecutionAlreadyExistsException'], Next: 'Done' });
  });

  it('retries a throttled function for longer than a failing one', () => {
    const [busy, , failing] = state('Settle').Retry;
    expect(busy?.ErrorEquals).toContain('Lambda.TooManyRequestsException');
    expect(busy?.MaxAttempts).toBeGreaterThan(failing?.MaxAttempts ?? Infinity);
  });
});

describe('what an execution may use', () => {
  const HISTORY_LIMIT = 25_000;
  /** Entered, scheduled, started, ended, exited; a wait for a token is submitted too. A choice is entered and exited. */
  const eventsOf = (name: string): number => {
    if (state(name).Type !== 'Task') return 2;
    return state(name).Resource.endsWith('.waitForTaskToken') ? 6 : 5;
  };
  const path = (...names: string[]): number => names.reduce((sum, name) => sum + eventsOf(name), 0);
  /** Scheduled, started and failed, once more. */
  const RETRY = 3;

  /** A version costs at most one parking that it made stale, and one wait that ended in it. */
  const perVersion = path('AwaitChangeOrDeadline', 'ReadTicket', 'Open?') + path('AwaitChangeOrDeadline', 'Settle');
  const reReads = Math.ceil((HAND_OVER_AFTER_DAYS * 86_400) / LONGEST_WAIT_SECONDS) + 1;
  const startAndEnd = 2 + path('HandOver', 'Done');
  const used = HAND_OVER_AFTER_VERSIONS * perVersion + reReads * path('AwaitChangeOrDeadline', 'Settle') + startAndEnd;

  it('hands over with nearly half of the history left', () => {
    expect(used).toBe(12_130);
    expect(used / HISTORY_LIMIT).toBeLessThan(0.55);
  });

  it('has room for every task of every version to fail once and be retried', () => {
    expect(used + HAND_OVER_AFTER_VERSIONS * TASKS.length * RETRY).toBeLessThan(HISTORY_LIMIT);
  });

  it('hands over, even after one more longest wait, before an execution ends at the age of a year', () => {
    expect(HAND_OVER_AFTER_DAYS + LONGEST_WAIT_SECONDS / 86_400).toBeLessThan(365);
  });
});

describe('the state machine', () => {
  it('is a standard one, traced, with a log that carries no task token', () => {
    expect(machine.properties).toMatchObject({
      StateMachineName: 'makegood-dev-ticket-clock',
      StateMachineType: 'STANDARD',
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    });
  });

  it('may park and read, settle, and start itself anew; the rest is its log and its traces', () => {
    const may = statementsOf(template, referenced(machine.properties.RoleArn)).flatMap(({ Action, Resource }) =>
      Resource.flatMap((resource) => Action.map((action) => `${action} on ${describeResource(template, resource)}`)),
    );
    expect(may.filter((each) => !each.endsWith(' on *')).sort()).toEqual([
      'dynamodb:GetItem on Table',
      'dynamodb:UpdateItem on Table',
      'lambda:InvokeFunction on Function',
      'states:StartExecution on stateMachine:makegood-dev-ticket-clock',
    ]);
    expect(may.filter((each) => each.endsWith(' on *') && !/^(logs|xray):/.test(each))).toEqual([]);
  });
});
