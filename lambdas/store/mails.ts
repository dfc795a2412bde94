/**
 * Which mails went out: one record for each cause and recipient, the ticket by the id that SES gave the message, and how many went
 * to an address in an hour. Counting a letter and claiming it is one conditional write, so a letter that is delivered twice is
 * counted once, and of two runs that have it at the same moment one sends it. The trap: the hour is that of the cause's own moment,
 * which every delivery of the cause agrees on; whether a claim is over is told by the present.
 */
import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { Instant } from '../domain/time/instant.ts';
import { mailHourKey, mailKey, mailKeyBefore, sesMessageKey, TTL_ATTRIBUTE } from './keys.ts';
import { getItem, putItem, toItem, updateItem, type Item, type Table, type Update } from './table.ts';
import { forgottenAfter } from './ttl.ts';

/** What a letter is about, and to whom: its name in every record. */
export interface MailName {
  readonly cause: string;
  readonly to: string;
}

export interface SentMail extends MailName {
  readonly at: Instant;
  /** The id that SES gave the message; answers refer to it. */
  readonly sesMessageId: string;
  readonly ticketId?: string | undefined;
}

/** A letter that was kept back, and why. */
export interface WithheldMail extends MailName {
  readonly at: Instant;
  readonly withheld: 'hourly-cap' | 'address-stopped';
}

/** Letters of a kind are counted together; of one kind so many go to an address in an hour. */
export interface Cap {
  readonly kind: string;
  readonly most: number;
  /** Fewer of them may tell what the people of one account do. */
  readonly of?: { readonly accountId: string; readonly most: number };
}

/**
 * `claimed`: it is to be sent, and counted. `sent`: it was sent before. `over`: so many have gone that it is not to be sent. `held`:
 * another run claimed it and is at it, or died a moment ago.
 */
export type Claim = 'claimed' | 'sent' | 'over' | 'held';

/**
 * So long a claim keeps a letter from others: longer than SES may take (`SES_SECONDS`), waits for its rate included, and then the record
 * with all its tries (`client-settings.ts`); and less than the minute after which Lambda runs again what failed.
 */
export const HELD_SECONDS = 50;

/** An event that failed waits 14 days in its dead-letter queue; whoever puts it back in that time must not send a letter twice. */
export const REMEMBERED_LETTER_DAYS = 30;
/** Hardly a ticket is open for a year, and for some months after it can be reopened; an answer to a letter that is older finds its ticket by other signs. */
const THREAD_DAYS = 500;

const recordSchema = z.looseObject({ sesMessageId: z.string().optional() });

/** Whether a letter was sent; one that was kept back was not. */
export const wasMailed = async (table: Table, cause: string, to: string): Promise<boolean> => {
  for (const key of [mailKey(cause, to), mailKeyBefore(cause, to)]) {
    const item = await getItem(table, key);
    if (item) return recordSchema.parse(item.record).sesMessageId !== undefined;
  }
  return false;
};

/** Enough that two causes of an hour hardly ever share a mark. The later of two that do waits for the earlier one's claim to run out. */
const MARK_LENGTH = 6;
/** What stands for a cause in the item of an hour. A write costs by the size of its item, and this one holds up to 400 of them. */
const markOf = (cause: string): string => `#${digestOf(cause)}`;
/** Under this stands, in the same item, how many letters tell of an account's people. */
const countOf = (accountId: string): string => `@${digestOf(accountId)}`;
const digestOf = (name: string): string => createHash('sha256').update(name).digest('base64url').slice(0, MARK_LENGTH);

/**
 * Under the mark of a letter's cause stands until when it is held, in seconds since the epoch; beside those, how many letters there are.
 * The release before wrote a set of causes, of which none was held.
 */
const heldIn = (item: Item, cause: string): number | undefined => {
  const held = z.number().optional().parse(item[markOf(cause)]);
  const before = z.set(z.string()).optional().parse(item.causes);
  return held ?? (before?.has(cause) ? 0 : undefined);
};

