/**
 * What goes back to the client: a function's answer in payload format 2.0, its shorthand, or a refusal of the gateway itself. It
 * must not know the routes. On AWS, API Gateway's own refusals are short JSON such as `{"message":"Unauthorized"}` and can't be
 * shaped on an HTTP API; here they are problem documents, so that the desk speaks one language.
 */
import type { ServerResponse } from 'node:http';
import * as z from 'zod';
import { problemBody, problemStatus } from '../../../lambdas/handlers/commands/problem.ts';
import type { Problem } from '../../../lambdas/handlers/commands/problem.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const answerSchema = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), scalar).default({}),
  cookies: z.array(z.string()).default([]),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

/** Sends what a function returned. Answers false, and sends nothing, when it is no answer that API Gateway would take. */
export function sendAnswer(response: ServerResponse, payload: unknown): boolean {
  if (typeof payload !== 'object' || payload === null || !('statusCode' in payload)) {
    sendJson(response, 200, payload);
    return true;
  }
  const answer = answerSchema.safeParse(payload);
  if (!answer.success) return false;
  const { statusCode, headers, cookies, body, isBase64Encoded } = answer.data;
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  const named = Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), String(value)]);
  response.writeHead(statusCode, {
    'content-type': 'text/plain; charset=utf-8',
    ...Object.fromEntries(named),
    ...(cookies.length > 0 && { 'set-cookie': cookies }),
    ...(statusCode !== 204 && statusCode !== 304 && { 'content-length': bytes.length }),
  });
  response.end(bytes);
  return true;
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    .end(body);
}

/** Sends a refusal of the gateway or of the local routes, in the form in which the functions refuse. */
export function sendProblem(response: ServerResponse, problem: Problem, headers: Record<string, string> = {}): void {
  const body = JSON.stringify(problemBody(problem));
  response
    .writeHead(problemStatus[problem.code], {
      'content-type': 'application/problem+json',
      'content-length': Buffer.byteLength(body),
      ...headers,
    })
    .end(body);
}
