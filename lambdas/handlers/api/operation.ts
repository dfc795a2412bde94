/**
 * What an operation of the API is: its route, who may call it, and the schemas that both check requests and generate the OpenAPI
 * document. The stack makes its routes from the same list, so a route exists in all three places or in none.
 */
import type * as z from 'zod';
import type { Role } from '../../domain/vocabulary.ts';
import type { ProblemCode } from '../commands/problem.ts';

export interface Operation {
  readonly operationId: string;
  readonly method: 'GET' | 'POST';
  readonly path: `/v1/${string}`;
  /** Answered without a token. */
  readonly public?: boolean;
  readonly roles: readonly Role[];
  readonly tag: string;
  /** Reads or writes so much that it is let in less often than others. */
  readonly heavy?: boolean;
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** The body may be a form of a page as well as JSON. */
  readonly takesForm?: true;
  readonly success: {
    readonly status: 200 | 201;
    readonly schema: z.ZodType;
    readonly description: string;
    /** Other than JSON: what the handler answers is the body's text as it stands (see `Page`). */
    readonly contentType?: string;
  };
  /** The problems that this operation's own rules can answer, beside those that every operation can. */
  readonly problems: readonly ProblemCode[];
}

export const everyone: readonly Role[] = ['customer', 'engineer', 'manager'];
