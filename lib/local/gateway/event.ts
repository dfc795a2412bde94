/**
 * The event that an HTTP API hands to a function, payload format 2.0. It owns that format and must not know the routes' meaning.
 * The traps: the path arrives decoded and the query string does not; cookies leave the headers; a body is text for a few content
 * types only; and `timeEpoch` is the desk's clock, the one time a handler may read.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ACCOUNT, REGION } from '../template/resolve.ts';
import type { RouteMatch } from './routes.ts';

export interface EventSource {
  readonly request: IncomingMessage;
  readonly encodedPath: string;
  readonly queryString: string;
  readonly body: Buffer;
  readonly match: RouteMatch;
  /** The claims of a checked token; absent on a route without an authorizer. */
  readonly claims?: Readonly<Record<string, string>>;
  /** The desk's clock, ms since the epoch. */
  readonly now: number;
}

export function proxyEvent(source: EventSource): Record<string, unknown> {
  const { request, match, queryString, body } = source;
  const { cookie, ...headers } = joinedHeaders(request);
  const isText = isTextual(headers);
  const { pathParameters } = match;
  return {
    version: '2.0',
    routeKey: match.route.routeKey,
    rawPath: decodeURIComponent(source.encodedPath),
    rawQueryString: queryString,
    ...(cookie !== undefined && { cookies: cookie.split(/;\s*/) }),
    headers: { ...headers, ...forwarded(request) },
    ...(queryString !== '' && { queryStringParameters: joinedQuery(queryString) }),
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    requestContext: requestContext(source, headers),
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

function requestContext(source: EventSource, headers: Readonly<Record<string, string>>): Record<string, unknown> {
  const { request, match, claims, now } = source;
  const { apiId, routeKey } = match.route;
  return {
    accountId: ACCOUNT,
    apiId,
    ...(claims && { authorizer: { jwt: { claims, scopes: null } } }),
    domainName: `${apiId}.execute-api.${REGION}.amazonaws.com`,
    domainPrefix: apiId,
    http: {
      method: request.method ?? 'GET',
      path: decodeURIComponent(source.encodedPath),
      protocol: `HTTP/${request.httpVersion}`,
      sourceIp: sourceIp(request),
      userAgent: headers['user-agent'] ?? '',
    },
    requestId: randomUUID(),
    routeKey,
    stage: '$default',
    time: logTime(now),
    timeEpoch: now,
  };
}

/** Lower-case names; several headers of one name become one, separated by commas. */
function joinedHeaders(request: IncomingMessage): Record<string, string> {
  const joined = new Map<string, string>();
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? '').toLowerCase();
    const value = request.rawHeaders[index + 1] ?? '';
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ','}${value}`);
  }
  return Object.fromEntries(joined);
}

/** What API Gateway adds on the way. */
function forwarded(request: IncomingMessage): Record<string, string> {
  const trace = randomUUID().replaceAll('-', '');
  return {
    'x-amzn-trace-id': `Root=1-${trace.slice(0, 8)}-${trace.slice(8)}`,
    'x-forwarded-for': sourceIp(request),
    'x-forwarded-port': String(request.socket.localPort ?? 0),
    'x-forwarded-proto': 'http',
  };
}

const sourceIp = (request: IncomingMessage): string => request.socket.remoteAddress ?? '127.0.0.1';

function joinedQuery(queryString: string): Record<string, string> {
  const joined = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(queryString)) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(joined);
}

/** Whatever is not text of a known kind, or is compressed, reaches the function in base64. */
function isTextual(headers: Readonly<Record<string, string>>): boolean {
  if (headers['content-encoding'] !== undefined) return false;
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return type.startsWith('text/') || /^application\/(json|xml|javascript|[\w.-]+\+(json|xml))$/.test(type);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The form of access logs: `12/Mar/2020:19:03:58 +0000`. */
function logTime(now: number): string {
  const [date = '', time = ''] = new Date(now).toISOString().split('T');
  const [year = '', month = '', day = ''] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1] ?? ''}/${year}:${time.slice(0, 8)} +0000`;
}
