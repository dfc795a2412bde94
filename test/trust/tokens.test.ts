/** Tokens that must open nothing: forged, stale, meant for others, or of somebody who is nobody here. */
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportSPKI, importJWK, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDesk, type Desk } from '../../lib/local/desk.ts';
import { LOCAL_ISSUER } from '../../lib/local/issuer.ts';
import { Journal } from '../../lib/local/journal.ts';
import { preparedDesk } from '../support/desk.ts';

const folder = mkdtempSync(join(tmpdir(), 'makegood-tokens-'));
let desk: Desk;
let key: CryptoKey | Uint8Array;
let publicJwk: JWK;

beforeAll(async () => {
  desk = await startDesk({ prepared: preparedDesk(), dataDir: folder });
  const journal = new Journal(join(folder, 'journal.jsonl'));
  // The desk's own key, from where it keeps it: so every token here is one that the issuer itself might have made.
  const jwk = journal.get('issuer-key') as JWK;
  journal.close();
  key = await importJWK(jwk, 'RS256');
  publicJwk = { kty: jwk.kty!, n: jwk.n!, e: jwk.e! };
});
afterAll(async () => {
  await desk.stop();
  rmSync(folder, { recursive: true, force: true });
});

const now = Math.floor(Date.now() / 1000);
const good = {
  iss: LOCAL_ISSUER.url,
  aud: LOCAL_ISSUER.audience,
  sub: 'manager',
  role: 'manager',
  email: 'max@example.com',
  iat: now - 60,
  exp: now + 3600,
};

const sign = (claims: JWTPayload, by: CryptoKey | Uint8Array | KeyObject = key, header: object = {}): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...header }).sign(by);

const encoded = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A token whose signature is a keyed hash of the public key, which a careless reader takes for the secret. */
const signedWithThePublicKey = async (): Promise<string> => {
  const pem = await exportSPKI(
    (await importJWK({ ...publicJwk, ext: true }, 'RS256', { extractable: true })) as CryptoKey,
  );
  const text = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(good)}`;
  return `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`;
};

const strangersKey = (): KeyObject => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const without = (name: keyof typeof good): JWTPayload =>
  Object.fromEntries(Object.entries(good).filter(([one]) => one !== name));
const tampered = async (): Promise<string> => {
  const [header, , signature] = (await sign({ ...good, role: 'customer', account: 'acc_1' })).split('.');
  return `${header!}.${encoded(good)}.${signature!}`;
};

const ask = async (authorization: string | undefined) => {
  const response = await fetch(`${desk.url}/v1/plans`, {
    headers: authorization === undefined ? {} : { authorization },
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
};
const bearer = async (token: Promise<string> | string) => `Bearer ${await token}`;

it('lets in a good token: the others fail for what they are', async () => {
  expect((await ask(await bearer(sign(good)))).status).toBe(200);
});

const unauthenticated: readonly [string, () => Promise<string | undefined> | string | undefined][] = [
  ['no token', () => undefined],
  ['an empty one', () => 'Bearer '],
  ['a word', () => 'Bearer token'],
  ['three words that are no token', () => 'Bearer a.b.c'],
  ['another scheme', async () => `Basic ${await sign(good)}`],
  ['two tokens', async () => `Bearer ${await sign(good)} ${await sign(good)}`],
  ['an expired one', () => bearer(sign({ ...good, exp: now - 1 }))],
  ['one that expired long ago', () => bearer(sign({ ...good, exp: 1 }))],
  ['one without an end', () => bearer(sign(without('exp')))],
  ['one that is not valid yet', () => bearer(sign({ ...good, nbf: now + 600 }))],
  ['another issuer', () => bearer(sign({ ...good, iss: 'https://issuer.example.com/other' }))],
  ['an issuer that begins like ours', () => bearer(sign({ ...good, iss: `${LOCAL_ISSUER.url}/` }))],
  ['no issuer', () => bearer(sign(without('iss')))],
  ['another audience', () => bearer(sign({ ...good, aud: 'somebody-else' }))],
  ['no audience', () => bearer(sign(without('aud')))],
  ['alg none', () => `Bearer ${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(good)}.`],
  ['alg None in other letters', () => `Bearer ${encoded({ alg: 'nOnE' })}.${encoded(good)}.`],
  ['no signature', async () => `Bearer ${(await sign(good)).split('.').slice(0, 2).join('.')}.`],
  ['HS256 with the public key', () => bearer(signedWithThePublicKey())],
  ['another key', () => bearer(sign(good, strangersKey()))],
  ['another key under a known name', () => bearer(sign(good, strangersKey(), { kid: 'local' }))],
  ['another key that it brings along', () => bearer(sign(good, strangersKey(), { jwk: publicJwk }))],
  ['claims that were changed', () => bearer(tampered())],
  [
    'a critical extension that nobody knows',
    () => bearer(sign(good, key, { crit: ['b64'], b64: false }).catch(() => 'x')),
  ],
];

describe('401 for', () => {
  it.each(unauthenticated)('%s', async (_what, make) => {
    const { status, text, headers } = await ask(await make());
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toContain('Bearer');
    expect(JSON.parse(text)).toMatchObject({ type: 'urn:makegood:problem:unauthenticated', status: 401 });
    expect(text).not.toMatch(/max@example\.com|eyJ/);
  });
});

const forbidden: readonly [string, JWTPayload][] = [
  ['no role', without('role')],
  ['an unknown role', { ...good, role: 'root' }],
  ['a role in other letters', { ...good, role: 'Manager' }],
  ['two roles', { ...good, role: ['manager', 'customer'] }],
  ['a list of one role', { ...good, role: ['manager'] }],
  ['a role that is an object', { ...good, role: { manager: true } }],
  ['an oversized role', { ...good, role: 'manager'.repeat(100) }],
  ['an empty role', { ...good, role: '' }],
  ['a customer without an account', { ...good, role: 'customer' }],
  ['a customer with an empty account', { ...good, role: 'customer', account: '' }],
  ['a customer with an account in other letters', { ...good, role: 'customer', account: 'é' }],
  ['a customer with half a character for an account', { ...good, role: 'customer', account: '\ud800' }],
  ['a customer with an oversized account', { ...good, role: 'customer', account: 'a'.repeat(255) }],
];

describe('403 for', () => {
  it.each(forbidden)('%s', async (_what, claims) => {
    const { status, text } = await ask(await bearer(sign(claims)));
    expect({ status, body: JSON.parse(text) }).toMatchObject({
      status: 403,
      body: { type: 'urn:makegood:problem:forbidden' },
    });
  });
});

it('answers a token that is larger than any header may be, and goes on', async () => {
  const { status } = await ask(await bearer(sign({ ...good, more: 'x'.repeat(100_000) })));
  expect(status).toBe(431);
  expect((await ask(await bearer(sign(good)))).status).toBe(200);
});

it('takes claims as they are and finds no account under a made-up one', async () => {
  for (const account of ['*', '../acc', 'acc_1#LEDGER', 'x'.repeat(254), `acc_${'0'.repeat(26)}`]) {
    const authorization = await bearer(sign({ ...good, role: 'customer', account, email: 'é'.repeat(200) }));
    const tickets = await fetch(`${desk.url}/v1/tickets`, { headers: { authorization } });
    expect(tickets.status).toBe(404);
    const opened = await fetch(`${desk.url}/v1/tickets`, {
      method: 'POST',
      headers: { authorization, 'idempotency-key': 'x'.repeat(200) },
      body: JSON.stringify({ accountId: `acc_${'0'.repeat(26)}`, subject: 'a', description: 'b' }),
    });
    expect(opened.status).toBe(404);
  }
});
