/**
 * Tells the people of accounts that units will expire soon. It may run as often as it likes, each day for one: what was told is on
 * record. The trap: one account that fails must not keep the others waiting.
 */
import pMap from 'p-map';
import type { Account } from '../../domain/account/account.ts';
import { expiryNotices } from '../../domain/account/notices.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { accountsById, type StoredAccount } from '../../store/accounts.ts';
import type { Table } from '../../store/table.ts';
import { ACCOUNTS_AT_ONCE } from '../schedule.ts';
import { expiryLetters } from './account-letters.ts';
import type { Post } from './post.ts';

export interface ExpiryNotifier {
  readonly table: Table;
  readonly post: Post;
  readonly deskName: string;
  /** The plan that some of the account's units are for: its own, or the add-on that is named. */
  readonly planOf: (account: Account, addOn: string | undefined) => Plan;
}

const tellOne = async ({ post, deskName, planOf }: ExpiryNotifier, account: Account, now: Instant): Promise<number> => {
  const letters = expiryNotices(account, now).flatMap((notice) =>
    expiryLetters(account, planOf(account, notice.lot.addOn), notice, deskName),
  );
  for (const { letter, cause } of letters) await post.sendOnce(letter, cause, now);
  return letters.length;
};

/** Looks through these accounts. Answers what went wrong, by account, instead of throwing it. */
export const tellOfExpiry = async (
  notifier: ExpiryNotifier,
  accountIds: readonly string[],
  now: Instant,
): Promise<{ readonly accountId: string; readonly error: unknown }[]> => {
  const failures: { accountId: string; error: unknown }[] = [];
  const tell = async ({ accountId, read }: StoredAccount) => {
    try {
      await tellOne(notifier, read(), now);
    } catch (error) {
      failures.push({ accountId, error });
    }
  };
  await pMap(accountsById(notifier.table, accountIds), tell, { concurrency: ACCOUNTS_AT_ONCE });
  return failures;
};
