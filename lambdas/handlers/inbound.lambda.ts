/**
 * Woken by SES with a mail that it has stored: judges it, and lets it act where its writer is proven. Every mail leaves a record with
 * its reason; none that is not proven moves a unit (rule EV-10).
 */
import { S3Client } from '@aws-sdk/client-s3';
import { answerFor } from '../domain/mail/answer.ts';
import { judge, screen, stop, type Stopped } from '../domain/mail/inbound.ts';
import { fromMillis } from '../domain/time/instant.ts';
import { catalogue } from '../plans/catalogue.ts';
import { attempt } from '../store/attempt.ts';
import { commit } from '../store/commit.ts';
import { readInboundMail, type InboundMail } from '../store/inbound-mails.ts';
import { openTable } from '../store/table.ts';
import { mailStoreEnvironment, readEnvironment, tableEnvironment } from './environment.ts';
import { act, type ProvenMail } from './inbound/act.ts';
import { handleReport } from './inbound/delivery-report.ts';
import { readMessage } from './inbound/message.ts';
import { readRawMail } from './inbound/raw-mail.ts';
import { sesEventSchema, type Received } from './inbound/ses-event.ts';
import { openLog } from './log.ts';

const environment = readEnvironment(tableEnvironment.extend(mailStoreEnvironment.shape));
const desk = { table: openTable(environment.TABLE_NAME), catalogue };
const store = { bucket: environment.MAIL_BUCKET, client: new S3Client() };
const log = openLog();

/** What a function of this size reads with room to spare. */
const LARGEST_MESSAGE_BYTES = 20 * 1024 * 1024;

/** A mail that does nothing, and the ticket that it is about where it reports of a letter. */
type Idle = Stopped & { readonly ticketId?: string };

const examine = async (received: Received, now: string): Promise<Idle | ProvenMail> => {
  const { verdicts, returnPath, sesMessageId, recipients } = received;
  const judged = judge(verdicts);
  if (judged) return judged;
  const bytes = await readRawMail(store, sesMessageId, LARGEST_MESSAGE_BYTES);
  if (bytes === 'too-large') return stop('refused', 'too-large', 'The mail is larger than the desk reads.');
  const message = await readMessage(bytes);
  if (!message) return stop('quarantined', 'unreadable', 'The mail can’t be read.');
  const screened = screen({ verdicts, returnPath, ...message });
  if (screened.outcome === 'ignored') return { ...screened, ...(await handleReport(desk, message, now)) };
  if (screened.outcome !== 'proven') return screened;
  return { sesMessageId, sender: screened.sender, recipients, message, now };
};

const settleOn = async (received: Received): Promise<InboundMail> => {
  const now = fromMillis(Date.parse(received.receivedAt));
  const examined = await examine(received, now);
  if (!('outcome' in examined)) return act(desk, examined);
  const { sesMessageId, returnPath, verdicts } = received;
  const answer = answerFor({ ...examined, envelope: { returnPath, spf: verdicts.spf } });
  const inboundMail: InboundMail = { sesMessageId, ...examined, at: now, ...(answer && { answer }) };
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
  const { outcome, code, reason, ticketId } =
    (await readInboundMail(desk.table, sesMessageId)) ?? (await settleOn(received));
  log.info('mail came in', { sesMessageId, outcome, code, ticketId });
  return { outcome, reason, ...(ticketId !== undefined && { ticketId }) };
};
