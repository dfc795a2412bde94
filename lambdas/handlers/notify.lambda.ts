/** Woken by the bus with one event of a ticket: writes the letters that it gives rise to, and sends each once. */
import type { EventBridgeEvent } from 'aws-lambda';
import { fromMillis, toMillis } from '../domain/time/instant.ts';
import { eventId, ticketEventSchema } from '../domain/ticket/ticket-event.ts';
import { messageOf } from '../store/lists.ts';
import { readTogether } from '../store/read.ts';
import { openTable } from '../store/table.ts';
import { mailEnvironment, readEnvironment, tableEnvironment, tierEnvironment } from './environment.ts';
import { openLog } from './log.ts';
import { lettersFor } from './mail/letters.ts';
import { openPost } from './mail/post.ts';

const environment = readEnvironment(tableEnvironment.extend(mailEnvironment.shape).extend(tierEnvironment.shape));
const table = openTable(environment.TABLE_NAME);
const log = openLog();
const post = openPost(table, { sender: environment.SENDER, deskName: environment.DESK_NAME, log });

export const handler = async ({ detail, time }: EventBridgeEvent<string, unknown>): Promise<void> => {
  const event = ticketEventSchema.parse(detail);
  const { ticket } = await readTogether(table, { ticketId: event.ticketId });
  if (!ticket) throw new Error(`event ${eventId(event)} has no ticket`);
  const messageBody = event.type === 'message' ? (await messageOf(table, event))?.body : undefined;
  const letters = lettersFor(event, {
    ticket,
    messageBody,
    deskName: environment.DESK_NAME,
    managers: environment.MANAGERS,
    tierAddresses: {
      TS1: environment.TS1_ADDRESSES,
      TS2: environment.TS2_ADDRESSES,
      TS3: environment.TS3_ADDRESSES,
    },
  });
  for (const letter of letters) await post.send(letter, eventId(event), fromMillis(toMillis(time)));
  log.info('notified', { eventId: eventId(event), letters: letters.length });
};
