/**
 * The one way anything is written for a request: a single transaction, conditional on the versions that were read. It knows
 * which record failed by the place of its cancellation reason; it decides nothing. The trap: a ticket is updated attribute by
 * attribute and never put again, because the workflow parks its token on the same item without raising the version.
 */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { contactWith, type Account } from '../domain/account/account.ts';
import type { Quota } from '../domain/account/quota.ts';
import type { AccountEvent } from '../domain/account/account-event.ts';
import type { LedgerEntry } from '../domain/account/ledger.ts';
import type { Address } from '../domain/mail/address.ts';
import type { Correspondent } from '../domain/mail/correspondents.ts';
import type { Message } from '../domain/ticket/message.ts';
import { nextWake } from '../domain/ticket/targets.ts';
import { isOpen, type Ticket } from '../domain/ticket/ticket.ts';
import type { Instant } from '../domain/time/instant.ts';
import type { TicketEvent } from '../domain/ticket/ticket-event.ts';
import { answerItem, type Answer } from './answers.ts';
import { erasureItem, type Erasure } from './erasures.ts';
import { fullTextItem, type FullText } from './full-texts.ts';
import { correspondenceItem, inboundMailItem, seenMailItem, type InboundMail } from './inbound-mails.ts';
import * as items from './items.ts';
import * as keys from './keys.ts';
import { countTowards, QuotaError } from './quotas.ts';
import { BusyError } from './busy-error.ts';
import { transact, type Item, type Table, type Update, type Write } from './table.ts';
import { forgottenAfter } from './ttl.ts';

/** What a command changes. `before` is the record that was read; without it the record is new. */
export interface Change {
  readonly ticket?: { readonly before?: Ticket | undefined; readonly after: Ticket };
  /** The ticket's clock itself asked for the change and gets its next wait as the answer: nobody has to wake it. */
  readonly clockKnows?: boolean;
  readonly events?: readonly TicketEvent[];
  /** New tickets that the change opens beside, each with its first event. */
  readonly opened?: readonly { readonly ticket: Ticket; readonly events: readonly TicketEvent[] }[];
  readonly messages?: readonly Message[];
  /** Whole texts of mails of which a part is shown. */
  readonly fullTexts?: readonly FullText[];
  readonly account?: { readonly before?: Account | undefined; readonly after: Account };
  readonly entries?: readonly LedgerEntry[];
  /** Lines of the account's history. */
  readonly accountEvents?: readonly AccountEvent[];
  /** The answer under the caller's idempotency key. */
  readonly answer?: Answer | undefined;
  /** The mail that asked for it, and what became of it. */
  readonly inboundMail?: InboundMail | undefined;
  /** The same mail came before and was refused: it has done nothing, and may act now. */
  readonly refusedBefore?: boolean | undefined;
  /** Whom that mail names, where it has just come. */
  readonly correspondents?: readonly Correspondent[] | undefined;
  /** What the change counts towards; over any of them, nothing is written. */
  readonly quotas?: readonly Quota[] | undefined;
  /** Records that an erasure rewrites, each as it was read. */
  readonly rewrites?: readonly { readonly Update: Update }[];
  /** How far an erasure has come; without `after` it is over. */
  readonly erasure?: { readonly before?: Erasure | undefined; readonly after?: Erasure | undefined };
  /** A contact who leaves the account. */
  readonly contactGone?: { readonly email: string; readonly accountId: string } | undefined;
  /** Whether mail goes to an address. */
  readonly address?: { readonly before?: Address | undefined; readonly after: Address } | undefined;
  /** A failure of a letter that is noted by the change. */
  readonly mailFailure?:
    { readonly letter: string; readonly to: string; readonly kind: string; readonly at: Instant } | undefined;
}

/** `answered`: the idempotency key was used meanwhile. `stale`: something changed since it was read; read and decide again. */
export type Outcome = 'committed' | 'answered' | 'stale';

const put = (item: Item): Write => ({ Put: { Item: item, ConditionExpression: 'attribute_not_exists(pk)' } });

