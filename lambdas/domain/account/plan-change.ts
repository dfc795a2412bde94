/**
 * An account that goes over to another plan of its programme, or whose zone changes. What was promised and what was paid for stays: tickets
 * carry the terms that they were opened under, and units on hand are good until they expire. The trap: what was granted of a month is
 * not granted again, whichever plan or zone the month is then counted in.
 */
import type { Account } from './account.ts';
import {
  allowanceId,
  allowedIn,
  grantRule,
  grantUnits,
  settleAccount,
  type AccountUnfolding,
} from './account-settle.ts';
import { fromMillis, toMillis, type Instant } from '../time/instant.ts';
import { monthBounds, monthNameOf } from '../time/month.ts';
import { monthAround } from '../time/periods.ts';
import type { Plan } from '../plan/plan.ts';
import type { GrantOf } from '../plan/plan-rules.ts';
import { refuse, type Refusal } from '../refusal.ts';
import type { Actor } from '../vocabulary.ts';

/** Why no account can be on a plan by itself, or nothing where one can. */
export const addOnRefusal = ({ name, addOnTo }: Plan): Refusal | undefined =>
  addOnTo &&
  refuse('validation', `${name} is bought beside ${addOnTo.join(' or ')}, not by itself.`, { plans: addOnTo }).refusal;

/** Units of one plan pay for nothing of another programme, nor for what is counted in another unit. */
const strangerRefusal = (from: Plan, to: Plan): Refusal | undefined => {
  if (to.programme === from.programme && to.unit === from.unit) return undefined;
  const what = to.programme === from.programme ? `counts ${to.unit}s` : `belongs to the programme ${to.programme}`;
  return refuse(
    'validation',
    `The plan ${to.name} ${what}; the account’s ${from.unit}s of ${from.name} pay for none of that. Create another account for it.`,
  ).refusal;
};

type MonthRule = GrantOf<'calendar-month'>;

const zoneOf = ({ zone }: MonthRule, { timeZone }: Pick<Account, 'timeZone'>): string =>
  zone === 'customer' ? timeZone : zone;

/** The end of a granted month, as another zone has it. */
const monthEndIn = (endsAt: Instant, zone: string, other: string): Instant =>
  zone === other ? endsAt : monthBounds(monthNameOf(fromMillis(toMillis(endsAt) - 1), zone), other).to;

/** The allowance of the running month under the new plan: what it holds more than was granted already. */
const changeAllowance = (
  account: Account,
  from: Plan,
  to: Plan,
  { actor, now }: { actor: Actor; now: Instant },
): AccountUnfolding => {
  const { allowedUntil, ...rest } = account;
  const rule = grantRule(to, 'calendar-month');
  if (!rule) return { account: rest, entries: [] };
  const zone = zoneOf(rule, account);
  const before = grantRule(from, 'calendar-month');
  const until =
    allowedUntil === undefined || !before
      ? monthAround(now, zone).endsAt
      : monthEndIn(allowedUntil, zoneOf(before, account), zone);
  const more = rule.amount - allowedIn(account, now);
  const changed = { ...rest, allowedUntil: until };
  if (more <= 0) return { account: changed, entries: [] };
  const id = allowanceId(account, now);
  const reason = `allowance of ${monthNameOf(now, zone)} with ${to.name}`;
  return grantUnits(changed, { id, amount: more, unit: to.unit, at: now, expiresAt: until, reason, actor }, now);
};

/**
 * A settled account on another plan, from `now` on. A term of that plan begins with the units that come with one; a running term ends, and
 * what was left of its units stays. Of a month's allowance the rest is granted at once, and nothing is taken where the new one is smaller.
 */
export const changePlan = (
  account: Account,
  from: Plan,
  to: Plan,
  { actor, now }: { actor: Actor; now: Instant },
): ({ readonly ok: true } & AccountUnfolding) | { readonly ok: false; readonly refusal: Refusal } => {
  const refusal = addOnRefusal(to) ?? strangerRefusal(from, to);
  if (refusal) return { ok: false, refusal };
  const { subscription: _ended, ...rest } = account;
  const allowed = changeAllowance({ ...rest, planId: to.planId }, from, to, { actor, now });
  const begun = settleAccount({ ...allowed.account, createdAt: now }, to, now);
  return {
    ok: true,
    account: { ...begun.account, createdAt: account.createdAt },
    entries: [...allowed.entries, ...begun.entries],
  };
};

/** An account in another zone. A month whose allowance was granted ends when it ends there. */
export const changeZone = (account: Account, plan: Plan, timeZone: string): Account => {
  const rule = grantRule(plan, 'calendar-month');
  const { allowedUntil } = account;
  if (!rule || allowedUntil === undefined) return { ...account, timeZone };
  const until = monthEndIn(allowedUntil, zoneOf(rule, account), zoneOf(rule, { timeZone }));
  return { ...account, timeZone, allowedUntil: until };
};
