/**
 * One call of an operation: the event of API Gateway, checked against the operation's schemas. The moment of the call is the one
 * at which API Gateway took it in; no clock is read here.
 */
import type { APIGatewayProxyEventV2, APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda';
import { ulid } from 'ulid';
import * as z from 'zod';
import { fromMillis, type Instant } from '../../domain/time/instant.ts';
import type { ClaimNames } from '../environment.ts';
import { callerFrom, type IdentifiedCaller } from './claims.ts';
import type { Operation } from './operation.ts';
import type { Contract, OperationId } from './operations.ts';
import { Problem } from '../commands/problem.ts';

export type HttpEvent = APIGatewayProxyEventV2 | APIGatewayProxyEventV2WithJWTAuthorizer;

type Nothing = Record<string, never>;

type Output<Id extends OperationId, Part extends string> =
  Contract[Id] extends Record<Part, infer Schema extends z.ZodType> ? z.output<Schema> : Nothing;

export interface Call<Id extends OperationId = OperationId> {
  readonly caller: IdentifiedCaller;
  readonly now: Instant;
  readonly params: Output<Id, 'params'>;
  readonly query: Output<Id, 'query'>;
  readonly body: Output<Id, 'body'>;
  readonly idempotencyKey?: string;
  /** A new ULID whose time part is the call's millisecond, so that ids sort as the desk's clock runs. */
  readonly freshId: () => string;
}

/**
 * Ten problems of 20,000 characters each (`splitTicket`), the largest that the contract takes, have 1.2 MB where every character is
 * spelled as `\uXXXX`. It is well within what API Gateway (10 MB) and Lambda (6 MB) hand over, and what comes of it within a transaction
 * (4 MB) and its items (400 kB each).
 */
export const LARGEST_BODY_BYTES = 1_310_720;
/** Enough to see what is wrong with a request. */
const MOST_ERRORS = 20;
/** A message may name what was sent, such as unknown fields; the answer does not grow with it. */
const LONGEST_MESSAGE = 300;

const idempotencyKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 printable ASCII characters without spaces')
  .optional();

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

const refusal = (place: string, issues: readonly Issue[]): Problem => {
  const errors = issues.slice(0, MOST_ERRORS).map(({ path, message }) => ({
    path: [place, ...path.map(String)].join('.').slice(0, LONGEST_MESSAGE),
    message: message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message,
  }));
  const first = errors[0];
  return new Problem('validation', `${first?.path ?? place}: ${first?.message ?? 'not valid'}`, { errors });
};

const checked = <Schema extends z.ZodType>(place: string, schema: Schema, value: unknown): z.output<Schema> => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw refusal(place, result.error.issues);
};

/** A field of a form that nobody filled in is not there. */
const formFields = (text: string): Record<string, string> =>
  Object.fromEntries([...new URLSearchParams(text)].filter(([, value]) => value !== ''));

const isForm = ({ headers }: HttpEvent): boolean =>
  /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');

/** Anything else would come through as text with holes in it. */
const isUtf8 = ({ headers }: HttpEvent): boolean =>
  /^utf-?8$/i.test(/;\s*charset\s*=\s*"?([^";\s]*)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8');

const readBody = ({ takesForm }: Operation, event: HttpEvent): unknown => {
  const { body, isBase64Encoded } = event;
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > LARGEST_BODY_BYTES) {
    throw new Problem(
      'too-large',
      `The body has ${String(bytes.length)} bytes; at most ${String(LARGEST_BODY_BYTES)} are taken.`,
    );
  }
  if (bytes.length === 0) return {};
  if (!isUtf8(event)) {
    throw new Problem(
      'validation',
      'Content-Type: a body is taken in UTF-8 alone; send it in UTF-8, and name no other charset.',
    );
  }
  if (takesForm && isForm(event)) return formFields(bytes.toString('utf8'));
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new Problem('validation', 'The body is not JSON in UTF-8.', {}, { cause });
  }
};

/** Half of a character that takes two: JSON can spell it, and no record can hold it. */
const HALF = /\p{Surrogate}/u;
const pathToHalf = (value: unknown): string[] | undefined => {
  if (typeof value === 'string') return HALF.test(value) ? [] : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, part] of Object.entries(value)) {
    const path = pathToHalf(part);
    if (path) return [key, ...path];
  }
  return undefined;
};

/** The schema comes first: only what it has let through is walked, and so is as deep as the contract. */
const checkedBody = (schema: z.ZodType, value: unknown): unknown => {
  const body = checked('body', schema, value);
  const path = pathToHalf(body);
  if (path)
    throw refusal('body', [{ path, message: 'holds half of a character (a surrogate without its other half)' }]);
  return body;
};

const claimsOf = (event: HttpEvent): Readonly<Record<string, unknown>> | undefined =>
  'authorizer' in event.requestContext ? event.requestContext.authorizer.jwt.claims : undefined;

const NOBODY = z.object({}).strict();

/** Reads a call, or throws the Problem that says what is wrong with it: first the role, then the request. */
export const readCall = (operation: Operation, event: HttpEvent, names: ClaimNames): Call => {
  const claims = claimsOf(event);
  const caller: IdentifiedCaller | undefined = operation.public
    ? { role: 'customer', id: `public/${Object.values(event.pathParameters ?? {}).join('/')}` }
    : claims && callerFrom(claims, names);
  if (!caller) throw new Problem('unauthenticated', 'This call needs a bearer token.');
  if (!operation.roles.includes(caller.role)) {
    throw new Problem(
      'forbidden',
      `This call is for ${operation.roles.join(' and ')}; the token's role is ${caller.role}.`,
    );
  }
  const { timeEpoch } = event.requestContext;
  const key = checked('Idempotency-Key', idempotencyKeySchema, event.headers['idempotency-key']);
  const call = {
    caller,
    now: fromMillis(timeEpoch),
    params: checked('path', operation.params ?? NOBODY, event.pathParameters ?? {}),
    query: checked('query', operation.query ?? NOBODY, event.queryStringParameters ?? {}),
    body: operation.body ? checkedBody(operation.body, readBody(operation, event)) : {},
    freshId: () => ulid(timeEpoch),
    ...(key !== undefined && { idempotencyKey: key }),
  };
  return call as Call;
};
