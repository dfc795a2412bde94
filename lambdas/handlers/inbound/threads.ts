/**
 * Looks up what a mail names: by its recipients, its references and its subject, in that order, and who its writer is to each ticket.
 * What counts is for the rules to say. The trap: anybody can write hundreds of references, so only the newest few are looked up.
 */
import { isAssignedTo, isStaffAddress, takesPart } from '../../domain/mail/part.ts';
import { ticketsNamedIn, type Known, type Thread } from '../../domain/mail/route.ts';
import type { Ticket } from '../../domain/ticket/ticket.ts';
import { accountsOfContact } from '../../store/inbound-mails.ts';
import { ticketOfSesMessage } from '../../store/mails.ts';
import { readTickets } from '../../store/read.ts';
import type { Table } from '../../store/table.ts';
import { timelineOf } from '../../store/timeline.ts';
import { REPLY_PREFIX, sesIdIn, ticketIdInThread } from '../mail/reply-address.ts';
import type { ProvenMail } from './act.ts';
import { echoesLetter } from './reading/echo.ts';
import type { MailSettings } from './settings.ts';

const MOST_LOOKED_UP = 10;

type Named = Pick<Thread, 'by' | 'ticketId'> & { readonly signedFor?: ((address: string) => boolean) | undefined };

const byAddress = ({ replyAddresses }: MailSettings, recipients: readonly string[]): Named[] =>
  recipients.slice(0, MOST_LOOKED_UP).flatMap((recipient) => {
    const read = replyAddresses?.read(recipient);
    return read ? [{ by: 'address', ticketId: read.ticketId, signedFor: (address) => read.provesFor(address) }] : [];
  });

const byReference = ({ mailDomain }: MailSettings, references: readonly string[]): Named[] => {
  const ids = references.flatMap((reference) => ticketIdInThread(reference, mailDomain) ?? []);
  return [...new Set(ids)].slice(0, MOST_LOOKED_UP).map((ticketId) => ({ by: 'reference', ticketId }));
};

const bySesId = async (table: Table, references: readonly string[]): Promise<Named[]> => {
  const ids = references.flatMap((reference) => sesIdIn(reference) ?? []).slice(0, MOST_LOOKED_UP);
  const found = await Promise.all(ids.map((id) => ticketOfSesMessage(table, id)));
  return found.flatMap((one) => (one ? [{ by: 'ses-id', ticketId: one.ticketId }] : []));
};

const bySubject = (subject: string): Named[] =>
  ticketsNamedIn(subject).map((ticketId) => ({ by: 'subject', ticketId }));

const hasPart = async (table: Table, ticket: Ticket, sender: string): Promise<boolean> =>
  takesPart(ticket, [], sender) || takesPart(ticket, await timelineOf(table, ticket.ticketId), sender);

/** Whether the way in which a ticket is named counts for the writer. A manager who vouches for the writer vouches for that too. */
const holds = async (
  table: Table,
  { by, signedFor }: Named,
  ticket: Ticket | undefined,
  { sender, vouched }: ProvenMail,
): Promise<boolean> => {
  if (!ticket) return false;
  if (vouched) return true;
  if (by === 'address') return signedFor?.(sender) ?? false;
  return by === 'subject' ? hasPart(table, ticket, sender) : true;
};

/** What is known of a mail's writer and of the tickets that it names. */
export const lookUp = async (
  table: Table,
  settings: MailSettings,
  mail: ProvenMail,
): Promise<{ known: Known; tickets: ReadonlyMap<string, Ticket> }> => {
  const { sender, recipients, message } = mail;
  const named = [
    ...byAddress(settings, recipients),
    ...byReference(settings, message.references),
    ...(await bySesId(table, message.references)),
    ...bySubject(message.subject),
  ];
  const [accountIds, tickets] = await Promise.all([
    accountsOfContact(table, sender),
    readTickets(table, [...new Set(named.map(({ ticketId }) => ticketId))]),
  ]);
  const threads = named.map(async (one): Promise<Thread> => {
    const ticket = tickets.get(one.ticketId);
    return {
      ...{ by: one.by, ticketId: one.ticketId, accountId: ticket?.accountId },
      isAssigned: ticket !== undefined && isAssignedTo(ticket, sender),
      holds: await holds(table, one, ticket, mail),
    };
  });
  const known: Known = {
    accountIds,
    isStaff: isStaffAddress(settings.staff, sender),
    threads: await Promise.all(threads),
    isMisdirected: recipients.some((one) => one.startsWith(REPLY_PREFIX) && !settings.replyAddresses?.read(one)),
    // A manager who released the mail has seen what it is.
    echoesLetter: !mail.vouched && echoesLetter(message.subject),
  };
  return { known, tickets };
};
