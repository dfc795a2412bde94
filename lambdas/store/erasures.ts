/**
 * Erasures under way: one record for each, from which the next call goes on however the one before ended. It is the only place that
 * still knows the address and the name while their traces go, and the last thing that goes itself.
 */
import * as z from 'zod';
import type { Person } from '../domain/account/erased.ts';
import { fromMillis, instantSchema, toMillis, type Instant } from '../domain/time/instant.ts';
import { actorSchema, type Actor } from '../domain/vocabulary.ts';
import { recordOf } from './items.ts';
import { erasureKey } from './keys.ts';
import { LONGEST_RUN_SECONDS } from './longest-run.ts';
import { getItem, type Item, type Table } from './table.ts';

/** In this order: what is written about an account, its tickets, what callers were answered, and what the address itself has. */
const erasureStages = ['records', 'tickets', 'answers', 'mailbox'] as const;

const erasureSchema = z.strictObject({
  accountId: z.string(),
  /** In lower case. */
  email: z.string(),
  name: z.string().optional(),
  pseudonym: z.string(),
  /** Rises with every step; every write is conditional on the one that was read. */
  version: z.number().int().positive(),
  stage: z.enum(erasureStages),
  /** Where the stage goes on. */
  after: z.string().optional(),
  /** Nothing is erased before. */
  notBefore: instantSchema,
  by: actorSchema,
  /** Records that were rewritten or removed. */
  traces: z.number().int().nonnegative(),
});
export type Erasure = z.infer<typeof erasureSchema>;

export const personOf = ({ pseudonym, email, name }: Erasure): Person => ({ pseudonym, email, name });

export const erasureItem = (erasure: Erasure): Item => ({
  ...erasureKey(erasure.accountId, erasure.email),
  entity: 'erasure',
  version: erasure.version,
  record: JSON.stringify(erasure),
});

export const readErasure = async (table: Table, accountId: string, email: string): Promise<Erasure | undefined> => {
  const item = await getItem(table, erasureKey(accountId, email));
  return item && recordOf(erasureSchema, item);
};

/** Whatever was under way with the address when it was still known has ended by then. */
const restFrom = (now: Instant): Instant => fromMillis(toMillis(now) + LONGEST_RUN_SECONDS * 1000);

/** An erasure that begins now. */
export const beginErasure = (
  { accountId, pseudonym, email, name }: Person & { accountId: string },
  { actor, now, traces }: { actor: Actor; now: Instant; traces: number },
): Erasure => ({
  ...{ accountId, email, pseudonym, version: 1, stage: 'records', notBefore: restFrom(now), by: actor, traces },
  ...(name !== undefined && { name }),
});

/** What a step of an erasure did; without `next` its stage is over. */
export interface Step {
  readonly traces: number;
  readonly next?: string | undefined;
}

/**
 * The erasure after a step, or nothing where that was the last one. What answers and letters were under way while tickets still named the
 * person end first.
 */
export const afterStep = (erasure: Erasure, { traces, next }: Step, now: Instant): Erasure | undefined => {
  const { after: _after, ...rest } = erasure;
  const going = { ...rest, version: erasure.version + 1, traces: erasure.traces + traces };
  if (next !== undefined) return { ...going, after: next };
  const stage = erasureStages[erasureStages.indexOf(erasure.stage) + 1];
  return stage && { ...going, stage, ...(stage === 'answers' && { notBefore: restFrom(now) }) };
};
