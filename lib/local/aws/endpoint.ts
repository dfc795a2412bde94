/**
 * The one private server behind which the local stand-ins of AWS services answer, in the protocols that the SDK's clients speak: JSON with
 * a target header, SES's old query protocol with XML answers, and by their paths S3's objects and calls of functions. It must not know what
 * a service does. The trap: the SDK retries a status of 500, so a refusal is always a 400.
 */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import type { InvocationResult } from '../functions/functions.ts';
import { AwsError } from './aws-error.ts';

/** A service that speaks JSON: gets an operation's name and its input. Throws an AwsError for a refusal. */
export type JsonService = (operation: string, input: unknown) => Promise<unknown>;
/** A service that speaks the query protocol; answers the fields of the operation's result. */
export type QueryService = (action: string, parameters: URLSearchParams) => Promise<Readonly<Record<string, string>>>;

/** A request for an object: to read it, to put `body` there, or to remove it. */
export interface ObjectRequest {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly bucket: string;
  readonly key: string;
  /** What stands after the question mark, as it was sent. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}
export interface ObjectAnswer {
  readonly bytes?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}
/** Answers the bytes that were asked for, or none. Rejects with an AwsError for a refusal. */
export type ObjectService = (request: ObjectRequest) => Promise<ObjectAnswer>;

export interface EndpointOptions {
  /** By the prefix of the target header, such as `AWSEvents`. */
  readonly json: Readonly<Record<string, JsonService>>;
  readonly query: QueryService;
  /** Absent where nothing is stored. */
  readonly objects?: ObjectService;
  /** Calls a function by its name; absent where there are none. */
  readonly invoke?: (functionName: string, event: unknown) => Promise<InvocationResult>;
  /** Hears of what is neither an answer nor a refusal. */
  readonly onError: (error: unknown) => void;
}

export interface AwsEndpoint {
  readonly url: string;
  stop(): Promise<void>;
}

/** More than any request of a function: EventBridge takes 1 MB, SES 40 MB with attachments. */
const LARGEST_REQUEST_BYTES = 64 * 1024 * 1024;

export async function startAwsEndpoint(options: EndpointOptions): Promise<AwsEndpoint> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      options.onError(error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

async function answer(request: IncomingMessage, response: ServerResponse, options: EndpointOptions): Promise<void> {
  const body = await readBody(request);
  const target = request.headers['x-amz-target'];
  const requestId = randomUUID();
  response.setHeader('x-amzn-requestid', requestId);
  if (isObjectMethod(request.method)) await answerObject(request, body, response, options);
  else if (INVOCATION.test(request.url ?? '')) await answerInvocation(request.url ?? '', body, response, options);
  else if (typeof target === 'string') await answerJson(target, body.toString('utf8'), response, options);
  else await answerQuery(body.toString('utf8'), requestId, response, options);
}

const isObjectMethod = (method: string | undefined): method is ObjectRequest['method'] =>
  method === 'GET' || method === 'PUT' || method === 'DELETE';

const INVOCATION = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** As Lambda answers a caller who waits: a failed function is an answer too, and says so in a header. */
async function answerInvocation(
  path: string,
  body: Buffer,
  response: ServerResponse,
  { invoke, onError }: EndpointOptions,
): Promise<void> {
  try {
    const name = decodeURIComponent(INVOCATION.exec(path)?.[1] ?? '');
    if (invoke === undefined) throw new AwsError('ResourceNotFoundException', `There is no function ${name}.`);
    const { failure, ...result } = await invoke(name, JSON.parse(body.toString('utf8')));
    const headers = { 'content-type': 'application/json', ...(failure && { 'x-amz-function-error': 'Unhandled' }) };
    response.writeHead(200, headers).end(JSON.stringify(failure ?? ('payload' in result ? result.payload : null)));
  } catch (error) {
    const { code, message } = refusal(error, onError);
    response.writeHead(code === INTERNAL ? 500 : 400, { 'x-amzn-errortype': code }).end(JSON.stringify({ message }));
  }
}

/** Only the path style, which the SDK takes for an address of numbers. */
async function answerObject(
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  { objects, onError }: EndpointOptions,
): Promise<void> {
  try {
    // Read as it was sent: a URL would make another key of one that holds dots.
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const [, bucket = '', key = ''] = /^\/([^/]+)\/(.+)$/.exec(path) ?? [];
    const method = isObjectMethod(request.method) ? request.method : 'GET';
    if (objects === undefined || bucket === '') {
      throw new AwsError('NotImplemented', 'The local desk has no such operation of S3.');
    }
    const { headers } = request;
    const found = await objects({ method, bucket, key: decodeURIComponent(key), query, headers, body });
    const status = method === 'DELETE' ? 204 : 200;
    response.writeHead(status, { ...found.headers, 'content-length': found.bytes?.length ?? 0 }).end(found.bytes);
  } catch (error) {
    const { code, message } = refusal(error, onError);
    response
      .writeHead(objectStatus(code), { 'content-type': 'application/xml' })
      .end(`<Error><Code>${xml(code)}</Code><Message>${xml(message)}</Message></Error>`);
  }
}

const objectStatus = (code: string): number => {
  if (code === INTERNAL) return 500;
  if (code.startsWith('NoSuch')) return 404;
  return code === 'AccessDenied' || code === 'SignatureDoesNotMatch' ? 403 : 400;
};

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_REQUEST_BYTES) throw new Error('A request to the local AWS endpoint is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function answerJson(
  target: string,
  body: string,
  response: ServerResponse,
  { json, onError }: EndpointOptions,
): Promise<void> {
  const [prefix = '', operation = ''] = target.split('.');
  response.setHeader('content-type', 'application/x-amz-json-1.0');
  try {
    const service = json[prefix];
    if (service === undefined) throw new AwsError('UnknownOperationException', `The local desk has no ${target}.`);
    response.end(JSON.stringify((await service(operation, JSON.parse(body))) ?? {}));
  } catch (error) {
    const { code, message } = refusal(error, onError);
    response.writeHead(code === INTERNAL ? 500 : 400).end(JSON.stringify({ __type: code, message }));
  }
}

async function answerQuery(
  body: string,
  requestId: string,
  response: ServerResponse,
  { query, onError }: EndpointOptions,
): Promise<void> {
  const parameters = new URLSearchParams(body);
  const action = parameters.get('Action') ?? '';
  response.setHeader('content-type', 'text/xml');
  try {
    const fields = Object.entries(await query(action, parameters)).map(
      ([name, value]) => `<${name}>${xml(value)}</${name}>`,
    );
    response.end(
      `<${action}Response xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><${action}Result>${fields.join('')}</${action}Result>` +
        `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`,
    );
  } catch (error) {
    const { code, message } = refusal(error, onError);
    response
      .writeHead(code === INTERNAL ? 500 : 400)
      .end(
        `<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><Error><Type>Sender</Type><Code>${xml(code)}</Code>` +
          `<Message>${xml(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
      );
  }
}

const INTERNAL = 'InternalFailure';

/** What to answer for an error: services refuse with a code of their own, anything else is a fault of the desk. */
function refusal(error: unknown, onError: (error: unknown) => void): { code: string; message: string } {
  if (error instanceof AwsError) return error;
  onError(error);
  return { code: INTERNAL, message: error instanceof Error ? error.message : String(error) };
}

const xml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
