/**
 * A contact leaves an account for good: what an account, its ledger and its history look like afterwards. Units, moments and the order
 * of what happened stay as they were; the line of the history that says so names nobody.
 */
import { contactWith, type Account } from './account.ts';
import type { AccountEvent } from './account-event.ts';
import { erasedRecord, isPerson, type Person } from './erased.ts';
import type { LedgerEntry } from './ledger.ts';

/** The account without the contact, one version on: nothing that was decided on the account before is written any more. */
export const withoutContact = (account: Account, person: Person): Account => {
  const { contacts, remoteAccess, ...rest } = account;
  const own = isPerson(person, remoteAccess?.by);
  return {
    ...rest,
    version: account.version + 1,
    contacts: contacts.filter(({ email }) => !isPerson(person, email)),
    ...(remoteAccess && { remoteAccess: erasedRecord(person, remoteAccess, own) }),
  };
};

/** Whether something of the person is left on the account itself. */
export const isOnAccount = (account: Account, person: Person): boolean =>
  contactWith(account, person.email) !== undefined || account.remoteAccess?.by?.toLowerCase() === person.email;

/** Who did something is told with a ledger's line, and what it was for: both stay readable, and the person is in neither. */
export const erasedEntry = (entry: LedgerEntry, person: Person): LedgerEntry => erasedRecord(person, entry, false);

export const erasedAccountEvent = (event: AccountEvent, person: Person): AccountEvent =>
  erasedRecord(person, event, isPerson(person, event.actor.email));
