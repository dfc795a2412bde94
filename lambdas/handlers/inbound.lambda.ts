/**
 * Woken by SES with a mail that it has stored: judges it, and lets it act where its writer is proven. Every mail leaves a record with
 * its reason; none that is not proven moves a unit (rule EV-10).
 */
import { catalogue } from '../plans/catalogue.ts';
import type { InboundMail } from '../store/inbound-mails.ts';
import { openTable } from '../store/table.ts';
import { mailInEnvironment, readEnvironment, tableEnvironment } from './environment.ts';
import { handleMail } from './inbound/handle.ts';
import { sesEventSchema } from './inbound/ses-event.ts';
import { openMailSettings } from './inbound/settings.ts';
import { openLog } from './log.ts';

const environment = readEnvironment(tableEnvironment.extend(mailInEnvironment.required({ MAIL_BUCKET: true }).shape));
const desk = { table: openTable(environment.TABLE_NAME), catalogue };
const settings = openMailSettings(environment);
const log = openLog();

/** What became of a mail, as its sender's side may be told. */
export type Outcome = Pick<InboundMail, 'outcome' | 'ticketId' | 'reason'>;

export const handler = async (event: unknown): Promise<Outcome> => {
  if (!settings) throw new Error('this function is there for a desk that takes mail in');
  const received = sesEventSchema.parse(event);
  const { outcome, code, reason, ticketId } = await handleMail(desk, settings, received);
  log.info('mail came in', { sesMessageId: received.sesMessageId, outcome, code, ticketId });
  return { outcome, reason, ...(ticketId !== undefined && { ticketId }) };
};
