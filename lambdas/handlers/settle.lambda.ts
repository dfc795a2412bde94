/** Woken by the workflow when a deadline has passed: lets the rules write what is due, and answers the next wait. */
import { settleRequestSchema, type Wait } from '../domain/wait.ts';
import { settleTicket } from '../store/settle-ticket.ts';
import { openTable } from '../store/table.ts';
import { readEnvironment, tableEnvironment } from './environment.ts';
import { openLog } from './log.ts';

const { TABLE_NAME } = readEnvironment(tableEnvironment);
const table = openTable(TABLE_NAME);
const log = openLog();

export const handler = async (event: unknown): Promise<Wait> => {
  const { ticketId, now } = settleRequestSchema.parse(event);
  const wait = await settleTicket(table, ticketId, now);
  log.info('settled', { ticketId, version: wait.version, open: wait.open });
  return wait;
};
