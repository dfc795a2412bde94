/**
 * SES as it tells that a mail failed. There is no mail server here that could refuse one, so somebody says which mail is to fail and how;
 * what SES would publish about it goes where the template says. The trap: SES knows only what it was given, so a mail that was sent
 * without a configuration set fails unheard.
 */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { LONGEST_MAIL_ADDRESS, MAIL_ADDRESS } from '../../../lambdas/domain/mail/address.ts';
import { Problem } from '../../../lambdas/handlers/commands/problem.ts';
import type { Publish } from '../aws/topics.ts';
import type { DeskClock } from '../clock.ts';
import type { MailEventsPlan, MailEventType } from '../template/mail-events-plan.ts';
import { ACCOUNT } from '../template/resolve.ts';
import type { Outbox, SentMail } from './outbox.ts';

export const failureSchema = z.strictObject({
  to: z.email({ pattern: MAIL_ADDRESS }).max(LONGEST_MAIL_ADDRESS),
  /** `bounce`: for good; `transient`: this time. */
  type: z.enum(['bounce', 'transient', 'complaint']),
});
export type MailFailure = z.output<typeof failureSchema>;

/** Lets the latest mail to an address fail, and answers its id. Throws a Problem where there is none, or nobody would hear of it. */
export type MailFailer = (failure: MailFailure) => { messageId: string };

export interface FailerOptions {
  readonly plans: readonly MailEventsPlan[];
  readonly outbox: Outbox;
  readonly clock: DeskClock;
  readonly publish: Publish;
}

const EVENT_TYPES: Readonly<Record<MailFailure['type'], MailEventType>> = {
  bounce: 'bounce',
  transient: 'bounce',
  complaint: 'complaint',
};
const SUBJECT = 'Amazon SES Email Event Notification';

export function mailFailer({ plans, outbox, clock, publish }: FailerOptions): MailFailer {
  return ({ to, type }) => {
    const mail = outbox.latest((one) => addressesOf(one).includes(to.toLowerCase()));
    if (mail === undefined) throw new Problem('not-found', `No mail was sent to ${to}.`);
    const plan = plans.find(({ configurationSet }) => configurationSet === mail.configurationSet);
    const heard = plan?.destinations.filter(({ eventTypes }) => eventTypes.includes(EVENT_TYPES[type])) ?? [];
    if (heard.length === 0) throw new Problem('wrong-state', 'SES tells nobody what becomes of this mail.');
    const event = JSON.stringify({ ...failureOf(type, to, new Date(clock.now())), mail: sesMail(mail) });
    for (const { topicArn } of heard) publish(topicArn, SUBJECT, event);
    return { messageId: mail.messageId };
  };
}

const addressesOf = ({ to }: SentMail): string[] => to.split(', ').map((address) => address.toLowerCase());

function failureOf(type: MailFailure['type'], to: string, now: Date): object {
  const about = { feedbackId: randomUUID(), timestamp: now.toISOString() };
  if (type === 'complaint') {
    const complainedRecipients = [{ emailAddress: to }];
    return {
      eventType: 'Complaint',
      complaint: { ...about, complainedRecipients, complaintFeedbackType: 'abuse', arrivalDate: about.timestamp },
    };
  }
  const failed = {
    bounce: ['Permanent', 'General', '5.1.1', 'smtp; 550 5.1.1 user unknown'],
    transient: ['Transient', 'MailboxFull', '4.2.2', 'smtp; 452 4.2.2 mailbox full'],
  } as const;
  const [bounceType, bounceSubType, status, diagnosticCode] = failed[type];
  const bouncedRecipients = [{ emailAddress: to, action: 'failed', status, diagnosticCode }];
  return {
    eventType: 'Bounce',
    bounce: { ...about, bounceType, bounceSubType, bouncedRecipients, reportingMTA: 'dsn; mail.example.com' },
  };
}

/** The mail as SES repeats it in each of its events. */
function sesMail(mail: SentMail): object {
  return {
    timestamp: mail.sentAt,
    source: mail.from,
    sendingAccountId: ACCOUNT,
    messageId: mail.messageId,
    destination: mail.to.split(', '),
    headersTruncated: false,
    headers: Object.entries(mail.headers).map(([name, value]) => ({ name, value })),
    commonHeaders: { subject: mail.subject, messageId: mail.messageId },
    tags: { 'ses:configuration-set': [mail.configurationSet] },
  };
}
