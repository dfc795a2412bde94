/**
 * What `$states` holds in an expression: the state's input and the context object. Pure. The trap: expressions compare instants
 * as text and as `$toMillis`, so every moment here is the ISO text that AWS would give.
 */
import type { Bindings } from './expressions.ts';
import type { Position, Standing } from './standing.ts';

export interface Extra {
  readonly token?: string;
  readonly result?: unknown;
  readonly errorOutput?: unknown;
}

/** AWS promises ISO 8601 and no number of digits, so a whole second has none here: who wants three must write them. */
const iso = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');

/** `input` is the execution's input; `now` is in ms since the epoch. */
export const bindingsOf = (
  { arn, name, startedAt, machineArn }: Standing,
  position: Position,
  input: unknown,
  now: number,
  { token, ...more }: Extra,
): Bindings => ({
  states: {
    input: position.input,
    context: {
      Execution: { Id: arn, Name: name, Input: input, StartTime: iso(startedAt) },
      State: {
        Name: position.state,
        EnteredTime: iso(position.enteredAt),
        RetryCount: position.retries.reduce((sum, each) => sum + each, 0),
      },
      StateMachine: { Id: machineArn, Name: machineArn.slice(machineArn.lastIndexOf(':') + 1) },
      ...(token === undefined ? {} : { Task: { Token: token } }),
    },
    ...more,
  },
  at: now,
});
