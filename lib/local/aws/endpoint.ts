/**
 * The one private server behind which the local stand-ins of AWS services answer. It must not know what is asked, or who answers.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { awsFront } from './front.ts';
import type { AnswerAws, AwsServices } from './front.ts';

export interface AwsEndpoint {
  readonly url: string;
  /** The same without the network, for who lives in this process. */
  readonly answer: AnswerAws;
  stop(): Promise<void>;
}

/** More than any request of a function: EventBridge takes 1 MB, SES 40 MB with attachments. */
const LARGEST_REQUEST_BYTES = 64 * 1024 * 1024;

export async function startAwsEndpoint(services: AwsServices): Promise<AwsEndpoint> {
  const front = awsFront(services);
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    serve(request, response, front).catch((error: unknown) => {
      services.onError(error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, answer: front, stop: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

async function serve(request: IncomingMessage, response: ServerResponse, front: AnswerAws): Promise<void> {
  const { method = '', url: path = '', headers } = request;
  const { status, headers: own, body } = await front({ method, path, headers, body: await readBody(request) });
  response.writeHead(status, own).end(body);
}

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
