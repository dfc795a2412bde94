/**
 * Reads one CloudFormation template: refuses what the local desk can't run, resolves every reference, and hands out the
 * resources of a type with their physical names. It must not know how a resource is run. The trap: names depend on properties
 * and properties on names, so both are worked out when they are asked for.
 */
import * as z from 'zod';
import { INERT, RUNNABLE } from './catalogue.ts';
import type { RunnableType } from './catalogue.ts';
import { resolve } from './resolve.ts';
import type { Scope } from './resolve.ts';
import { TemplateError } from './template-error.ts';

const resourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Metadata: z.record(z.string(), z.unknown()).default({}),
  Condition: z.undefined({ error: 'the local desk knows no conditions' }).optional(),
});

/** Sections that change what is deployed are refused; those that only describe are not read. */
const templateSchema = z.strictObject({
  Resources: z.record(z.string(), resourceSchema),
  Parameters: z.record(z.string(), z.looseObject({ Default: z.unknown().optional() })).default({}),
  AWSTemplateFormatVersion: z.unknown().optional(),
  Description: z.unknown().optional(),
  Metadata: z.unknown().optional(),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown() })).default({}),
  Rules: z.unknown().optional(),
});
type RawResource = z.infer<typeof resourceSchema>;

/** A resource with its references resolved and its properties checked. */
export interface StackResource<Properties> {
  readonly logicalId: string;
  readonly name: string;
  /** What `Ref` gives. */
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly properties: Properties;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export class Stack implements Scope {
  readonly #resources: ReadonlyMap<string, RawResource>;
  readonly #parameters: ReadonlyMap<string, unknown>;
  readonly #outputs: ReadonlyMap<string, { readonly Value: unknown }>;

  /** Throws a TemplateError that names every resource type it can't run, with logical ids. */
  constructor(template: unknown) {
    const parsed = templateSchema.safeParse(template);
    if (!parsed.success) throw new TemplateError(`The template can't be read: ${z.prettifyError(parsed.error)}`);
    this.#resources = new Map(Object.entries(parsed.data.Resources));
    this.#parameters = new Map(Object.entries(parsed.data.Parameters).map(([id, { Default }]) => [id, Default]));
    this.#outputs = new Map(Object.entries(parsed.data.Outputs));
    const unknown = [...this.#resources].filter(([, { Type }]) => !(Type in RUNNABLE) && !INERT.has(Type));
    if (unknown.length > 0) {
      const list = unknown.map(([id, { Type }]) => `${Type} (${id})`).join(', ');
      throw new TemplateError(`The local desk can't run these resources of the template: ${list}.`);
    }
  }

  /** Every resource of the type, its properties read by that type's schema. Throws a TemplateError for what it does not know. */
  resources<Schema extends z.ZodType>(type: string, schema: Schema): StackResource<z.infer<Schema>>[] {
    return [...this.#resources]
      .filter(([, resource]) => resource.Type === type)
      .map(([logicalId, resource]) => {
        const runnable = runnableType(resource.Type, logicalId);
        const name = this.#name(logicalId, resource, runnable);
        return {
          logicalId,
          name,
          ref: runnable.ref(name),
          attributes: runnable.attributes(name),
          properties: this.#properties(logicalId, resource, schema),
          metadata: resource.Metadata,
        };
      });
  }

  /** The stack's outputs; one that is no text on one machine is left out. */
  outputs(): Record<string, string> {
    return Object.fromEntries(
      [...this.#outputs].flatMap(([name, { Value }]) => {
        const value = resolve(Value, this);
        return typeof value === 'string' ? [[name, value] as const] : [];
      }),
    );
  }

  ref(logicalId: string): unknown {
    if (this.#parameters.has(logicalId)) return this.#parameters.get(logicalId);
    const resource = this.#resource(logicalId);
    if (INERT.has(resource.Type)) return logicalId;
    const runnable = runnableType(resource.Type, logicalId);
    return runnable.ref(this.#name(logicalId, resource, runnable));
  }

  attribute(logicalId: string, name: string): unknown {
    const resource = this.#resource(logicalId);
    // An ARN of something that does nothing here is only ever handed to something else that does nothing here.
    if (INERT.has(resource.Type)) return `arn:aws:inert:::${logicalId}/${name}`;
    const runnable = runnableType(resource.Type, logicalId);
    const value = runnable.attributes(this.#name(logicalId, resource, runnable))[name];
    if (value === undefined) {
      throw new TemplateError(`The local desk does not know the attribute ${name} of ${resource.Type} (${logicalId}).`);
    }
    return value;
  }

  #resource(logicalId: string): RawResource {
    const resource = this.#resources.get(logicalId);
    if (resource === undefined) throw new TemplateError(`The template refers to ${logicalId}, which it does not hold.`);
    return resource;
  }

  #name(logicalId: string, resource: RawResource, { nameProperty }: RunnableType): string {
    const given = nameProperty === undefined ? undefined : resolve(resource.Properties[nameProperty], this);
    return typeof given === 'string' ? given : logicalId;
  }

  #properties<Schema extends z.ZodType>(logicalId: string, resource: RawResource, schema: Schema): z.infer<Schema> {
    const parsed = schema.safeParse(resolve(resource.Properties, this));
    if (parsed.success) return parsed.data;
    throw new TemplateError(
      `The local desk can't run ${resource.Type} (${logicalId}) as the template has it: ${z.prettifyError(parsed.error)}`,
    );
  }
}

function runnableType(type: string, logicalId: string): RunnableType {
  const runnable = RUNNABLE[type];
  if (runnable === undefined) throw new TemplateError(`The local desk can't run ${type} (${logicalId}).`);
  return runnable;
}
