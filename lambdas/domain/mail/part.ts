/**
 * Who takes part in a ticket, and on which side: its customer's people, and the vendor's. Addresses are compared without regard to
 * case. It knows addresses and tickets, and no mail.
 */
import type { Ticket } from '../ticket/ticket.ts';
import type { TicketEvent } from '../ticket/ticket-event.ts';
import { tiers, type Actor, type Tier } from '../vocabulary.ts';
import { isWrittenTo } from './address.ts';

/** The addresses of the vendor's own people. */
export interface Staff {
  readonly tiers: Readonly<Record<Tier, readonly string[]>>;
  readonly managers: readonly string[];
}

/** Whether two addresses are one. */
export const isSame = (one: string | undefined, other: string): boolean => one?.toLowerCase() === other.toLowerCase();
const isAmong = (addresses: readonly string[], address: string): boolean =>
  addresses.some((one) => isSame(one, address));

export const isAssignedTo = ({ assignee }: Ticket, address: string): boolean => isSame(assignee, address);

/**
 * Those of some addresses to whom it is news what somebody did on a ticket: each once, without whoever did it, and without those who
 * read its customer's letters, because what is for the vendor's people is for nobody else.
 */
export const toBeTold = (addresses: readonly string[], { contact, followers }: Ticket, actor: Actor): string[] => {
  const out = [contact.email, ...followers, ...(actor.email === undefined ? [] : [actor.email])];
  return addresses.filter(
    (address, place) => isWrittenTo(address) && !isAmong(out, address) && !isAmong(addresses.slice(0, place), address),
  );
};

/**
 * Who works on a ticket, as far as what somebody did on it is news to them: its assignee, or else its tier. A ticket may be assigned to a
 * name that is no address, or to somebody of its customer: then it is the tier that hears.
 */
export const workersToTell = ({ tiers: addresses }: Pick<Staff, 'tiers'>, ticket: Ticket, actor: Actor): string[] => {
  const assignee = toBeTold(ticket.assignee === undefined ? [] : [ticket.assignee], ticket, actor);
  return assignee.length > 0 ? assignee : toBeTold(addresses[ticket.tier], ticket, actor);
};

/** Whether somebody has a part in a ticket already: it is for them, they follow it, work on it, or wrote on it. */
export const takesPart = (ticket: Ticket, events: readonly TicketEvent[], address: string): boolean =>
  isAmong([ticket.contact.email, ...ticket.followers], address) ||
  isAssignedTo(ticket, address) ||
  events.some(({ type, actor }) => (type === 'opened' || type === 'message') && isSame(actor.email, address));

export const isStaffAddress = ({ tiers: addresses, managers }: Staff, address: string): boolean =>
  isAmong(managers, address) || tiers.some((tier) => isAmong(addresses[tier], address));

/** One of the vendor's people, as the author of a message. */
export interface StaffActor {
  readonly role: 'engineer' | 'manager';
  readonly email: string;
  readonly tier?: Tier;
}

/** As whom one of the vendor's people writes on a ticket. Who belongs to several tiers writes for the ticket's own where they can. */
export const staffActor = ({ tiers: addresses, managers }: Staff, ticket: Ticket, email: string): StaffActor => {
  const among = tiers.filter((tier) => isAmong(addresses[tier], email));
  if (among.length === 0 && isAmong(managers, email)) return { role: 'manager', email };
  const tier = among.includes(ticket.tier) ? ticket.tier : (among[0] ?? ticket.tier);
  return { role: 'engineer', email, tier };
};
