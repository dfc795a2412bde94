/**
 * Problems as the API tells them (RFC 9457). A problem has a stable type, a public sentence, and the facts that help to do better;
 * what went wrong inside stays in `cause` and in the log.
 */
import type { Refusal } from '../../domain/refusal.ts';

export const problemStatus = {
  validation: 400,
  unauthenticated: 401,
  'insufficient-credit': 402,
  forbidden: 403,
  'not-entitled': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'wrong-state': 409,
  'too-large': 413,
  'idempotency-mismatch': 422,
  'too-many': 429,
  internal: 500,
  busy: 503,
} as const;
export type ProblemCode = keyof typeof problemStatus;

const titles: Record<ProblemCode, string> = {
  validation: 'The request does not fit the contract',
  unauthenticated: 'A valid bearer token is needed',
  'insufficient-credit': 'Not enough units on hand',
  forbidden: 'Not allowed for this role',
  'not-entitled': 'The plan does not include this',
  'not-found': 'Not found',
  'method-not-allowed': 'No such call at this path',
  'wrong-state': 'Not possible in the present state',
  'too-large': 'The request is too large',
  'idempotency-mismatch': 'The idempotency key was used for another request',
  'too-many': 'The desk has had too much from this account',
  internal: 'The desk failed',
  busy: 'The desk is busy',
};

/** The start of every problem's type; the code follows it. */
const PROBLEM_TYPE_PREFIX = 'urn:makegood:problem:';

/** What a problem's type ends in. Too many requests are one way of being busy: only the status tells who has to wait. */
export const problemWord = (code: ProblemCode): string => (code === 'too-many' ? 'busy' : code);

export const problemType = (code: ProblemCode): string => `${PROBLEM_TYPE_PREFIX}${problemWord(code)}`;

export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly facts: Readonly<Record<string, unknown>>;
  /** Headers that the answer needs beside its content type. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail: string,
    facts: Readonly<Record<string, unknown>> = {},
    { headers = {}, ...options }: ErrorOptions & { headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail, options);
    this.code = code;
    this.facts = facts;
    this.headers = headers;
  }

  static of({ code, message, facts }: Refusal): Problem {
    return new Problem(code, message, facts);
  }
}

/** The body of a problem's answer. */
export const problemBody = ({ code, message, facts }: Problem) => ({
  ...facts,
  type: problemType(code),
  title: titles[code],
  status: problemStatus[code],
  detail: message,
});
