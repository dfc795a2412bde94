/** Finds a letter by the id that SES gave it. */
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { sentLetterKey } from './keys.ts';
import type { Table } from './table.ts';

const sentLetterSchema = z.object({ ticketId: z.string(), to: z.string(), cause: z.string() });
export type SentLetter = z.infer<typeof sentLetterSchema>;

/** The ticket that a letter was about, and to whom it went; nothing where the id is none of ours, or it was about no ticket. */
export const ticketOfSesMessage = async (table: Table, sesMessageId: string): Promise<SentLetter | undefined> => {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: sentLetterKey(sesMessageId), ConsistentRead: true }),
  );
  return Item && sentLetterSchema.parse(Item.record);
};

export const recordSesId = async (table: Table, sesMessageId: string, letter: SentLetter): Promise<void> => {
  await table.client.send(
    new PutCommand({
      TableName: table.name,
      Item: { ...sentLetterKey(sesMessageId), entity: 'sent-letter', record: letter },
      ConditionExpression: 'attribute_not_exists(pk) OR entity = :letter',
      ExpressionAttributeValues: { ':letter': 'sent-letter' },
    }),
  );
};
