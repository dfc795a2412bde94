/** Which mails went out: one record for each cause and recipient. */
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Instant } from '../domain/time/instant.ts';
import { mailKey } from './keys.ts';
import { recordSesId } from './sent-letters.ts';
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

/** Two deliveries of one event may send at the same time; the later record replaces the earlier, which says the same. */
export const recordMail = async (table: Table, mail: SentMail): Promise<void> => {
  await table.client.send(
    new PutCommand({
      TableName: table.name,
      Item: { ...mailKey(mail.cause, mail.to), entity: 'mail', record: mail },
      ConditionExpression: 'attribute_not_exists(pk) OR entity = :mail',
      ExpressionAttributeValues: { ':mail': 'mail' },
    }),
  );
  const ticketId = /^tkt_[0-9A-HJKMNP-TV-Z]{26}/.exec(mail.cause)?.[0];
  if (ticketId !== undefined) await recordSesId(table, mail.sesMessageId, { ticketId, to: mail.to, cause: mail.cause });
};
