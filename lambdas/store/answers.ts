/**
 * Idempotency: the answer that a request was given, kept under the key that its caller chose, together with a hash of what was
 * asked. It is written in the transaction of its effect, so a key stands for an effect that happened, once.
 */
import * as z from 'zod';
import { fromMillis, toMillis, type Instant } from '../domain/time/instant.ts';
import { answerKeys, idempotencyKey, TTL_ATTRIBUTE, type Key } from './keys.ts';
import type { Write } from './table.ts';
import { forgottenAfter } from './ttl.ts';

/** How long a key is remembered: a client that was off over a weekend still gets its answer and not a second ticket. */
const REMEMBERED_DAYS = 7;

const answerSchema = z.object({
  caller: z.string(),
  key: z.string(),
  /** A hash of the operation and its body; another body under the same key is refused. */
  hash: z.string(),
  status: z.number().int(),
  body: z.string(),
  /** Headers beside the content type, where the answer was a page. */
  headers: z.record(z.string(), z.string()).optional(),
  at: z.string(),
});
export type Answer = z.infer<typeof answerSchema>;

export const answerKey = (caller: string, key: string): Key => idempotencyKey(caller, key);

/**
 * `accountId`: whose data the answer shows, as far as it is one account's. A key may be taken again once its time is over, even where
 * DynamoDB has not swept the old answer away yet.
 */
export const answerItem = (answer: Answer, accountId: string | undefined): Write => ({
  Put: {
    Item: {
      ...answerKey(answer.caller, answer.key),
      ...answerKeys(accountId, answer),
      entity: 'answer',
      record: answer,
      [TTL_ATTRIBUTE]: forgottenAfter(answer.at, REMEMBERED_DAYS),
    },
    ConditionExpression: 'attribute_not_exists(pk) OR #ttl <= :now',
    ExpressionAttributeNames: { '#ttl': TTL_ATTRIBUTE },
    ExpressionAttributeValues: { ':now': Math.floor(toMillis(answer.at) / 1000) },
  },
});

/** The remembered answer, or nothing once its time is over at `now`. */
export const readAnswer = (item: Record<string, unknown>, now: Instant): Answer | undefined => {
  const { record, [TTL_ATTRIBUTE]: until } = z
    .object({ record: answerSchema, [TTL_ATTRIBUTE]: z.number() })
    .parse(item);
  return fromMillis(until * 1000) > now ? record : undefined;
};
