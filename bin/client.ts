/** A small client of the desk's API: JSON in, JSON out, and an error that shows the problem for everything else. */

export type Json = Record<string, unknown>;

export interface Client {
  readonly get: (path: string) => Promise<Json>;
  readonly post: (path: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<Json>;
}

/** A client with one token. Its calls reject with the problem's sentence where the desk refuses. */
export const clientOf = (url: string, token: string): Client => {
  const send = async (method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Json;
    if (!response.ok)
      throw new Error(`${method} ${path} was answered with ${String(response.status)}: ${String(answer.detail)}`);
    return answer;
  };
  return {
    get: (path) => send('GET', path),
    post: (path, body = {}, headers) => send('POST', path, body, headers),
  };
};
