/**
 * The HTTP API on this machine: finds the route, checks the token, calls the function and sends its answer. It must not know what
 * an operation does. The trap: whatever a client sends, broken or huge, is answered, and never ends the process.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Problem } from '../../../lambdas/handlers/commands/problem.ts';
import type { InvocationResult } from '../functions/functions.ts';
import type { LocalIssuer } from '../issuer.ts';
import type { RoutePlan } from '../template/route-plan.ts';
import { authorize, checkAuthorizer } from './authorizer.ts';
import type { Authorization } from './authorizer.ts';
import { proxyEvent } from './event.ts';
import { readBody } from './read-body.ts';
import { sendAnswer, sendProblem } from './response.ts';
import { createRouter } from './routes.ts';
import type { RouteMatch } from './routes.ts';

export interface GatewayOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly routes: readonly RoutePlan[];
  readonly issuer: LocalIssuer;
  /** The desk's clock, ms since the epoch. */
  readonly now: () => number;
  readonly invoke: (functionArn: string, event: unknown) => Promise<InvocationResult>;
  /** The routes that exist on this machine only; answers false for a path that is none of them. */
  readonly local: (request: IncomingMessage, response: ServerResponse, path: string) => Promise<boolean>;
  readonly onError: (error: unknown) => void;
}

export interface Gateway {
  readonly url: string;
  stop(): Promise<void>;
}

/** API Gateway's limit of a request's body. */
const LARGEST_BODY_BYTES = 10 * 1024 * 1024;
const HOST = '127.0.0.1';

/** Rejects when the port is taken, with a message that says what to do. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  for (const { authorizer } of options.routes) if (authorizer) checkAuthorizer(authorizer);
  const handle = createHandler(options);
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      options.onError(error);
      if (response.headersSent) response.destroy();
      else sendProblem(response, failed());
    });
  });
  await listen(server, options.port);
  return { url: `http://${HOST}:${(server.address() as AddressInfo).port}`, stop: () => close(server) };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} is in use by another program. Set PORT to a free one, or to 0 for any.`;
      reject(error.code === 'EADDRINUSE' ? new Error(taken, { cause: error }) : error);
    });
    server.listen(port, HOST, resolve);
  });
}

/** Lets requests under way finish, and ends connections that only wait for a next one. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeIdleConnections();
  });
}

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

function createHandler(options: GatewayOptions): Handle {
  const route = createRouter(options.routes);
  return async (request, response) => {
    const [encodedPath, queryString] = splitUrl(request.url ?? '/');
    if (await options.local(request, response, encodedPath)) return;
    const match = attempt(() => route(request.method ?? 'GET', encodedPath));
    if (match === 'malformed')
      return refuse(request, response, new Problem('validation', 'The path is not percent-encoded correctly.'));
    if (match === undefined)
      return refuse(request, response, new Problem('not-found', 'There is nothing at this path.'));
    const authorization = await authorizeRoute(request, match, options.issuer);
    if (authorization.refusal !== undefined) return refuseToken(request, response, authorization.refusal);
    const body = await readBody(request, LARGEST_BODY_BYTES);
    if (body === undefined) {
      sendProblem(response, new Problem('too-large', 'The body of a request has at most 10 MB.'));
      return;
    }
    const { claims } = authorization;
    const event = proxyEvent({
      ...{ request, encodedPath, queryString, body, match, now: options.now() },
      ...(match.route.authorizer && { claims }),
    });
    const result = await within(match.route.timeoutMilliseconds, options.invoke(match.route.functionArn, event));
    if (result === undefined) sendProblem(response, new Problem('busy', 'The desk took too long to answer.'));
    else if (result.failure !== undefined || !sendAnswer(response, result.payload)) {
      sendProblem(response, failed());
    }
  };
}

const failed = (): Problem => new Problem('internal', 'Something went wrong inside the desk; its log says what.');

async function authorizeRoute(
  request: IncomingMessage,
  { route }: RouteMatch,
  issuer: LocalIssuer,
): Promise<Authorization> {
  return route.authorizer ? authorize(request.headers.authorization, route.authorizer, issuer) : { claims: {} };
}

/** Reads the body away first: a client must be able to see why it is refused. */
async function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  problem: Problem,
  headers: Record<string, string> = {},
): Promise<void> {
  await readBody(request, 0);
  sendProblem(response, problem, headers);
}

function refuseToken(request: IncomingMessage, response: ServerResponse, detail: string): Promise<void> {
  const error = request.headers.authorization === undefined ? '' : ` error="invalid_token"`;
  return refuse(request, response, new Problem('unauthenticated', detail), {
    'www-authenticate': `Bearer scope=""${error}`,
  });
}

function splitUrl(url: string): [string, string] {
  const mark = url.indexOf('?');
  return mark === -1 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
}

function attempt<T>(find: () => T): T | 'malformed' {
  try {
    return find();
  } catch (error) {
    if (error instanceof URIError) return 'malformed';
    throw error;
  }
}

/** The result, or undefined when it takes longer than an integration may. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
