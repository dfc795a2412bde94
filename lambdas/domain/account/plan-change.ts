/**
 * An account that goes over to another plan of its programme, or whose zone changes. What was promised and what was paid for stays: tickets
 * carry the terms that they were opened under, and units on hand are good until they expire. The trap: what was granted of a month is
 * not granted again, whichever plan or zone the month is then counted in.
 */
import type { Account } from './account.ts';
import {
  allowanceId,
  allowedIn,
  beginTerm,
  grantRule,
  grantUnits,
  monthEndingAt,
  type AccountUnfolding,
} from './account-settle.ts';
import { inZone } from './benefits.ts';
import { laterOf, type Instant } from '../time/instant.ts';
import { monthBounds } from '../time/month.ts';
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
const monthEndIn = (endsAt: Instant, zone: string): Instant => monthBounds(monthEndingAt(endsAt), zone).to;

/**
 * The account with the end of its running month as the new plan counts months, where that plan has allowances. Where it counts them in, the
 * granted month may have ended already: then it is in the next one.
 */
const countingMonthsOf = ({ allowedUntil, ...account }: Account, from: Plan, to: Plan, now: Instant): Account => {
  const rule = grantRule(to, 'calendar-month');
  if (!rule) return account;
  const zone = zoneOf(rule, account);
  const { endsAt } = monthAround(now, zone);
  const granted = grantRule(from, 'calendar-month') && allowedUntil;
  return { ...account, allowedUntil: granted === undefined ? endsAt : laterOf(monthEndIn(granted, zone), endsAt) };
};

interface Change {
  readonly actor: Actor;
  readonly now: Instant;
  /** The id of the change: what it brings is named by it, because two changes may be of the same millisecond. */
  readonly id: string;
}

/** What the new plan's month holds more than was granted of it already. */
const restOfMonth = (account: Account, to: Plan, { actor, now, id }: Change): AccountUnfolding => {
  const rule = grantRule(to, 'calendar-month');
  const { allowedUntil } = account;
  const amount = rule && allowedUntil !== undefined ? rule.amount - allowedIn(account, allowedUntil) : 0;
  if (amount <= 0 || allowedUntil === undefined) return { account, entries: [] };
  const reason = `allowance of ${monthEndingAt(allowedUntil)} with ${to.name}`;
  const grant = { amount, unit: to.unit, at: now, expiresAt: allowedUntil, reason, actor };
  return grantUnits(account, { id: allowanceId(account, id), ...grant }, now);
};

/**
 * A settled account on another plan, from `now` on. A term of that plan begins with the units that come with one; a running term ends, and
 * what was left of its units stays. Of a month's allowance the rest is granted at once, and nothing is taken where the new one is smaller.
 */
export const changePlan = (
  { subscription: _ended, ...account }: Account,
  from: Plan,
  to: Plan,
  change: Change,
): ({ readonly ok: true } & AccountUnfolding) | { readonly ok: false; readonly refusal: Refusal } => {
  const refusal = addOnRefusal(to) ?? strangerRefusal(from, to);
  if (refusal) return { ok: false, refusal };
  const { now, id } = change;
  const gone = countingMonthsOf({ ...account, planId: to.planId }, from, to, now);
  const begun = to.term ? beginTerm(gone, to, now, now, id) : { account: gone, entries: [] };
  const rest = restOfMonth(begun.account, to, change);
  return { ok: true, account: rest.account, entries: [...begun.entries, ...rest.entries] };
};

/** An account in another zone. A month whose allowance was granted ends when it ends there, or at once where it has ended there already. */
export const changeZone = (account: Account, plan: Plan, timeZone: string, now: Instant): Account => {
  const rule = grantRule(plan, 'calendar-month');
  const { allowedUntil } = account;
  const moved = inZone(account, plan, timeZone);
  if (!rule || allowedUntil === undefined) return moved;
  const until = laterOf(monthEndIn(allowedUntil, zoneOf(rule, { timeZone })), now);
  return { ...moved, allowedUntil: until };
};
