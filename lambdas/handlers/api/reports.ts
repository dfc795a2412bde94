/** Explanations and service reports over HTTP. */
import { explain } from '../../domain/explanation/explanation.ts';
import { monthNameOf } from '../../domain/time/month.ts';
import type { ServiceReport } from '../../domain/report/report.ts';
import { ruleBook } from '../../plans/rule-book.ts';
import { readTogether } from '../../store/read.ts';
import { timelineOf } from '../../store/timeline.ts';
import { makeReport } from '../report/make.ts';
import { pageHeaders, reportPage } from '../report/page.ts';
import type { Desk } from '../commands/desk.ts';
import type { Call } from './call.ts';
import { ownAccount, ownTicket } from '../commands/caller.ts';
import type { Queries } from './desk.ts';
import { Problem } from '../commands/problem.ts';

const reportFor = async (
  desk: Desk,
  { caller, params: { accountId, month }, now }: Call<'getReport' | 'getReportPage'>,
): Promise<ServiceReport> => {
  const found = await readTogether(desk.table, { accountId });
  const account = ownAccount(caller, accountId, found.account);
  if (month > monthNameOf(now, account.timeZone)) {
    throw new Problem('validation', `path.month: ${month} has not begun in ${account.timeZone}.`);
  }
  return makeReport(desk.table, { account, catalogue: desk.catalogue, month, now });
};

export const reportQueries = {
  explainTicket: async ({ table }, { caller, params }) => {
    const { ticket } = await readTogether(table, { ticketId: params.ticketId });
    const { ticketId } = ownTicket(caller, ticket);
    return explain(await timelineOf(table, ticketId), ruleBook);
  },
  getReport: (desk, call) => reportFor(desk, call),
  getReportPage: async (desk, call) => ({ text: reportPage(await reportFor(desk, call)), headers: pageHeaders }),
} satisfies Partial<Queries>;
