/**
 * A mail from its coming to its record: each acts at most once, however often and however many at a time it is delivered, because
 * its effect, its record and the claim on its writer's own id for it are written in one transaction. One that was refused has done
 * nothing: the same mail under another id of SES is judged anew, as its writer was told.
 */
import { answerFor, isToldAlready } from '../../domain/mail/answer.ts';
import { correspondentsOf } from '../../domain/mail/correspondents.ts';
import { authorsIn } from '../../domain/mail/inbound.ts';
import { quotasOf, tellQuota, type Quota } from '../../domain/account/quota.ts';
import { fromMillis, type Instant } from '../../domain/time/instant.ts';
import { attempt } from '../../store/attempt.ts';
import { commit, type Change } from '../../store/commit.ts';
import { hasActed, readInboundMail, readSeenMail, type InboundMail } from '../../store/inbound-mails.ts';
import { QuotaError } from '../../store/quotas.ts';
import { act, RefusedMail, type Done, type MailDesk, type ProvenMail } from './act.ts';
import { handleReport } from './delivery-report.ts';
import { examine, type Examined } from './examine.ts';
import type { Message } from './message.ts';
import type { Received } from './ses-event.ts';
import type { MailSettings } from './settings.ts';

/** What a rule refuses does nothing, and says so. */
const actOrRefuse = async (desk: MailDesk, settings: MailSettings, mail: ProvenMail): Promise<Done> => {
  try {
    return await act(desk, settings, mail);
  } catch (error) {
    if (!(error instanceof RefusedMail)) throw error;
    const { problem, about } = error;
    return { change: {}, result: { outcome: 'refused', code: problem.code, reason: problem.message, ...about } };
  }
};

/** The record of a proven mail. */
export const recordOf = (
  { sesMessageId, at }: Pick<InboundMail, 'sesMessageId' | 'at'>,
  { sender, message }: ProvenMail,
  result: Done['result'],
): InboundMail => {
  const { subject, messageId } = message;
  const own = { sender, ...(messageId !== undefined && { messageId }) };
  const answer = answerFor({ ...result, subject, ...own });
  return { sesMessageId, at, ...result, ...own, ...(answer && { answer }) };
};

/** What a manager needs to see of a quarantined mail, and its release to read it again. */
const withEnvelope = (record: InboundMail, { returnPath, recipients, verdicts }: Received): InboundMail =>
  record.outcome === 'quarantined' ? { ...record, received: { returnPath, recipients, verdicts } } : record;

/** The record of a mail that was refused before, under another id of SES. */
const afterRefusal = (record: InboundMail, before: InboundMail | undefined): InboundMail => {
  const { answer: _told, ...rest } = record;
  return before && isToldAlready(before, record) ? rest : record;
};

interface Decided {
  readonly change: Change;
  readonly record: InboundMail;
  /** What became of the same mail before, which did nothing. */
  readonly before?: InboundMail | undefined;
}

const decide = async (
  desk: MailDesk,
  settings: MailSettings,
  received: Received,
  examined: Examined,
): Promise<Decided | { seen: InboundMail }> => {
  const { sesMessageId, recipients } = received;
  const now = fromMillis(Date.parse(received.receivedAt));
  if (examined.stopped) {
    const { stopped, answer, message } = examined;
    // A report of a mail server about a letter of ours is automatic mail, and tells something all the same.
    const about = stopped.outcome === 'ignored' && message ? await handleReport(desk, message, now) : undefined;
    return { change: {}, record: { sesMessageId, ...stopped, ...about, at: now, ...(answer && { answer }) } };
  }
  const { sender, message } = examined;
  const { messageId } = message;
  const seen = messageId === undefined ? undefined : await readSeenMail(desk.table, { sender, messageId });
  if (seen && hasActed(seen)) return { seen };
  const mail: ProvenMail = { sesMessageId, sender, recipients, message, now, vouched: false };
  const { change, result } = await actOrRefuse(desk, settings, mail);
  const record = afterRefusal(recordOf({ sesMessageId, at: now }, mail, result), seen);
  return { change, record, before: seen };
};

/** A mail opens and changes tickets like any other request of its writer, and counts like one. */
const quotasFor = ({ limits }: MailSettings, { ticket, events = [] }: Change, at: Instant): readonly Quota[] => {
  if (!limits || !ticket) return [];
  const { accountId, ticketId } = ticket.after;
  const by = events.some(({ actor }) => actor.role === 'customer') ? 'customer' : 'engineer';
  return quotasOf({ by, accountId, ticketId, openings: ticket.before ? 0 : 1 }, limits, at);
};

const refusedFor = (mail: InboundMail, quota: Quota, subject: string): InboundMail => {
  const { ticketId: _ticketId, ...rest } = mail;
  const refused = { ...rest, outcome: 'refused', code: 'too-many', reason: tellQuota(quota) } as const;
  const answer = answerFor({ ...refused, subject });
  return { ...refused, ...(answer && { answer }) };
};

/** Writes what a mail does; over a quota of its account it does nothing, and says so. */
const commitOrRefuse = async (
  { table }: MailDesk,
  settings: MailSettings,
  change: Change & { readonly inboundMail: InboundMail },
  before: InboundMail | undefined,
): Promise<InboundMail | 'stale'> => {
  const { inboundMail: mail, correspondents, refusedBefore, ticket } = change;
  try {
    const outcome = await commit(table, { ...change, quotas: quotasFor(settings, change, mail.at) });
    return outcome === 'committed' ? mail : 'stale';
  } catch (error) {
    if (!(error instanceof QuotaError)) throw error;
    const refused = afterRefusal(refusedFor(mail, error.quota, ticket?.after.subject ?? ''), before);
    const done = await commit(table, { inboundMail: refused, refusedBefore, correspondents });
    return done === 'committed' ? refused : 'stale';
  }
};

/** What became of a mail. One that comes again under the same id, or has acted under another, is not new. */
export interface Handled {
  readonly mail: InboundMail;
  readonly isNew: boolean;
}

/** Of a mail that is not read, the envelope and SES say who wrote it. */
const namedIn = ({ mailDomain }: MailSettings, { returnPath, from }: Received, message: Message | undefined) => {
  const writers = [returnPath, ...(message?.authors ?? from.flatMap(authorsIn))];
  return correspondentsOf({ writers, copied: message?.cc ?? [] }, (address) => address.endsWith(`@${mailDomain}`));
};

const again = (mail: InboundMail): Handled => ({ mail, isNew: false });

/** Handles a mail that SES has stored; answers what became of it, now or when it first came. */
export const handleMail = async (desk: MailDesk, settings: MailSettings, received: Received): Promise<Handled> => {
  const { sesMessageId } = received;
  const first = await readInboundMail(desk.table, sesMessageId);
  if (first) return again(first);
  const examined = await examine(settings, received);
  const correspondents = namedIn(settings, received, examined.message);
  return attempt(async () => {
    const decided = await decide(desk, settings, received, examined);
    if ('seen' in decided) return again(decided.seen);
    const mail = withEnvelope(decided.record, received);
    const { before } = decided;
    const change = { ...decided.change, inboundMail: mail, refusedBefore: before !== undefined, correspondents };
    const done = await commitOrRefuse(desk, settings, change, before);
    if (done !== 'stale') return { mail: done, isNew: true };
    const meanwhile = await readInboundMail(desk.table, sesMessageId);
    return meanwhile ? again(meanwhile) : 'stale';
  });
};
