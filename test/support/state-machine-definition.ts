/**
 * Reads a state machine's definition back out of a synthesized template, where it is one JSON text cut up by references. It
 * resolves no reference itself: it leaves each where the text had it, for a resolver that the caller has. The trap: a
 * reference may stand inside a longer string, so a string of the definition can come back as an `Fn::Join`.
 */
import * as z from 'zod';
import type { Template } from '../../lib/synthesize.ts';

/** A CloudFormation intrinsic function such as `{ Ref: 'Table' }`, as the template has it. */
export type Intrinsic = Readonly<Record<string, unknown>>;
type Part = string | Intrinsic;

const partSchema = z.union([z.string(), z.record(z.string(), z.unknown())]);
const definitionStringSchema = z.union([
  z.string().transform((text): Part[] => [text]),
  z
    .strictObject({ 'Fn::Join': z.tuple([z.literal(''), z.array(partSchema)]) })
    .transform(({ 'Fn::Join': [, parts] }): Part[] => parts),
]);
const objectSchema = z.record(z.string(), z.unknown());

/** Stands in the text for the reference of that number while it is parsed; private-use characters occur in no definition. */
const mark = (index: number): string => `\uE000${String(index)}\uE001`;
const MARKS = /\uE000(\d+)\uE001/;

/** The parts of a string around its marks: text at even places, the number of a reference at odd ones. */
const restoreText = (text: string, references: readonly Intrinsic[]): unknown => {
  const parts = text
    .split(MARKS)
    .map((part, place): Part => (place % 2 === 0 ? part : (references[Number(part)] ?? {})))
    .filter((part) => part !== '');
  if (parts.every((part) => typeof part === 'string')) return text;
  return parts.length === 1 ? parts[0] : { 'Fn::Join': ['', parts] };
};

const restore = (value: unknown, references: readonly Intrinsic[]): unknown => {
  if (typeof value === 'string') return restoreText(value, references);
  if (Array.isArray(value)) return value.map((item: unknown) => restore(item, references));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, restore(item, references)]));
};

/** Where the text itself is to be resolved at once: what a reference stands for. */
export type ResolveIntrinsic = (reference: Intrinsic) => string;

/**
 * The definition of the template's one state machine, as an object. A value that holds a reference is left as CloudFormation
 * has it: the intrinsic itself (`{ Ref: … }`), or an `Fn::Join` with '' of texts and intrinsics. With `resolve`, each
 * reference is replaced by what it answers, and the definition holds plain strings only.
 * @throws when the template does not have exactly one state machine, or its definition is not a text or a join.
 */
export const stateMachineDefinition = (template: Template, resolve?: ResolveIntrinsic): Record<string, unknown> => {
  const machines = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::StepFunctions::StateMachine');
  const [machine] = machines;
  if (machine === undefined || machines.length > 1) {
    throw new Error(`Expected one state machine in the template, found ${machines.length}.`);
  }
  const references: Intrinsic[] = [];
  const text = definitionStringSchema
    .parse(machine.Properties?.DefinitionString)
    .map((part) => {
      if (typeof part === 'string') return part;
      return resolve === undefined ? mark(references.push(part) - 1) : JSON.stringify(resolve(part)).slice(1, -1);
    })
    .join('');
  return objectSchema.parse(restore(JSON.parse(text), references));
};
