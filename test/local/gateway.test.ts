import { request as httpRequest } from 'node:http';
import { exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import type { CryptoKey } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { InvocationResult } from '../../lib/local/functions/functions.ts';
import { startGateway } from '../../lib/local/gateway/gateway.ts';
import type { Gateway } from '../../lib/local/gateway/gateway.ts';
import { LOCAL_ISSUER, LocalIssuer } from '../../lib/local/issuer.ts';
import { Journal } from '../../lib/local/journal.ts';
import { readTemplate } from '../../lib/local/template/blueprint.ts';
import { miniTemplate } from './support/mini-template.ts';

const NOW = Date.parse('2031-03-02T08:00:05.250Z');
const claims = { role: 'role', account: 'account', email: 'email', tier: 'tier' };
const journal = new Journal();
let issuer: LocalIssuer;
let gateway: Gateway;
let token: string;
let events: Record<string, unknown>[];
let answer: InvocationResult;

beforeAll(async () => {
  issuer = await LocalIssuer.open(journal, claims);
  token = await issuer.token({ role: 'customer', account: 'acc_1', email: 'ada@example.com' });
  gateway = await startGateway({
    ...{ port: 0, issuer, routes: readTemplate(miniTemplate(LOCAL_ISSUER)).routes, now: () => NOW },
    invoke: (_, event) => {
      events.push(event as Record<string, unknown>);
      return Promise.resolve(answer);
    },
    local: () => Promise.resolve(false),
    onError: (error) => {
      throw error;
    },
  });
});
afterAll(() => gateway.stop());
beforeEach(() => {
  events = [];
  answer = { requestId: 'r', payload: { statusCode: 200, body: 'ok' } };
});

const bearer = () => ({ authorization: `Bearer ${token}` });
const call = (path: string, init: RequestInit = {}) => fetch(gateway.url + path, init);

/** Sends a path as it is; fetch would tidy it up. */
const rawGet = (path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    httpRequest(`${gateway.url}/`, { path, headers: bearer() }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });

describe('the event of a request', () => {
  it('has the form of payload format 2.0, at the desk’s time', async () => {
    const headers = {
      ...bearer(),
      'Content-Type': 'application/json',
      'X-Many': 'a',
      cookie: 'one=1; two=2',
      'user-agent': 'tests',
    };
    await call('/v1/tickets/tkt%20%C3%A9?a=1&a=2&b=x%20y&c', { headers });
    expect(events).toEqual([
      {
        version: '2.0',
        routeKey: 'GET /v1/tickets/{ticketId}',
        rawPath: '/v1/tickets/tkt é',
        rawQueryString: 'a=1&a=2&b=x%20y&c',
        cookies: ['one=1', 'two=2'],
        headers: expect.objectContaining({
          'x-many': 'a',
          host: new URL(gateway.url).host,
          'x-forwarded-proto': 'http',
        }) as object,
        queryStringParameters: { a: '1,2', b: 'x y', c: '' },
        pathParameters: { ticketId: 'tkt é' },
        requestContext: {
          accountId: '000000000000',
          apiId: 'Http',
          authorizer: {
            jwt: {
              claims: expect.objectContaining({
                ...{ role: 'customer', account: 'acc_1', email: 'ada@example.com', iss: LOCAL_ISSUER.url },
                exp: expect.stringMatching(/^\d+$/) as string,
              }) as object,
              scopes: null,
            },
          },
          domainName: 'Http.execute-api.us-east-1.amazonaws.com',
          domainPrefix: 'Http',
          http: {
            ...{ method: 'GET', path: '/v1/tickets/tkt é', protocol: 'HTTP/1.1', userAgent: 'tests' },
            sourceIp: '127.0.0.1',
          },
          requestId: expect.any(String) as string,
          routeKey: 'GET /v1/tickets/{ticketId}',
          stage: '$default',
          time: '02/Mar/2031:08:00:05 +0000',
          timeEpoch: NOW,
        },
        isBase64Encoded: false,
      },
    ]);
    expect(events[0]).not.toHaveProperty('headers.cookie');
  });

  it.each([
    ['application/json; charset=utf-8', '{"ä":1}', false],
    ['text/plain', 'ä', false],
    ['application/x-www-form-urlencoded', 'a=1', true],
    ['application/octet-stream', 'ä', true],
  ])('carries a body of %s as it reaches a function', async (type, body, isBase64Encoded) => {
    await call('/public/x', { method: 'POST', headers: { 'content-type': type }, body });
    const expected = isBase64Encoded ? Buffer.from(body).toString('base64') : body;
    expect(events[0]).toMatchObject({ body: expected, isBase64Encoded });
  });

  it('follows the most literal route, and the default where none fits', async () => {
    const headers = bearer();
    await call('/v1/tickets/a/b', { headers });
    await call('/v1/tickets/a', { method: 'POST', headers });
    await call('/public/a/b%2Fc');
    expect(events.map(({ routeKey, pathParameters }) => [routeKey, pathParameters])).toEqual([
      ['$default', undefined],
      ['$default', undefined],
      ['ANY /public/{proxy+}', { proxy: 'a/b/c' }],
    ]);
  });
});

describe('the answer to a request', () => {
  it('is what the function gives: status, headers, cookies, binary bodies', async () => {
    const body = Buffer.from([0, 255, 1]);
    const headers = { 'Content-Type': 'image/png', 'x-count': 3 };
    answer = {
      requestId: 'r',
      payload: {
        statusCode: 201,
        headers,
        cookies: ['a=1', 'b=2'],
        body: body.toString('base64'),
        isBase64Encoded: true,
      },
    };
    const response = await call('/public/x');
    expect([response.status, response.headers.get('content-type'), response.headers.get('x-count')]).toEqual([
      201,
      'image/png',
      '3',
    ]);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(body);
  });

  it('is a 200 of JSON where the function gives no status', async () => {
    answer = { requestId: 'r', payload: { hello: 'world' } };
    const response = await call('/public/x');
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await response.json()).toEqual({ hello: 'world' });
  });

  it.each<[string, InvocationResult]>([
    ['fails', { requestId: 'r', failure: { errorType: 'Error', errorMessage: 'secret' } }],
    ['answers nonsense', { requestId: 'r', payload: { statusCode: 'abc' } }],
  ])('is a 500 that tells nothing where the function %s', async (_, result) => {
    answer = result;
    const response = await call('/public/x');
    expect(response.status).toBe(500);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.text()).not.toContain('secret');
  });

  it('is a 413 for more than 10 MB, and the function is not called', async () => {
    const response = await call('/public/x', { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) });
    expect(response.status).toBe(413);
    expect(events).toEqual([]);
  });

  it('is a 400 for a path that can not be decoded', async () => {
    expect(await rawGet('/v1/tickets/%E0%A4%A')).toBe(400);
    expect(await rawGet('/%')).toBe(400);
    expect(events).toEqual([]);
  });
});