/** What stood in the way of an update, or nothing where it was written. */
const refused = async (table: Table, update: Update): Promise<{ readonly standing: Item } | undefined> => {
  try {
    await updateItem(table, { ...update, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
    return undefined;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { standing: error.Item ? toItem(error.Item) : {} };
  }
};

/**
 * Claims a letter before it is sent, at the present `nowMillis`; `at` is its cause's own moment. A letter whose claim ran out and that has
 * no record was lost in a crash: it is claimed again, because twice is better than never. A repeat is not counted again.
 */
export const claimMail = async (
  table: Table,
  { cause, to }: MailName,
  at: Instant,
  { kind, most, of }: Cap,
  nowMillis: number,
): Promise<Claim> => {
  const now = Math.floor(nowMillis / 1000);
  const mark = markOf(cause);
  const Key = mailHourKey(to, at.slice(0, 'yyyy-mm-ddThh'.length), kind);
  const until = now + HELD_SECONDS;
  const before = await refused(table, {
    Key,
    UpdateExpression: `SET #mark = :until, entity = :entity, #ttl = :forgotten ADD letters :one${of ? ', #of :one' : ''}`,
    ConditionExpression: [
      'attribute_not_exists(#mark) AND NOT contains(causes, :cause)',
      '(attribute_not_exists(letters) OR letters < :most)',
      ...(of ? ['(attribute_not_exists(#of) OR #of < :mostOf)'] : []),
    ].join(' AND '),
    ExpressionAttributeNames: { '#ttl': TTL_ATTRIBUTE, '#mark': mark, ...(of && { '#of': countOf(of.accountId) }) },
    ExpressionAttributeValues: {
      ':cause': cause,
      ':until': until,
      ':entity': 'mail-hour',
      ':forgotten': forgottenAfter(at, REMEMBERED_LETTER_DAYS),
      ':one': 1,
      ':most': most,
      ...(of && { ':mostOf': of.most }),
    },
  });
  if (!before) return 'claimed';
  const held = heldIn(before.standing, cause);
  if (held === undefined) return 'over';
  if (await wasMailed(table, cause, to)) return 'sent';
  if (held > now) return 'held';
  const taken = await refused(table, {
    Key,
    UpdateExpression: 'SET #mark = :until',
    ConditionExpression: 'attribute_not_exists(#mark) OR #mark = :held',
    ExpressionAttributeNames: { '#mark': mark },
    ExpressionAttributeValues: { ':until': until, ':held': held },
  });
  return taken ? 'held' : 'claimed';
};

/**
 * Writes down that SES took a letter. A second record of the same letter replaces the first, which says the same. Two writes beside each
 * other and not a batch, which nobody may do who may not delete, and not a transaction, which costs twice as much.
 */
export const recordMail = async (table: Table, { ticketId, ...mail }: SentMail): Promise<void> => {
  const items: Item[] = [{ ...mailKey(mail.cause, mail.to), entity: 'mail', record: mail }];
  if (ticketId !== undefined) {
    const record = { ticketId, to: mail.to, cause: mail.cause };
    const forgotten = { [TTL_ATTRIBUTE]: forgottenAfter(mail.at, THREAD_DAYS) };
    items.push({ ...sesMessageKey(mail.sesMessageId), entity: 'ses-message', record, ...forgotten });
  }
  await Promise.all(items.map((item) => putItem(table, { Item: item })));
};

/** Writes down that a letter was kept back; never over the record of one that went out. */
export const recordWithheld = async (table: Table, mail: WithheldMail): Promise<void> => {
  try {
    await putItem(table, {
      Item: { ...mailKey(mail.cause, mail.to), entity: 'mail', record: mail, withheld: mail.withheld },
      ConditionExpression: 'attribute_not_exists(pk) OR attribute_exists(withheld)',
    });
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
};

const sesMessageSchema = z.object({ ticketId: z.string(), to: z.string(), cause: z.string() });
export type TicketMail = z.infer<typeof sesMessageSchema>;

/** The letter about a ticket that SES gave this id: the part before `@` of a reference to it. */
export const ticketOfSesMessage = async (table: Table, sesMessageId: string): Promise<TicketMail | undefined> => {
  const item = await getItem(table, sesMessageKey(sesMessageId));
  return item && sesMessageSchema.parse(item.record);
};
