/** What a call that fails is answered, and which failures somebody is called for. */
import { expect, it } from 'vitest';
import { answering } from '../../lambdas/handlers/api/answer.ts';
import type { HttpEvent } from '../../lambdas/handlers/api/call.ts';
import { deskOperations } from '../../lambdas/handlers/api/contract/desk.ts';
import { Problem } from '../../lambdas/handlers/commands/problem.ts';
import { metricLine, type Measure } from '../../lambdas/handlers/metrics.ts';
import { planOf } from '../../lambdas/plans/catalogue.ts';
import { WithdrawnPlanError } from '../../lambdas/plans/withdrawn-plan-error.ts';
import { BusyError } from '../../lambdas/store/busy-error.ts';

const CLAIMS = { role: 'manager', email: 'max@example.com' };

const failing = async (
  error: unknown,
): Promise<{ status: number | undefined; measured: readonly Measure[]; body: unknown }> => {
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
  const { statusCode, body = '' } = await answer({
    routeKey: 'GET /v1/plans',
    headers: {},
    requestContext: { requestId: 'r', timeEpoch: 0, authorizer: { jwt: { claims: CLAIMS, scopes: [] } } },
  } as unknown as HttpEvent);
  return { status: statusCode, measured, body: JSON.parse(body) as unknown };
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
  expect(await failing(thrown)).toMatchObject({ status: expected, measured: [] });
});

it('names the plan that an account is on and the desk no longer has, and what its vendor has to do', async () => {
  const { status, measured, body } = await failing(new WithdrawnPlanError('posta-year'));
  expect(() => planOf(new Map(), { planId: 'posta-year' })).toThrow(WithdrawnPlanError);
  expect(status).toBe(500);
  expect(measured).toHaveLength(1);
  expect(body).toMatchObject({
    planId: 'posta-year',
    detail:
      'The account is on the plan posta-year, which this desk does not have any more, so nothing was done. Its vendor has to put that plan back among the programmes, and may put the account on another one then.',
  });
});

it('is told in the log with the ids in its path, and with nothing else that a caller wrote there', async () => {
  const lines: unknown[] = [];
  const take = (...line: unknown[]) => lines.push(line);
  const answer = answering({
    operations: deskOperations,
    runs: [() => Promise.reject(new TypeError('x is undefined'))],
    claims: { role: 'role', account: 'account', email: 'email', tier: 'tier' },
    log: { debug: take, info: take, warn: take, error: take },
    meter: { measure: () => undefined },
  });
  const ticketId = 'tkt_01J9ZC2M6Q4V7R8T5X3W1Y0N2K';
  for (const named of [ticketId, 'tkt_ann@example.com']) {
    await answer({
      routeKey: 'GET /v1/tickets/{ticketId}',
      pathParameters: { ticketId: named },
      headers: {},
      requestContext: { requestId: 'r', timeEpoch: 0, authorizer: { jwt: { claims: CLAIMS, scopes: [] } } },
    } as unknown as HttpEvent);
  }
  expect(lines).toMatchObject([
    ['failed', { operation: 'getTicket', requestId: 'r', ticketId }],
    ['refused', { operation: 'getTicket', requestId: 'r' }],
  ]);
  expect(JSON.stringify(lines)).not.toContain('ann@example.com');
});
