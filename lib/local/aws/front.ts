/**
 * What the local stand-ins of AWS services answer, in the protocols that the SDK's clients speak: JSON with a target header, SES's old
 * query protocol with XML answers, and by their paths S3's objects and calls of functions. It must not know what a service does, nor by
 * which road a request came. The trap: the SDK retries a status of 500, so a refusal is always a 400.
 */
import type { IncomingHttpHeaders } from 'node:http';
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

export interface AwsServices {
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

export interface AwsRequest {
  readonly method: string;
  /** The path with what stands after its question mark, as it was sent. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}
export interface AwsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}
/** Answers a request to any of the services; a fault of the desk is an answer too. */
export type AnswerAws = (request: AwsRequest) => Promise<AwsAnswer>;

/** The one front of these services. */
export const awsFront =
  (services: AwsServices): AnswerAws =>
  async (request) => {
    const target = request.headers['x-amz-target'];
    const requestId = randomUUID();
    const answered = await (isObjectMethod(request.method)
      ? answerObject(request.method, request, services)
      : INVOCATION.test(request.path)
        ? answerInvocation(request, services)
        : typeof target === 'string'
          ? answerJson(target, request, services)
          : answerQuery(request, requestId, services));
    return { ...answered, headers: { 'x-amzn-requestid': requestId, ...answered.headers } };
  };

const isObjectMethod = (method: string): method is ObjectRequest['method'] =>
  method === 'GET' || method === 'PUT' || method === 'DELETE';

const INVOCATION = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** As Lambda answers a caller who waits: a failed function is an answer too, and says so in a header. */
async function answerInvocation({ path, body }: AwsRequest, { invoke, onError }: AwsServices): Promise<AwsAnswer> {
  const headers = { 'content-type': 'application/json' };
  try {
    const name = decodeURIComponent(INVOCATION.exec(path)?.[1] ?? '');
    if (invoke === undefined) throw new AwsError('ResourceNotFoundException', `There is no function ${name}.`);
    const { failure, ...result } = await invoke(name, JSON.parse(body.toString('utf8')));
    if (failure) {
      return {
        status: 200,
        headers: { ...headers, 'x-amz-function-error': 'Unhandled' },
        body: JSON.stringify(failure),
      };
    }
    return { status: 200, headers, body: JSON.stringify('payload' in result ? result.payload : null) };
  } catch (error) {
    const { code, message } = refusal(error, onError);
    return { status: statusOf(code), headers: { 'x-amzn-errortype': code }, body: JSON.stringify({ message }) };
  }
}

/** Only the path style, which the SDK takes for an address of numbers. */
async function answerObject(
  method: ObjectRequest['method'],
  request: AwsRequest,
  { objects, onError }: AwsServices,
): Promise<AwsAnswer> {
  try {
    // Read as it was sent: a URL would make another key of one that holds dots.
    const [path = '', query = ''] = request.path.split('?');
    const [, bucket = '', key = ''] = /^\/([^/]+)\/(.+)$/.exec(path) ?? [];
    if (objects === undefined || bucket === '') {
      throw new AwsError('NotImplemented', 'The local desk has no such operation of S3.');
    }
    const { headers, body } = request;
    const { bytes = Buffer.alloc(0), headers: own } = await objects({
      ...{ method, bucket, key: decodeURIComponent(key), query, headers, body },
    });
    const status = method === 'DELETE' ? 204 : 200;
    return { status, headers: { ...own, 'content-length': String(bytes.length) }, body: bytes };
  } catch (error) {
    const { code, message } = refusal(error, onError);
    return {
      status: objectStatus(code),
      headers: XML,
      body: `<Error><Code>${xml(code)}</Code><Message>${xml(message)}</Message></Error>`,
    };
  }
}

const objectStatus = (code: string): number => {
  if (code === INTERNAL) return 500;
  if (code.startsWith('NoSuch')) return 404;
  return code === 'AccessDenied' || code === 'SignatureDoesNotMatch' ? 403 : 400;
};

async function answerJson(target: string, { body }: AwsRequest, { json, onError }: AwsServices): Promise<AwsAnswer> {
  const [prefix = '', operation = ''] = target.split('.');
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  try {
    const service = json[prefix];
    if (service === undefined) throw new AwsError('UnknownOperationException', `The local desk has no ${target}.`);
    const answer = (await service(operation, JSON.parse(body.toString('utf8')))) ?? {};
    return { status: 200, headers, body: JSON.stringify(answer) };
  } catch (error) {
    const { code, message } = refusal(error, onError);
    return { status: statusOf(code), headers, body: JSON.stringify({ __type: code, message }) };
  }
}

const XML = { 'content-type': 'text/xml' };
const SES = 'xmlns="http://ses.amazonaws.com/doc/2010-12-01/"';

async function answerQuery(
  { body }: AwsRequest,
  requestId: string,
  { query, onError }: AwsServices,
): Promise<AwsAnswer> {
  const parameters = new URLSearchParams(body.toString('utf8'));
  const action = parameters.get('Action') ?? '';
  try {
    const fields = Object.entries(await query(action, parameters)).map(
      ([name, value]) => `<${name}>${xml(value)}</${name}>`,
    );
    const result = `<${action}Result>${fields.join('')}</${action}Result>`;
    const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
    return { status: 200, headers: XML, body: `<${action}Response ${SES}>${result}${metadata}</${action}Response>` };
  } catch (error) {
    const { code, message } = refusal(error, onError);
    const told = `<Error><Type>Sender</Type><Code>${xml(code)}</Code><Message>${xml(message)}</Message></Error>`;
    return {
      status: statusOf(code),
      headers: XML,
      body: `<ErrorResponse ${SES}>${told}<RequestId>${requestId}</RequestId></ErrorResponse>`,
    };
  }
}

const INTERNAL = 'InternalFailure';

const statusOf = (code: string): number => (code === INTERNAL ? 500 : 400);

/** What to answer for an error: services refuse with a code of their own, anything else is a fault of the desk. */
function refusal(error: unknown, onError: (error: unknown) => void): { code: string; message: string } {
  if (error instanceof AwsError) return error;
  onError(error);
  return { code: INTERNAL, message: error instanceof Error ? error.message : String(error) };
}

const xml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
