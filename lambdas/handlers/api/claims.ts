/**
 * Who calls, as the token's verified claims say it and nothing else does. The issuer's names for the claims come from the environment, so
 * any OIDC issuer will do; this is the only place that reads a claim.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { roleSchema, tierSchema } from '../../domain/vocabulary.ts';
import type { Caller } from '../commands/caller.ts';
import { Problem } from '../commands/problem.ts';
import type { ClaimNames } from '../environment.ts';

export interface IdentifiedCaller extends Caller {
  /** Tells callers apart where idempotency keys are kept. */
  readonly id: string;
}

/** Of a bounded length and without an address in it; JSON keeps two claims from reading like one that spells both. */
const hashOf = (claims: readonly (string | undefined)[]): string =>
  createHash('sha256').update(JSON.stringify(claims)).digest('base64url');

const claimSchema = z.string().min(1).max(254).optional();

/** Ids are plain text: whatever else a claim holds names no account. */
const idSchema = z.string().regex(/^[\x21-\x7e]{1,254}$/);

/** Reads the caller from verified claims. Throws a Problem where they name no role, or a customer without an account. */
export const callerFrom = (claims: Readonly<Record<string, unknown>>, names: ClaimNames): IdentifiedCaller => {
  const claim = (name: string): string | undefined => claimSchema.safeParse(claims[name]).data;
  const role = roleSchema.safeParse(claim(names.role)).data;
  if (!role) throw new Problem('forbidden', `The token's claim ${names.role} names no role of this desk.`);
  const accountId = role === 'customer' ? idSchema.safeParse(claims[names.account]).data : undefined;
  if (role === 'customer' && accountId === undefined) {
    throw new Problem('forbidden', `The token's claim ${names.account} names no account.`);
  }
  const email = claim(names.email)?.toLowerCase();
  const tier = role === 'engineer' ? tierSchema.safeParse(claim(names.tier)).data : undefined;
  return {
    role,
    ...(accountId !== undefined && { accountId }),
    ...(email !== undefined && { email }),
    ...(tier && { tier }),
    id: hashOf([role, accountId, email, claim('sub')]),
  };
};
