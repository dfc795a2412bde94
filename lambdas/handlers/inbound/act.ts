/**
 * What a proven mail does: it opens a ticket or answers one, by the very rules of the same request over HTTP, and in one transaction
 * with the record of it. Whatever is decided is remembered under the writer and the mail's own id, so a mail that comes twice is
 * answered twice and acts once.
 */
import { createHash } from 'node:crypto';
import { ulid } from 'ulid';
import { answerFor } from '../../domain/mail/answer.ts';
import { route, ticketNamedIn, type Stopped } from '../../domain/mail/inbound.ts';
import { toMillis, type Instant } from '../../domain/time/instant.ts';
import type { Priority } from '../../domain/vocabulary.ts';
import { attempt } from '../../store/attempt.ts';
import { commit, type Change } from '../../store/commit.ts';
import { accountsOfContact, inboundMailSchema, type InboundMail } from '../../store/inbound-mails.ts';
import { readTogether, type Found } from '../../store/read.ts';
import type { Call } from '../api/call.ts';
import type { Caller } from '../api/caller.ts';
import type { Desk } from '../api/desk.ts';
import { Problem } from '../api/problem.ts';
import { ticketMutations } from '../api/tickets.ts';
import type { Message } from './message.ts';

export interface ProvenMail {
  readonly sesMessageId: string;
  readonly sender: string;
  /** The desk's addresses that it was sent to, in lower case. */
  readonly recipients: readonly string[];
  readonly message: Message;
  readonly now: Instant;
}

interface Done {
  readonly change: Change;
  readonly result: Pick<InboundMail, 'outcome' | 'code' | 'reason' | 'ticketId' | 'accountId'>;
}

const nothing = (
  { outcome, code, reason }: Stopped,
  about: Pick<InboundMail, 'ticketId' | 'accountId'> = {},
): Done => ({ change: {}, result: { outcome, code, reason, ...about } });

const callOf = <Body>({ sender, now }: ProvenMail, accountId: string, body: Body) => {
  const caller: Caller = { role: 'customer', accountId, email: sender, id: callerIdOf(sender) };
  return { caller, now, body, query: {}, freshId: () => ulid(toMillis(now)) };
};

const callerIdOf = (sender: string): string => `mail/${sender}`;

/** The priority that an address such as `urgent@…` asks for, where the plan has it. */
const priorityIn = (recipients: readonly string[], priorities: readonly Priority[] = []): Priority | undefined => {
  const names = recipients.map((recipient) => recipient.replace(/@.*$/s, ''));
  return priorities.find((priority) => names.includes(priority));
};

const openBy = async (desk: Desk, mail: ProvenMail, accountId: string): Promise<Done> => {
  const found = await readTogether(desk.table, { accountId });
  const priority = priorityIn(mail.recipients, desk.catalogue.get(found.account?.planId ?? '')?.priorities);
  const { subject, text: description } = mail.message;
  const request = { accountId, subject, description, channel: 'email' as const, ...(priority && { priority }) };
  const call: Call<'openTicket'> = { ...callOf(mail, accountId, request), params: {} };
  const { change } = await ticketMutations.openTicket(desk).decide(call, found);
  const { ticketId } = change.ticket.after;
  return {
    change,
    result: { outcome: 'opened', code: 'opened', reason: 'The mail opened a ticket.', ticketId, accountId },
  };
};

const replyBy = async (
  desk: Desk,
  mail: ProvenMail,
  { accountId, ticketId }: { accountId: string; ticketId: string },
  found: Found,
): Promise<Done> => {
  const message = { body: mail.message.text, visibility: 'public' as const };
  const call: Call<'postMessage'> = { ...callOf(mail, accountId, message), params: { ticketId } };
  const { change } = await ticketMutations.postMessage(desk).decide(call, found);
  return {
    change,
    result: { outcome: 'replied', code: 'replied', reason: 'The mail answers the ticket.', ticketId, accountId },
  };
};

const decide = async (desk: Desk, mail: ProvenMail, named: string | undefined, found: Found): Promise<Done> => {
  const accountIds = await accountsOfContact(desk.table, mail.sender);
  const way = route({ accountIds, ticket: found.ticket, namesTicket: named !== undefined });
  try {
    if (way.outcome === 'open') return await openBy(desk, mail, way.accountId);
    if (way.outcome === 'reply') return await replyBy(desk, mail, way, found);
    return nothing(way);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { outcome: _, ...about } = way;
    return nothing({ outcome: 'refused', code: error.code, reason: error.message }, 'accountId' in about ? about : {});
  }
};

/** The claim on a mail: its writer's own id for it, or SES's where it has none. */
const claimOf = ({ message, sesMessageId }: ProvenMail): string =>
  createHash('sha256')
    .update(message.messageId ?? `ses:${sesMessageId}`)
    .digest('base64url');

/** Lets a proven mail act, once; answers what became of it, or of its first delivery. */
export const act = (desk: Desk, mail: ProvenMail): Promise<InboundMail> => {
  const { sender, sesMessageId, now } = mail;
  const caller = callerIdOf(sender);
  const key = claimOf(mail);
  const named = ticketNamedIn(mail.message.subject);
  return attempt(async () => {
    const found = await readTogether(desk.table, { ticketId: named, answer: { caller, key, now } });
    if (found.answer) return inboundMailSchema.parse(JSON.parse(found.answer.body));
    const { change, result } = await decide(desk, mail, named, found);
    const { subject, messageId } = mail.message;
    const letter = answerFor({ ...result, sender, subject, messageId });
    const inboundMail: InboundMail = { ...result, sesMessageId, at: now, sender, ...(letter && { answer: letter }) };
    const answer = { caller, key, hash: key, status: 200, body: JSON.stringify(inboundMail), at: now };
    const outcome = await commit(desk.table, { ...change, answer, inboundMail });
    return outcome === 'committed' ? inboundMail : 'stale';
  });
};
