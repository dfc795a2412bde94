/**
 * What SES tells of mails that it took and could not bring to their readers, as far as it is read. The trap: the diagnosis was written
 * by any mail server at all, and the addresses in a report need not be the ones that the mail was sent to.
 */
import * as z from 'zod';
import { ULID_PATTERN } from '../../domain/ids.ts';
import type { MailStopState } from '../../domain/mail/address.ts';
import { fromMillis } from '../../domain/time/instant.ts';
import type { MailFailureKind } from '../../domain/ticket/ticket-event.ts';
import { CAUSE_HEADER } from '../mail/letter.ts';
import { asLine } from '../text/plain-text.ts';

const LONGEST_DIAGNOSIS = 300;

const address = z.string().transform((text) => (/<([^<>]*)>/.exec(text)?.[1] ?? text).trim().toLowerCase());
const instant = z.iso.datetime({ offset: true }).transform((text) => fromMillis(Date.parse(text)));

const mailSchema = z.object({
  messageId: z.string().regex(/^[A-Za-z0-9._-]{1,200}$/),
  /** When SES took the mail. */
  timestamp: instant,
  destination: z.array(address).min(1),
  headers: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
});

const recipient = z.object({ emailAddress: address, diagnosticCode: z.string().nullish() });

export const sesFeedbackSchema = z.discriminatedUnion('eventType', [
  z.object({
    eventType: z.literal('Bounce'),
    mail: mailSchema,
    bounce: z.object({
      bounceType: z.string(),
      bounceSubType: z.string().default('General'),
      bouncedRecipients: z.array(recipient),
    }),
  }),
  z.object({
    eventType: z.literal('Complaint'),
    mail: mailSchema,
    complaint: z.object({
      complainedRecipients: z.array(z.object({ emailAddress: address })),
      complaintFeedbackType: z.string().nullish(),
    }),
  }),
  z.object({
    eventType: z.literal('Reject'),
    mail: mailSchema,
    reject: z.object({ reason: z.string().default('') }),
  }),
]);
export type SesFeedback = z.output<typeof sesFeedbackSchema>;

/** What failed for one reader of a mail. */
export interface ReaderFailure {
  readonly to: string;
  readonly kind: MailFailureKind;
  readonly stops?: MailStopState;
  readonly reason: string;
}

/** SES's words for a bounce, in ours. */
const BOUNCES: Readonly<Record<string, string>> = {
  NoEmail: 'The mail came back, and the report names no address.',
  Suppressed: 'SES has stopped mail to the address, because it failed before.',
  OnAccountSuppressionList: 'The address is on the suppression list of the SES account.',
  UnsubscribedRecipient: 'The recipient has unsubscribed.',
  MailboxFull: 'The mailbox is full.',
  MessageTooLarge: 'The mail is too large for the mailbox.',
  ContentRejected: 'The mail server refused what the mail says.',
  AttachmentRejected: 'The mail server refused an attachment.',
  CustomTimeoutExceeded: 'The mail server did not take the mail in time.',
};

const quoted = (text: string | null | undefined): string => {
  const said = asLine(text ?? '', LONGEST_DIAGNOSIS);
  return said === '' ? '' : ` The mail server said: ${said}`;
};

/**
 * The readers whom a report is about, among those that the mail was sent to. A mail that was forwarded fails at another address; a
 * letter of the desk goes to one reader alone, so that reader it is.
 */
const readersOf = <Reported extends { emailAddress: string }>(
  { destination }: z.output<typeof mailSchema>,
  reported: readonly Reported[],
): readonly { to: string; reported: Reported | undefined }[] => {
  const found = destination.flatMap((to) => {
    const one = reported.find(({ emailAddress }) => emailAddress === to);
    return one ? [{ to, reported: one }] : [];
  });
  const [only, ...others] = destination;
  return found.length > 0 || only === undefined || others.length > 0 ? found : [{ to: only, reported: reported[0] }];
};

type EventOf<Type extends SesFeedback['eventType']> = Extract<SesFeedback, { eventType: Type }>;

const bounced = ({ mail, bounce }: EventOf<'Bounce'>): ReaderFailure[] => {
  const { bounceType, bounceSubType, bouncedRecipients } = bounce;
  const permanent = bounceType === 'Permanent';
  const words = permanent ? 'The mail came back: nothing can be delivered there.' : 'The mail was not delivered.';
  return readersOf(mail, bouncedRecipients).map(({ to, reported }) => ({
    to,
    ...(permanent ? { kind: 'bounce', stops: 'bounced' } : { kind: 'transient' }),
    reason: `${BOUNCES[bounceSubType] ?? words}${quoted(reported?.diagnosticCode)}`,
  }));
};

/** Reports that come as complaints and are none: a reader who takes mail out of the spam folder, a check of who sent it. */
const NO_COMPLAINTS = ['not-spam', 'auth-failure'];

const complained = ({ mail, complaint }: EventOf<'Complaint'>): ReaderFailure[] =>
  NO_COMPLAINTS.includes(complaint.complaintFeedbackType ?? '')
    ? []
    : readersOf(mail, complaint.complainedRecipients).map(({ to }) => ({
        to,
        kind: 'complaint',
        stops: 'complained',
        reason: 'The recipient reported our mail as unwanted.',
      }));

const rejected = ({ mail, reject }: EventOf<'Reject'>): ReaderFailure[] =>
  mail.destination.map((to) => {
    const why = asLine(reject.reason, LONGEST_DIAGNOSIS);
    return { to, kind: 'reject', reason: `SES did not send the mail.${why === '' ? '' : ` It said: ${why}`}` };
  });

/** What failed, for each reader of the mail that is concerned. */
export const failuresIn = (feedback: SesFeedback): ReaderFailure[] => {
  switch (feedback.eventType) {
    case 'Bounce':
      return bounced(feedback);
    case 'Complaint':
      return complained(feedback);
    case 'Reject':
      return rejected(feedback);
  }
};

/** What the mail was about, as the desk wrote it into the mail's head. */
export const causeOf = ({ mail }: SesFeedback): string | undefined =>
  mail.headers
    .find(({ name }) => name.toLowerCase() === CAUSE_HEADER.toLowerCase())
    ?.value.trim()
    .slice(0, 200);

const TICKET_ID_FIRST = new RegExp(`^tkt_${ULID_PATTERN}(?![0-9A-Z])`);

/** The ticket that a cause names; a reminder or a report is about none. */
export const ticketIn = (cause: string | undefined): string | undefined => TICKET_ID_FIRST.exec(cause ?? '')?.[0];
