/**
 * Woken once a day: writes what time has caused to accounts that nobody touched: terms and months begun with their units, and
 * units that expired; and tells people of units that will expire soon. It holds no rule and hurries nothing: every command settles its
 * account by itself.
 */
import pMap from 'p-map';
import type { Account } from '../domain/account/account.ts';
import { expiryHorizon } from '../domain/account/notices.ts';
import type { Plan } from '../domain/plan/plan.ts';
import type { Instant } from '../domain/time/instant.ts';
import { catalogue, planOf } from '../plans/catalogue.ts';
import { dueAccounts } from '../store/queue.ts';
import { settleStoredAccount } from '../store/settle-account.ts';
import { openTable } from '../store/table.ts';
import { openDeskPost } from './desk-post.ts';
import { mailEnvironment, readEnvironment, tableEnvironment } from './environment.ts';
import { openLog } from './log.ts';
import { tellOfExpiry } from './mail/expiry-notices.ts';
import { ACCOUNTS_AT_ONCE, scheduledMoment } from './schedule.ts';

const environment = readEnvironment(tableEnvironment.extend(mailEnvironment.shape));
const table = openTable(environment.TABLE_NAME);
const log = openLog();
const deskName = environment.DESK_NAME;
const post = openDeskPost(table, environment, log);

const ownPlan = (account: Account): Plan => planOf(catalogue, account);
/** An add-on may be withdrawn while there are units of it. */
const planFor = (account: Account, addOn = account.planId): Plan => catalogue.get(addOn) ?? ownPlan(account);

const settleAll = async (accountIds: readonly string[], now: Instant) => {
  const failures: { accountId: string; error: unknown }[] = [];
  const settleOne = async (accountId: string) => {
    try {
      await settleStoredAccount(table, accountId, ownPlan, now);
    } catch (error) {
      // One account that can't be settled must not keep all others from it.
      failures.push({ accountId, error });
    }
  };
  await pMap(accountIds, settleOne, { concurrency: ACCOUNTS_AT_ONCE });
  return failures;
};

export const handler = async (event: unknown): Promise<{ settled: number }> => {
  const now = scheduledMoment(event);
  const soon = await dueAccounts(table, expiryHorizon(now));
  const due = soon.filter(({ dueAt }) => dueAt <= now).map(({ accountId }) => accountId);
  const unsettled = await settleAll(due, now);
  const ids = soon.map(({ accountId }) => accountId);
  const untold = await tellOfExpiry({ table, post, deskName, planOf: planFor }, ids, now);
  for (const { accountId, error } of unsettled)
    log.error('not settled', { accountId, error: error instanceof Error ? error : undefined });
  for (const { accountId, error } of untold)
    log.error('not told of expiry', { accountId, error: error instanceof Error ? error : undefined });
  if (unsettled.length > 0) throw new Error(`${unsettled.length} of ${due.length} accounts were not settled`);
  if (untold.length > 0) throw new Error(`${untold.length} accounts were not told what expires`);
  log.info('settled', { accounts: due.length });
  return { settled: due.length };
};
