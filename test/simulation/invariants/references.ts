/** References: a ticket, its events, its entries, its people and its letters all belong to one account. */
import type { Json, Stored } from './table.ts';

export const referenceFaults = (
  { tickets, accounts }: Stored,
  recipients: Iterable<string>,
  staff: ReadonlySet<string>,
): string[] => {
  const faults: string[] = [];
  const people = new Map<string, Set<string>>();
  for (const { accountId, record, entries } of accounts.values()) {
    people.set(accountId, new Set(((record?.contacts ?? []) as { email: string }[]).map(({ email }) => email)));
    for (const entry of entries) {
      const ticket = entry.ticketId === undefined ? undefined : tickets.get(entry.ticketId as string);
      if (entry.accountId !== accountId) faults.push(`${String(entry.entryId)} lies with another account`);
      if (entry.ticketId !== undefined && ticket?.record?.accountId !== accountId)
        faults.push(`${String(entry.entryId)} is of another account's ticket`);
    }
  }
  for (const { ticketId, item, record, events } of tickets.values()) {
    const accountId = record?.accountId as string;
    const own = people.get(accountId);
    if (own === undefined) faults.push(`${ticketId} has no account`);
    if (item?.byAccountPk?.S !== `ACCOUNT#${accountId}`) faults.push(`${ticketId} is listed with another account`);
    if (events.some((event) => event.accountId !== accountId || event.ticketId !== ticketId))
      faults.push(`${ticketId} has another ticket's event`);
    const named = [
      (record?.contact as Json | undefined)?.email,
      ...((record?.followers ?? []) as string[]),
    ] as string[];
    if (named.some((email) => own?.has(email) !== true)) faults.push(`${ticketId} is for people of another account`);
  }
  for (const name of recipients) {
    const [cause = '', to = ''] = name.split(' ');
    const record = tickets.get(cause.slice(0, cause.lastIndexOf('-')))?.record;
    if (record !== undefined && !staff.has(to) && people.get(record.accountId as string)?.has(to) !== true)
      faults.push(`the letter ${name} went to a stranger`);
  }
  return faults;
};
