/**
 * Sends the monthly reports that are due, one to each who looks after the account. It may run as often as it likes: what was sent is on record.
 * The trap: one account that fails must not keep the others waiting, so failures are collected and thrown at the end.
 */
import pMap from 'p-map';
import { readersOf, type Account, type Contact } from '../../domain/account/account.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { HolidaysOf } from '../../domain/opening/opening.ts';
import { mayBeDue, reportDue } from '../../domain/report/report-due.ts';
import { planOf, type Catalogue } from '../../plans/catalogue.ts';
import { allAccounts, type StoredAccount } from '../../store/accounts.ts';
import { wasMailed } from '../../store/mails.ts';
import type { Table } from '../../store/table.ts';
import type { Log } from '../log.ts';
import type { Post } from '../mail/post.ts';
import { ACCOUNTS_AT_ONCE } from '../schedule.ts';
import { reportCause, reportLetter } from './letter.ts';
import { makeReport } from './make.ts';

export interface Sending {
  readonly table: Table;
  readonly catalogue: Catalogue;
  readonly holidaysOf: HolidaysOf;
  readonly post: Post;
  readonly log: Pick<Log, 'error'>;
  readonly deskName: string;
}

const notYetTold = async (table: Table, account: Account, cause: string): Promise<Contact[]> => {
  const told = await Promise.all(
    readersOf(account).map(async (one) => ({ one, mailed: await wasMailed(table, cause, one.email) })),
  );
  return told.flatMap(({ one, mailed }) => (mailed ? [] : [one]));
};

const sendTo = async ({ table, post, deskName, ...desk }: Sending, account: Account, now: Instant): Promise<number> => {
  const plan = planOf(desk.catalogue, account);
  const month = reportDue(account, plan, now, desk.holidaysOf);
  if (month === undefined) return 0;
  const cause = reportCause({ accountId: account.accountId, month });
  const readers = await notYetTold(table, account, cause);
  if (readers.length === 0) return 0;
  const report = await makeReport(table, { account, catalogue: desk.catalogue, month, now });
  const letters = readers.map((reader) => reportLetter(report, account, reader, deskName));
  await post.send(letters, cause, now);
  return readers.length;
};

/** Answers how many letters went out. Throws an AggregateError when some accounts failed; the others have their reports. */
export const sendReports = async (sending: Sending, now: Instant): Promise<number> => {
  const failures: unknown[] = [];
  let sent = 0;
  if (!mayBeDue(now)) return sent;
  const send = async ({ accountId, read }: StoredAccount) => {
    try {
      const letters = await sendTo(sending, read(), now);
      sent += letters;
    } catch (error) {
      // Of what is thrown together Lambda writes down the sum alone.
      sending.log.error('report not sent', { accountId, error: error instanceof Error ? error : undefined });
      failures.push(new Error(`no report for ${accountId}`, { cause: error }));
    }
  };
  await pMap(allAccounts(sending.table), send, { concurrency: ACCOUNTS_AT_ONCE });
  if (failures.length > 0) throw new AggregateError(failures, `${String(failures.length)} reports were not sent`);
  return sent;
};
