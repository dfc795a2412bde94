/**
 * A ticket's standing with its workflow: which wait fits it, which token is parked on it, and which generation of its clock is
 * the present one. None of it is an event and none of it raises the ticket's version.
 */
import { ConditionalCheckFailedException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { readStanding, type Standing } from './items.ts';
import { ticketKey } from './keys.ts';
import { getItem, updateItem, type Table } from './table.ts';

/** Reads the standing of a ticket as last written; nothing where there is no such ticket. */
export const standingOf = async (table: Table, ticketId: string): Promise<Standing | undefined> => {
  const item = await getItem(table, ticketKey(ticketId));
  return item && readStanding(ticketId, item);
};

/**
 * Makes the next generation of a ticket's clock the present one, so that an older execution gives way to it. Answers false where
 * somebody else has done so since `generation` was read, or is writing the ticket at this moment.
 */
export const raiseGeneration = async (table: Table, ticketId: string, generation: number): Promise<boolean> => {
  try {
    await updateItem(table, {
      Key: ticketKey(ticketId),
      UpdateExpression: 'SET #generation = :next',
      ConditionExpression: '#generation = :present',
      ExpressionAttributeNames: { '#generation': 'generation' },
      ExpressionAttributeValues: { ':present': generation, ':next': generation + 1 },
    });
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException || error instanceof TransactionConflictException) return false;
    throw error;
  }
};
