/**
 * How records become items and items records again: a record is one attribute of JSON text beside the few attributes that keys, conditions
 * and the workflow need, because a deep map costs several times as much to read and write. Every item that is read passes its schema, so a
 * damaged or foreign item is an error here and not a surprise in a rule. The workflow parks its token beside a ticket's record; nothing
 * here writes those attributes, so no write can lose a token.
 */
import * as z from 'zod';
import { accountSchema, type Account } from '../domain/account/account.ts';
import { accountEventSchema, type AccountEvent } from '../domain/account/account-event.ts';
import { accountDueAt } from '../domain/account/account-settle.ts';
import { ledgerEntrySchema, type LedgerEntry } from '../domain/account/ledger.ts';
import { addressSchema, type Address } from '../domain/mail/address.ts';
import { instantSchema } from '../domain/time/instant.ts';
import { messageSchema, type Message } from '../domain/ticket/message.ts';
import { nextDeadline, nextWake, overdueSince } from '../domain/ticket/targets.ts';
import { isOpen, ticketSchema, type Ticket } from '../domain/ticket/ticket.ts';
import { ticketEventSchema, type TicketEvent } from '../domain/ticket/ticket-event.ts';
import { NO_DEADLINE, type Wait } from '../domain/wait.ts';
import * as keys from './keys.ts';
import type { Item } from './table.ts';

/** A record that can't be read. It says where it stands and what is wrong, and nothing of what is in it: errors are logged. */
class DamagedRecordError extends Error {
  override readonly name = 'DamagedRecordError';
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Reads an item's record. Throws a DamagedRecordError where it does not fit its schema. */
export const recordOf = <Schema extends z.ZodType>(schema: Schema, item: Item): z.output<Schema> => {
  const parsed = schema.safeParse(typeof item.record === 'string' ? jsonOf(item.record) : undefined);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ code, path }) => `${code} at ${path.map(String).join('.') || 'its top'}`);
  throw new DamagedRecordError(`the record of ${String(item.pk)} ${String(item.sk)} is damaged: ${wrong.join(', ')}`);
};

export const accountItem = (account: Account): Item => ({
  ...keys.accountKey(account.accountId),
  ...keys.accountQueueKeys(account.accountId, accountDueAt(account)),
  ...keys.accountListKeys(account),
  entity: 'account',
  version: account.version,
  record: JSON.stringify(account),
});
export const readAccount = (item: Item): Account => recordOf(accountSchema, item);

export const contactItem = (email: string, account: Account): Item => ({
  ...keys.contactKey(email, account.accountId),
  entity: 'contact',
  accountId: account.accountId,
});

export const accountEventItem = (event: AccountEvent): Item => ({
  ...keys.historyKey(event.accountId, event.at, event.recordId),
  entity: 'account-event',
  record: JSON.stringify(event),
});
export const readAccountEvent = (item: Item): AccountEvent => recordOf(accountEventSchema, item);

export const ledgerItem = (entry: LedgerEntry): Item => ({
  ...keys.ledgerKey(entry.accountId, entry.at, entry.entryId),
  entity: 'ledger-entry',
  record: JSON.stringify(entry),
});
export const readLedgerEntry = (item: Item): LedgerEntry => recordOf(ledgerEntrySchema, item);

export const unansweredSchema = ticketSchema
  .pick({ ticketId: true, subject: true, status: true, priority: true })
  .extend({
    unansweredSince: instantSchema,
    timeZone: z.string(),
  });
/** What a reminder says of a ticket that nobody has answered. */
export type UnansweredTicket = z.infer<typeof unansweredSchema>;

const unansweredOf = ({
  ticketId,
  subject,
  status,
  priority,
  unansweredSince,
  terms,
}: Ticket): UnansweredTicket | undefined =>
  unansweredSince === undefined
    ? undefined
    : { ticketId, subject, status, priority, unansweredSince, timeZone: terms.timeZone };

/**
 * The attributes of a ticket that its record decides: what the workflow, the queue and the lists read beside the record. An open
 * ticket has a deadline, or says that it has none; a closed one has no such attribute, so that no wait can be parked on it.
 */
export const ticketAttributes = (ticket: Ticket): Item => {
  const open = isOpen(ticket);
  const unanswered = unansweredOf(ticket);
  return {
    version: ticket.version,
    deadlineAt: open ? (nextWake(ticket)?.at ?? NO_DEADLINE) : undefined,
    ...(open && keys.queueKeys(ticket, { deadlineAt: nextDeadline(ticket)?.at, overdueSince: overdueSince(ticket) })),
    [keys.UNANSWERED_ATTRIBUTE]: unanswered && JSON.stringify(unanswered),
    record: JSON.stringify(ticket),
  };
};
export const ticketItem = (ticket: Ticket): Item => ({
  ...keys.ticketKey(ticket.ticketId),
  ...keys.byAccountKeys(ticket),
  entity: 'ticket',
  generation: 0,
  ...ticketAttributes(ticket),
});
export const readTicket = (item: Item): Ticket => recordOf(ticketSchema, item);

const standingSchema = z.object({
  version: z.number(),
  generation: z.number(),
  deadlineAt: z.string().optional(),
  waitToken: z.string().optional(),
  waitUntil: z.string().optional(),
});

/** A ticket's standing with its workflow: the wait that fits it now, and the token of the wait that is parked on it. */
export interface Standing {
  readonly wait: Wait;
  readonly parked?: { readonly token: string; readonly until: string };
}
export const readStanding = (ticketId: string, item: Item): Standing => {
  const { version, generation, deadlineAt, waitToken, waitUntil } = standingSchema.parse(item);
  const open = deadlineAt !== undefined;
  return {
    wait: { schema: 1, ticketId, version, generation, open, ...(open && deadlineAt !== NO_DEADLINE && { deadlineAt }) },
    ...(waitToken !== undefined && waitUntil !== undefined && { parked: { token: waitToken, until: waitUntil } }),
  };
};

/** `movesClock`: this is the last event of a change after which the workflow has to plan its wait anew. */
export const eventItem = (event: TicketEvent, movesClock: boolean): Item => ({
  ...keys.eventKey(event.ticketId, event.seq),
  entity: 'event',
  movesClock,
  record: JSON.stringify(event),
});
export const readEvent = (item: Item): TicketEvent => recordOf(ticketEventSchema, item);
export const movesClock = (item: Item): boolean => item.movesClock === true;

/** An address to which mail has stopped stands in the index of those. */
export const addressItem = (address: Address): Item => ({
  ...keys.addressKey(address.email),
  ...(address.stop && keys.stoppedKeys(address.email, address.stop.at)),
  entity: 'address',
  version: address.version,
  record: JSON.stringify(address),
});
export const readAddress = (item: Item): Address => recordOf(addressSchema, item);

export const messageItem = (message: Message): Item => ({
  ...keys.messageKey(message.ticketId, message.seq),
  entity: 'message',
  record: JSON.stringify(message),
});
export const readMessage = (item: Item): Message => recordOf(messageSchema, item);
