/**
 * Units on hand that can be spent at a moment. None pay for anything while the account's plan does not run, and an add-on's neither where the
 * account has gone over to a plan without the add-on; they wait until it runs, or the account is on such a plan, again.
 */
import type { Account } from './account.ts';
import { hasLapsed } from './account-settle.ts';
import { addOnsIn, availableAt } from './ledger.ts';
import type { Instant } from '../time/instant.ts';

/** Of those for tickets of the account's own plan. */
export const ownUnits = (account: Account, now: Instant): number =>
  hasLapsed(account, now) ? 0 : availableAt(account.lots, now);

/** Of each add-on of the plan that the account is on, which are `addOns`, and of each other one that it has had units of. */
export const addOnUnits = (
  account: Account,
  addOns: readonly string[],
  now: Instant,
): { readonly planId: string; readonly available: number }[] =>
  [...new Set([...addOns, ...addOnsIn(account.lots)])].map((planId) => {
    const waits = hasLapsed(account, now) || !addOns.includes(planId);
    return { planId, available: waits ? 0 : availableAt(account.lots, now, planId) };
  });
