/**
 * Woken by the bus with one event of a ticket, or with a mail that came in and is to be answered: writes the letters that it gives rise
 * to, and sends each once.
 */
import type { EventBridgeEvent } from 'aws-lambda';
import type { Account } from '../domain/account/account.ts';
import type { Credited } from '../domain/account/bookings.ts';
import { balanceNotice } from '../domain/account/notices.ts';
import { fromMillis, toMillis, type Instant } from '../domain/time/instant.ts';
import { eventId, ticketEventSchema, type TicketEvent } from '../domain/ticket/ticket-event.ts';
import { catalogue } from '../plans/catalogue.ts';
import { inboundMailSchema, readInboundMail } from '../store/inbound-mails.ts';
import { messageOf } from '../store/lists.ts';
import { readTogether } from '../store/read.ts';
import { openTable } from '../store/table.ts';
import { eventAt } from '../store/timeline.ts';
import { openDeskPost } from './desk-post.ts';
import {
  inboundOf,
  mailEnvironment,
  pageEnvironment,
  readEnvironment,
  tableEnvironment,
  tierEnvironment,
} from './environment.ts';
import { openLog } from './log.ts';
import { type AccountLetter, balanceLetters } from './mail/account-letters.ts';
import { lettersFor } from './mail/letters.ts';
import { tryEach } from './mail/post.ts';
import { ratingLinks } from './mail/rating-links.ts';
import { refusalLetter } from './mail/refusal-words.ts';

const environment = readEnvironment(
  tableEnvironment.extend(mailEnvironment.shape).extend(tierEnvironment.shape).extend(pageEnvironment.shape),
);
const table = openTable(environment.TABLE_NAME);
const log = openLog();
const inbound = inboundOf(environment);
const deskName = environment.DESK_NAME;
const post = openDeskPost(table, environment, log);
const ratingUrl = ratingLinks({ secret: inbound?.secret, publicUrl: environment.PUBLIC_URL });

/** What an opening has to say of the units that it left. The account comes with the ticket, in the same read. */
const accountLetters = (event: TicketEvent, account: Account | undefined): AccountLetter[] => {
  if (event.type !== 'opened' || event.left === undefined || !account) return [];
  const plan = catalogue.get(event.terms.planId);
  const notice = plan && balanceNotice({ left: event.left, amount: event.charge.amount }, plan);
  return notice ? balanceLetters({ account, plan, deskName }, notice, eventId(event)) : [];
};

/** Units that an event says went back to the account. */
const givenBack = (event: TicketEvent): number => {
  switch (event.type) {
    case 'missed':
      return event.makeGood;
    case 'reprioritized':
      return event.returned;
    case 'classified':
      return event.returnedTo === 'card' ? 0 : event.returned;
    default:
      return 0;
  }
};

/** Where they went: the credit is the event after it, written with it. */
const creditOf = async (event: TicketEvent): Promise<Credited | undefined> => {
  if (givenBack(event) === 0) return undefined;
  const next = await eventAt(table, event.ticketId, event.seq + 1);
  return next?.type === 'credited' ? next : undefined;
};

const answerMail = async (detail: unknown, now: Instant): Promise<void> => {
  const { sesMessageId } = inboundMailSchema.parse(detail);
  // Told by the record and not by its copy on the bus: its writer may have been erased since.
  const mail = await readInboundMail(table, sesMessageId);
  if (!mail) return;
  const { accountId } = mail;
  const { account } = await readTogether(table, { accountId });
  const plan = account && catalogue.get(account.planId);
  const letter = refusalLetter(mail, { account, plan }, deskName);
  if (letter) await post.send([letter], `mail-${sesMessageId}`, now);
  log.info('mail answered', { sesMessageId, letters: letter ? 1 : 0 });
};

const notify = async (detail: unknown, now: Instant): Promise<void> => {
  const event = ticketEventSchema.parse(detail);
  const { ticketId, accountId } = event;
  const wanted = event.type === 'opened' ? { ticketId, accountId } : { ticketId };
  const { ticket, account } = await readTogether(table, wanted);
  if (!ticket) throw new Error(`event ${eventId(event)} has no ticket`);
  const message = event.type === 'message' ? await messageOf(table, event) : undefined;
  const credit = await creditOf(event);
  const letters = lettersFor(event, {
    ...{ messageBody: message?.body, messageFiles: message?.attachments.length },
    messageShortened: message?.mail?.shortened,
    ...{ ticket, credit, deskName, ratingUrl, takesMail: inbound !== undefined },
    managers: environment.MANAGERS,
    tiers: {
      TS1: environment.TS1_ADDRESSES,
      TS2: environment.TS2_ADDRESSES,
      TS3: environment.TS3_ADDRESSES,
    },
  });
  const beside = accountLetters(event, account);
  const sendings = [
    { about: letters, cause: eventId(event) },
    ...beside.map(({ letter, cause }) => ({ about: [letter], cause })),
  ];
  await tryEach(sendings, ({ about, cause }) => post.send(about, cause, now));
  log.info('notified', { eventId: eventId(event), letters: letters.length + beside.length });
};

export const handler = async (event: EventBridgeEvent<string, unknown>): Promise<void> => {
  const now = fromMillis(toMillis(event.time));
  await (event['detail-type'].startsWith('mail.') ? answerMail : notify)(event.detail, now);
};
