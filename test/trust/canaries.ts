/**
 * Strings that occur nowhere else, to be looked for where nothing of people may stand. It must not know who lives by them. The trap:
 * what the desk makes itself, such as a token or a link's signature, is a secret as well, and is noted as soon as it is known.
 */
import type { Bearer } from '../../lib/local/issuer.ts';
import type { Person, TestDesk } from '../support/desk.ts';

export interface Canaries {
  /** Everything that must not be found, and what it is. */
  readonly all: ReadonlyMap<string, string>;
  readonly note: (secret: string, what: string) => void;
  /** A fresh string for what it is. */
  readonly canary: (what: string) => string;
  readonly address: (what: string) => string;
  /** Somebody whose token is noted. */
  readonly as: (bearer: Bearer) => Promise<Person>;
}

/** Enough of a token's end to be its own, and short enough to be found where a line has only a part of it. */
export const TOKEN_CHARACTERS = 40;

export const openCanaries = (desk: () => TestDesk): Canaries => {
  const all = new Map<string, string>();
  const canary = (what: string): string => {
    const text = `canary-${what}-${String(all.size)}`;
    all.set(text, what);
    return text;
  };
  return {
    ...{ all, canary },
    note: (secret, what) => void all.set(secret, what),
    address: (what) => `${canary(what)}@example.com`,
    as: async (bearer) => {
      const token = await desk().desk.token(bearer);
      // The header and the start of the payload are the same in every token; the signature is its secret.
      for (const [place, part] of token.split('.').entries())
        if (place > 0) all.set(part.slice(-TOKEN_CHARACTERS), `token of a ${bearer.role}`);
      return desk().as(bearer);
    },
  };
};
