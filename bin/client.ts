/**
 * A small client of the desk's API: JSON in, JSON out, and an error that shows the problem for everything else. Where the desk has too much
 * to do it comes again, as it is told to: nothing was done then. A function that ran out of time may have done it, so that is told.
 */
import { setTimeout as pause } from 'node:timers/promises';

export type Json = Record<string, unknown>;

export interface Client {
  readonly get: (path: string) => Promise<Json>;
  readonly post: (path: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<Json>;
}

const MOST_TRIES = 6;
/** API Gateway refuses calls above a route's rate without saying for how long; a second lets ten of the heaviest in. */
const WAIT_SECONDS = 1;
/** Who is told to wait for longer has used up a quota, and has to be asked. */
const LONGEST_WAIT_SECONDS = 30;

/** How long the desk asks to wait; nothing where the answer is to be taken as it is. */
const askedToWait = ({ status, headers }: Response): number | undefined => {
  const asked = headers.get('retry-after');
  if (status !== 429 && (status !== 503 || asked === null)) return undefined;
  const seconds = Number(asked ?? WAIT_SECONDS);
  return seconds <= LONGEST_WAIT_SECONDS ? seconds : undefined;
};

const fetchInTurn = async (url: string, request: RequestInit): Promise<Response> => {
  for (let tried = 1; ; tried += 1) {
    const response = await fetch(url, request);
    const seconds = askedToWait(response);
    if (seconds === undefined || tried === MOST_TRIES) return response;
    await pause(seconds * 1000);
  }
};

/** A client with one token. Its calls reject with the problem's sentence where the desk refuses. */
export const clientOf = (url: string, token: string): Client => {
  const send = async (method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>) => {
    const response = await fetchInTurn(`${url.replace(/\/+$/, '')}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Json;
    if (!response.ok)
      throw new Error(
        `${method} ${path} was answered with ${String(response.status)}: ${String(answer.detail ?? answer.message)}`,
      );
    return answer;
  };
  return {
    get: (path) => send('GET', path),
    post: (path, body = {}, headers) => send('POST', path, body, headers),
  };
};