describe('the authorizer', () => {
  const sign = async (
    change: (jwt: SignJWT) => SignJWT,
    header: { alg: string } = { alg: 'RS256' },
    key?: CryptoKey,
  ) => {
    const own = await importJWK(journal.get('issuer-key') as Parameters<typeof importJWK>[0], 'RS256');
    const jwt = new SignJWT({ role: 'manager' }).setProtectedHeader(header).setIssuer(LOCAL_ISSUER.url);
    return change(jwt.setAudience(LOCAL_ISSUER.audience).setExpirationTime('1h')).sign(key ?? own);
  };
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = { role: 'manager', iss: LOCAL_ISSUER.url, aud: LOCAL_ISSUER.audience, exp: 4102444800 };

  it.each<[string, () => Promise<string | undefined> | string | undefined]>([
    ['is missing', () => undefined],
    ['is no token', () => 'Bearer nonsense'],
    ['is empty', () => 'Bearer '],
    ['has expired', async () => `Bearer ${await sign((jwt) => jwt.setExpirationTime('-1s'))}`],
    ['is not valid yet', async () => `Bearer ${await sign((jwt) => jwt.setNotBefore('1h'))}`],
    ['is of another issuer', async () => `Bearer ${await sign((jwt) => jwt.setIssuer('https://evil.example.com'))}`],
    ['is for another audience', async () => `Bearer ${await sign((jwt) => jwt.setAudience('other'))}`],
    ['is not signed', () => `Bearer ${encode({ alg: 'none' })}.${encode(payload)}.`],
    [
      'is signed with another key',
      async () => `Bearer ${await sign((jwt) => jwt, { alg: 'RS256' }, (await generateKeyPair('RS256')).privateKey)}`,
    ],
    [
      'is signed with the public key as a secret',
      async () => {
        const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(issuer.publicKey)));
        return `Bearer ${await new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(secret)}`;
      },
    ],
  ])('answers 401 where the token %s', async (_, header) => {
    const authorization = await header();
    const response = await call('/v1/tickets/tkt_1', { headers: authorization === undefined ? {} : { authorization } });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({
      type: expect.stringMatching(/unauthenticated$/) as string,
      status: 401,
    });
    expect(events).toEqual([]);
  });

  it('takes a good token with or without the word Bearer, for a year of real time', async () => {
    expect((await call('/v1/tickets/tkt_1', { headers: { authorization: token } })).status).toBe(200);
    const [, middle = ''] = token.split('.');
    const { exp, iat } = JSON.parse(Buffer.from(middle, 'base64url').toString()) as { exp: number; iat: number };
    expect((exp - iat) / 86_400).toBeGreaterThanOrEqual(365);
  });

  it('leaves a public route alone, and hands it no claims', async () => {
    expect((await call('/public/x', { headers: { authorization: 'Bearer nonsense' } })).status).toBe(200);
    expect(events[0]).not.toHaveProperty('requestContext.authorizer');
  });

  it('can not be one whose keys are elsewhere', async () => {
    const { routes } = readTemplate(miniTemplate({ url: 'https://login.example.com', audience: 'x' }));
    const starting = startGateway({
      ...{ port: 0, issuer, routes, now: () => NOW, invoke: () => Promise.resolve(answer) },
      ...{ local: () => Promise.resolve(false), onError: () => undefined },
    });
    await expect(starting).rejects.toThrow('https://login.example.com');
  });
});

it('says what to do when the port is taken', async () => {
  const port = Number(new URL(gateway.url).port);
  const starting = startGateway({
    ...{ port, issuer, routes: [], now: () => NOW, invoke: () => Promise.resolve(answer) },
    ...{ local: () => Promise.resolve(false), onError: () => undefined },
  });
  await expect(starting).rejects.toThrow(`Port ${String(port)} is in use`);
});
