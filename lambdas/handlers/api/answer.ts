/**
 * From event to answer: finds the operation by the route key, runs it, and turns everything that is thrown into a problem. This is
 * the only place of the API that catches.
 */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { tellQuota, type QuotaLimits } from '../../domain/account/quota.ts';
import { toMillis } from '../../domain/time/instant.ts';
import { CursorError } from '../../store/cursors.ts';
import { BusyError } from '../../store/read.ts';
import { QuotaError } from '../../store/quotas.ts';
import type { Log } from '../log.ts';
import { markup } from '../report/markup.ts';
import { readCall, type Call, type HttpEvent } from './call.ts';
import type { ClaimNames } from './caller.ts';
import type { Desk, Mutations, Queries } from './desk.ts';
import { methodsOf } from './methods.ts';
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
  readonly limits: QuotaLimits;
  readonly log: Log;
}

type AnyQuery = (desk: Desk, call: Call) => Promise<unknown>;
type AnyMutation = (desk: Desk) => Mutation<Call>;

const byRouteKey: ReadonlyMap<string, Operation> = new Map(operations.map((one) => [`${one.method} ${one.path}`, one]));

const methodsAt = methodsOf(operations);

const run = async (api: Api, operation: Operation, call: Call): Promise<Reply> => {
  const query = (api.queries as Record<string, AnyQuery>)[operation.operationId];
  if (query) return replyOf(operation, await query(api.desk, call));
  const mutation = (api.mutations as unknown as Record<string, AnyMutation>)[operation.operationId];
  if (!mutation) throw new Error(`nothing implements ${operation.operationId}`);
  return runMutation(api.desk.table, operation, { ...mutation(api.desk), limits: api.limits }, call);
};

const BUSY_ERRORS = new Set(['ProvisionedThroughputExceededException', 'RequestLimitExceeded', 'ThrottlingException']);

const overQuota = (error: QuotaError, nowMillis: number): Problem => {
  const { counts, per, most, to } = error.quota;
  const seconds = Math.max(1, Math.ceil((toMillis(to) - nowMillis) / 1000));
  const facts = { counts, per, most, retryAt: to };
  return new Problem('too-many', tellQuota(error.quota), facts, {
    cause: error,
    headers: { 'retry-after': String(seconds) },
  });
};

const asProblem = (error: unknown, nowMillis: number): Problem => {
  if (error instanceof Problem) return error;
  if (error instanceof QuotaError) return overQuota(error, nowMillis);
  if (error instanceof CursorError)
    return new Problem('validation', `query.cursor: ${error.message}.`, {}, { cause: error });
  if (error instanceof BusyError || (error instanceof Error && BUSY_ERRORS.has(error.name))) {
    return new Problem(
      'busy',
      'Too much is going on at once; send the request again in a moment.',
      {},
      { cause: error, headers: { 'retry-after': '1' } },
    );
  }
  return new Problem(
    'internal',
    'Something failed on our side; nothing was changed that you were not told of.',
    {},
    { cause: error },
  );
};

/** Answers are of one caller, and of the type that they say. */
const GUARDED = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** Whether a person sits in front of a browser: the operation answers pages, and that is what was asked for. */
const wantsPage = (operation: Operation | undefined, { headers }: HttpEvent): boolean =>
  operation?.success.contentType === HTML && /\btext\/html\b/i.test(headers.accept ?? '');

const problemAnswer = (problem: Problem, asPage: boolean): APIGatewayProxyStructuredResultV2 => {
  const { title, detail, status } = problemBody(problem);
  const page = asPage ? pageOf(title, markup`<p>${detail}</p>\n`) : undefined;
  return {
    statusCode: status,
    headers: {
      ...GUARDED,
      ...page?.headers,
      'content-type': page ? HTML : 'application/problem+json',
      ...problem.headers,
    },
    body: page?.text ?? JSON.stringify(problemBody(problem)),
  };
};

/** What a request asks for that no operation answers. */
const unknownCall = ({ rawPath, requestContext: { http } }: HttpEvent): Problem => {
  // A path that is only written differently, such as with an encoded slash, is no path of an operation either.
  const methods = methodsAt(rawPath);
  if (methods.length === 0 || methods.includes(http.method))
    return new Problem('not-found', 'There is no such call; see /v1/openapi.json.');
  const allow = methods.join(', ');
  return new Problem('method-not-allowed', `This path answers ${allow} only.`, {}, { headers: { allow } });
};

/** The handler of the HTTP API. */
export const answering =
  (api: Api) =>
  async (event: HttpEvent): Promise<APIGatewayProxyStructuredResultV2> => {
    const operation = byRouteKey.get(event.routeKey);
    const about = { operation: operation?.operationId, requestId: event.requestContext.requestId };
    try {
      if (!operation) throw unknownCall(event);
      const { status, body, headers, replayed } = await run(api, operation, readCall(operation, event, api.claims));
      api.log.info('answered', { ...about, status });
      return {
        statusCode: status,
        headers: {
          ...GUARDED,
          'content-type': operation.success.contentType ?? 'application/json',
          ...headers,
          ...(replayed && { 'idempotency-replayed': 'true' }),
        },
        body,
      };
    } catch (error) {
      const problem = asProblem(error, event.requestContext.timeEpoch);
      const told = { ...about, problem: problem.code };
      if (problem.code === 'internal')
        api.log.error('failed', { ...told, error: error instanceof Error ? error : undefined });
      else api.log.info('refused', told);
      return problemAnswer(problem, wantsPage(operation, event));
    }
  };
