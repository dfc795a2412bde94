/**
 * Reports of mail servers that come in by mail: that a letter of the desk was not delivered. Anybody can write such a mail, so it counts
 * only as far as it proves that its writer had the letter: it must name the id that SES gave it, and the very address it went to. It
 * never charges, answers, or moves a clock.
 */
import type { Instant } from '../../domain/time/instant.ts';
import { noteMailFailure } from '../../store/note-mail-failure.ts';
import { readTogether } from '../../store/read.ts';
import { ticketOfSesMessage } from '../../store/mails.ts';
import type { Table } from '../../store/table.ts';
import { sesIdIn } from '../mail/reply-address.ts';
import { ticketIn } from '../mail-events/ses-feedback.ts';
import { asLine } from '../text/plain-text.ts';
import type { DeliveryReport } from './reading/report.ts';

interface ReportingMessage {
  readonly messageId?: string;
  readonly references?: readonly string[];
  readonly report?: DeliveryReport;
}

/** A report is about one letter; more ids than these are somebody's try. */
const MOST_IDS = 10;
const LONGEST_DIAGNOSIS = 300;

/** A letter that a report is about. `isProven`: the report names the id of it that only its reader has. */
interface Reported {
  readonly letter: string;
  readonly ticketId: string;
  readonly to: string;
  readonly cause?: string;
  readonly isProven: boolean;
}

const idsIn = ({ report, references = [] }: ReportingMessage): string[] =>
  [...(report?.originalMessageIds ?? []), ...references]
    .slice(0, MOST_IDS)
    .map((id) => id.trim().replace(/^<(.*)>$/s, '$1'));

/** By the id of the letter itself. */
const byLetter = async (table: Table, id: string): Promise<Reported | undefined> => {
  const letter = sesIdIn(id);
  const found = letter === undefined ? undefined : await ticketOfSesMessage(table, letter);
  return found && letter !== undefined ? { letter, ...found, isProven: true } : undefined;
};

/** By the id of the thread, which everybody has who ever had a letter of the ticket: enough to note it once, and no more. */
const byThread = async (table: Table, id: string): Promise<Reported | undefined> => {
  const ticketId = ticketIn(id);
  const { ticket } = ticketId === undefined ? {} : await readTogether(table, { ticketId });
  return ticket && { letter: ticket.ticketId, ticketId: ticket.ticketId, to: ticket.contact.email, isProven: false };
};

const reportedIn = async (table: Table, message: ReportingMessage): Promise<Reported | undefined> => {
  const recipients = (message.report?.recipients ?? []).map((one) => one.trim().toLowerCase());
  const isReader = ({ to }: Reported): boolean => recipients.includes(to.toLowerCase());
  for (const find of [byLetter, byThread]) {
    for (const id of idsIn(message)) {
      const reported = await find(table, id);
      if (reported && isReader(reported)) return reported;
    }
  }
  return undefined;
};

const reasonOf = ({ action, diagnosis }: DeliveryReport): string => {
  const said = asLine(diagnosis, LONGEST_DIAGNOSIS);
  const words = action === 'delayed' ? 'The mail has not been delivered so far.' : 'The mail came back.';
  return said === '' ? words : `${words} The mail server said: ${said}`;
};

/**
 * Takes note of a report about a letter of ours, and stops mail to its reader where it failed for good. Answers the ticket that the
 * letter was about; nothing where the message is no such report, or is about no letter of ours.
 */
export const handleReport = async (
  { table }: { readonly table: Table },
  message: ReportingMessage,
  now: Instant,
): Promise<{ readonly ticketId: string } | undefined> => {
  const { report } = message;
  if (!report || report.action === 'other') return undefined;
  const reported = await reportedIn(table, message);
  if (!reported) return undefined;
  const { letter, ticketId, to, cause, isProven } = reported;
  const stops = isProven && report.action === 'failed' && report.permanent;
  await noteMailFailure(table, {
    ...{ letter, ticketId, to, cause, at: now, reason: reasonOf(report) },
    ...(stops ? { kind: 'bounce', stops: 'bounced' } : { kind: 'transient' }),
  });
  return { ticketId };
};
