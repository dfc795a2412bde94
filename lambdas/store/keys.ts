/**
 * Every key of the one table, and nothing else. The workflow and the stream's filter use the same constants, so a key is
 * spelled in this file alone. The access patterns that these keys serve are listed in `lambdas/README.md`.
 */
import type { Quota } from '../domain/account/quota.ts';
import type { Tier } from '../domain/vocabulary.ts';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export const TICKET_PREFIX = 'TICKET#';
export const TICKET_SK = 'TICKET';
export const EVENT_PREFIX = 'EVENT#';
const MESSAGE_PREFIX = 'MESSAGE#';
const FULL_TEXT_PREFIX = 'FULLTEXT#';
const ACCOUNT_PREFIX = 'ACCOUNT#';
const LEDGER_PREFIX = 'LEDGER#';
const HISTORY_PREFIX = 'HISTORY#';
const QUOTA_PREFIX = 'QUOTA#';
const ADDRESS_PREFIX = 'ADDRESS#';
export const INBOUND_PREFIX = 'INBOUND#';

/** What a reminder says of a ticket that nobody has answered; there only while that is so. */
export const UNANSWERED_ATTRIBUTE = 'unanswered';

/**
 * The indexes: their key attributes, and what they hold beside the keys. They find tickets and do not carry them: whole tickets in
 * an index would make every write of one cost three times as much.
 */
export const BY_ACCOUNT_INDEX = { name: 'byAccount', pk: 'byAccountPk', sk: 'byAccountSk', holds: [] } as const;
export const QUEUE_INDEX = { name: 'queue', pk: 'queuePk', sk: 'queueSk', holds: [UNANSWERED_ATTRIBUTE] } as const;
/** The attribute after which DynamoDB forgets an item that is not kept for good. Seconds since the epoch. */
export const TTL_ATTRIBUTE = 'expiresAt';

/** A sequence number as text that sorts: a timeline of a ticket stays far below this many events. */
const padded = (seq: number): string => String(seq).padStart(8, '0');

/** The id of the account that an index entry stands for. */
export const accountIdOf = ({ pk }: { pk?: unknown }): string => String(pk).slice(ACCOUNT_PREFIX.length);
export const accountKey = (accountId: string): Key => ({ pk: `${ACCOUNT_PREFIX}${accountId}`, sk: 'ACCOUNT' });
export const ledgerKey = (accountId: string, at: string, entryId: string): Key => ({
  pk: `${ACCOUNT_PREFIX}${accountId}`,
  sk: `${LEDGER_PREFIX}${at}#${entryId}`,
});
/** An erasure under way; there only while it is. */
export const erasureKey = (accountId: string, email: string): Key => ({
  pk: `${ACCOUNT_PREFIX}${accountId}`,
  sk: `ERASURE#${email.toLowerCase()}`,
});
export const historyKey = (accountId: string, at: string, recordId: string): Key => ({
  pk: `${ACCOUNT_PREFIX}${accountId}`,
  sk: `${HISTORY_PREFIX}${at}#${recordId}`,
});
export const contactKey = (email: string, accountId: string): Key => ({
  pk: contactPartition(email),
  sk: `${ACCOUNT_PREFIX}${accountId}`,
});
/** The id of the ticket that an index entry stands for. */
export const ticketIdOf = ({ pk }: { pk?: unknown }): string => String(pk).slice(TICKET_PREFIX.length);
export const ticketKey = (ticketId: string): Key => ({ pk: `${TICKET_PREFIX}${ticketId}`, sk: TICKET_SK });
export const eventKey = (ticketId: string, seq: number): Key => ({
  pk: `${TICKET_PREFIX}${ticketId}`,
  sk: `${EVENT_PREFIX}${padded(seq)}`,
});
export const messageKey = (ticketId: string, seq: number): Key => ({
  pk: `${TICKET_PREFIX}${ticketId}`,
  sk: `${MESSAGE_PREFIX}${padded(seq)}`,
});
/** The whole text of a mail, beside the message (or the opening, 1) that shows a part of it. */
export const fullTextKey = (ticketId: string, seq: number): Key => ({
  pk: `${TICKET_PREFIX}${ticketId}`,
  sk: `${FULL_TEXT_PREFIX}${padded(seq)}`,
});
/** The number of the event that an item of a ticket belongs to. */
export const seqOf = ({ sk }: { sk?: unknown }): number => Number(String(sk).split('#').at(-1));
export const idempotencyKey = (caller: string, key: string): Key => ({
  pk: `IDEMPOTENCY#${caller}#${key}`,
  sk: 'ANSWER',
});
/** What went to an address and came from it is in one partition, so that it can be shown, and erased, as a whole. */
export const mailboxPartition = (address: string): string => `MAILBOX#${address.toLowerCase()}`;
const LETTER_PREFIX = 'LETTER#';
export const answersPartition = (accountId: string | undefined): string => `ANSWERS#${accountId ?? 'none'}`;
/** Where an answer stands among those about an account, so that a person can be erased from it. */
export const answerKeys = (
  accountId: string | undefined,
  { at, caller, key }: Record<'at' | 'caller' | 'key', string>,
) => ({
  [BY_ACCOUNT_INDEX.pk]: answersPartition(accountId),
  [BY_ACCOUNT_INDEX.sk]: `${at}#${caller}#${key}`,
});
export const mailKey = (cause: string, recipient: string): Key => ({
  pk: mailboxPartition(recipient),
  sk: `${LETTER_PREFIX}${cause}`,
});

