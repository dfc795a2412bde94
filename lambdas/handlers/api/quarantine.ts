/**
 * Mails that wait for a manager, over HTTP. A release vouches for the writer and for nothing else: the mail acts by the rules of any
 * other, at the moment of the release, and one that can't act stays where it is. The trap: the same mail may have acted meanwhile
 * under another id of SES, so the claim on its writer's own id is asked for here too.
 */
import type { Instant } from '../../domain/time/instant.ts';
import { hasActed, readInboundMail, readSeenMail, type InboundMail } from '../../store/inbound-mails.ts';
import { listQuarantinedMails } from '../../store/lists.ts';
import { act, RefusedMail, type ProvenMail } from '../inbound/act.ts';
import { examine, readStored } from '../inbound/examine.ts';
import { recordOf } from '../inbound/handle.ts';
import type { Message } from '../inbound/message.ts';
import { asProse } from '../text/plain-text.ts';
import type { MailSettings } from '../inbound/settings.ts';
import { actorOf, type Caller } from '../commands/caller.ts';
import type { Call } from './call.ts';
import type { ApiDesk, Mutations, Queries } from './desk.ts';
import { Problem } from '../commands/problem.ts';
import { showQuarantinedMail } from './show.ts';

/** Enough to see what somebody wants. */
const PREVIEW_CHARACTERS = 2000;

const settingsOf = ({ mail }: ApiDesk): MailSettings => {
  if (mail) return mail;
  throw new Problem('not-found', 'This desk takes no mail in: no mail domain is configured.');
};

const isQuarantines = ({ outcome, decision }: InboundMail): boolean =>
  outcome === 'quarantined' || decision !== undefined;

const mailOf = async (desk: ApiDesk, { mailId }: { mailId: string }): Promise<InboundMail> => {
  settingsOf(desk);
  const mail = await readInboundMail(desk.table, mailId);
  if (mail && isQuarantines(mail)) return mail;
  throw new Problem('not-found', 'There is no such mail in quarantine.');
};

/** A mail that nobody has decided about, with what SES told of it. */
const waitingMail = async (desk: ApiDesk, params: { mailId: string }) => {
  const mail = await mailOf(desk, params);
  const { decision, ticketId, received } = mail;
  if (decision) {
    throw new Problem('wrong-state', `The mail was ${decision.action} already.`, {
      outcome: mail.outcome,
      ...(ticketId !== undefined && { ticketId }),
    });
  }
  if (!received) throw new Error(`the quarantined mail ${mail.sesMessageId} has lost its envelope`);
  return { mail, received };
};

const decisionOf = (
  action: 'released' | 'dropped',
  { caller, now, body }: { caller: Caller; now: Instant; body: { reason?: string | undefined } },
  { code: quarantinedFor }: InboundMail,
): Pick<InboundMail, 'decision'> => ({
  decision: {
    ...{ action, by: actorOf(caller), at: now, quarantinedFor },
    ...(body.reason !== undefined && { reason: body.reason }),
  },
});

/** A mail that can't act stays quarantined, and its manager is told why. */
const standsStill = (code: string, reason: string, ticketId?: string): Problem =>
  new Problem('wrong-state', `The mail can’t act: ${reason} It stays in quarantine.`, {
    code,
    ...(ticketId !== undefined && { ticketId }),
  });

const vouchedMail = async (desk: ApiDesk, { params, now }: Call<'releaseMail'>) => {
  const { mail, received } = await waitingMail(desk, params);
  const { sesMessageId } = mail;
  const examined = await examine(settingsOf(desk), { sesMessageId, ...received }, true);
  if (examined.stopped) throw standsStill(examined.stopped.code, examined.stopped.reason);
  const { sender, message } = examined;
  const { messageId } = message;
  const seen = messageId === undefined ? undefined : await readSeenMail(desk.table, { sender, messageId });
  if (seen && hasActed(seen)) throw standsStill('seen', 'the same mail came and was handled before.', seen.ticketId);
  const { recipients } = received;
  const proven: ProvenMail = { sesMessageId, sender, recipients, message, now, vouched: true };
  return { mail, received, proven, refusedBefore: seen !== undefined };
};

const showContent = ({ authors: from, cc: copied, subject, messageId, references, signers, text }: Message) => ({
  ...{ from, copied, subject, references, signers },
  ...(messageId !== undefined && { messageId }),
  preview: asProse(text, PREVIEW_CHARACTERS),
});

export const quarantineQueries = {
  listQuarantine: async (desk, { query }) => {
    settingsOf(desk);
    const { items, ...page } = await listQuarantinedMails(desk.table, query);
    return { items: items.map(showQuarantinedMail), ...page };
  },
  getQuarantinedMail: async (desk, { params }) => {
    const mail = await mailOf(desk, params);
    const message = await readStored(settingsOf(desk), mail.sesMessageId);
    return { ...showQuarantinedMail(mail), ...(typeof message === 'object' && { content: showContent(message) }) };
  },
} satisfies Queries<'quarantine'>;

export const quarantineMutations = {
  releaseMail: (desk) => ({
    wants: () => ({}),
    decide: async (call) => {
      const { mail, received, proven, refusedBefore } = await vouchedMail(desk, call);
      const { change, result } = await act(desk, settingsOf(desk), proven).catch((error: unknown) => {
        throw error instanceof RefusedMail ? error.problem : error;
      });
      if (result.ticketId === undefined) throw standsStill(result.code, result.reason);
      const record = { ...recordOf(mail, proven, result), received, ...decisionOf('released', call, mail) };
      return { change: { ...change, inboundMail: record, refusedBefore }, body: showQuarantinedMail(record) };
    },
  }),
  dropMail: (desk) => ({
    wants: () => ({}),
    decide: async (call) => {
      const { mail } = await waitingMail(desk, call.params);
      const done = { outcome: 'dropped', code: 'dropped', reason: 'A manager dropped the mail.' } as const;
      const record = { ...mail, ...done, ...decisionOf('dropped', call, mail) };
      return { change: { inboundMail: record }, body: showQuarantinedMail(record) };
    },
  }),
} satisfies Mutations<'quarantine'>;
