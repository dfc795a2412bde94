/**
 * What the states of a definition work out from their expressions: which way a choice goes, how long a task may take, what
 * comes out. Pure but for the evaluation itself. The trap: JSONata yields any type, and each field takes only one.
 */
import type { ChoiceState, FailState, TaskState } from './definition.ts';
import type { Bindings, Template } from './expressions.ts';
import { TaskFailure } from './failure.ts';

/** The longest that a task may wait on AWS, in seconds. */
const longestTimeout = 99_999_999;

/** Where a choice leads, and with what. */
export const choose = async (
  choice: ChoiceState,
  bindings: Bindings,
): Promise<{ next: string; output: Template | undefined }> => {
  for (const rule of choice.rules) {
    const met = await rule.condition(bindings);
    if (typeof met !== 'boolean') throw unexpected('A condition', 'true or false', met);
    if (met) return rule;
  }
  if (choice.default === undefined) throw new TaskFailure('States.NoChoiceMatched', 'No choice matched.');
  return { next: choice.default, output: choice.output };
};

/** How long a task may take, in ms; undefined when the definition doesn't say. */
export const timeoutMs = async (task: TaskState, bindings: Bindings): Promise<number | undefined> => {
  const seconds = await task.timeoutSeconds?.(bindings);
  if (seconds === undefined) return undefined;
  if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds < 1 || seconds > longestTimeout) {
    throw unexpected('TimeoutSeconds', `a whole number from 1 to ${longestTimeout}`, seconds);
  }
  return seconds * 1_000;
};

/** The failure that a Fail state ends with. */
export const failureOf = async (state: FailState, bindings: Bindings): Promise<TaskFailure> => {
  const [error, cause] = await Promise.all([state.error?.(bindings), state.cause?.(bindings)]);
  return new TaskFailure(text('Error', error ?? ''), text('Cause', cause ?? ''));
};

const text = (field: string, value: unknown): string => {
  if (typeof value !== 'string') throw unexpected(field, 'a string', value);
  return value;
};

const unexpected = (what: string, wanted: string, got: unknown): TaskFailure =>
  new TaskFailure('States.QueryEvaluationError', `${what} has to be ${wanted}, not ${JSON.stringify(got)}`);
