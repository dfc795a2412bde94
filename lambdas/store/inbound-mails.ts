/**
 * What became of the mails that came in: one record for each message that SES took, with its reason and never its text. Those that
 * wait for a person stand in an index, the oldest first.
 */
import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { instantSchema, toMillis } from '../domain/time/instant.ts';
import {
  accountIdOfContact,
  contactPartition,
  inboundMailKey,
  inboundMailKeys,
  TO_ANSWER_ATTRIBUTE,
  TTL_ATTRIBUTE,
} from './keys.ts';
import type { Table } from './table.ts';

/** As long as the stored messages themselves. */
export const INBOUND_RETENTION_DAYS = 365;

export const inboundMailSchema = z.strictObject({
  /** The id that SES gave the message; the stored message has it in its key. */
  sesMessageId: z.string(),
  outcome: z.enum(['opened', 'replied', 'ignored', 'quarantined', 'refused']),
  /** Why, as a word for machines. */
  code: z.string(),
  /** Why, for people. */
  reason: z.string(),
  at: instantSchema,
  ticketId: z.string().optional(),
  accountId: z.string().optional(),
  /** Who wrote it, where that is proven. */
  sender: z.string().optional(),
  /** The letter that says why nothing was done goes there: one for the mail, when this record is written. */
  answer: z.strictObject({ to: z.string(), subject: z.string(), inReplyTo: z.string().optional() }).optional(),
});
export type InboundMail = z.infer<typeof inboundMailSchema>;

type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** A message has one record: the second delivery of it finds the first one's. */
export const inboundMailItem = (tableName: string, mail: InboundMail): Write => ({
  Put: {
    TableName: tableName,
    Item: {
      ...inboundMailKey(mail.sesMessageId),
      ...(mail.outcome === 'quarantined' || mail.outcome === 'refused' ? inboundMailKeys(mail) : {}),
      entity: 'inbound-mail',
      record: JSON.stringify(mail),
      ...(mail.answer && { [TO_ANSWER_ATTRIBUTE]: true }),
      [TTL_ATTRIBUTE]: Math.floor(toMillis(mail.at) / 1000) + INBOUND_RETENTION_DAYS * 86_400,
    },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});

export const readMailRecord = (item: Readonly<Record<string, unknown>>): InboundMail =>
  inboundMailSchema.parse(JSON.parse(z.string().parse(item.record)));

export const readInboundMail = async (table: Table, sesMessageId: string): Promise<InboundMail | undefined> => {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: inboundMailKey(sesMessageId), ConsistentRead: true }),
  );
  return Item && readMailRecord(Item);
};

/** More than one is all that a caller has to know, so no more than a few are read. */
const MOST_ACCOUNTS = 50;

/** The accounts of which an address is a contact. */
export const accountsOfContact = async (table: Table, email: string): Promise<string[]> => {
  const { Items = [] } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': contactPartition(email) },
      Limit: MOST_ACCOUNTS,
      ConsistentRead: true,
    }),
  );
  return Items.map(accountIdOfContact);
};
