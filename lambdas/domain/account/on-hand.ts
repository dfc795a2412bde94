/**
 * Units on hand that can be spent at a moment. An add-on's pay for nothing while its plan does not run, or where the account has gone over
 * to a plan without the add-on; they wait until it is on such a plan again.
 */
import type { Account } from './account.ts';
import { hasLapsed } from './account-settle.ts';
import { addOnsIn, availableAt } from './ledger.ts';
import type { Instant } from '../time/instant.ts';

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