const updateTicket = (before: Ticket, after: Ticket): Write => {
  const attributes = Object.entries<unknown>({
    [keys.QUEUE_INDEX.pk]: undefined,
    [keys.QUEUE_INDEX.sk]: undefined,
    ...items.ticketAttributes(after),
  });
  const set = attributes.filter(([, value]) => value !== undefined);
  // The clock of a closed ticket has ended: the next generation of it begins where the ticket is open again.
  const reopens = !isOpen(before) && isOpen(after);
  const removed = attributes.filter(([, value]) => value === undefined).map(([name]) => `#${name}`);
  return {
    Update: {
      Key: keys.ticketKey(after.ticketId),
      UpdateExpression: [
        `SET ${set.map(([name]) => `#${name} = :${name}`).join(', ')}`,
        ...(removed.length > 0 ? [`REMOVE ${removed.join(', ')}`] : []),
        ...(reopens ? ['ADD #generation :next'] : []),
      ].join(' '),
      ConditionExpression: '#version = :before',
      ExpressionAttributeNames: {
        ...Object.fromEntries(attributes.map(([name]) => [`#${name}`, name])),
        ...(reopens && { '#generation': 'generation' }),
      },
      ExpressionAttributeValues: {
        ...Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
        ...(reopens && { ':next': 1 }),
        ':before': before.version,
      },
    },
  };
};

/** Puts an item in the place of the one that was read. */
const replace = (before: { readonly version: number }, item: Item): Write => ({
  Put: {
    Item: item,
    ConditionExpression: '#version = :before',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':before': before.version },
  },
});

const ticketWrites = ({ ticket }: Change): Write[] => {
  if (!ticket) return [];
  return ticket.before ? [updateTicket(ticket.before, ticket.after)] : [put(items.ticketItem(ticket.after))];
};

const accountWrites = ({ account }: Change): Write[] => {
  if (!account) return [];
  const { before, after } = account;
  const item = items.accountItem(after);
  const added = after.contacts.filter(({ email }) => !before || !contactWith(before, email));
  return [
    before ? replace(before, item) : put(item),
    ...added.map(({ email }) => put(items.contactItem(email, after))),
  ];
};

/** The claim on a failure is as old as the failures that may still be reported again. */
const REMEMBERED_FAILURE_DAYS = 365;

const failureWrites = ({ address, mailFailure }: Change): Write[] => {
  const writes: Write[] = [];
  if (address) {
    const item = items.addressItem(address.after);
    writes.push(address.before ? replace(address.before, item) : put(item));
  }
  if (mailFailure) {
    const { letter, to, kind, at } = mailFailure;
    const item = { ...keys.mailFailureKey(letter, to, kind), entity: 'mail-failure', at };
    writes.push(put({ ...item, [keys.TTL_ATTRIBUTE]: forgottenAfter(at, REMEMBERED_FAILURE_DAYS) }));
  }
  return writes;
};

const erasureWrites = ({ erasure, contactGone, rewrites = [] }: Change): Write[] => {
  const { before, after } = erasure ?? {};
  const gone = (key: keys.Key, condition: object): Write => ({
    Delete: { Key: key, ...condition },
  });
  return [
    ...rewrites,
    ...(after ? [before ? replace(before, erasureItem(after)) : put(erasureItem(after))] : []),
    ...(before && !after
      ? [
          gone(keys.erasureKey(before.accountId, before.email), {
            ConditionExpression: '#version = :before',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':before': before.version },
          }),
        ]
      : []),
    ...(contactGone
      ? [
          gone(keys.contactKey(contactGone.email, contactGone.accountId), {
            ConditionExpression: 'attribute_exists(pk)',
          }),
        ]
      : []),
  ];
};

/** Whose data an answer shows that is kept with a change. */
const accountIn = ({ ticket, account, accountEvents, inboundMail, erasure }: Change): string | undefined =>
  ticket?.after.accountId ??
  account?.after.accountId ??
  accountEvents?.[0]?.accountId ??
  erasure?.before?.accountId ??
  inboundMail?.accountId;

/** Whether the workflow's wait no longer fits: the next deadline moved, or the ticket was closed or opened again. */
const movesClock = ({ before, after }: NonNullable<Change['ticket']>): boolean =>
  before === undefined || nextWake(before)?.at !== nextWake(after)?.at || isOpen(before) !== isOpen(after);

/** Events that a clock begins with: whatever is written along with one, it is the one to tell. */
const startsClock = (event: TicketEvent): boolean =>
  event.type === 'opened' || (event.type === 'reopened' && event.from === 'closed');

