/**
 * What went to an address and what came from it or names it. An address may be a contact of several accounts, so each entry is told with
 * the account that it belongs to, as far as it says so itself; what belongs to nobody in particular is for the reader to judge.
 */
import * as z from 'zod';
import { ULID_PATTERN } from '../domain/ids.ts';
import { instantSchema } from '../domain/time/instant.ts';
import { readCorrespondence, readInboundMails, type InboundMail } from './inbound-mails.ts';
import { childPrefix, mailboxPartition } from './keys.ts';
import { readTickets } from './read.ts';
import { queryOnce, type Item, type Table } from './table.ts';

/** A letter that went out, or that was kept back and why. What it said is not kept. */
const letterSchema = z.object({
  cause: z.string(),
  to: z.string(),
  at: instantSchema,
  sesMessageId: z.string().optional(),
  withheld: z.string().optional(),
});
export type LetterRecord = z.infer<typeof letterSchema>;

export type MailboxEntry = { readonly sk: string; readonly accountId?: string | undefined } & (
  | { readonly kind: 'letter'; readonly letter: LetterRecord; readonly ticketId?: string | undefined }
  | { readonly kind: 'mail'; readonly mail: InboundMail; readonly wrote: boolean }
);

const TICKET_ID = new RegExp(`tkt_${ULID_PATTERN}`);
const ACCOUNT_ID = new RegExp(`acc_${ULID_PATTERN}`);

const isLetter = ({ sk }: Item): boolean => String(sk).startsWith(childPrefix.letter);

/** Letters say what they are about in the name of their cause. */
const lettersIn = async (table: Table, items: readonly Item[]): Promise<MailboxEntry[]> => {
  const letters = items.map(({ sk, record }) => {
    const letter = letterSchema.parse(record);
    return { sk: String(sk), letter, ticketId: TICKET_ID.exec(letter.cause)?.[0] };
  });
  const tickets = await readTickets(table, [...new Set(letters.flatMap(({ ticketId }) => ticketId ?? []))]);
  return letters.map(({ sk, letter, ticketId }) => ({
    ...{ kind: 'letter', sk, letter, ticketId },
    accountId: ticketId === undefined ? ACCOUNT_ID.exec(letter.cause)?.[0] : tickets.get(ticketId)?.accountId,
  }));
};

const mailsIn = async (table: Table, items: readonly Item[]): Promise<MailboxEntry[]> => {
  const named = items.map((item) => ({ sk: String(item.sk), ...readCorrespondence(item) }));
  const mails = await readInboundMails(
    table,
    named.map(({ sesMessageId }) => sesMessageId),
  );
  return named.flatMap(({ sk, sesMessageId, wrote }) => {
    const mail = mails.find((one) => one.sesMessageId === sesMessageId);
    return mail ? { kind: 'mail', sk, mail, wrote, accountId: mail.accountId } : [];
  });
};

/** Up to `most` entries of an address's partition after a key, mails before letters; `next` where there are more. */
export const mailboxOf = async (
  table: Table,
  address: string,
  { after = childPrefix.inbound, most }: { after?: string | undefined; most: number },
): Promise<{ readonly entries: readonly MailboxEntry[]; readonly next?: string }> => {
  const { items, last } = await queryOnce(table, {
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :low AND :high',
    ExpressionAttributeValues: {
      ':pk': mailboxPartition(address),
      ':low': after,
      ':high': `${childPrefix.letter}\uffff`,
    },
    Limit: most + 1,
  });
  // The span begins with the entry that was the last before, which may be gone by now.
  const read = items.filter(({ sk }) => sk !== after);
  const found = read.slice(0, most);
  const next = read.length > most ? found.at(-1)?.sk : last?.sk;
  return {
    entries: [
      ...(await mailsIn(
        table,
        found.filter((item) => !isLetter(item)),
      )),
      ...(await lettersIn(table, found.filter(isLetter))),
    ],
    ...(typeof next === 'string' && { next }),
  };
};
