/** What a call that fails is answered, and which failures somebody is called for. */
import { expect, it } from 'vitest';
import { answering } from '../../lambdas/handlers/api/answer.ts';
import type { HttpEvent } from '../../lambdas/handlers/api/call.ts';
import { deskOperations } from '../../lambdas/handlers/api/contract/desk.ts';
import { Problem } from '../../lambdas/handlers/commands/problem.ts';
import { metricLine, type Measure } from '../../lambdas/handlers/metrics.ts';
import { BusyError } from '../../lambdas/store/busy-error.ts';

const CLAIMS = { role: 'manager', email: 'max@example.com' };

const failing = async (error: unknown): Promise<{ status: number | undefined; measured: readonly Measure[] }> => {
  const measured: Measure[] = [];
  const nothing = (): void => undefined;
  const answer = answering({
    operations: deskOperations,
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- anything may be thrown
    runs: [() => Promise.reject(error)],
    claims: { role: 'role', account: 'account', email: 'email', tier: 'tier' },
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    meter: { measure: (measure) => measured.push(measure) },
  });
  const { statusCode } = await answer({
    routeKey: 'GET /v1/plans',
    headers: {},
    requestContext: { requestId: 'r', timeEpoch: 0, authorizer: { jwt: { claims: CLAIMS, scopes: [] } } },
  } as unknown as HttpEvent);
  return { status: statusCode, measured };
};

it.each([
  ['an error', new TypeError('x is undefined')],
  ['what is no error', 'x'],
])('is counted where nothing foresaw it, under the service that the alarm asks for: %s', async (_, thrown) => {
  const { status, measured } = await failing(thrown);
  expect(status).toBe(500);
  const lines = measured.map((one) => metricLine(one, { service: 'makegood-files', stage: 'prod' }, 0));
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { FailedCalls: 1, service: 'makegood-api', stage: 'prod' },
  ]);
});

it.each([
  ['a refusal', 404, new Problem('not-found', 'There is none.')],
  ['a crowd', 503, new BusyError('too many writers at once')],
])('is not counted where it is %s', async (_, expected, thrown) => {
  expect(await failing(thrown)).toEqual({ status: expected, measured: [] });
});
