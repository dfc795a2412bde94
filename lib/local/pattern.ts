/**
 * Event patterns, as EventBridge rules and the filters of event source mappings write them. It owns the part of the pattern
 * language that the stack uses and must not know what the events are. The trap: a pattern that is only half understood would
 * wake a function too often or never, so an operator that is not here is refused when the pattern is read.
 */
import * as z from 'zod';

/** Stands in an event for what is not known yet: every condition on it, or on anything below it, may be met. */
export const UNKNOWN = Symbol('unknown');

/** Answers whether an event fits a pattern, or may fit it where something in it is unknown. */
export type Matcher = (event: unknown) => boolean;

/** A pattern uses something that the local desk does not know. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

const scalarSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const operatorSchema = z.union([
  z.strictObject({ prefix: z.string() }),
  z.strictObject({ suffix: z.string() }),
  z.strictObject({ exists: z.boolean() }),
  z.strictObject({ 'anything-but': z.union([scalarSchema, z.array(scalarSchema)]) }),
]);

/** Reads a pattern. Throws a PatternError that names what it does not know. */
export function readPattern(pattern: unknown, path: readonly string[] = []): Matcher {
  if (Array.isArray(pattern)) return anyOf(pattern.map((condition) => readCondition(condition, path)));
  const fields = z.record(z.string(), z.unknown()).safeParse(pattern);
  if (!fields.success) throw new PatternError(`The event pattern needs a list of values at "${path.join('.')}".`);
  const matchers = Object.entries(fields.data).map(([key, below]): Matcher => {
    if (key.startsWith('$')) throw new PatternError(`The local desk does not know "${key}" in an event pattern.`);
    const matches = readPattern(below, [...path, key]);
    return (event) => matches(field(event, key));
  });
  return (event) => matchers.every((matches) => matches(event));
}

const anyOf =
  (conditions: readonly Matcher[]): Matcher =>
  (value) =>
    conditions.some((matches) => matches(value));

function field(event: unknown, key: string): unknown {
  if (event === UNKNOWN) return UNKNOWN;
  return typeof event === 'object' && event !== null && Object.hasOwn(event, key)
    ? (event as Record<string, unknown>)[key]
    : undefined;
}

function readCondition(condition: unknown, path: readonly string[]): Matcher {
  if (scalarSchema.safeParse(condition).success) return onValues((value) => value === condition);
  const operator = operatorSchema.safeParse(condition);
  if (!operator.success) {
    throw new PatternError(
      `The local desk does not know the condition ${JSON.stringify(condition)} of the event pattern at "${path.join('.')}".`,
    );
  }
  const known = operator.data;
  if ('prefix' in known) return onValues((value) => typeof value === 'string' && value.startsWith(known.prefix));
  if ('suffix' in known) return onValues((value) => typeof value === 'string' && value.endsWith(known.suffix));
  if ('exists' in known) return (value) => value === UNKNOWN || (value !== undefined) === known.exists;
  const unwanted = [known['anything-but']].flat();
  return onValues((value) => value !== undefined && !unwanted.some((each) => each === value));
}

/** A list in the event matches when one of its values does. */
const onValues =
  (matches: Matcher): Matcher =>
  (value) =>
    value === UNKNOWN || (Array.isArray(value) ? value.some(matches) : matches(value));
