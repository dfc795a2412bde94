/**
 * Every key of the one table, and nothing else. The workflow and the stream's filter use the same constants, so a key is
 * spelled in this file alone. The access patterns that these keys serve are listed in `lambdas/README.md`.
 */
import type { Tier } from '../domain/vocabulary.ts';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export const TICKET_PREFIX = 'TICKET#';
export const TICKET_SK = 'TICKET';
export const EVENT_PREFIX = 'EVENT#';
const MESSAGE_PREFIX = 'MESSAGE#';
const ACCOUNT_PREFIX = 'ACCOUNT#';
const LEDGER_PREFIX = 'LEDGER#';
const HISTORY_PREFIX = 'HISTORY#';

/** The names of the indexes and of their key attributes. */
export const BY_ACCOUNT_INDEX = { name: 'byAccount', pk: 'byAccountPk', sk: 'byAccountSk' } as const;
export const QUEUE_INDEX = { name: 'queue', pk: 'queuePk', sk: 'queueSk' } as const;
/** The attribute by which DynamoDB forgets idempotency keys. Seconds since the epoch. */
export const TTL_ATTRIBUTE = 'expiresAt';

/** A sequence number as text that sorts: a timeline of a ticket stays far below this many events. */
const padded = (seq: number): string => String(seq).padStart(8, '0');

export const accountKey = (accountId: string): Key => ({ pk: `${ACCOUNT_PREFIX}${accountId}`, sk: 'ACCOUNT' });
export const ledgerKey = (accountId: string, at: string, entryId: string): Key => ({
  pk: `${ACCOUNT_PREFIX}${accountId}`,
  sk: `${LEDGER_PREFIX}${at}#${entryId}`,
});
export const historyKey = (accountId: string, at: string, recordId: string): Key => ({
  pk: `${ACCOUNT_PREFIX}${accountId}`,
  sk: `${HISTORY_PREFIX}${at}#${recordId}`,
});
export const contactKey = (email: string, accountId: string): Key => ({
  pk: `CONTACT#${email.toLowerCase()}`,
  sk: `${ACCOUNT_PREFIX}${accountId}`,
});
export const ticketKey = (ticketId: string): Key => ({ pk: `${TICKET_PREFIX}${ticketId}`, sk: TICKET_SK });
export const eventKey = (ticketId: string, seq: number): Key => ({
  pk: `${TICKET_PREFIX}${ticketId}`,
  sk: `${EVENT_PREFIX}${padded(seq)}`,
});
export const messageKey = (ticketId: string, seq: number): Key => ({
  pk: `${TICKET_PREFIX}${ticketId}`,
  sk: `${MESSAGE_PREFIX}${padded(seq)}`,
});
export const idempotencyKey = (caller: string, key: string): Key => ({
  pk: `IDEMPOTENCY#${caller}#${key}`,
  sk: 'ANSWER',
});
export const mailKey = (eventId: string, recipient: string): Key => ({
  pk: `MAIL#${eventId}`,
  sk: `TO#${recipient.toLowerCase()}`,
});

/** Sort-key prefixes of the items that share a partition with their owner. */
export const childPrefix = {
  ledger: LEDGER_PREFIX,
  history: HISTORY_PREFIX,
  event: EVENT_PREFIX,
  message: MESSAGE_PREFIX,
} as const;

/** Where a ticket stands among the tickets of its account: by the moment it was opened. */
export const byAccountKeys = ({
  accountId,
  openedAt,
  ticketId,
}: {
  accountId: string;
  openedAt: string;
  ticketId: string;
}) => ({
  [BY_ACCOUNT_INDEX.pk]: `${ACCOUNT_PREFIX}${accountId}`,
  [BY_ACCOUNT_INDEX.sk]: `${openedAt}#${ticketId}`,
});

/**
 * A tier's queue is spread over this many partitions: one partition takes 1,000 writes a second, and every change of an open
 * ticket writes its queue entry once.
 */
export const QUEUE_SHARDS = 4;

/** Sorts after every deadline: what waits for people alone stands at the end. */
const NO_DEADLINE = '9999-12-31T23:59:59.000Z';

const shardOf = (id: string): number =>
  Buffer.from(id).reduce((hash, byte) => (hash * 31 + byte) % 65_521, 7) % QUEUE_SHARDS;

export const queuePartition = (tier: Tier, shard: number): string => `QUEUE#${tier}#${String(shard)}`;

/** Where an open ticket stands in the queue of its tier: by its next deadline. */
export const queueKeys = (ticket: { ticketId: string; tier: Tier }, deadlineAt: string | undefined) => ({
  [QUEUE_INDEX.pk]: queuePartition(ticket.tier, shardOf(ticket.ticketId)),
  [QUEUE_INDEX.sk]: `${deadlineAt ?? NO_DEADLINE}#${ticket.ticketId}`,
});

/** Accounts stand in the queue's index too, in partitions of their own, so that schedules can walk them without a scan. */
export const accountsPartition = (shard: number): string => `ACCOUNTS#${String(shard)}`;

/** Where an account stands among all: by the moment at which time will change it, when a lot, a term or a month ends. */
export const accountsKeys = (accountId: string, dueAt: string | undefined) => ({
  [QUEUE_INDEX.pk]: accountsPartition(shardOf(accountId)),
  [QUEUE_INDEX.sk]: `${dueAt ?? NO_DEADLINE}#${accountId}`,
});
