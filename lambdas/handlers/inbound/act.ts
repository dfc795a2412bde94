/**
 * What a proven mail does: it opens a ticket or is a message on one, by the very rules of the same request over HTTP. It writes
 * nothing: whoever asked writes the change together with the record of the mail.
 */
import { ulid } from 'ulid';
import type { Stopped } from '../../domain/mail/inbound.ts';
import { staffActor } from '../../domain/mail/part.ts';
import type { WithoutCall } from '../../domain/mail/answer.ts';
import { addOnFor, asksForCall, priorityFor, ratingIn } from '../../domain/mail/request.ts';
import { route, type Route } from '../../domain/mail/route.ts';
import { unanswering } from '../../domain/mail/said.ts';
import { joining } from '../../domain/ticket/followers.ts';
import { settle } from '../../domain/ticket/settle.ts';
import type { Ticket } from '../../domain/ticket/ticket.ts';
import { toMillis, type Instant } from '../../domain/time/instant.ts';
import type { Change } from '../../store/commit.ts';
import type { InboundMail } from '../../store/inbound-mails.ts';
import { readTogether } from '../../store/read.ts';
import { accountOf } from '../../store/units.ts';
import type { Caller } from '../commands/caller.ts';
import type { Desk } from '../commands/desk.ts';
import { openTicket } from '../commands/open-ticket.ts';
import { postMessage } from '../commands/post-message.ts';
import { Problem } from '../commands/problem.ts';
import { command, type Asked } from '../commands/ticket-command.ts';
import type { Files } from '../files.ts';
import { withCall } from './call-back.ts';
import { keeping, shownText, sized } from './keep.ts';
import type { Message } from './message.ts';
import type { MailSettings } from './settings.ts';
import { lookUp } from './threads.ts';

/** A desk that takes mail in, and keeps what it brings. */
export interface MailDesk extends Desk {
  readonly files?: Files | undefined;
}

export interface ProvenMail {
  readonly sesMessageId: string;
  readonly sender: string;
  /** The desk's addresses that it was sent to, in lower case. */
  readonly recipients: readonly string[];
  readonly message: Message;
  /** The moment at which it acts: that of its coming, or of its release. */
  readonly now: Instant;
  /** A manager released it. */
  readonly vouched: boolean;
}

export interface Done {
  readonly change: Change;
  readonly result: Pick<InboundMail, 'outcome' | 'code' | 'reason' | 'ticketId' | 'accountId'>;
}

/** What a mail asks for, its writer asks for, at the moment at which it acts. */
const askedBy = (caller: Caller, { now }: ProvenMail): Asked => ({
  caller,
  now,
  freshId: () => ulid(toMillis(now)),
});

/** A mail as it opens a ticket: whatever it answers, it is nothing of the desk's. */
const asOpening = (mail: ProvenMail): ProvenMail => ({
  ...mail,
  message: { ...mail.message, text: mail.message.opening },
});

const openBy = async (desk: MailDesk, mail: ProvenMail, accountId: string): Promise<Done> => {
  const found = await readTogether(desk.table, { accountId });
  const planId = found.account?.planId;
  const addOn = addOnFor(mail.recipients, desk.catalogue.values(), planId);
  const priority = priorityFor(mail.recipients, desk.catalogue.get(addOn ?? planId ?? '')?.priorities);
  const { subject, cc } = mail.message;
  const description = shownText(mail.message);
  const request = {
    accountId,
    subject,
    description,
    channel: 'email' as const,
    copied: cc,
    ...(priority && { priority }),
    ...(addOn !== undefined && { addOn }),
  };
  const asked = askedBy({ role: 'customer', accountId, email: mail.sender }, mail);
  const { ticket, change: opening } = await openTicket(desk, asked, found, request);
  const { ticketId } = ticket;
  // Where there is to be no call, there is no ticket either: nobody pays for one that they would not have opened.
  const change = asksForCall(mail.recipients) ? await withCall(desk, asked, mail.message, opening) : opening;
  return {
    change: await keeping(desk.files?.attachments, mail, change),
    result: { outcome: 'opened', code: 'opened', reason: 'The mail opened a ticket.', ticketId, accountId },
  };
};

type Reply = Extract<Route, { outcome: 'reply' }>;

/** The answer to the letter that asks how satisfied the customer is; or nothing where the mail is more than that. */
const ratingOf = (ticket: Ticket, { as }: Reply, { message, recipients, now }: ProvenMail) =>
  as === 'customer' && !asksForCall(recipients) && settle(ticket, now).ticket.status === 'closed'
    ? ratingIn(message.text)
    : undefined;

