/**
 * Woken once a day: writes what time has caused to accounts that nobody touched: terms and months begun with their units, and
 * units that expired. It holds no rule and hurries nothing: every command settles its account by itself.
 */
import type { Account } from '../domain/account/account.ts';
import type { Plan } from '../domain/plan/plan.ts';
import { catalogue } from '../plans/catalogue.ts';
import { dueAccounts } from '../store/queue.ts';
import { settleStoredAccount } from '../store/settle-account.ts';
import { openTable } from '../store/table.ts';
import { readEnvironment, tableEnvironment } from './environment.ts';
import { openLog } from './log.ts';
import { scheduledMoment } from './schedule.ts';

const { TABLE_NAME } = readEnvironment(tableEnvironment);
const table = openTable(TABLE_NAME);
const log = openLog();

const planOf = ({ planId }: Account): Plan => {
  const plan = catalogue.get(planId);
  if (!plan) throw new Error(`the catalogue has no plan ${planId}`);
  return plan;
};

export const handler = async (event: unknown): Promise<{ settled: number }> => {
  const now = scheduledMoment(event);
  const due = await dueAccounts(table, now);
  let failed = 0;
  for (const accountId of due) {
    try {
      await settleStoredAccount(table, accountId, planOf, now);
    } catch (error) {
      // One account that can't be settled must not keep all others from it.
      failed += 1;
      log.error('not settled', { accountId, error: error instanceof Error ? error : undefined });
    }
  }
  if (failed > 0) throw new Error(`${String(failed)} of ${String(due.length)} accounts were not settled`);
  log.info('settled', { accounts: due.length });
  return { settled: due.length };
};
