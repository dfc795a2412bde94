/**
 * From event to answer: finds the operation by the route key, runs it, and turns everything that is thrown into a problem. This is
 * the only place of the API that catches.
 */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { BusyError } from '../../store/read.ts';
import { CursorError } from '../../store/lists.ts';
import type { Log } from '../log.ts';
import { markup } from '../report/markup.ts';
import { readCall, type Call, type HttpEvent } from './call.ts';
import type { ClaimNames } from './caller.ts';
import type { Desk, Mutations, Queries } from './desk.ts';
import { replyOf, runMutation, type Mutation, type Reply } from './mutation.ts';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';
import { HTML, pageOf } from './page.ts';
import { Problem, problemBody } from './problem.ts';

export interface Api {
  readonly desk: Desk;
  readonly queries: Queries;
  readonly mutations: Mutations;
  readonly claims: ClaimNames;
  readonly log: Log;
}

type AnyQuery = (desk: Desk, call: Call) => Promise<unknown>;
type AnyMutation = (desk: Desk) => Mutation<Call>;

const byRouteKey: ReadonlyMap<string, Operation> = new Map(operations.map((one) => [`${one.method} ${one.path}`, one]));

const run = async (api: Api, operation: Operation, call: Call): Promise<Reply> => {
  const query = (api.queries as Record<string, AnyQuery>)[operation.operationId];
  if (query) return replyOf(operation, await query(api.desk, call));
  const mutation = (api.mutations as unknown as Record<string, AnyMutation>)[operation.operationId];
  if (!mutation) throw new Error(`nothing implements ${operation.operationId}`);
  return runMutation(api.desk.table, operation, mutation(api.desk), call);
};

const BUSY_ERRORS = new Set(['ProvisionedThroughputExceededException', 'RequestLimitExceeded', 'ThrottlingException']);

const asProblem = (error: unknown): Problem => {
  if (error instanceof Problem) return error;
  if (error instanceof CursorError)
    return new Problem('validation', `query.cursor: ${error.message}.`, {}, { cause: error });
  if (error instanceof BusyError || (error instanceof Error && BUSY_ERRORS.has(error.name))) {
    return new Problem(
      'busy',
      'Too much is going on at once; send the request again in a moment.',
      {},
      { cause: error },
    );
  }
  return new Problem(
    'internal',
    'Something failed on our side; nothing was changed that you were not told of.',
    {},
    { cause: error },
  );
};

/** Whether a person sits in front of a browser: the operation answers pages, and that is what was asked for. */
const wantsPage = (operation: Operation | undefined, { headers }: HttpEvent): boolean =>
  operation?.success.contentType === HTML && /\btext\/html\b/i.test(headers.accept ?? '');

const problemAnswer = (problem: Problem, asPage: boolean): APIGatewayProxyStructuredResultV2 => {
  const { title, detail, status } = problemBody(problem);
  const page = asPage ? pageOf(title, markup`<p>${detail}</p>\n`) : undefined;
  return {
    statusCode: status,
    headers: {
      ...page?.headers,
      'content-type': page ? HTML : 'application/problem+json',
      ...(problem.code === 'busy' && { 'retry-after': '1' }),
    },
    body: page?.text ?? JSON.stringify(problemBody(problem)),
  };
};

/** The handler of the HTTP API. */
export const answering =
  (api: Api) =>
  async (event: HttpEvent): Promise<APIGatewayProxyStructuredResultV2> => {
    const operation = byRouteKey.get(event.routeKey);
    const about = { operation: operation?.operationId, requestId: event.requestContext.requestId };
    try {
      if (!operation) throw new Problem('not-found', 'There is no such call; see /v1/openapi.json.');
      const { status, body, headers, replayed } = await run(api, operation, readCall(operation, event, api.claims));
      api.log.info('answered', { ...about, status });
      return {
        statusCode: status,
        headers: {
          'content-type': operation.success.contentType ?? 'application/json',
          ...headers,
          ...(replayed && { 'idempotency-replayed': 'true' }),
        },
        body,
      };
    } catch (error) {
      const problem = asProblem(error);
      const told = { ...about, problem: problem.code };
      if (problem.code === 'internal')
        api.log.error('failed', { ...told, error: error instanceof Error ? error : undefined });
      else api.log.info('refused', told);
      return problemAnswer(problem, wantsPage(operation, event));
    }
  };
