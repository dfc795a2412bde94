/**
 * Reads a state machine's definition: checks it, refuses by name what the local desk can't run, and compiles its expressions
 * once. It must not run anything. The trap: an expression is only checked for its syntax here; what it yields shows at run time.
 */
import type * as z from 'zod';
import { machineSchema, stateSchemas } from './definition-schema.ts';
import type { ChoiceSource, FailSource, SucceedSource, TaskSource } from './definition-schema.ts';
import { compile, isExpression } from './expressions.ts';
import type { Template } from './expressions.ts';
import { DefinitionError } from './failure.ts';
import type { Retrier } from './retry.ts';

/** What a task may call; `waits` is the `.waitForTaskToken` pattern. */
const resources = {
  'aws-sdk:dynamodb:updateItem.waitForTaskToken': { call: 'updateItem', waits: true },
  'aws-sdk:dynamodb:getItem': { call: 'getItem', waits: false },
  'lambda:invoke': { call: 'invoke', waits: false },
  'aws-sdk:sfn:startExecution': { call: 'startExecution', waits: false },
} as const;
export type CallName = (typeof resources)[keyof typeof resources]['call'];

export interface Catcher {
  readonly errors: readonly string[];
  readonly next: string;
  readonly output: Template | undefined;
}
export interface TaskState {
  readonly type: 'Task';
  readonly resource: string;
  readonly call: CallName;
  readonly waits: boolean;
  readonly arguments: Template | undefined;
  readonly output: Template | undefined;
  readonly timeoutSeconds: Template | undefined;
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
  /** Undefined ends the execution. */
  readonly next: string | undefined;
}
export interface ChoiceRule {
  readonly condition: Template;
  readonly next: string;
  readonly output: Template | undefined;
}
export interface ChoiceState {
  readonly type: 'Choice';
  readonly rules: readonly ChoiceRule[];
  readonly default: string | undefined;
  readonly output: Template | undefined;
}
export interface SucceedState {
  readonly type: 'Succeed';
  readonly output: Template | undefined;
}
export interface FailState {
  readonly type: 'Fail';
  readonly error: Template | undefined;
  readonly cause: Template | undefined;
}
export type State = TaskState | ChoiceState | SucceedState | FailState;

export interface Definition {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

/** Reads a definition from its JSON text. Throws a DefinitionError that names the state and what is wrong with it. */
export const readDefinition = (text: string): Definition => {
  const machine = check(machineSchema, parseJson(text), 'the state machine');
  const states = new Map(Object.entries(machine.States).map(([name, state]) => [name, readState(name, state)]));
  for (const [name, target] of [['StartAt', machine.StartAt] as const, ...targets(states)]) {
    if (!states.has(target)) throw new DefinitionError(`${name} leads to the state ${target}, which does not exist`);
  }
  return { startAt: machine.StartAt, states };
};

const readState = (name: string, source: { Type: string; QueryLanguage?: string | undefined }): State => {
  const language = source.QueryLanguage ?? 'JSONata';
  if (language !== 'JSONata') {
    throw new DefinitionError(`query language ${language} of state ${name} is not supported by the local desk`);
  }
  const where = `state ${name}`;
  switch (source.Type) {
    case 'Task':
      return readTask(name, check(stateSchemas.Task, source, where));
    case 'Choice':
      return readChoice(name, check(stateSchemas.Choice, source, where));
    case 'Succeed':
      return readSucceed(name, check(stateSchemas.Succeed, source, where));
    case 'Fail':
      return readFail(name, check(stateSchemas.Fail, source, where));
    default:
      throw new DefinitionError(`state type ${source.Type} of state ${name} is not supported by the local desk`);
  }
};

const readTask = (name: string, task: TaskSource): TaskState => {
  const resource = Object.entries(resources).find(([suffix]) => task.Resource.endsWith(`:states:::${suffix}`))?.[1];
  if (resource === undefined) {
    throw new DefinitionError(`resource ${task.Resource} of state ${name} is not supported by the local desk`);
  }
  if ((task.Next === undefined) !== (task.End === true)) {
    throw new DefinitionError(`state ${name} needs either Next or End`);
  }
  if (typeof task.TimeoutSeconds === 'string' && !isExpression(task.TimeoutSeconds)) {
    throw new DefinitionError(`TimeoutSeconds of state ${name} is neither a number nor an expression`);
  }
  return {
    type: 'Task',
    resource: task.Resource,
    ...resource,
    arguments: optional(task.Arguments, `${name}/Arguments`),
    output: optional(task.Output, `${name}/Output`),
    timeoutSeconds: optional(task.TimeoutSeconds, `${name}/TimeoutSeconds`),
    retriers: task.Retry.map((retrier) => ({
      errors: retrier.ErrorEquals,
      intervalSeconds: retrier.IntervalSeconds,
      backoffRate: retrier.BackoffRate,
      maxAttempts: retrier.MaxAttempts,
      maxDelaySeconds: retrier.MaxDelaySeconds ?? Infinity,
      fullJitter: retrier.JitterStrategy === 'FULL',
    })),
    catchers: task.Catch.map((catcher, index) => ({
      errors: catcher.ErrorEquals,
      next: catcher.Next,
      output: optional(catcher.Output, `${name}/Catch[${index}]/Output`),
    })),
    next: task.Next,
  };
};

const readChoice = (name: string, choice: ChoiceSource): ChoiceState => ({
  type: 'Choice',
  rules: choice.Choices.map((rule, index) => ({
    condition: compile(rule.Condition, `${name}/Choices[${index}]/Condition`),
    next: rule.Next,
    output: optional(rule.Output, `${name}/Choices[${index}]/Output`),
  })),
  default: choice.Default,
  output: optional(choice.Output, `${name}/Output`),
});

const readSucceed = (name: string, succeed: SucceedSource): SucceedState => ({
  type: 'Succeed',
  output: optional(succeed.Output, `${name}/Output`),
});

const readFail = (name: string, fail: FailSource): FailState => ({
  type: 'Fail',
  error: optional(fail.Error, `${name}/Error`),
  cause: optional(fail.Cause, `${name}/Cause`),
});

const optional = (value: unknown, field: string): Template | undefined =>
  value === undefined ? undefined : compile(value, field);

const targets = (states: ReadonlyMap<string, State>): [string, string][] =>
  [...states].flatMap(([name, state]) => leadsTo(state).map((target): [string, string] => [`state ${name}`, target]));

const leadsTo = (state: State): string[] => {
  if (state.type === 'Task') return [...optionalName(state.next), ...state.catchers.map(({ next }) => next)];
  if (state.type === 'Choice') return [...optionalName(state.default), ...state.rules.map(({ next }) => next)];
  return [];
};
const optionalName = (name: string | undefined): string[] => (name === undefined ? [] : [name]);

const check = <T>(schema: z.ZodType<T>, value: unknown, where: string): T => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new DefinitionError(result.error.issues.map((issue) => describe(issue, where)).join('; '));
};

const describe = (issue: z.core.$ZodIssue, where: string): string => {
  const path = issue.path.map((key) => `${String(key)} of `).reverse();
  if (issue.code !== 'unrecognized_keys') return `${path.join('')}${where}: ${issue.message}`;
  return `field ${issue.keys.join(', ')} of ${path.join('')}${where} is not supported by the local desk`;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DefinitionError('The definition is not JSON', { cause: error });
  }
};