type Replied = Pick<Done, 'change'> & { readonly result: Pick<Done['result'], 'code' | 'reason'> };

/** What a mail writes on a ticket stands there, and where it asks for a call that can't be made, its writer is told so. */
const calledBy = async (desk: MailDesk, mail: ProvenMail, asked: Asked, change: Change): Promise<Replied> => {
  const result = { code: 'replied', reason: 'The mail answers the ticket.' };
  if (asked.caller.role !== 'customer' || !asksForCall(mail.recipients)) return { change, result };
  try {
    return { change: await withCall(desk, asked, mail.message, change), result };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const code: WithoutCall = error.code === 'validation' ? 'no-number' : 'no-call';
    return { change, result: { code, reason: error.message } };
  }
};

const writeBy = async (
  desk: MailDesk,
  mail: ProvenMail,
  { as }: Reply,
  ticket: Ticket,
  asked: Asked,
): Promise<Replied> => {
  const { sender, message } = mail;
  const account = await accountOf(desk.table, ticket);
  const addresses = as === 'customer' ? [sender, ...message.cc] : message.cc;
  const followers = joining(account, addresses, { contact: ticket.contact.email, followers: ticket.followers });
  const written = {
    body: shownText(message),
    visibility: 'public',
    followers,
    sameProblem: as === 'customer',
  } as const;
  const { change: posted } = await postMessage(desk, asked, { ticket }, written);
  const { change, result } = await calledBy(desk, mail, asked, posted);
  return { change: await keeping(desk.files?.attachments, mail, change), result };
};

const rateBy = async (
  desk: MailDesk,
  rating: NonNullable<ReturnType<typeof ratingIn>>,
  ticket: Ticket,
  asked: Asked,
): Promise<Replied> => {
  const { change } = await command(desk, asked, { ticket }, { type: 'rate', ...rating });
  return { change, result: { code: 'rated', reason: 'The mail rates the ticket.' } };
};

const replyBy = async (
  desk: MailDesk,
  { staff }: MailSettings,
  mail: ProvenMail,
  reply: Reply,
  ticket: Ticket,
): Promise<Done> => {
  const { accountId, ticketId, as } = reply;
  const caller: Caller =
    as === 'customer' ? { role: as, accountId, email: mail.sender } : staffActor(staff, ticket, mail.sender);
  const asked = askedBy(caller, mail);
  const rating = ratingOf(ticket, reply, mail);
  const { change, result } = rating
    ? await rateBy(desk, rating, ticket, asked)
    : await writeBy(desk, mail, reply, ticket, asked);
  return { change, result: { outcome: 'replied', ...result, ticketId, accountId } };
};

const nothing = ({ outcome, code, reason }: Stopped): Done => ({ change: {}, result: { outcome, code, reason } });

/** A rule of the plan or of the ticket refuses what a mail wants. */
export class RefusedMail extends Error {
  readonly problem: Problem;
  /** Whose it would have been. */
  readonly about: { readonly accountId: string; readonly ticketId?: string };

  constructor(problem: Problem, about: RefusedMail['about']) {
    super(problem.message, { cause: problem });
    this.problem = problem;
    this.about = about;
  }
}

const refusing = async (about: RefusedMail['about'], work: () => Promise<Done>): Promise<Done> => {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Problem ? new RefusedMail(error, about) : error;
  }
};

/** What a mail does now. Throws a RefusedMail where a rule of the plan or of the ticket refuses it. */
export const act = async (desk: MailDesk, settings: MailSettings, mail: ProvenMail): Promise<Done> => {
  const { known, tickets } = await lookUp(desk.table, settings, mail);
  const way = route(known);
  if (way.outcome === 'open') {
    const { accountId } = way;
    return refusing({ accountId }, () => openBy(desk, asOpening(mail), accountId));
  }
  if (way.outcome !== 'reply') return nothing(way);
  const { message, vouched } = mail;
  const silent =
    way.as === 'staff' ? unanswering({ said: message.said, attachments: sized(message) }, vouched) : undefined;
  if (silent) return nothing(silent);
  const { accountId, ticketId } = way;
  const ticket = tickets.get(ticketId);
  if (!ticket) throw new Error(`a thread of ${ticketId} has its ticket`);
  return refusing({ accountId, ticketId }, () => replyBy(desk, settings, mail, way, ticket));
};
