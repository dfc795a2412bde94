/**
 * Woken by SES with a mail that it has stored: judges it, and lets it act where its writer is proven. Every mail leaves a record with
 * its reason; none that is not proven moves a unit (rule EV-10).
 */
import { judge, screen, stop, type Stopped } from '../domain/mail/inbound.ts';
import { fromMillis } from '../domain/time/instant.ts';
import { catalogue } from '../plans/catalogue.ts';
import { attempt } from '../store/attempt.ts';
import { commit } from '../store/commit.ts';
import { readInboundMail, type InboundMail } from '../store/inbound-mails.ts';
import { openTable } from '../store/table.ts';
import { mailStoreEnvironment, readEnvironment, stageEnvironment, tableEnvironment } from './environment.ts';
import { openFiles } from './files.ts';
import { act, type ProvenMail } from './inbound/act.ts';
import { readMessage } from './inbound/message.ts';
import { readRawMail } from './inbound/raw-mail.ts';
import { sesEventSchema, type Received } from './inbound/ses-event.ts';
import { openLog } from './log.ts';
import { openMeter } from './metrics.ts';

const environment = readEnvironment(tableEnvironment.extend(mailStoreEnvironment.shape).extend(stageEnvironment.shape));
const files = openFiles(environment);
const desk = { table: openTable(environment.TABLE_NAME), catalogue, files };
const log = openLog();
const meter = openMeter(environment.STAGE);

/** What a function of this size reads with room to spare. */
const LARGEST_MESSAGE_BYTES = 20 * 1024 * 1024;

const examine = async (received: Received, now: string): Promise<Stopped | ProvenMail> => {
  const { verdicts, returnPath, sesMessageId, recipients } = received;
  const judged = judge(verdicts);
  if (judged) return judged;
  const bytes = await readRawMail(files.mails, sesMessageId, LARGEST_MESSAGE_BYTES);
  if (bytes === 'too-large') return stop('refused', 'too-large', 'The mail is larger than the desk reads.');
  const message = await readMessage(bytes);
  if (!message) return stop('quarantined', 'unreadable', 'The mail can’t be read.');
  const screened = screen({ verdicts, returnPath, ...message });
  if (screened.outcome !== 'proven') return screened;
  return { sesMessageId, sender: screened.sender, recipients, message, now };
};

const settleOn = async (received: Received): Promise<InboundMail> => {
  const now = fromMillis(Date.parse(received.receivedAt));
  const examined = await examine(received, now);
  if (!('outcome' in examined)) return act(desk, examined);
  const { sesMessageId } = received;
  const inboundMail: InboundMail = { sesMessageId, ...examined, at: now };
  return attempt(async () => {
    const outcome = await commit(desk.table, { inboundMail });
    return outcome === 'committed' ? inboundMail : ((await readInboundMail(desk.table, sesMessageId)) ?? 'stale');
  });
};

/** What became of a mail, as its sender's side may be told. */
export type Outcome = Pick<InboundMail, 'outcome' | 'ticketId' | 'reason'>;

export const handler = async (event: unknown): Promise<Outcome> => {
  const received = sesEventSchema.parse(event);
  const { sesMessageId } = received;
  const known = await readInboundMail(desk.table, sesMessageId);
  const settled = known ?? (await settleOn(received));
  const { outcome, code, reason, ticketId } = settled;
  // One that comes again, under the same id or another, was counted when it came first.
  if (!known && settled.sesMessageId === sesMessageId) meter.count('InboundMail', { outcome, code });
  log.info('mail came in', { sesMessageId, outcome, code, ticketId });
  return { outcome, reason, ...(ticketId !== undefined && { ticketId }) };
};
