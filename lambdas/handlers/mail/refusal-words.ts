/**
 * The letter to somebody whose mail did nothing, or not all that it asked for: that it did not, why, and what to do instead. It is made
 * from the mail's record alone. The trap: a new reason may come up at any time, so words that are not known here still make a kind letter.
 */
import type { Account } from '../../domain/account/account.ts';
import { contactWith } from '../../domain/account/account.ts';
import { nextUnitsAt } from '../../domain/account/notices.ts';
import type { InboundMail } from '../../store/inbound-mails.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { soldAs } from './account-letters.ts';
import { writeLetter, type Letter } from './letter.ts';
import { NO_ANSWER } from '../../domain/mail/said.ts';
import { TITLES } from './titles.ts';
import { momentIn } from './wording.ts';

const OVER_THE_API = 'Or open the ticket over our API: POST /v1/tickets.';

/** The writer's account and its plan, where one was found. */
interface Writer {
  readonly account?: Account | undefined;
  readonly plan?: Plan | undefined;
}

/** What to do instead, by the reason. */
const remedies: Readonly<Record<string, (writer: Writer) => string>> = {
  'insufficient-credit': ({ account, plan }) => {
    const sold = plan && soldAs(plan);
    if (sold !== undefined) return `${sold} Tell us how many you want, then simply send your mail again.`;
    return account && plan && nextUnitsAt(account, plan) !== undefined
      ? 'Simply send your mail again from then on.'
      : 'Ask us for more units, then simply send your mail again.';
  },
  'not-entitled': () => 'An administrator of your account can tell you what your plan includes, and so can we.',
  stranger: () =>
    'If your organisation has an account with us, please write from the address that we have on record for you, or ask the administrator of the account to have this address added. We will gladly help you then.',
  staff: () =>
    'Please answer a letter about the ticket that you mean, or write on it over our API: POST /v1/tickets/{ticketId}/messages. Tickets are opened by customers.',
  'several-accounts': () =>
    'Please open the ticket over our API and say there for which account it is: POST /v1/tickets with its `accountId`.',
  'too-large': () =>
    'Please send it again with smaller attachments or with fewer of them. The words alone are enough to begin with; we will ask for what we need.',
  'too-many': () =>
    'Please send your mail again from then on. If it can’t wait, write on a ticket that is open, or ask us to let your account open more.',
  validation: () => `Please change that and send your mail again. ${OVER_THE_API}`,
  'no-number': () => 'Please answer a letter about the ticket, to the same address for calls, with the number to call.',
  'no-call': () => 'You need not write again: whoever works on the ticket reads what you wrote.',
  'no-text': () => ANSWER_AGAIN,
  'no-own-words': () => ANSWER_AGAIN,
  sealed: () => 'Please answer again in a form that the customer can read, or attach a file that is not sealed.',
  // Where a ticket can be reopened, its customer's answer by mail has done so.
  'wrong-state': () => 'Please send us a new mail with a subject of its own: it opens a new ticket.',
};

/** To one of the vendor's own people, whose customer still waits. */
const ANSWER_AGAIN =
  'Please answer again, in words of your own above what you quote. The time of the answer runs on until then.';

/** Who is no contact of the ticket's account answered for the vendor: a new mail of theirs opens none. */
const REOPEN_FIRST =
  'Where the ticket can still be reopened, do that over our API, POST /v1/tickets/{ticketId}/reopen, and send your mail again. Tickets are opened by customers.';

const otherwise = (): string => `Please send your mail again with that in mind. ${OVER_THE_API}`;

const INSTANT = /\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g;

/** A reason as the customer's clock tells it. */
const told = (reason: string, account: Account | undefined): string =>
  reason.replaceAll(INSTANT, (at) => momentIn(account?.timeZone ?? 'utc', at));

const doneWith = ({ outcome, code }: InboundMail): string => {
  if (NO_ANSWER.includes(code))
    return 'has reached us, but it is not on the ticket, and its customer has not been told of it.';
  return outcome === 'replied'
    ? 'is on your ticket, but we could not arrange the call that it asks for.'
    : 'has reached us, but we could not do anything with it, and nothing was charged for it.';
};

const subjectOf = (subject: string): string =>
  subject === '' ? TITLES.refused : `Re: ${subject.replace(/^(?:\s*re\s*:)+\s*/i, '')}`;

/** The letter that answers a mail, or nothing where the mail is to have no answer. */
export const refusalLetter = (mail: InboundMail, writer: Writer, deskName: string): Letter | undefined => {
  const { account } = writer;
  const { answer, code, reason } = mail;
  if (!answer) return undefined;
  const { to, subject, inReplyTo } = answer;
  const name = account && contactWith(account, to)?.name;
  const isStaffs = code === 'wrong-state' && account !== undefined && name === undefined;
  const about = subject === '' ? 'Your mail' : `Your mail “${subject}”`;
  return writeLetter({
    reader: { email: to, ...(name !== undefined && { name }) },
    title: subjectOf(subject),
    body: [
      ...(name === undefined ? ['Hello,'] : []),
      `thank you for writing to us. ${about} ${doneWith(mail)}`,
      `Why: ${told(reason, account)}`,
      `What you can do: ${isStaffs ? REOPEN_FIRST : (remedies[code] ?? otherwise)(writer)}`,
    ],
    signature: `This letter was written by a machine, once for your mail.\n${deskName}`,
    ...(inReplyTo !== undefined && { inReplyTo }),
  });
};
