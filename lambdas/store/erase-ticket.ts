/**
 * Erases a person from one ticket: its mails and files, its messages and whole texts, and at last its timeline together with the ticket.
 * The trap: what points at a thing goes after the thing, and what the rules know the person by goes last, so that an erasure that broke
 * off anywhere finds the rest when it comes again.
 */
import { isPerson, type Person } from '../domain/account/erased.ts';
import type { MailSource } from '../domain/ticket/attachment.ts';
import * as rules from '../domain/ticket/ticket-erasure.ts';
import type { Instant } from '../domain/time/instant.ts';
import type { Actor } from '../domain/vocabulary.ts';
import { attempt } from './attempt.ts';
import { commit } from './commit.ts';
import { readFullTextItem } from './full-texts.ts';
import { readEvent, readMessage, readTicket } from './items.ts';
import { mailFailuresPartition, ticketKey } from './keys.ts';
import { keyOf, remove, rewrite, rewriting } from './rewrite.ts';
import { unitsOf } from './units.ts';
import { partitionOf, type Item, type Table } from './table.ts';

/** The objects that mails left, as far as they can be removed. What is gone already is no error. */
export interface MailObjects {
  readonly removeMail: (sesMessageId: string) => Promise<void>;
  /** The first so many files of a mail. */
  readonly removeFiles: (sesMessageId: string, count: number) => Promise<void>;
}

export interface Erasing {
  readonly table: Table;
  readonly objects: MailObjects;
  readonly person: Person;
  readonly actor: Actor;
  readonly now: Instant;
  /** Whoever of the account reads the letters of a ticket that nobody else of theirs reads any more. */
  readonly heirs: readonly string[];
}

/** Events rewritten in one transaction beside the ticket; DynamoDB takes 100 items, and what time caused is among them. */
const MOST_AT_ONCE = 50;

const ofEntity = (items: readonly Item[], entity: string): Item[] => items.filter((one) => one.entity === entity);

/** That a failure of a letter about the ticket was noted stands under the reader's address. */
const forgetFailures = async (table: Table, ticketId: string, { email }: Person): Promise<number> => {
  const failures = await partitionOf(table, mailFailuresPartition(ticketId));
  const theirs = failures.filter(({ sk }) => String(sk).endsWith(`#${email}`));
  await remove(table, theirs.map(keyOf));
  return theirs.length;
};

interface Brought {
  readonly seq: number;
  readonly author: string | undefined;
  readonly files: number;
  readonly mail?: MailSource | undefined;
}

/** A ticket may have hundreds of files, and a call of the erasure has seconds. */
const MAILS_AT_ONCE = 4;

const removeObjects = async ({ objects, person }: Erasing, brought: readonly Brought[]): Promise<void> => {
  const remove = async ({ author, files, mail }: Brought): Promise<void> => {
    if (!mail) return;
    if (!mail.rawErased) await objects.removeMail(mail.sesMessageId);
    if (isPerson(person, author) && files > 0) await objects.removeFiles(mail.sesMessageId, files);
  };
  for (let from = 0; from < brought.length; from += MAILS_AT_ONCE) {
    await Promise.all(brought.slice(from, from + MAILS_AT_ONCE).map(remove));
  }
};

/** One attempt at a ticket, with all that was found of it. */
const eraseOnce = async (erasing: Erasing, ticketId: string): Promise<number | 'stale'> => {
  const { table } = erasing;
  const items = await partitionOf(table, ticketKey(ticketId).pk);
  const [ticketItem] = ofEntity(items, 'ticket');
  if (!ticketItem) return 0;
  const eventItems = ofEntity(items, 'event');
  const found = { ticket: readTicket(ticketItem), events: eventItems.map(readEvent) };
  const { takesPart, phones } = rules.partOf(found, erasing.person);
  const person = { ...erasing.person, phones };
  const messages = ofEntity(items, 'message').map((item) => ({ item, message: readMessage(item) }));
  const brought: Brought[] = [
    ...found.events.flatMap((event) =>
      event.type === 'opened'
        ? { seq: 1, author: event.actor.email, files: event.attachments?.length ?? 0, mail: event.mail }
        : [],
    ),
    ...messages.map(({ message: { seq, author, attachments, mail } }) => ({
      ...{ seq, author: author.email, files: attachments.length, mail },
    })),
  ];
  const gone = ofEntity(items, 'full-text').filter((item) => {
    const { seq, text } = readFullTextItem(item);
    return !rules.keepsWholeText(text, brought.find((one) => one.seq === seq)?.author, person);
  });
  const goneSeqs = new Set(gone.map((item) => readFullTextItem(item).seq));
  const tracesOf = (seq: number) => ({ rawGone: takesPart, textGone: goneSeqs.has(seq) });

  if (takesPart) await removeObjects({ ...erasing, person }, brought);
  let traces = (takesPart ? await forgetFailures(table, ticketId, person) : 0) + gone.length;
  for (const { item, message } of messages) {
    const erased = rules.erasedMessage(message, person, tracesOf(message.seq));
    if (JSON.stringify(erased) === JSON.stringify(message)) continue;
    if ((await rewrite(table, item, erased)) === 'stale') return 'stale';
    traces += 1;
  }
  await remove(table, gone.map(keyOf));
  const written = await eraseTimeline({ ...erasing, person }, found, eventItems, tracesOf(1));
  return written === 'stale' ? written : traces + written;
};

/** The timeline and the ticket: in one transaction where they fit into it, and what names nobody's number first. */
const eraseTimeline = async (
  { table, person, actor, now, heirs }: Erasing,
  found: rules.Found,
  eventItems: readonly Item[],
  openingMail: rules.MailTraces,
): Promise<number | 'stale'> => {
  const erasure = rules.eraseFromTicket(found, { person, actor, now, heirs, openingMail });
  if (!erasure) return 0;
  const { ticket: after, rewritten, added } = erasure;
  const rewrites = rewritten
    .toSorted((a, b) => Number(a.type === 'call-back-requested') - Number(b.type === 'call-back-requested'))
    .map((event) => {
      const item = eventItems[found.events.findIndex(({ seq }) => seq === event.seq)];
      if (!item) throw new Error('a rewritten event has its item');
      return { Update: rewriting(item, event) };
    });
  const last = rewrites.splice(-MOST_AT_ONCE);
  for (let first = 0; first < rewrites.length; first += MOST_AT_ONCE) {
    const some = rewrites.slice(first, first + MOST_AT_ONCE);
    if ((await commit(table, { rewrites: some })) !== 'committed') return 'stale';
  }
  const units = await unitsOf(table, found.ticket, added);
  const change = { ticket: { before: found.ticket, after }, events: added, rewrites: last, ...units };
  return (await commit(table, change)) === 'committed' ? rewritten.length + 1 : 'stale';
};

/** Erases a person from a ticket. Answers how many records were rewritten or removed; none where there was no trace. */
export const eraseFromTicket = (erasing: Erasing, ticketId: string): Promise<number> =>
  attempt(() => eraseOnce(erasing, ticketId));
