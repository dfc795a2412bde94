/**
 * Who is asking, as the token's verified claims say it and nothing else does. The issuer's names for the claims come from the
 * environment, so any OIDC issuer will do; this is the only place that reads a claim.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Ticket } from '../../domain/ticket/ticket.ts';
import { roleSchema, tierSchema, type Actor, type Role, type Tier } from '../../domain/vocabulary.ts';
import { Problem } from './problem.ts';

export interface ClaimNames {
  readonly role: string;
  readonly account: string;
  readonly email: string;
  readonly tier: string;
}

export interface Caller {
  readonly role: Role;
  /** The account that a customer belongs to; staff have none. */
  readonly accountId?: string;
  readonly email?: string;
  readonly tier?: Tier;
  /** Tells callers apart where idempotency keys are kept. */
  readonly id: string;
}

/** Of a bounded length, without an address in it, and not to be had by writing one claim so that it reads like two. */
const hashOf = (claims: readonly (string | undefined)[]): string =>
  createHash('sha256').update(JSON.stringify(claims)).digest('base64url');

const claimSchema = z.string().min(1).max(254).optional();

/** Ids are plain text: whatever else a claim holds names no account. */
const idSchema = z.string().regex(/^[\x21-\x7e]{1,254}$/);

/** Reads the caller from verified claims. Throws a Problem where they name no role, or a customer without an account. */
export const callerFrom = (claims: Readonly<Record<string, unknown>>, names: ClaimNames): Caller => {
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

export const actorOf = ({ role, email, tier }: Caller): Actor => ({
  role,
  ...(email !== undefined && { email }),
  ...(tier && { tier }),
});

const mayAct = (caller: Caller, accountId: string): boolean =>
  caller.role !== 'customer' || caller.accountId === accountId;

/** An account's data is there for its own people and for the vendor's; to anyone else it does not exist (rule EV-09). */
export const ownAccount = <Found>(caller: Caller, accountId: string, found: Found | undefined): Found => {
  if (found === undefined || !mayAct(caller, accountId)) throw new Problem('not-found', 'There is no such account.');
  return found;
};

/** The same for a ticket: another customer's ticket does not exist. */
export const ownTicket = (caller: Caller, ticket: Ticket | undefined): Ticket => {
  if (!ticket || !mayAct(caller, ticket.accountId)) throw new Problem('not-found', 'There is no such ticket.');
  return ticket;
};
