/**
 * Woken by SNS with what SES says of the desk's own mails: that one bounced, was complained of or was not sent. Each is noted on its
 * ticket; a permanent failure stops mail to the address until a manager lifts the stop.
 */
import { noteMailFailure } from '../store/note-mail-failure.ts';
import { openTable } from '../store/table.ts';
import { readEnvironment, tableEnvironment } from './environment.ts';
import { openLog } from './log.ts';
import { causeOf, failuresIn, ticketIn } from './mail-events/ses-feedback.ts';
import { readPublished, snsEventSchema } from './mail-events/sns-event.ts';

const environment = readEnvironment(tableEnvironment);
const table = openTable(environment.TABLE_NAME);
const log = openLog();

/** The moment of everything is SNS's: the ones in the reports come from clocks of anybody. */
const take = async (message: string, at: string): Promise<void> => {
  const feedback = readPublished(message);
  if (!feedback) return;
  const cause = causeOf(feedback);
  const { messageId: letter, timestamp: sentAt } = feedback.mail;
  const about = { letter, at, sentAt, cause, ticketId: ticketIn(cause) };
  for (const failure of failuresIn(feedback)) {
    const noted = await noteMailFailure(table, { ...about, ...failure });
    log.info('mail failed', { letter, cause, kind: failure.kind, stops: failure.stops, noted });
  }
};

export const handler = async (event: unknown): Promise<void> => {
  const { Records } = snsEventSchema.parse(event);
  for (const { Sns } of Records) await take(Sns.Message, Sns.Timestamp);
};