/** Where releases up to 0.1 kept it. */
export const mailKeyBefore = (cause: string, recipient: string): Key => ({
  pk: `MAIL#${cause}`,
  sk: `TO#${recipient.toLowerCase()}`,
});

/** The letters of one kind that went to an address in an hour of UTC, such as `2026-03-02T15`. */
export const mailHourKey = (recipient: string, hour: string, kind: string): Key => ({
  pk: mailboxPartition(recipient),
  sk: `HOUR#${hour}#${kind}`,
});
/** A mail that came in and names an address: whose record it is stands under the id of SES. */
export const correspondenceKey = (address: string, at: string, sesMessageId: string): Key => ({
  pk: mailboxPartition(address),
  sk: `${INBOUND_PREFIX}${at}#${sesMessageId}`,
});
/** The id of SES in the key of a mail that names an address. */
export const sesMessageIdInMailbox = ({ sk }: { sk?: unknown }): string => String(sk).split('#').at(-1) ?? '';
export const sesMessageKey = (sesMessageId: string): Key => ({ pk: `SES#${sesMessageId}`, sk: 'MAIL' });

/** Sort-key prefixes of the items that share a partition with their owner. */
export const childPrefix = {
  ledger: LEDGER_PREFIX,
  history: HISTORY_PREFIX,
  event: EVENT_PREFIX,
  message: MESSAGE_PREFIX,
  fullText: FULL_TEXT_PREFIX,
  letter: LETTER_PREFIX,
  inbound: INBOUND_PREFIX,
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

/** Put in by the bundler where the configuration sets it (`queueShards`). */
declare const CONFIGURED_QUEUE_SHARDS: number | undefined;

/**
 * A tier's queue is spread over this many partitions: one partition takes 1,000 writes a second, and every change of an open
 * ticket writes its queue entry once. The number may be raised at any time, and never lowered: entries stay where they are until
 * their ticket changes, and every reader looks into all partitions.
 */
export const QUEUE_SHARDS = typeof CONFIGURED_QUEUE_SHARDS === 'undefined' ? 2 : CONFIGURED_QUEUE_SHARDS;

/** Sorts after every deadline: what is neither late nor due stands at the end of the queue. */
const LAST_IN_QUEUE = '9999-12-31T23:59:59.000Z';
/** Begins the sort key of a ticket that is late and that no deadline is coming for: it sorts before every deadline. */
const OVERDUE_PREFIX = '!';
/** Sorts after all that is overdue and before every deadline. */
export const FIRST_DEADLINE = '0';

const shardOf = (id: string): number =>
  Buffer.from(id).reduce((hash, byte) => (hash * 31 + byte) % 65_521, 7) % QUEUE_SHARDS;

export const queuePartition = (tier: Tier, shard: number): string => `QUEUE#${tier}#${String(shard)}`;

/**
 * Where an open ticket stands in the queue of its tier: by its next deadline, or, where none is coming, before all others since it is
 * late, or after them.
 */
export const queueKeys = (
  { ticketId, tier }: { ticketId: string; tier: Tier },
  { deadlineAt, overdueSince }: { deadlineAt?: string | undefined; overdueSince?: string | undefined },
) => {
  const late = overdueSince === undefined ? undefined : `${OVERDUE_PREFIX}${overdueSince}`;
  return {
    [QUEUE_INDEX.pk]: queuePartition(tier, shardOf(ticketId)),
    [QUEUE_INDEX.sk]: `${deadlineAt ?? late ?? LAST_IN_QUEUE}#${ticketId}`,
  };
};

export const accountsPartition = (shard: number): string => `ACCOUNTS#${String(shard)}`;

/**
 * Where an account stands among all accounts: by the moment at which time will change it, such as the end of a lot, a term or a
 * month; those that nothing is due for stand last. Accounts share the index with the queue, in partitions of their own, so that
 * schedules walk them without a scan.
 */
export const accountQueueKeys = (accountId: string, dueAt: string | undefined) => ({
  [QUEUE_INDEX.pk]: accountsPartition(shardOf(accountId)),
  [QUEUE_INDEX.sk]: `${dueAt ?? LAST_IN_QUEUE}#${accountId}`,
});

export const ACCOUNT_LIST_PARTITION = 'ACCOUNTS';
/**
 * Where an account stands in the list of all: by the moment at which it was created, which never changes, so that writing an account costs
 * nothing in the index but once.
 */
export const accountListKeys = ({ accountId, createdAt }: { accountId: string; createdAt: string }) => ({
  [BY_ACCOUNT_INDEX.pk]: ACCOUNT_LIST_PARTITION,
  [BY_ACCOUNT_INDEX.sk]: `${createdAt}#${accountId}`,
});

/** The moment by which an entry of the queue index is sorted: a deadline, when time will change an account, or when a mail came. */
export const dueAtOf = (item: Record<string, unknown>): string => String(item[QUEUE_INDEX.sk]).split('#', 1)[0] ?? '';

/** The id of the account that a contact's entry stands for. */
export const accountIdOfContact = ({ sk }: { sk?: unknown }): string => String(sk).slice(ACCOUNT_PREFIX.length);
export const contactPartition = (email: string): string => `CONTACT#${email.toLowerCase()}`;

/** Whether mail goes to an address. */
export const addressKey = (email: string): Key => ({ pk: `${ADDRESS_PREFIX}${email.toLowerCase()}`, sk: 'STATE' });
/** The address that an index entry stands for. */
export const addressOf = ({ pk }: { pk?: unknown }): string => String(pk).slice(ADDRESS_PREFIX.length);
export const STOPPED_PARTITION = `${ADDRESS_PREFIX}stopped`;
/** Where an address stands to which mail has stopped: by the moment at which it stopped. */
export const stoppedKeys = (email: string, at: string) => ({
  [QUEUE_INDEX.pk]: STOPPED_PARTITION,
  [QUEUE_INDEX.sk]: `${at}#${email}`,
});
export const mailFailuresPartition = (letter: string): string => `MAIL-FAILURE#${letter}`;
/** That a failure of a letter was taken note of: by the letter, its reader and what failed. */
export const mailFailureKey = (letter: string, to: string, kind: string): Key => ({
  pk: mailFailuresPartition(letter),
  sk: `${kind}#${to.toLowerCase()}`,
});

export const inboundMailKey = (sesMessageId: string): Key => ({ pk: `${INBOUND_PREFIX}${sesMessageId}`, sk: 'MAIL' });
/** Set on the record of a mail that is to be answered; the stream's filter looks for it. */
export const TO_ANSWER_ATTRIBUTE = 'toAnswer';

/** The id of SES that an index entry stands for. */
export const sesMessageIdOf = ({ pk }: { pk?: unknown }): string => String(pk).slice(INBOUND_PREFIX.length);
/** A mail that was handled, by a hash of its writer and the writer's own id for it: kept for good, so it names nobody. */
export const seenMailKey = (hash: string): Key => ({ pk: `SEEN#${hash}`, sk: 'MAIL' });
/** Where releases up to 0.1 kept it: by the writer, and a hash of the id alone. */
export const seenMailKeyBefore = (sender: string, hash: string): Key => ({ pk: `SEEN#${sender}#${hash}`, sk: 'MAIL' });

export const QUARANTINE_PARTITION = `${INBOUND_PREFIX}quarantined`;

/** Where a mail that waits for a person stands: by the moment at which it came. */
export const quarantineKeys = (mail: { sesMessageId: string; at: string }) => ({
  [QUEUE_INDEX.pk]: QUARANTINE_PARTITION,
  [QUEUE_INDEX.sk]: `${mail.at}#${mail.sesMessageId}`,
});

/** A count stands in the partition of what it counts: an account or a ticket. */
export const quotaKey = ({ owner, counts, per, from }: Pick<Quota, 'owner' | 'counts' | 'per' | 'from'>): Key => ({
  pk: 'ticketId' in owner ? `${TICKET_PREFIX}${owner.ticketId}` : `${ACCOUNT_PREFIX}${owner.accountId}`,
  sk: `${QUOTA_PREFIX}${counts}#${per}#${from}`,
});
