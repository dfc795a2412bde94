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

/** Bodies of this API are short texts; 64 KiB is three times the longest message in UTF-8. */
const LARGEST_BODY_BYTES = 65_536;
/** Enough to see what is wrong with a request. */
const MOST_ERRORS = 20;
/** A message may name what was sent, such as unknown fields; the answer does not grow with it. */
const LONGEST_MESSAGE = 300;

const idempotencyKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 printable ASCII characters without spaces')
  .optional();

const checked = <Schema extends z.ZodType>(place: string, schema: Schema, value: unknown): z.output<Schema> => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.slice(0, MOST_ERRORS).map(({ path, message }) => ({
    path: [place, ...path.map(String)].join('.').slice(0, LONGEST_MESSAGE),
    message: message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message,
  }));
  const first = errors[0];
  throw new Problem('validation', `${first?.path ?? place}: ${first?.message ?? 'not valid'}`, { errors });
};

/** A field of a form that nobody filled in is not there. */
const formFields = (text: string): Record<string, string> =>
  Object.fromEntries([...new URLSearchParams(text)].filter(([, value]) => value !== ''));

const isForm = ({ headers }: HttpEvent): boolean =>
  /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');

/** Half of a character that takes two: JSON can spell it, and no record can hold it. */
const HALF = /\p{Surrogate}/u;
const wholeText = (key: string, value: unknown): unknown => {
  if (HALF.test(key) || (typeof value === 'string' && HALF.test(value))) throw new SyntaxError('half a character');
  return value;
};

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
  if (takesForm && isForm(event)) return formFields(bytes.toString('utf8'));
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), wholeText);
  } catch (cause) {
    throw new Problem('validation', 'The body is not JSON in UTF-8.', {}, { cause });
  }
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
    body: operation.body ? checked('body', operation.body, readBody(operation, event)) : {},
    freshId: () => ulid(timeEpoch),
    ...(key !== undefined && { idempotencyKey: key }),
  };
  return call as Call;
};
