/**
 * Brings a stored account up to a moment: what time has caused is decided by the rules and written once. Running it twice, late
 * or for nothing changes nothing.
 */
import type { Account } from '../domain/account/account.ts';
import { settleAccount } from '../domain/account/account-settle.ts';
import type { Instant } from '../domain/time/instant.ts';
import type { Plan } from '../domain/plan/plan.ts';
import { attempt } from './attempt.ts';
import { commit } from './commit.ts';
import { readTogether } from './read.ts';
import type { Table } from './table.ts';

/** Lines of the ledger that one transaction takes beside a command's own writes; DynamoDB allows 100 items in all. */
const MOST_ENTRIES = 50;

export type PlanOf = (account: Account) => Plan;

/** Settles an account and answers it as it then stands; nothing where there is no such account. */
export const settleStoredAccount = async (
  table: Table,
  accountId: string,
  planOf: PlanOf,
  now: Instant,
): Promise<Account | undefined> => {
  for (;;) {
    const { account, more } = await attempt(() => settleOnce(table, accountId, planOf, now));
    if (!more) return account;
  }
};

const settleOnce = async (
  table: Table,
  accountId: string,
  planOf: PlanOf,
  now: Instant,
): Promise<{ account?: Account; more: boolean } | 'stale'> => {
  const { account: before } = await readTogether(table, { accountId });
  if (!before) return { more: false };
  const { account: after, entries } = settleAccount(before, planOf(before), now, MOST_ENTRIES);
  if (after === before) return { account: before, more: false };
  const outcome = await commit(table, { account: { before, after }, entries });
  return outcome === 'committed' ? { account: after, more: entries.length >= MOST_ENTRIES } : 'stale';
};

/**
 * The account that a command may settle together with its own writes: as it was read, or settled and read again where it was left
 * alone for so long that the command's transaction could not hold all of it.
 */
export const caughtUp = async (table: Table, account: Account, planOf: PlanOf, now: Instant): Promise<Account> => {
  const { entries } = settleAccount(account, planOf(account), now, MOST_ENTRIES);
  if (entries.length < MOST_ENTRIES) return account;
  return (await settleStoredAccount(table, account.accountId, planOf, now)) ?? account;
};
