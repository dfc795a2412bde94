/**
 * Woken by the bus with one event of a ticket, or with a mail that came in and is to be answered: writes the letters that it gives rise
 * to, and sends each once.
 */
import type { EventBridgeEvent } from 'aws-lambda';
import { fromMillis, toMillis, type Instant } from '../domain/time/instant.ts';
import { eventId, ticketEventSchema } from '../domain/ticket/ticket-event.ts';
import { mayReceive } from '../store/addresses.ts';
import { inboundMailSchema } from '../store/inbound-mails.ts';
import { messageOf } from '../store/lists.ts';
import { readTogether } from '../store/read.ts';
import { openTable } from '../store/table.ts';
import { mailEnvironment, readEnvironment, tableEnvironment, tierEnvironment } from './environment.ts';
import { openLog } from './log.ts';
import { lettersFor } from './mail/letters.ts';
import { openPost } from './mail/post.ts';
import { refusalLetter } from './mail/refusal-words.ts';

const environment = readEnvironment(tableEnvironment.extend(mailEnvironment.shape).extend(tierEnvironment.shape));
const table = openTable(environment.TABLE_NAME);
const log = openLog();
const post = openPost(table, {
  ...{ sender: environment.SENDER, deskName: environment.DESK_NAME, log },
  configurationSet: environment.MAIL_CONFIGURATION_SET,
  mayReceive: mayReceive(table),
});

const answerMail = async (detail: unknown, now: Instant): Promise<void> => {
  const mail = inboundMailSchema.parse(detail);
  const { sesMessageId, accountId } = mail;
  const { account } = await readTogether(table, { accountId });
  const letter = refusalLetter(mail, account, environment.DESK_NAME);
  if (letter) await post.send(letter, `mail-${sesMessageId}`, now);
  log.info('mail answered', { sesMessageId, letters: letter ? 1 : 0 });
};

const notify = async (detail: unknown, now: Instant): Promise<void> => {
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
  for (const letter of letters) await post.send(letter, eventId(event), now);
  log.info('notified', { eventId: eventId(event), letters: letters.length });
};

export const handler = async (event: EventBridgeEvent<string, unknown>): Promise<void> => {
  const now = fromMillis(toMillis(event.time));
  await (event['detail-type'].startsWith('mail.') ? answerMail : notify)(event.detail, now);
};
