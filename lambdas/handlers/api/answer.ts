/**
 * From event to answer: finds the operation by the route key, runs it, and turns everything that is thrown into a problem. This is
 * the only place of the API that catches.
 */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { tellQuota } from '../../domain/account/quota.ts';
import { ULID_PATTERN } from '../../domain/ids.ts';
import { toMillis } from '../../domain/time/instant.ts';
import { WithdrawnPlanError } from '../../plans/withdrawn-plan-error.ts';
import { CursorError } from '../../store/cursors.ts';
import { BusyError } from '../../store/busy-error.ts';
import { QuotaError } from '../../store/quotas.ts';
import type { Log } from '../log.ts';
import type { Measure, Meter } from '../metrics.ts';
import { readCall, type Call, type HttpEvent } from './call.ts';
import type { ClaimNames } from '../environment.ts';
import type { Operation } from './operation.ts';
import { HTML } from './page.ts';
import { GUARDED, problemAnswer } from './problem-answer.ts';
import { Problem } from '../commands/problem.ts';
import type { Reply, Run } from './reply.ts';

export interface Api {
  /** The operations that the function answers. */
  readonly operations: Readonly<Record<string, Operation>>;
  /** Each runs some of them; together they run all. */
  readonly runs: readonly Run[];
  readonly claims: ClaimNames;
  readonly log: Log;
  readonly meter: Meter;
}

/** Under one service, whichever function it was: one alarm watches them all. The function's own errors count none that is answered. */
const FAILED: Measure = { name: 'FailedCalls', value: 1, dimensions: { service: 'makegood-api' } };

const run = async ({ runs }: Api, operation: Operation, call: Call): Promise<Reply> => {
  for (const one of runs) {
    const reply = one(operation, call);
    if (reply) return reply;
  }
  throw new Error(`nothing implements ${operation.operationId}`);
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

/** A mistake of who runs the desk, and told as one: nobody who calls can do anything else about it than tell them. */
const withdrawn = (error: WithdrawnPlanError): Problem => {
  const detail = `The account is on the plan ${error.planId}, which this desk does not have any more, so nothing was done. Its vendor has to put that plan back among the programmes, and may put the account on another one then.`;
  return new Problem('internal', detail, { planId: error.planId }, { cause: error });
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
  if (error instanceof WithdrawnPlanError) return withdrawn(error);
  // The SDK's name for a request of which nothing was heard any more: the table may have done it or not.
  const unheard = error instanceof Error && error.name === 'TimeoutError';
  const detail = unheard
    ? 'Our table did not answer in time, so it is not known whether this was done: send it again under the same Idempotency-Key, and without one look first.'
    : 'Something failed on our side; nothing was changed that you were not told of.';
  return new Problem('internal', detail, {}, { cause: error });
};

/** Whether a person sits in front of a browser: the operation answers pages, and that is what was asked for. */
const wantsPage = (operation: Operation | undefined, { headers }: HttpEvent): boolean =>
  operation?.success.contentType === HTML && /\btext\/html\b/i.test(headers.accept ?? '');

const DESK_ID = new RegExp(`^(acc|tkt)_${ULID_PATTERN}$`);

/** The account and the ticket that a call names in its path. What has not the form of the desk's own ids stays out of the log. */
const idsIn = ({ pathParameters = {} }: HttpEvent): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(pathParameters).filter(([, value]) => DESK_ID.test(value ?? '')));

/** The handler of a function that answers calls of the API. */
export const answering = (api: Api): ((event: HttpEvent) => Promise<APIGatewayProxyStructuredResultV2>) => {
  const byRouteKey = new Map(Object.values(api.operations).map((one) => [`${one.method} ${one.path}`, one]));
  return async (event) => {
    const operation = byRouteKey.get(event.routeKey);
    const { requestId } = event.requestContext;
    const about = { operation: operation?.operationId, requestId, ...idsIn(event) };
    try {
      if (!operation) throw new Error(`no operation has the route ${event.routeKey}`);
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
      if (problem.code === 'internal') {
        api.log.error('failed', { ...told, error: error instanceof Error ? error : undefined });
        api.meter.measure(FAILED);
      } else api.log.info('refused', told);
      return problemAnswer(problem, wantsPage(operation, event));
    }
  };
};
