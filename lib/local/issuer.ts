/**
 * The local issuer of identities: makes tokens with the same claims as the real one, and holds the key that checks them. It must
 * not know what a role may do. The trap: tokens live by real time, not by the desk's clock, or moving the clock would log
 * everybody out.
 */
import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import type { CryptoKey, JWK } from 'jose';
import type { DeskConfig } from '../config.ts';
import type { Journal } from './journal.ts';

/** What the stack is told about its issuer. The address is a name only; nobody connects to it. */
export const LOCAL_ISSUER = { url: 'https://issuer.example.com/local', audience: 'makegood-local' } as const;

/** API Gateway's JWT authorizers take RSA signatures only. */
export const ALGORITHM = 'RS256';
const JOURNAL_KEY = 'issuer-key';

/** Who a token speaks for. */
export interface Bearer {
  readonly role: string;
  readonly account?: string;
  readonly email?: string;
  readonly tier?: string;
}

export class LocalIssuer {
  readonly publicKey: CryptoKey;
  readonly #privateKey: CryptoKey;
  readonly #claims: DeskConfig['claims'];

  private constructor(publicKey: CryptoKey, privateKey: CryptoKey, claims: DeskConfig['claims']) {
    this.publicKey = publicKey;
    this.#privateKey = privateKey;
    this.#claims = claims;
  }

  /** Takes the key that the journal holds, or makes one and keeps it there: a restart logs nobody out. */
  static async open(journal: Journal, claims: DeskConfig['claims']): Promise<LocalIssuer> {
    const jwk = (journal.get(JOURNAL_KEY) as JWK | undefined) ?? (await newKey());
    journal.set(JOURNAL_KEY, jwk);
    const { kty, n, e } = jwk;
    const publicJwk: JWK = { ...(kty && { kty }), ...(n && { n }), ...(e && { e }) };
    const [publicKey, privateKey] = await Promise.all([importJWK(publicJwk, ALGORITHM), importJWK(jwk, ALGORITHM)]);
    if (publicKey instanceof Uint8Array || privateKey instanceof Uint8Array)
      throw new Error("The issuer's key is no RSA key.");
    return new LocalIssuer(publicKey, privateKey, claims);
  }

  /** A token for one year of real time. */
  token(bearer: Bearer): Promise<string> {
    const names = Object.entries(this.#claims) as [keyof Bearer, string][];
    const claims = Object.fromEntries(
      names.flatMap(([key, name]) => (bearer[key] === undefined ? [] : [[name, bearer[key]]])),
    );
    return new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
      .setIssuer(LOCAL_ISSUER.url)
      .setAudience(LOCAL_ISSUER.audience)
      .setSubject(bearer.email ?? bearer.role)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime('1y')
      .sign(this.#privateKey);
  }
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  return exportJWK(privateKey);
}
