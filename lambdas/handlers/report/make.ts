/** Gathers the records of an account's month and lets the rules make the report of them. */
import type { Account } from '../../domain/account/account.ts';
import { settleAccount } from '../../domain/account/account-settle.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { monthBounds } from '../../domain/time/month.ts';
import { isForMonth, reportOf, type ServiceReport } from '../../domain/report/report.ts';
import { addOnsOf, planOf, type Catalogue } from '../../plans/catalogue.ts';
import { ledgerBetween, ticketsBefore, ticketsOpened, timelinesOf } from '../../store/month.ts';
import type { Table } from '../../store/table.ts';

export const makeReport = async (
  table: Table,
  { account, catalogue, month, now }: { account: Account; catalogue: Catalogue; month: string; now: Instant },
): Promise<ServiceReport> => {
  const plan = planOf(catalogue, account);
  const range = { accountId: account.accountId, ...monthBounds(month, account.timeZone) };
  const [{ tickets, truncated }, before, entries] = await Promise.all([
    ticketsOpened(table, range),
    ticketsBefore(table, account.accountId, range.from),
    ledgerBetween(table, range),
  ]);
  const told = await timelinesOf(table, tickets);
  const earlier = await timelinesOf(
    table,
    before.filter((ticket) => isForMonth(ticket, range)),
  );
  // What is left is what the balance says at this moment, whether or not somebody has written down yet what time has caused.
  const { account: settled } = settleAccount(account, plan, now);
  const unlimited = plan.charges.every(({ amount }) => amount === 0);
  const addOns = addOnsOf(catalogue, plan).map(({ planId }) => planId);
  const records = { tickets: told, earlier, truncated, entries };
  return reportOf({ account: settled, unit: plan.unit, unlimited, addOns, month, now, ...records });
};
