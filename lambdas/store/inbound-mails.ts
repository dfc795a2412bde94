/**
 * What became of the mails that came in: one record for each message that SES took, with its reason and never its text. Those that
 * wait for a person stand in an index, the oldest first; a manager's decision about one replaces its record, once. The trap: a mail
 * has two ids, and either may come again; whatever acted is remembered under its writer's own id for good, because a signed mail can
 * be sent again by anybody who has a copy of it. What was refused has done nothing, and its claim gives way to the next one's.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Correspondent } from '../domain/mail/correspondents.ts';
import { verdictsSchema } from '../domain/mail/inbound.ts';
import { instantSchema } from '../domain/time/instant.ts';
import { actorSchema } from '../domain/vocabulary.ts';
import { recordOf } from './items.ts';
import * as keys from './keys.ts';
import { readItems, readMany } from './read.ts';
import { getItem, queryOnce, type Item, type Table, type Write } from './table.ts';
import { forgottenAfter } from './ttl.ts';

/** As long as the stored messages themselves. */
export const INBOUND_RETENTION_DAYS = 365;

export const inboundMailSchema = z.strictObject({
  /** The id that SES gave the message; the stored message has it in its key. */
  sesMessageId: z.string(),
  outcome: z.enum(['opened', 'replied', 'ignored', 'quarantined', 'refused', 'dropped']),
  /** Why, as a word for machines. */
  code: z.string(),
  /** Why, for people. */
  reason: z.string(),
  at: instantSchema,
  ticketId: z.string().optional(),
  accountId: z.string().optional(),
  /** Who wrote it, where that is proven. */
  sender: z.string().optional(),
  /** The id that its writer's program gave it, where that is known and the writer proven. */
  messageId: z.string().optional(),
  /** What SES told of it, kept of a mail that waits for a manager. */
  received: z
    .strictObject({
      returnPath: z.string(),
      recipients: z.array(z.string()),
      verdicts: verdictsSchema,
    })
    .optional(),
  /** What a manager decided about a mail that was quarantined. */
  decision: z
    .strictObject({
      action: z.enum(['released', 'dropped']),
      by: actorSchema,
      at: instantSchema,
      reason: z.string().optional(),
      /** Why it had been quarantined. */
      quarantinedFor: z.string(),
    })
    .optional(),
  /** The letter that says why nothing was done goes there: one for the mail, when this record is written. */
  answer: z.strictObject({ to: z.string(), subject: z.string(), inReplyTo: z.string().optional() }).optional(),
});
export type InboundMail = z.infer<typeof inboundMailSchema>;

/** Whether it has done something, which it must not do again. */
export const hasActed = ({ outcome }: Pick<InboundMail, 'outcome'>): boolean =>
  outcome === 'opened' || outcome === 'replied';

const waits = ({ outcome }: InboundMail): boolean => outcome === 'quarantined';

/** A message has one record: the second delivery of it finds the first one's, and a manager's decision replaces a quarantined one's. */
export const inboundMailItem = (mail: InboundMail): Write => ({
  Put: {
    Item: {
      ...keys.inboundMailKey(mail.sesMessageId),
      ...(waits(mail) ? keys.quarantineKeys(mail) : {}),
      entity: 'inbound-mail',
      record: JSON.stringify(mail),
      ...(mail.answer && { [keys.TO_ANSWER_ATTRIBUTE]: true }),
      [keys.TTL_ATTRIBUTE]: forgottenAfter(mail.at, INBOUND_RETENTION_DAYS),
    },
    ...(mail.decision
      ? {
          ConditionExpression: '#queue = :quarantined',
          ExpressionAttributeNames: { '#queue': keys.QUEUE_INDEX.pk },
          ExpressionAttributeValues: { ':quarantined': keys.QUARANTINE_PARTITION },
        }
      : { ConditionExpression: 'attribute_not_exists(pk)' }),
  },
});

export const readMailRecord = (item: Readonly<Record<string, unknown>>): InboundMail =>
  recordOf(inboundMailSchema, item);

