/**
 * Every key of the one table, and nothing else. The workflow and the stream's filter use the same constants, so a key is
 * spelled in this file alone. The access patterns that these keys serve are listed in `lambdas/README.md`.
 */

export const TICKET_PREFIX = 'TICKET#';
export const TICKET_SK = 'TICKET';
export const EVENT_PREFIX = 'EVENT#';

/** The names of the indexes and of their key attributes. */
export const BY_ACCOUNT_INDEX = { name: 'byAccount', pk: 'byAccountPk', sk: 'byAccountSk' } as const;
export const QUEUE_INDEX = { name: 'queue', pk: 'queuePk', sk: 'queueSk' } as const;
/** The attribute by which DynamoDB forgets idempotency keys. Seconds since the epoch. */
export const TTL_ATTRIBUTE = 'expiresAt';
