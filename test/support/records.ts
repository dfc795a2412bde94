/** Records for tests, made by the rules themselves from the published plans: nothing here is written by hand that a rule writes. */
import type { Account } from '../../lambdas/domain/account/account.ts';
import { purchase } from '../../lambdas/domain/account/bookings.ts';
import type { Instant } from '../../lambdas/domain/time/instant.ts';
import type { LedgerEntry } from '../../lambdas/domain/account/ledger.ts';
import { open, type OpeningRequest } from '../../lambdas/domain/opening/opening.ts';
import type { Plan } from '../../lambdas/domain/plan/plan.ts';
import type { Ticket } from '../../lambdas/domain/ticket/ticket.ts';
import type { TicketEvent } from '../../lambdas/domain/ticket/ticket-event.ts';
import type { Actor } from '../../lambdas/domain/vocabulary.ts';
import { catalogue } from '../../lambdas/plans/catalogue.ts';
import { holidaysOf } from '../../lambdas/plans/holidays/holidays.ts';

export const ACCOUNT_ID = 'acc_01J9ZC2M6Q4V7R8T5X3W1Y0N2K';
export const TICKET_ID = 'tkt_01J9ZC2M6Q4V7R8T5X3W1Y0N2M';

export const customer: Actor = { role: 'customer', email: 'ann@example.com' };
export const engineer: Actor = { role: 'engineer', email: 'eve@example.com', tier: 'TS1' };
export const manager: Actor = { role: 'manager', email: 'max@example.com' };

export const planNamed = (planId: string): Plan => {
  const plan = catalogue.get(planId);
  if (!plan) throw new Error(`no plan ${planId}`);
  return plan;
};

export const accountOn = (planId: string, changes: Partial<Account> = {}): Account => ({
  accountId: ACCOUNT_ID,
  version: 1,
  name: 'Example Ltd',
  planId,
  timeZone: 'America/New_York',
  region: 'US',
  contacts: [
    { email: 'ann@example.com', name: 'Ann', role: 'administrator' },
    { email: 'uwe@example.com', name: 'Uwe', role: 'user' },
  ],
  lots: [],
  createdAt: '2026-01-05T12:00:00.000Z',
  ...changes,
});

/** The account after a purchase; throws where the plan refuses the amount. */
export const having = (
  account: Account,
  amount: number,
  now: Instant = account.createdAt,
  id = `${now}-${String(amount)}`,
): Account => {
  const bought = purchase(account, planNamed(account.planId), { amount, actor: manager, now, id });
  if (!bought.ok) throw new Error(bought.refusal.message);
  return bought.account;
};

export interface Opened {
  readonly ticket: Ticket;
  readonly events: readonly TicketEvent[];
  readonly account: Account;
  readonly entries: readonly LedgerEntry[];
}

/** A ticket just opened on this account; throws where the rules refuse it. */
export const openedOn = (
  account: Account,
  now: Instant,
  request: Partial<OpeningRequest> = {},
  plan: Plan = planNamed(account.planId),
): Opened => {
  const context = { account, plan, actor: customer, now, holidaysOf };
  const whole = {
    subject: 'Mail is stuck',
    description: 'Nothing leaves the queue.',
    channel: 'api' as const,
    ...request,
  };
  const opening = open(context, whole, TICKET_ID);
  if (!opening.ok) throw new Error(opening.refusal.message);
  return opening;
};
