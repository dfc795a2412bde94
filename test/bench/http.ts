/** Plain HTTP over connections that stay open: the one client of all benchmarks, so that its own cost is the same for all. */
import { Agent, request, type RequestOptions } from 'node:http';

type Headers = Readonly<Record<string, string>>;

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface Connection {
  readonly get: (path: string, headers?: Headers) => Promise<Answer>;
  readonly post: (path: string, body: string, headers?: Headers) => Promise<Answer>;
  readonly close: () => void;
}

/** The answer, or nothing where an idle connection turned out to be closed. */
const attempt = (options: RequestOptions, body: string | undefined): Promise<Answer | undefined> =>
  new Promise((resolve, reject) => {
    const call = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text });
      });
      response.on('error', reject);
    });
    call.on('error', (error: NodeJS.ErrnoException) => {
      if (call.reusedSocket && error.code === 'ECONNRESET') resolve(undefined);
      else reject(error);
    });
    call.end(body);
  });

/** Connections to a server, as many as there are calls at a time; rejects where the server is gone. */
export const connectTo = (url: string): Connection => {
  const agent = new Agent({ keepAlive: true });
  const { hostname: host, port } = new URL(url);
  const send = async (method: string, path: string, headers: Headers, body?: string): Promise<Answer> => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options = { agent, host, port, method, path, headers: { ...headers, ...length } };
    // A server may close a connection that was idle at the very moment at which it is used again.
    return (await attempt(options, body)) ?? (await attempt(options, body)) ?? Promise.reject(new Error('no answer'));
  };
  return {
    get: (path, headers = {}) => send('GET', path, headers),
    post: (path, body, headers = {}) => send('POST', path, headers, body),
    close: () => {
      agent.destroy();
    },
  };
};

/** What a local engine wants to see of a signature, which it does not check. */
const SIGNED =
  'AWS4-HMAC-SHA256 Credential=local/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';

/** The headers of a call to DynamoDB. */
export const dynamoDbHeaders = (operation: string): Readonly<Record<string, string>> => ({
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': `DynamoDB_20120810.${operation}`,
  'x-amz-date': '20200101T000000Z',
  authorization: SIGNED,
});
