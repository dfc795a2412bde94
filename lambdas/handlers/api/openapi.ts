/**
 * The OpenAPI document, made from the operations and the very schemas that check requests. It runs at build time only: the
 * committed document is what the service answers, and a test fails when the two differ.
 */
import * as z from 'zod';
import recorded from './examples.generated.json' with { type: 'json' };
import { LARGEST_BODY_BYTES } from './call.ts';
import type { Operation } from './operation.ts';
import { HTML } from './page.ts';
import { problemStatus, problemType, problemWord, type ProblemCode } from '../commands/problem.ts';

type Json = Record<string, unknown>;

/** What a real desk was asked and answered, by operation; recorded by the contract's test. */
const examples: Readonly<Record<string, { request?: unknown; response: unknown }>> = recorded;

const problemSchema = {
  type: 'object',
  description: 'RFC 9457. Further members hold the facts, such as `errors`, `missing` or `packs`.',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string', enum: [...new Set((Object.keys(problemStatus) as ProblemCode[]).map(problemType))] },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
  },
};

/** A list of a fixed length whose places differ, said in the words that every reader of such a document knows. */
const withoutPlaces = ({ prefixItems, ...list }: { readonly prefixItems: unknown }): Json => ({
  ...list,
  items: { anyOf: prefixItems },
});

/** Collects the named schemas of a document and turns references to them into references to its components. */
class Components {
  readonly schemas: Json = { Problem: problemSchema };
  readonly examples: Json = {};

  add(schema: z.ZodType, io: 'input' | 'output'): Json {
    const { $schema: _dialect, $defs = {}, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
    for (const [name, definition] of Object.entries($defs as Json)) this.schemas[name] = this.#referring(definition);
    const { id } = schema.meta() ?? {};
    if (typeof id !== 'string' || '$ref' in json) return this.#referring(json) as Json;
    this.schemas[id] = this.#referring(json);
    return { $ref: `#/components/schemas/${id}` };
  }

  /** An answer's example. What many operations answer, such as a ticket, is shown once and referred to. */
  exampleOf(schema: z.ZodType, value: unknown): Json {
    const { id } = schema.meta() ?? {};
    if (typeof id !== 'string' || value === undefined) return { example: value };
    this.examples[id] ??= { value };
    return { examples: { [id]: { $ref: `#/components/examples/${id}` } } };
  }

  #referring(json: unknown): unknown {
    if (Array.isArray(json)) return json.map((one) => this.#referring(one));
    if (typeof json !== 'object' || json === null) return json;
    if ('prefixItems' in json) return this.#referring(withoutPlaces(json));
    const entries = Object.entries(json).filter(([key]) => key !== 'id' || !('properties' in json || 'enum' in json));
    return Object.fromEntries(
      entries.map(([key, value]) => [
        key,
        key === '$ref' && typeof value === 'string'
          ? value.replace('#/$defs/', '#/components/schemas/')
          : this.#referring(value),
      ]),
    );
  }
}

/** What any operation with a token can answer, whatever it does. */
const everywhere = (operation: Operation): ProblemCode[] => [
  ...(operation.public ? [] : (['unauthenticated', 'forbidden'] as const)),
  ...(operation.params || operation.query || operation.body ? (['validation'] as const) : []),
  ...(operation.body ? (['too-large'] as const) : []),
  ...(changes(operation) ? (['idempotency-mismatch'] as const) : []),
  'too-many',
  'busy',
  'internal',
];

const changes = ({ method, path }: Operation): boolean => method === 'POST' && path !== '/v1/quotes';

/** The problems that pass by themselves. */
const WAIT: readonly ProblemCode[] = ['too-many', 'busy'];
const retryAfter = {
  'Retry-After': { description: 'Seconds after which it is worth another try.', schema: { type: 'string' } },
};

/** Said once and referred to, because half of all answers have it. */
const headers = {
  'Idempotency-Replayed': {
    description: '`true` where this is the answer to an earlier request with the same key; absent otherwise.',
    schema: { type: 'string', const: 'true' },
  },
};
const replayed = { 'Idempotency-Replayed': { $ref: '#/components/headers/Idempotency-Replayed' } };

/** What is behind a word, where the word does not say it. */
const told: Partial<Record<ProblemCode, string>> = {
  'too-large': `a body may have ${String(LARGEST_BODY_BYTES)} bytes`,
};

const describeProblem = (code: ProblemCode): string =>
  [`\`${problemWord(code)}\``, ...(told[code] === undefined ? [] : [told[code]])].join(': ');

/** A person who looks at a page with a browser is told in one, too. */
const problemContent = ({ success }: Operation): Json => ({
  'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
  ...(success.contentType === HTML && { [HTML]: { schema: { type: 'string' } } }),
});

const problems = (operation: Operation): Json => {
  const codes = [...new Set([...operation.problems, ...everywhere(operation)])];
  const statuses = [...new Set(codes.map((code) => problemStatus[code]))].toSorted((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      {
        description: codes
          .flatMap((code) => (problemStatus[code] === status ? [describeProblem(code)] : []))
          .join(' or '),
        ...(codes.some((code) => problemStatus[code] === status && WAIT.includes(code)) && { headers: retryAfter }),
        content: problemContent(operation),
      },
    ]),
  );
};

const parametersIn = (place: 'path' | 'query', schema: z.ZodObject | undefined, components: Components): Json[] =>
  Object.entries(schema?.shape ?? {}).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path' || !(field as z.ZodType).safeParse(undefined).success,
    schema: components.add(field as z.ZodType, 'input'),
  }));

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key with the same body gives the same answer for seven days; with another body, a 422.',
  schema: { type: 'string', minLength: 1, maxLength: 200, pattern: '^[\\x21-\\x7e]{1,200}$' },
};

const describe = (operation: Operation, components: Components): Json => {
  const { success, body } = operation;
  const { request, response } = examples[operation.operationId] ?? {};
  const parameters = [
    ...parametersIn('path', operation.params, components),
    ...parametersIn('query', operation.query, components),
    ...(changes(operation) ? [idempotencyKey] : []),
  ];
  return {
    operationId: operation.operationId,
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.public ? { security: [] } : { description: `For ${operation.roles.join(', ')}.` }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: components.add(body, 'input'), example: request },
          ...(operation.takesForm && {
            'application/x-www-form-urlencoded': { schema: components.add(body, 'input') },
          }),
        },
      },
    }),
    responses: {
      [String(success.status)]: {
        description: success.description,
        ...(changes(operation) && { headers: replayed }),
        content: {
          [success.contentType ?? 'application/json']: {
            schema: components.add(success.schema, 'output'),
            ...components.exampleOf(success.schema, response),
          },
        },
      },
      ...problems(operation),
    },
  };
};

/** The document for a list of operations, in the order of the list. */
export const openApiDocument = (operations: readonly Operation[], version: string): Json => {
  const components = new Components();
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: describe(operation, components),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Makegood',
      version,
      description: `A support desk that sells tickets by the incident, promises answers by the business hour, and pays back when it is late. Bodies are in UTF-8, and of at most ${String(LARGEST_BODY_BYTES)} bytes.`,
    },
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: components.schemas,
      examples: components.examples,
      headers,
    },
  };
};
