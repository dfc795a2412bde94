/**
 * Counts of what an account's people have done, each in an item of its own that time takes away. A count is raised in the transaction
 * of the change that it counts, on condition that it stays within its quota: so nothing is counted that did not happen.
 */
import type { Quota } from '../domain/account/quota.ts';
import { toMillis } from '../domain/time/instant.ts';
import { quotaKey, TTL_ATTRIBUTE } from './keys.ts';
import type { Write } from './table.ts';

/** Thrown where a change would go over a quota; nothing of it is written. */
export class QuotaError extends Error {
  override readonly name = 'QuotaError';
  readonly quota: Quota;

  constructor(quota: Quota) {
    super(`over the quota of ${quota.counts} per ${quota.per}`);
    this.quota = quota;
  }
}

/** A count is kept for as long again as it counted, for whoever looks into what happened. */
const forgottenAt = ({ from, to }: Quota): number => Math.floor((2 * toMillis(to) - toMillis(from)) / 1000);

export const countTowards = (quota: Quota): Write => ({
  Update: {
    Key: quotaKey(quota),
    UpdateExpression: 'SET #entity = :entity, #until = :until ADD #count :amount',
    ConditionExpression: 'attribute_not_exists(#count) OR #count <= :most',
    ExpressionAttributeNames: { '#entity': 'entity', '#until': TTL_ATTRIBUTE, '#count': 'count' },
    ExpressionAttributeValues: {
      ':entity': 'quota',
      ':until': forgottenAt(quota),
      ':amount': quota.amount,
      ':most': quota.most - quota.amount,
    },
  },
});