export const readInboundMail = async (table: Table, sesMessageId: string): Promise<InboundMail | undefined> => {
  const item = await getItem(table, keys.inboundMailKey(sesMessageId));
  return item && readMailRecord(item);
};

/** Records in the order of their ids; what is no longer there is left out. */
export const readInboundMails = async (table: Table, ids: readonly string[]): Promise<InboundMail[]> => {
  const records = new Map<string, InboundMail>();
  for await (const item of readMany(table, ids.map(keys.inboundMailKey))) {
    const mail = readMailRecord(item);
    records.set(mail.sesMessageId, mail);
  }
  return ids.flatMap((id) => records.get(id) ?? []);
};

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');
const seenKey = (sender: string, messageId: string): keys.Key =>
  keys.seenMailKey(hashOf(JSON.stringify([sender, messageId])));

/** What became of a mail, without anybody's address. */
export const withoutPeople = (mail: InboundMail): InboundMail => {
  const { sender: _sender, messageId: _id, answer: _answer, received: _received, decision: _decision, ...rest } = mail;
  return rest;
};

/**
 * The claim on a mail's own id, for its writer alone: nobody else can stand in its way. A quarantined mail has done nothing yet and
 * claims nothing; what acted stays for good, and so says nothing of people. What was refused says when its writer was told why, and is
 * forgotten with its record. `refusedBefore`: the same mail was, so the claim may be there, as one that is to be forgotten.
 */
export const seenMailItem = (mail: InboundMail, refusedBefore: boolean): Write | undefined => {
  const { sender, messageId, outcome, answer } = mail;
  if (sender === undefined || messageId === undefined) return undefined;
  if (outcome === 'quarantined' || outcome === 'dropped') return undefined;
  const acted = hasActed(mail);
  if (!acted && refusedBefore && !answer) return undefined;
  return {
    Put: {
      Item: {
        ...seenKey(sender, messageId),
        entity: 'seen-mail',
        record: JSON.stringify(withoutPeople(mail)),
        ...(!acted && { [keys.TTL_ATTRIBUTE]: forgottenAfter(mail.at, INBOUND_RETENTION_DAYS) }),
      },
      ConditionExpression: refusedBefore
        ? 'attribute_not_exists(pk) OR attribute_exists(#ttl)'
        : 'attribute_not_exists(pk)',
      ...(refusedBefore && { ExpressionAttributeNames: { '#ttl': keys.TTL_ATTRIBUTE } }),
    },
  };
};

/** What became of the same mail before, under whatever id of SES; where it has acted, that. */
export const readSeenMail = async (
  table: Table,
  { sender, messageId }: { sender: string; messageId: string },
): Promise<InboundMail | undefined> => {
  const before = keys.seenMailKeyBefore(sender, hashOf(messageId));
  const seen = (await readItems(table, [seenKey(sender, messageId), before])).map(readMailRecord);
  return seen.find(hasActed) ?? seen[0];
};

const correspondenceSchema = z.object({ wrote: z.boolean() });

/** Finds a mail by each address that it names, for as long as the mail is kept. */
export const correspondenceItem = (mail: InboundMail, { address, wrote }: Correspondent): Item => ({
  ...keys.correspondenceKey(address, mail.at, mail.sesMessageId),
  entity: 'correspondence',
  wrote,
  [keys.TTL_ATTRIBUTE]: forgottenAfter(mail.at, INBOUND_RETENTION_DAYS),
});

/** Which mail an entry of an address's partition stands for, and whether it was written there. */
export const readCorrespondence = (item: Item): { readonly sesMessageId: string; readonly wrote: boolean } => ({
  sesMessageId: keys.sesMessageIdInMailbox(item),
  ...correspondenceSchema.parse(item),
});

/** More than one is all that a caller has to know, so no more than a few are read. */
const MOST_ACCOUNTS = 50;

/** The accounts of which an address is a contact. */
export const accountsOfContact = async (table: Table, email: string): Promise<string[]> => {
  const { items } = await queryOnce(table, {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': keys.contactPartition(email) },
    Limit: MOST_ACCOUNTS,
  });
  return items.map(keys.accountIdOfContact);
};
