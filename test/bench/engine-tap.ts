/**
 * Stands between a desk and its engine and sees every call: which operation, what it asked, what came back, and the capacity that
 * the engine says it used, which it is made to say. It changes nothing else. The trap: it costs time, so nothing is timed through it.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectTo, type Connection } from './http.ts';

export interface EngineCall {
  /** Such as `TransactWriteItems`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly output: Readonly<Record<string, unknown>>;
}

export interface EngineTap {
  readonly endpoint: string;
  /** The calls since it was last asked, those for streams left out. */
  readonly take: () => EngineCall[];
  readonly stop: () => Promise<void>;
}

/** The operations that say what they used when they are asked to. */
const METERED = new Set([
  ...['GetItem', 'BatchGetItem', 'Query', 'Scan', 'TransactGetItems'],
  ...['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'],
]);

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
};

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });

const forward =
  (engine: Connection, calls: EngineCall[]) =>
  async (request: IncomingMessage): Promise<{ status: number; text: string }> => {
    const text = await bodyOf(request);
    const [service = '', operation = ''] = String(request.headers['x-amz-target']).split('.');
    const metered = METERED.has(operation);
    const input = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    const asked = metered ? { ...input, ReturnConsumedCapacity: 'INDEXES' } : input;
    const { host: _host, 'content-length': _length, connection: _connection, ...headers } = request.headers;
    const answer = await engine.post('/', JSON.stringify(asked), headers as Record<string, string>);
    if (service.startsWith('DynamoDB_')) {
      calls.push({ operation, input, output: JSON.parse(answer.text) as Record<string, unknown> });
    }
    return answer;
  };

/** Begins to listen, in front of the engine at that endpoint. */
export const tapEngine = async (endpoint: string): Promise<EngineTap> => {
  const engine = connectTo(endpoint);
  const calls: EngineCall[] = [];
  const handle = forward(engine, calls);
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    handle(request).then(
      ({ status, text }) => response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(text),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    take: () => calls.splice(0),
    stop: async () => {
      await close(server);
      engine.close();
    },
  };
};
