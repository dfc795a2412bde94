/**
 * The part of the Amazon States Language that the local desk runs, as it stands in a definition. It must not know how a state
 * runs. The trap: every object is strict, because a field that was silently left out would make the desk differ from AWS.
 */
import * as z from 'zod';

const comment = z.string().optional();
const queryLanguage = z.literal('JSONata').optional();
const errorNames = z.array(z.string()).min(1);
const stateName = z.string();

const retrier = z.strictObject({
  Comment: comment,
  ErrorEquals: errorNames,
  IntervalSeconds: z.number().int().positive().default(1),
  BackoffRate: z.number().min(1).default(2),
  MaxAttempts: z.number().int().nonnegative().max(99_999_999).default(3),
  MaxDelaySeconds: z.number().int().positive().max(31_622_400).optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).default('NONE'),
});

const catcher = z.strictObject({
  Comment: comment,
  ErrorEquals: errorNames,
  Next: stateName,
  Output: z.json().optional(),
});

const task = z.strictObject({
  Type: z.literal('Task'),
  Comment: comment,
  QueryLanguage: queryLanguage,
  Resource: z.string(),
  Arguments: z.json().optional(),
  Output: z.json().optional(),
  TimeoutSeconds: z.union([z.number().int().positive(), z.string()]).optional(),
  Retry: z.array(retrier).default([]),
  Catch: z.array(catcher).default([]),
  Next: stateName.optional(),
  End: z.boolean().optional(),
});

const choice = z.strictObject({
  Type: z.literal('Choice'),
  Comment: comment,
  QueryLanguage: queryLanguage,
  Choices: z
    .array(z.strictObject({ Comment: comment, Condition: z.string(), Next: stateName, Output: z.json().optional() }))
    .min(1),
  Default: stateName.optional(),
  Output: z.json().optional(),
});

const succeed = z.strictObject({
  Type: z.literal('Succeed'),
  Comment: comment,
  QueryLanguage: queryLanguage,
  Output: z.json().optional(),
});

const fail = z.strictObject({
  Type: z.literal('Fail'),
  Comment: comment,
  QueryLanguage: queryLanguage,
  Error: z.string().optional(),
  Cause: z.string().optional(),
});

export const stateSchemas = { Task: task, Choice: choice, Succeed: succeed, Fail: fail };

export const machineSchema = z.strictObject({
  Comment: comment,
  Version: z.literal('1.0').optional(),
  QueryLanguage: z.literal('JSONata', { error: 'the local desk runs JSONata only' }),
  StartAt: stateName,
  States: z.record(z.string(), z.looseObject({ Type: z.string(), QueryLanguage: z.string().optional() })),
});

export type TaskSource = z.infer<typeof task>;
export type ChoiceSource = z.infer<typeof choice>;
export type SucceedSource = z.infer<typeof succeed>;
export type FailSource = z.infer<typeof fail>;
