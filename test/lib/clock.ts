/** The clock's definition as the template carries it, its references resolved to recognisable text. */
import { stateMachineDefinition } from '../support/state-machine-definition.ts';
import { referenced, templateFor } from './support.ts';

export interface State {
  readonly Type: string;
  readonly Resource: string;
  readonly Arguments: Record<string, unknown>;
  readonly Output: string;
  readonly TimeoutSeconds?: string;
  readonly Retry: readonly {
    readonly ErrorEquals: readonly string[];
    readonly MaxAttempts: number;
    readonly JitterStrategy?: string;
  }[];
  readonly Catch: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly Choices: readonly { readonly Condition: string; readonly Next: string }[];
  readonly Default: string;
  readonly Next: string;
}
export interface Definition {
  readonly QueryLanguage: string;
  readonly StartAt: string;
  readonly States: Record<string, State>;
}

export const template = templateFor();
export const definition = stateMachineDefinition(template, (reference) =>
  'Ref' in reference && reference.Ref === 'AWS::Partition' ? 'aws' : `arn:aws:example:${referenced(reference)}`,
) as unknown as Definition;
export const state = (name: string): State => definition.States[name]!;
export const TASKS = Object.keys(definition.States).filter((name) => state(name).Type === 'Task');
