/**
 * How the SDK's clients reach the services of this machine: the SDK's own request handler, less what only a network needs. It lets
 * the change log see each request to the engine, and must not know what the requests mean. The trap: what is not a small POST, such
 * as an object of S3, has to go through the SDK's handler as it is.
 */
import { Agent, request as call } from 'node:http';
import { HttpResponse } from '@smithy/core/protocols';
import { NodeHttpHandler, streamCollector } from '@smithy/node-http-handler';
import { DYNAMODB } from '../aws/json-client.ts';
import type { ChangeLog } from '../streams/change-log.ts';

type Request = Parameters<NodeHttpHandler['handle']>[0];
type Answer = Awaited<ReturnType<NodeHttpHandler['handle']>>;
type Given = ConstructorParameters<typeof NodeHttpHandler>[0];
type Options = Parameters<NodeHttpHandler['handle']>[1];

/** What the SDK tries again: the other side closed the connection, perhaps before it read the request. */
const LOST_CONNECTION = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT']);

const agent = new Agent({ keepAlive: true });

/** The SDK's way to a service; it is left out of the libraries, because `transport` stands in for it. */
export const TRANSPORT = '@smithy/node-http-handler';

/** Stands in the place of `@smithy/node-http-handler` among the libraries of the functions. */
export interface Transport {
  readonly NodeHttpHandler: unknown;
  readonly streamCollector: typeof streamCollector;
}

/** Goes to the engine through the change log, and everywhere else as it is. */
export const transport = (engineEndpoint: string, changes: Pick<ChangeLog, 'around'>): Transport => {
  const engine = new URL(engineEndpoint);
  class LoopbackHandler extends NodeHttpHandler {
    static override create(given?: Parameters<typeof NodeHttpHandler.create>[0]): NodeHttpHandler {
      return given instanceof NodeHttpHandler ? given : new LoopbackHandler(given as Given);
    }

    override async handle(request: Request, options?: Options): Promise<Answer> {
      const { method, protocol, hostname, port } = request;
      const body: unknown = request.body;
      if (method !== 'POST' || protocol !== 'http:' || !(typeof body === 'string' || body instanceof Uint8Array)) {
        return super.handle(request, options);
      }
      const [service, operation = ''] = (request.headers['x-amz-target'] ?? '').split('.');
      const toEngine = service === DYNAMODB && hostname === engine.hostname && Number(engine.port) === port;
      if (!toEngine) return { response: await post(request, body) };
      const text =
        typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
      return { response: await changes.around(operation, text, () => post(request, text)) };
    }
  }
  return { NodeHttpHandler: LoopbackHandler, streamCollector };
};

interface Response extends HttpResponse {
  readonly body: Buffer;
}

const post = ({ hostname: host, port, path, method, headers }: Request, body: string | Uint8Array): Promise<Response> =>
  new Promise((resolve, reject) => {
    const sent = call({ host, port, path, method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0, statusMessage: reason } = response;
        const received = response.headers as Record<string, string>;
        const answer = new HttpResponse({ statusCode, reason, headers: received, body: Buffer.concat(chunks) });
        resolve(answer as Response);
      });
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      reject(LOST_CONNECTION.has(error.code ?? '') ? Object.assign(error, { name: 'TimeoutError' }) : error);
    });
    sent.end(body);
  });
