/**
 * Who follows a ticket: contacts of its account who were written to along with the desk. They get the letters that its contact gets.
 * The trap: only an account's own people may follow, whoever stands in a mail beside them (rule EV-09).
 */
import { contactWith, type Account } from '../account/account.ts';
import { isErased } from '../account/erased.ts';
import type { Ticket } from './ticket.ts';

/** Every message costs a letter to each of them, so there is an end to them: twenty are a whole team. */
export const MOST_FOLLOWERS = 20;

/** Those of the addresses who newly follow a ticket: contacts of its account who do not get its letters yet. */
export const joining = (
  account: Pick<Account, 'contacts'>,
  addresses: readonly string[],
  { contact, followers }: { readonly contact: string; readonly followers: readonly string[] },
): string[] => {
  const known = new Set([contact, ...followers].map((address) => address.toLowerCase()));
  const asked = new Set(addresses.map((address) => address.toLowerCase()));
  const joined = [...asked].filter((address) => !known.has(address) && contactWith(account, address) !== undefined);
  return joined.slice(0, Math.max(0, MOST_FOLLOWERS - followers.length));
};

/** The customer's people whom letters about a ticket reach: its contact and its followers, less those who were erased. */
export const readersOfTicket = ({ contact, followers }: Pick<Ticket, 'contact' | 'followers'>): string[] =>
  [contact.email, ...followers].filter((address) => !isErased(address));
