/**
 * Woken by SES with a mail that it has stored: judges it, and lets it act where its writer is proven. Every mail leaves a record with
 * its reason; none that is not proven moves a unit (rule EV-10).
 */
import { catalogue } from '../plans/catalogue.ts';
import type { InboundMail } from '../store/inbound-mails.ts';
import { openTable } from '../store/table.ts';
import {
  limitsOf,
  mailInEnvironment,
  meterEnvironment,
  quotaEnvironment,
  readEnvironment,
  tableEnvironment,
} from './environment.ts';
import { openFiles } from './files.ts';
import { handleMail } from './inbound/handle.ts';
import { sesEventSchema } from './inbound/ses-event.ts';
import { openMailSettings } from './inbound/settings.ts';
import { openLog } from './log.ts';
import { openMeter } from './metrics.ts';

const environment = readEnvironment(
  tableEnvironment
    .extend(meterEnvironment.shape)
    .extend(quotaEnvironment.shape)
    .extend(mailInEnvironment.required({ MAIL_BUCKET: true, ATTACHMENT_BUCKET: true, MAIL_DOMAIN: true }).shape),
);
const files = openFiles(environment);
const desk = { table: openTable(environment.TABLE_NAME), catalogue, files };
const opened = openMailSettings(environment, files);
const settings = opened && { ...opened, limits: limitsOf(environment) };
const log = openLog();
const meter = openMeter(environment);

/** What became of a mail, as its sender's side may be told. */
export type Outcome = Pick<InboundMail, 'outcome' | 'ticketId' | 'reason'>;

export const handler = async (event: unknown): Promise<Outcome> => {
  if (!settings) throw new Error('this function is there for a desk that takes mail in');
  const received = sesEventSchema.parse(event);
  const { mail, isNew } = await handleMail(desk, settings, received);
  const { outcome, code, reason, ticketId } = mail;
  if (isNew) meter.measure({ name: 'InboundMail', value: 1, dimensions: { outcome, code } });
  log.info('mail came in', { sesMessageId: received.sesMessageId, outcome, code, ticketId });
  // A mail that was refused did nothing to the ticket that it named.
  return { outcome, reason, ...(ticketId !== undefined && outcome !== 'refused' && { ticketId }) };
};
