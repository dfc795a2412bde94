/**
 * The wire between the desk's parts: takes every HTTP request of this process that goes to certain ports, and lets somebody else decide
 * when it goes on and what comes back. It must not know what is asked. The trap: a request that is never answered must leave nothing
 * behind, so it is no socket but an object that is forgotten.
 */
import http from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { Readable, Writable } from 'node:stream';

export interface Request {
  readonly port: number;
  readonly method: string;
  /** With what stands after the question mark. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}
export interface Response {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Carries a request: `forward` sends it on. `lost`: the connection broke; `never`: nobody will read an answer. */
export type Carry = (
  request: Request,
  forward: () => Promise<Response>,
  answer: (response: Response | 'lost') => void,
) => void;

type OnResponse = (response: IncomingMessage) => void;

const real = http.request;
const agent = new http.Agent({ keepAlive: true });

/** Sends a request on its real way, past everybody who holds requests. */
export const sendDirectly = ({ port, method, path, headers, body }: Request): Promise<Response> =>
  new Promise((resolve, reject) => {
    const call = real({ host: '127.0.0.1', port, method, path, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        // Without the machine's own time: a client that finds its clock wrong by it tries again what was refused.
        const { date: _date, ...told } = response.headers;
        resolve({ status: response.statusCode ?? 0, headers: told, body: Buffer.concat(chunks) });
      });
    });
    call.on('error', reject);
    call.end(body);
  });

/** What the caller holds in its hands: as much of a ClientRequest as the clients of this process use. */
class HeldRequest extends Writable {
  readonly #chunks: Buffer[] = [];
  readonly #sent: (body: Buffer) => void;

  constructor(sent: (body: Buffer) => void) {
    // It is over when it is answered, not when it is written.
    super({ autoDestroy: false });
    this.#sent = sent;
  }

  override _write(chunk: Buffer | string, encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
    done();
  }

  override _final(done: () => void): void {
    this.#sent(Buffer.concat(this.#chunks));
    done();
  }

  setTimeout(): this {
    return this;
  }
  setNoDelay(): void {
    // There is no socket.
  }
  setSocketKeepAlive(): void {
    // There is no socket.
  }
}

const asMessage = ({ status, headers, body }: Response): IncomingMessage =>
  Object.assign(Readable.from(body.length > 0 ? [body] : [], { objectMode: false }), {
    statusCode: status,
    statusMessage: '',
    headers,
  }) as unknown as IncomingMessage;

const hold = (port: number, options: RequestOptions, onResponse: OnResponse | undefined, carry: Carry): HeldRequest => {
  const held = new HeldRequest((body) => {
    const headers = Object.fromEntries(
      Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
    const request = { port, method: options.method ?? 'GET', path: options.path ?? '/', headers, body };
    carry(
      request,
      () => sendDirectly(request),
      (response) => {
        if (response === 'lost') held.emit('error', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
        else onResponse?.(asMessage(response));
      },
    );
  });
  return held;
};

const optionsOf = (target: string | URL | RequestOptions, more: RequestOptions): RequestOptions => {
  if (typeof target === 'object' && !(target instanceof URL)) return target;
  const { port, pathname, search } = new URL(target);
  return { ...more, port, path: `${pathname}${search}` };
};

/** From now on `carry` has every request to a port that `takes` says. */
export const interceptHttp = (takes: (port: number) => boolean, carry: Carry): void => {
  const request = (target: string | URL | RequestOptions, second?: RequestOptions | OnResponse, third?: OnResponse) => {
    const more = typeof second === 'object' ? second : {};
    const options = optionsOf(target, more);
    const port = Number(options.port);
    if (takes(port)) return hold(port, options, typeof second === 'function' ? second : third, carry);
    return Reflect.apply(real, http, [target, second, third]) as unknown;
  };
  Object.assign(http, { request });
  syncBuiltinESMExports();
};