const eventWrites = ({
  ticket,
  events = [],
  clockKnows = false,
}: Pick<Change, 'ticket' | 'events' | 'clockKnows'>): Write[] => {
  const moves = ticket !== undefined && !clockKnows && movesClock(ticket);
  const starting = events.findLastIndex(startsClock);
  const moving = starting < 0 ? events.length - 1 : starting;
  return events.map((event, place) => put(items.eventItem(event, moves && place === moving)));
};

/** The record of a mail, its writer's own id, so that the same mail does nothing under another id of SES, and whom it names. */
const mailWrites = ({ inboundMail: mail, refusedBefore = false, correspondents = [] }: Change): Write[] => {
  if (!mail) return [];
  const seen = seenMailItem(mail, refusedBefore);
  const named = correspondents.map((one) => put(correspondenceItem(mail, one)));
  return [inboundMailItem(mail), ...(seen ? [seen] : []), ...named];
};

const isStale = (code: string | undefined): boolean =>
  code === 'ConditionalCheckFailed' || code === 'TransactionConflict';

/** The lines of timelines, of the ledger and of the account's history: each has the name of the fact that it stands for. */
const lineWrites = (change: Change): Write[] => [
  ...eventWrites(change),
  ...(change.opened ?? []).flatMap(({ ticket, events }) => eventWrites({ ticket: { after: ticket }, events })),
  ...(change.entries ?? []).map((entry) => put(items.ledgerItem(entry))),
  ...(change.accountEvents ?? []).map((event) => put(items.accountEventItem(event))),
];

/**
 * Throws where the records are as they were read and only lines stand already: a fault of the rules, which deciding again would only
 * repeat.
 */
const refuseStandingLines = (
  writes: readonly Write[],
  lines: readonly Write[],
  codes: readonly (string | undefined)[],
): void => {
  const refused = writes.filter((_write, place) => isStale(codes[place]));
  if (refused.length === 0 || !refused.every((write) => lines.includes(write))) return;
  if (codes.includes('TransactionConflict')) return;
  const standing = refused.flatMap((write) =>
    'Put' in write ? [`${String(write.Put.Item.pk)} ${String(write.Put.Item.sk)}`] : [],
  );
  throw new Error(`a change would write again what stands already: ${standing.join(', ')}`);
};

/** Throws where what was refused was a count. Counts are the last writes of a transaction. */
const refuseOverQuota = (quotas: readonly Quota[], codes: readonly (string | undefined)[]): void => {
  const over = quotas.find((_quota, place) => codes.at(place - quotas.length) === 'ConditionalCheckFailed');
  if (over) throw new QuotaError(over);
};

/** What a cancelled transaction says where the table has no capacity left for one of its items. */
const THROTTLED = new Set(['ThrottlingError', 'ProvisionedThroughputExceeded', 'RequestLimitExceeded']);

/**
 * Writes a change whole or not at all. Throws a QuotaError where it would go over a quota, a BusyError where the table is throttled,
 * and whatever else is neither a stale read nor a used key, such as a lost connection.
 */
export const commit = async (table: Table, change: Change): Promise<Outcome> => {
  const answer: Write[] = change.answer ? [answerItem(change.answer, accountIn(change))] : [];
  const { quotas = [], opened = [] } = change;
  const lines = lineWrites(change);
  const writes = [
    ...answer,
    ...ticketWrites(change),
    ...accountWrites(change),
    ...opened.flatMap(({ ticket }) => ticketWrites({ ticket: { after: ticket } })),
    ...lines,
    ...(change.messages ?? []).map((message) => put(items.messageItem(message))),
    ...(change.fullTexts ?? []).map((text) => put(fullTextItem(text))),
    ...mailWrites(change),
    ...erasureWrites(change),
    ...failureWrites(change),
    ...quotas.map((quota) => countTowards(quota)),
  ];
  if (writes.length === 0) return 'committed';
  try {
    await transact(table, writes);
    return 'committed';
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
    if (answer.length > 0 && codes[0] === 'ConditionalCheckFailed') return 'answered';
    refuseOverQuota(quotas, codes);
    refuseStandingLines(writes, lines, codes);
    if (codes.some(isStale)) return 'stale';
    if (codes.some((code) => THROTTLED.has(code ?? '')))
      throw new BusyError('the table is throttled', { cause: error });
    throw error;
  }
};
