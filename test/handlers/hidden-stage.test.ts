/** Behind an edge the API's stage has a name, and API Gateway begins every path with it; callers and the contract know nothing of that. */
import { expect, it } from 'vitest';
import type { HttpEvent } from '../../lambdas/handlers/api/call.ts';
import { handler } from '../../lambdas/handlers/contract.lambda.ts';

const STAGE = '466df9e0-0dff-08e3-8e2f-5088487c4896';

const answer = async (stage: string, rawPath: string, method = 'DELETE') => {
  const http = { method, path: rawPath };
  const { statusCode, headers } = await handler({
    routeKey: '$default',
    rawPath,
    headers: {},
    requestContext: { requestId: 'r', timeEpoch: 0, stage, http },
  } as unknown as HttpEvent);
  return [statusCode, headers?.allow];
};

it('tells the methods of a path, whether or not the stage has a name', async () => {
  expect(await answer('$default', '/v1/tickets')).toEqual([405, 'GET, POST']);
  expect(await answer(STAGE, `/${STAGE}/v1/tickets`)).toEqual([405, 'GET, POST']);
  expect(await answer(STAGE, '/v1/tickets')).toEqual([405, 'GET, POST']);
});

it('takes nothing else off a path', async () => {
  expect(await answer('$default', '/$default/v1/tickets')).toEqual([404, undefined]);
  expect(await answer(STAGE, `/${STAGE}x/v1/tickets`)).toEqual([404, undefined]);
  expect(await answer(STAGE, `/${STAGE}`)).toEqual([404, undefined]);
});
