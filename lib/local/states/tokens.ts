/**
 * Task tokens: each names the execution and the attempt that it was made for, and is signed, so that a token is known for ours
 * long after its wait is over without a list of them. It must not know whether the wait still stands. The trap: the secret has
 * to outlive a restart, or every token parked on a ticket turns invalid.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Journal } from '../journal.ts';

export interface TokenOwner {
  readonly executionArn: string;
  /** Which attempt of the execution, counted over all its states. */
  readonly attempt: number;
}

const secretKey = 'states/secret';

export class Tokens {
  readonly #secret: Buffer;

  constructor(journal: Journal) {
    const kept = journal.get(secretKey);
    const secret = typeof kept === 'string' ? kept : randomBytes(32).toString('base64');
    journal.set(secretKey, secret);
    this.#secret = Buffer.from(secret, 'base64');
  }

  mint({ executionArn, attempt }: TokenOwner): string {
    const body = Buffer.from(`${attempt} ${executionArn}`).toString('base64url');
    return `${body}.${this.#sign(body)}`;
  }

  /** Whose token it is, or undefined when it is none of ours. */
  read(token: string): TokenOwner | undefined {
    const [body = '', signature = ''] = token.split('.');
    const [given, ours] = [Buffer.from(signature), Buffer.from(this.#sign(body))];
    if (given.length !== ours.length || !timingSafeEqual(given, ours)) return undefined;
    const text = Buffer.from(body, 'base64url').toString();
    const space = text.indexOf(' ');
    return { executionArn: text.slice(space + 1), attempt: Number(text.slice(0, space)) };
  }

  #sign(body: string): string {
    return createHmac('sha256', this.#secret).update(body).digest('base64url');
  }
}
