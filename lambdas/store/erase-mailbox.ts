/**
 * Erases what an address itself has: the mails that name it, the letters that went to it, what was noted of those, and whether mail goes
 * there at all. The trap: an address may be a contact of other accounts too. What says that it is theirs stays theirs, and what is of no
 * account in particular goes only where the address is nobody else's.
 */
import { erasedRecord, type Person } from '../domain/account/erased.ts';
import type { MailObjects } from './erase-ticket.ts';
import type { Step } from './erasures.ts';
import {
  accountsOfContact,
  readInboundMail,
  readMailRecord,
  withoutPeople,
  type InboundMail,
} from './inbound-mails.ts';
import * as keys from './keys.ts';
import { mailboxOf, type LetterRecord, type MailboxEntry } from './mailboxes.ts';
import { keyOf, remove, rewrite, untilErased } from './rewrite.ts';
import { getItem, partitionOf, type Item, type Table } from './table.ts';

const MOST_ENTRIES = 50;

interface Mailbox {
  readonly table: Table;
  readonly objects: MailObjects;
  readonly accountId: string;
  readonly person: Person;
}

const keysIn = async (table: Table, pk: string): Promise<keys.Key[]> => (await partitionOf(table, pk)).map(keyOf);

/** A letter, by whatever it is known, and that it failed. */
const forgetLetter = async ({ table, person }: Mailbox, { cause, sesMessageId }: LetterRecord): Promise<void> => {
  if (sesMessageId !== undefined) {
    await remove(table, await keysIn(table, keys.mailFailuresPartition(sesMessageId)));
    await remove(table, [keys.sesMessageKey(sesMessageId)]);
  }
  await remove(table, [keys.mailKey(cause, person.email)]);
};

/** Another's mail that waits for a manager is not lost because it names somebody; it is kept as long as any. */
const isWaiting = (mail: InboundMail, wrote: boolean): boolean => mail.outcome === 'quarantined' && !wrote;

const NOT_WAITING = [keys.TO_ANSWER_ATTRIBUTE, keys.QUEUE_INDEX.pk, keys.QUEUE_INDEX.sk];

const forgetRecord = async (table: Table, person: Person, item: Item, wrote: boolean): Promise<number | 'stale'> => {
  const mail = readMailRecord(item);
  const { answer: _answer, ...others } = erasedRecord(person, mail, false);
  const dropped = { outcome: 'dropped', code: 'erased', reason: 'Its writer was erased.' } as const;
  const own = { ...withoutPeople(mail), ...(mail.outcome === 'quarantined' && dropped) };
  return (await rewrite(table, item, wrote ? own : others, NOT_WAITING)) === 'stale' ? 'stale' : 1;
};

/** What a mail left that names the person: its stored message goes, and its record says no more who wrote it. */
const forgetMail = async (
  { table, objects, person }: Mailbox,
  { mail, wrote, sk }: Extract<MailboxEntry, { kind: 'mail' }>,
): Promise<void> => {
  await objects.removeMail(mail.sesMessageId);
  const item = await getItem(table, keys.inboundMailKey(mail.sesMessageId));
  // A manager may decide about it at this very moment.
  if (item) await untilErased(table, item, (latest) => forgetRecord(table, person, latest, wrote));
  await remove(table, [{ pk: keys.mailboxPartition(person.email), sk }]);
};

/** What is left in the partition of an address that is nobody's any more, and whether mail goes there. */
const forgetAddress = async ({ table, person }: Mailbox): Promise<number> => {
  const left = await keysIn(table, keys.mailboxPartition(person.email));
  const goes: keys.Key[] = [];
  for (const key of left) {
    // A mail whose record is forgotten is entered for a day or two longer.
    const isKept =
      key.sk.startsWith(keys.childPrefix.inbound) && (await readInboundMail(table, keys.sesMessageIdInMailbox(key)));
    if (!isKept) goes.push(key);
  }
  await remove(table, [...goes, keys.addressKey(person.email)]);
  return goes.length;
};

/** A part of what an address has, from a key on. */
export const eraseMailbox = async (mailbox: Mailbox, after: string | undefined): Promise<Step> => {
  const { table, accountId, person } = mailbox;
  const isShared = (await accountsOfContact(table, person.email)).some((one) => one !== accountId);
  const { entries, next } = await mailboxOf(table, person.email, { after, most: MOST_ENTRIES });
  let traces = 0;
  for (const entry of entries.filter((one) => !isShared || one.accountId === accountId)) {
    if (entry.kind === 'letter') await forgetLetter(mailbox, entry.letter);
    else if (isWaiting(entry.mail, entry.wrote)) continue;
    else await forgetMail(mailbox, entry);
    traces += 1;
  }
  if (next !== undefined || isShared) return { traces, next };
  return { traces: traces + (await forgetAddress(mailbox)) };
};
