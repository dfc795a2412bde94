/**
 * Which mails went out: one record for each cause and recipient, the ticket by the id that SES gave the message, and how many went
 * to an address in an hour. Counting a letter and claiming it is one conditional write, so a letter that is delivered twice is
 * counted once. The trap: the hour is that of the cause's own moment, which every delivery of the cause agrees on.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { Instant } from '../domain/time/instant.ts';
import { attempt } from './attempt.ts';
import { mailHourKey, mailKey, mailKeyBefore, sesMessageKey, TTL_ATTRIBUTE } from './keys.ts';
import { getItem, putItem, putItems, updateItemSeen, type Item, type Table } from './table.ts';
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
}

/** `claimed`: it is to be sent, and counted. `sent`: it was sent before. `over`: so many have gone that it is not to be sent. */
export type Claim = 'claimed' | 'sent' | 'over';

/** An event that failed waits 14 days in its dead-letter queue; whoever puts it back in that time must not send a letter twice. */
export const REMEMBERED_LETTER_DAYS = 30;
/** A ticket runs for a year at most and can be reopened for some months after; nobody answers a letter that is older. */
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

/** Counts a letter in the hour of its cause unless it is counted there; answers whether it was, or nothing where the cap is reached. */
const count = async (
  table: Table,
  { cause, to }: MailName,
  at: Instant,
  cap: Cap,
): Promise<'first' | 'again' | undefined> => {
  try {
    const before = await updateItemSeen(table, {
      Key: mailHourKey(to, at.slice(0, 'yyyy-mm-ddThh'.length), cap.kind),
      UpdateExpression: 'ADD causes :causes SET entity = :entity, #ttl = :until',
      ConditionExpression: 'attribute_not_exists(causes) OR size(causes) < :most OR contains(causes, :cause)',
      ExpressionAttributeNames: { '#ttl': TTL_ATTRIBUTE },
      ExpressionAttributeValues: {
        ':causes': new Set([cause]),
        ':cause': cause,
        ':entity': 'mail-hour',
        ':most': cap.most,
        ':until': forgottenAfter(at, REMEMBERED_LETTER_DAYS),
      },
    });
    const counted = z.object({ causes: z.set(z.string()) }).safeParse(before).data?.causes;
    return counted?.has(cause) ? 'again' : 'first';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
};

/**
 * Claims a letter before it is sent. A letter that was claimed and has no record was lost in a crash, or is being sent at this very
 * moment: it is claimed again, because twice is better than never.
 */
export const claimMail = async (table: Table, mail: MailName, at: Instant, cap: Cap): Promise<Claim> => {
  const counted = await count(table, mail, at, cap);
  if (counted === undefined) return 'over';
  return counted === 'again' && (await wasMailed(table, mail.cause, mail.to)) ? 'sent' : 'claimed';
};

/** Writes down that SES took a letter. A second record of the same letter replaces the first, which says the same. */
export const recordMail = async (table: Table, { ticketId, ...mail }: SentMail): Promise<void> => {
  const items: Item[] = [{ ...mailKey(mail.cause, mail.to), entity: 'mail', record: mail }];
  if (ticketId !== undefined) {
    const record = { ticketId, to: mail.to, cause: mail.cause };
    const forgotten = { [TTL_ATTRIBUTE]: forgottenAfter(mail.at, THREAD_DAYS) };
    items.push({ ...sesMessageKey(mail.sesMessageId), entity: 'ses-message', record, ...forgotten });
  }
  let left: readonly Item[] = items;
  await attempt(async () => {
    left = await putItems(table, left);
    return left.length === 0 ? 'written' : 'stale';
  });
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
