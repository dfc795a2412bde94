/**
 * The values of a definition that are worked out when a state runs: JSON whose strings may be JSONata, `{% … %}`. It must not
 * know what a state does with them. The traps: Step Functions has JSONata 2.0.6, so a later one here would take what fails there; and on AWS
 * an expression that yields nothing is an error, not a missing field.
 */
import jsonata from 'jsonata';
import { DefinitionError, TaskFailure } from './failure.ts';

export interface Bindings {
  /** What `$states` is to the expressions. */
  readonly states: {
    readonly input: unknown;
    readonly context: unknown;
    readonly result?: unknown;
    readonly errorOutput?: unknown;
  };
  /** What `$millis()` and `$now()` tell, in ms since the epoch. */
  readonly at: number;
}

/** Works a value out. Throws a TaskFailure `States.QueryEvaluationError`. */
export type Template = (bindings: Bindings) => Promise<unknown>;

const wrapped = /^\{%([^]*)%\}$/;

/** Whether the whole of a string is an expression. */
export const isExpression = (text: string): boolean => wrapped.test(text);

/** Compiles a value once; `field` names it in messages. Throws a DefinitionError for an expression that can't be parsed. */
export const compile = (value: unknown, field: string): Template => {
  if (typeof value === 'string') return compileText(value, field);
  if (Array.isArray(value)) {
    const items = value.map((item, index) => compile(item, `${field}[${index}]`));
    return (bindings) => Promise.all(items.map((item) => item(bindings)));
  }
  if (typeof value === 'object' && value !== null) return compileObject(value, field);
  return () => Promise.resolve(value);
};

const compileObject = (value: object, field: string): Template => {
  const members = Object.entries(value).map(([key, item]) => [key, compile(item, `${field}/${key}`)] as const);
  return async (bindings) =>
    Object.fromEntries(await Promise.all(members.map(async ([key, member]) => [key, await member(bindings)] as const)));
};

const compileText = (text: string, field: string): Template => {
  const source = wrapped.exec(text)?.[1];
  if (source === undefined) return () => Promise.resolve(text);
  const expression = parse(source, field);
  return async ({ states, at }) => {
    const value = await evaluate(expression, field, {
      states,
      millis: () => at,
      now: (...picture: unknown[]) => isoInstant(at, picture),
    });
    const json = toJson(value);
    if (json === undefined) {
      throw new TaskFailure('States.QueryEvaluationError', `The expression of ${field} returned nothing: ${text}`);
    }
    return JSON.parse(json) as unknown;
  };
};

/** Plain JSON text: JSONata's own arrays end here. A function is no value; JSONata has three kinds of them. */
const toJson = (value: unknown): string | undefined => {
  const isFunction =
    typeof value === 'function' ||
    (typeof value === 'object' && value !== null && ('_jsonata_lambda' in value || '_jsonata_function' in value));
  return isFunction ? undefined : JSON.stringify(value);
};

const isoInstant = (at: number, picture: unknown[]): string => {
  if (picture.some((each) => each !== undefined)) {
    throw new Error('$now with a picture is not supported by the local desk: use $fromMillis($millis(), …)');
  }
  return new Date(at).toISOString();
};

const parse = (source: string, field: string): jsonata.Expression => {
  try {
    return jsonata(source);
  } catch (error) {
    throw new DefinitionError(`${field}: ${describe(error)}`, { cause: error });
  }
};

const evaluate = async (
  expression: jsonata.Expression,
  field: string,
  bindings: Record<string, unknown>,
): Promise<unknown> => {
  try {
    return await expression.evaluate(undefined, bindings);
  } catch (error) {
    throw new TaskFailure('States.QueryEvaluationError', `${field}: ${describe(error)}`, { cause: error });
  }
};

/** JSONata throws plain objects. */
const describe = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
