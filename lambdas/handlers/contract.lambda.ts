/**
 * Answers the contract itself, and every call that is not in it. It needs no table and has no rights. The trap: the document is as
 * large as the rest of a function, so it stays out of those that people wait for.
 */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { HttpEvent } from './api/call.ts';
import { methodsOf } from './api/methods.ts';
import openapi from './api/openapi.generated.json' with { type: 'json' };
import { Problem } from './commands/problem.ts';
import { GUARDED, problemAnswer } from './api/problem-answer.ts';
import { openLog } from './log.ts';

const DOCUMENT = 'GET /v1/openapi.json';

const log = openLog();
const body = JSON.stringify(openapi);

const methodsAt = methodsOf(
  Object.entries(openapi.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => ({ method: method.toUpperCase(), path: path as `/v1/${string}` })),
  ),
);

/** As callers and the contract spell it. Behind an edge the API's stage has a name, with which API Gateway begins each path. */
const pathOf = ({ rawPath, requestContext: { stage } }: HttpEvent): string =>
  stage !== '$default' && rawPath.startsWith(`/${stage}/`) ? rawPath.slice(stage.length + 1) : rawPath;

/** What a request asks for that no operation answers. */
const unknownCall = (event: HttpEvent): Problem => {
  // A path that is only written differently, such as with an encoded slash, is no path of an operation either.
  const methods = methodsAt(pathOf(event));
  if (methods.length === 0 || methods.includes(event.requestContext.http.method))
    return new Problem('not-found', 'There is no such call; see /v1/openapi.json.');
  const allow = methods.join(', ');
  return new Problem('method-not-allowed', `This path answers ${allow} only.`, {}, { headers: { allow } });
};

const problemOf = (event: HttpEvent): Problem | undefined => {
  if (event.routeKey !== DOCUMENT) return unknownCall(event);
  const [parameter] = Object.keys(event.queryStringParameters ?? {});
  if (parameter === undefined) return undefined;
  return new Problem('validation', 'query: this call takes no parameters');
};

export const handler = (event: HttpEvent): Promise<APIGatewayProxyStructuredResultV2> => {
  const { requestId } = event.requestContext;
  const problem = problemOf(event);
  if (problem) {
    log.info('refused', { requestId, problem: problem.code });
    return Promise.resolve(problemAnswer(problem));
  }
  log.info('answered', { operation: 'getContract', requestId, status: 200 });
  return Promise.resolve({ statusCode: 200, headers: { ...GUARDED, 'content-type': 'application/json' }, body });
};
