/** A desk in small: state machines under a clock that stands still between moves, with integrations that a test sets. */
import { vi } from 'vitest';
import { Activity } from '../../../lib/local/activity.ts';
import { AwsError } from '../../../lib/local/aws/aws-error.ts';
import { DeskClock } from '../../../lib/local/clock.ts';
import { Journal } from '../../../lib/local/journal.ts';
import type { Integrations } from '../../../lib/local/states/calls.ts';
import { StateMachines } from '../../../lib/local/states/service.ts';
import type { Standing } from '../../../lib/local/states/standing.ts';

export const machineArn = 'arn:aws:states:eu-central-1:000000000000:stateMachine:small';
export const startAt = Date.UTC(2026, 2, 2, 9);
export const second = 1_000;
export const day = 24 * 3_600 * second;

export interface SmallDesk {
  readonly clock: DeskClock;
  readonly activity: Activity;
  readonly journal: Journal;
  readonly machines: StateMachines;
  /** Moves the clock by so many ms and lets everything settle. */
  move(ms: number): Promise<void>;
  start(input?: object, name?: string): string;
  standing(arn: string): Readonly<Standing>;
  /** Starts, lets it settle and answers how it then stands. */
  run(input?: object): Promise<Readonly<Standing>>;
}

export interface DeskOptions {
  readonly definition: object;
  readonly updateItem?: (args: UpdateArguments) => Promise<object>;
  readonly getItem?: (args: object) => Promise<object>;
  readonly invoke?: (payload: unknown, arn: string) => Promise<unknown>;
  readonly integrations?: Integrations;
  readonly journal?: Journal;
  readonly random?: () => number;
  readonly now?: number;
}

export interface UpdateArguments {
  readonly token: string;
  readonly [more: string]: unknown;
}

const unexpected = (what: string) => () => Promise.reject(new Error(`${what} was not expected`));

/** The machine's own time stands still, so that only moves of the clock count. */
export const smallDesk = (options: DeskOptions): SmallDesk => {
  vi.useFakeTimers({ now: Date.UTC(2030, 0, 1), toFake: ['Date'] });
  const clock = new DeskClock({ startAt: options.now ?? startAt });
  const activity = new Activity();
  const journal = options.journal ?? new Journal();
  const { updateItem, getItem = unexpected('getItem'), invoke = unexpected('invoke') } = options;
  const integrations = options.integrations ?? {
    dynamodb: {
      updateItem: (args: object) => (updateItem ?? unexpected('updateItem'))(args as UpdateArguments),
      getItem,
    },
    invokeFunction: (arn: string, payload: unknown) => invoke(payload, arn),
  };
  const machines = new StateMachines({
    ...{ clock, activity, journal, integrations },
    machines: [{ arn: machineArn, name: 'small', definition: options.definition }],
    ...(options.random === undefined ? {} : { random: options.random }),
  });
  machines.resume();
  const start = (input: object = {}, name?: string) =>
    machines.startExecution({ stateMachineArn: machineArn, name, input: JSON.stringify(input) }).executionArn;
  return {
    ...{ clock, activity, journal, machines, start },
    move: async (ms) => {
      await clock.moveTo(clock.now() + ms, () => activity.settled());
    },
    standing: (arn) => machines.describeExecution(arn),
    run: async (input) => {
      const arn = start(input);
      await activity.settled();
      return machines.describeExecution(arn);
    },
  };
};

export const machine = (states: Record<string, object>): object => ({
  QueryLanguage: 'JSONata',
  StartAt: Object.keys(states)[0],
  States: states,
});

/** A task that calls a function. */
export const invoking = (more: object): object => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'arn:function', Payload: '{% $states.input %}' },
  Output: '{% $states.result.Payload %}',
  ...more,
});

/** A task that hands out its token and waits for it. */
export const waiting = (more: object): object => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken',
  Arguments: { token: '{% $states.context.Task.Token %}', input: '{% $states.input %}' },
  ...more,
});

export const named = (name: string, message = 'as the test wants it'): Error =>
  Object.assign(new Error(message), { name });

/** As the SDK throws what DynamoDB refuses. */
export const refusedByDynamoDb = (code: string): Error => new AwsError(code, 'refused');
