/** Which mails went out: one record for each cause and recipient, and one that finds the ticket by SES's id of the mail. */
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Instant } from '../domain/time/instant.ts';
import { mailKey, sesMailKey } from './keys.ts';
import type { Table } from './table.ts';

export interface SentMail {
  readonly cause: string;
  readonly to: string;
  readonly at: Instant;
  /** The id that SES gave the message; answers refer to it. */
  readonly sesMessageId: string;
}

export const wasMailed = async (table: Table, cause: string, to: string): Promise<boolean> => {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: mailKey(cause, to), ConsistentRead: true }),
  );
  return Item !== undefined;
};

/** A cause that is an event of a ticket begins with the ticket's id. */
const ticketIdIn = (cause: string): string | undefined => /^(tkt_[0-9A-HJKMNP-TV-Z]{26})-/.exec(cause)?.[1];

/** Two deliveries of one event may send at the same time; the later record replaces the earlier, which says the same. */
export const recordMail = async (table: Table, mail: SentMail): Promise<void> => {
  const ticketId = ticketIdIn(mail.cause);
  if (ticketId !== undefined && mail.sesMessageId !== '') {
    const { to, cause } = mail;
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...sesMailKey(mail.sesMessageId), entity: 'ses-mail', record: { ticketId, to, cause } },
        ConditionExpression: 'attribute_not_exists(pk) OR entity = :mail',
        ExpressionAttributeValues: { ':mail': 'ses-mail' },
      }),
    );
  }
  await table.client.send(
    new PutCommand({
      TableName: table.name,
      Item: { ...mailKey(mail.cause, mail.to), entity: 'mail', record: mail },
      ConditionExpression: 'attribute_not_exists(pk) OR entity = :mail',
      ExpressionAttributeValues: { ':mail': 'mail' },
    }),
  );
};

const ticketOfMailSchema = z.object({ ticketId: z.string(), to: z.string(), cause: z.string() });

/** The ticket that a mail of the desk was about, by the id that SES gave the mail. */
export const ticketOfSesMessage = async (
  table: Table,
  sesMessageId: string,
): Promise<z.infer<typeof ticketOfMailSchema> | undefined> => {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: sesMailKey(sesMessageId), ConsistentRead: true }),
  );
  return Item && ticketOfMailSchema.parse(Item.record);
};
