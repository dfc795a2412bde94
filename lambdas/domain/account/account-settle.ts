/**
 * What the passing of time has caused to an account: terms begun with the units that come with them, the allowance of each month,
 * and lots that ran out. Settling is a function of the account, its plan and the moment alone; every line of the ledger that it
 * writes is named by the fact it stands for, so that no run, however late or repeated, writes one twice.
 */
import type { Account, Subscription } from './account.ts';
import { fromMillis, laterOf, MILLIS_A_DAY, toMillis, type Instant } from '../time/instant.ts';
import { addLot, type LedgerEntry, type Lot } from './ledger.ts';
import { dayOf, monthNameOf } from '../time/month.ts';
import { addPeriods, monthAround } from '../time/periods.ts';
import type { Plan } from '../plan/plan.ts';
import type { GrantOf, GrantRule } from '../plan/plan-rules.ts';
import { theDesk, type Actor, type Unit } from '../vocabulary.ts';

/** An account with the lines of the ledger that one command writes for it. */
export interface AccountUnfolding {
  readonly account: Account;
  readonly entries: readonly LedgerEntry[];
}

export const grantRule = <On extends GrantRule['on']>(plan: Plan, on: On): GrantOf<On> | undefined =>
  plan.grants.find((rule): rule is GrantOf<On> => rule.on === on);

/** The account's own part of ids that are made from facts. */
export const idOf = ({ accountId }: Account): string => accountId.slice('acc_'.length);

const digitsOf = (at: Instant): string => at.replace(/\D/g, '');

const ALLOWANCE = '-month-';

/** The id of the units that a month brings, by what brought them. */
export const allowanceId = (account: Account, by: string): string => `${idOf(account)}${ALLOWANCE}${by}`;

/** The month that ends at a moment, in whatever zone it ends then: a day before that, it is that month in UTC too. */
export const monthEndingAt = (endsAt: Instant): string =>
  monthNameOf(fromMillis(toMillis(endsAt) - MILLIS_A_DAY), 'utc');

/** Units that the month which ends at a moment has brought, spent or not, in whatever zone it was counted when they came. */
export const allowedIn = (account: Account, endsAt: Instant): number =>
  account.lots
    .filter(({ lotId }) => lotId.startsWith(`lot_${idOf(account)}${ALLOWANCE}`))
    .filter((lot) => lot.expiresAt !== undefined && monthEndingAt(lot.expiresAt) === monthEndingAt(endsAt))
    .reduce((sum, { amount }) => sum + amount, 0);

interface Grant {
  /** What the units are, as an id: the same grant never has another. */
  readonly id: string;
  readonly amount: number;
  readonly unit: Unit;
  readonly at: Instant;
  readonly expiresAt: Instant;
  readonly reason: string;
  readonly actor: Actor;
}

/** Units granted: their lot and their line. */
export const grantUnits = (account: Account, grant: Grant, recordedAt: Instant): AccountUnfolding => {
  const { id, amount, unit, at, expiresAt, reason, actor } = grant;
  const lot: Lot = { lotId: `lot_${id}`, source: 'grant', amount, remaining: amount, acquiredAt: at, expiresAt };
  const entry: LedgerEntry = {
    entryId: `led_${id}`,
    accountId: account.accountId,
    kind: 'grant',
    amount,
    unit,
    at,
    recordedAt,
    reason,
    actor,
    lots: [{ lotId: lot.lotId, amount }],
  };
  return { account: { ...account, lots: addLot(account.lots, lot) }, entries: [entry] };
};

/** What time causes next. At one moment lots run out before new ones come, so that a month's balance is never two months'. */
type Due =
  | { readonly cause: 'expiry'; readonly at: Instant; readonly lot: Lot }
  | { readonly cause: 'term'; readonly at: Instant }
  | { readonly cause: 'month'; readonly at: Instant; readonly rule: GrantOf<'calendar-month'> };

type ExpiryDue = Extract<Due, { cause: 'expiry' }>;

const expiries = ({ lots }: Account): Due[] =>
  lots.flatMap((lot) =>
    lot.expiresAt !== undefined && lot.remaining > 0 ? [{ cause: 'expiry' as const, at: lot.expiresAt, lot }] : [],
  );

/**
 * An account has its first term from the moment it is opened. One that has none yet was on its plan before that had any: its first one
 * begins where it is found out, because in the past, which may have had terms of another plan, nobody could have used it.
 */
const nextTerm = ({ subscription }: Account, plan: Plan, now: Instant): Due[] => {
  if (!plan.term) return [];
  if (!subscription) return [{ cause: 'term', at: now }];
  return subscription.renews ? [{ cause: 'term', at: subscription.endsAt }] : [];
};

/** The same holds of months. */
const nextMonth = ({ allowedUntil }: Account, plan: Plan, now: Instant): Due[] => {
  const rule = grantRule(plan, 'calendar-month');
  return rule ? [{ cause: 'month', at: allowedUntil ?? now, rule }] : [];
};

const soonest = (account: Account, plan: Plan, now: Instant): Due | undefined =>
  [...expiries(account), ...nextTerm(account, plan, now), ...nextMonth(account, plan, now)].reduce<Due | undefined>(
    (first, due) => (first === undefined || due.at < first.at ? due : first),
    undefined,
  );

const expire = (account: Account, plan: Plan, { lot, at }: ExpiryDue, recordedAt: Instant): AccountUnfolding => {
  const entry: LedgerEntry = {
    entryId: `led_${lot.lotId.slice('lot_'.length)}-expiry`,
    accountId: account.accountId,
    kind: 'expiry',
    amount: lot.remaining,
    unit: plan.unit,
    at,
    recordedAt,
    reason: 'units expired',
    actor: theDesk,
    lots: [{ lotId: lot.lotId, amount: lot.remaining }],
  };
  const lots = account.lots.map((one) => (one.lotId === lot.lotId ? { ...one, remaining: 0 } : one));
  return { account: { ...account, lots, expiredTo: laterOf(at, account.expiredTo ?? at) }, entries: [entry] };
};

/** A zone that changed moves the end of a term by hours, and one at the end of February by three days. */
const MOST_MOVED = 4 * MILLIS_A_DAY;

/**
 * From where terms are counted, and how many have begun: from the first one on (`periods.ts`), or anew where they were of another length
 * until now. Counted on from the first start, a term after a change of its length could end with its own beginning, or years later.
 */
const countedFrom = (
  { subscription, timeZone }: Account,
  length: string,
  at: Instant,
): { startedAt: Instant; begun: number } => {
  const anew = { startedAt: at, begun: 0 };
  if (!subscription) return anew;
  const { startedAt, terms } = subscription;
  const from = toMillis(addPeriods(startedAt, length, terms, timeZone));
  const to = toMillis(addPeriods(startedAt, length, terms + 1, timeZone));
  return Math.abs(from - toMillis(at)) <= Math.min(MOST_MOVED, (to - from) / 4) ? { startedAt, begun: terms } : anew;
};

/** The next term, or the first one; `by` is what its units are named by, where it is not the moment alone that brings them. */
export const beginTerm = (
  account: Account,
  plan: Plan,
  at: Instant,
  recordedAt: Instant,
  by = digitsOf(at),
): AccountUnfolding => {
  if (!plan.term) throw new Error(`${plan.planId} has no terms`);
  const { startedAt, begun } = countedFrom(account, plan.term.length, at);
  const terms = begun + 1;
  const endsAt = addPeriods(startedAt, plan.term.length, terms, account.timeZone);
  const subscription: Subscription = { startedAt, terms, endsAt, renews: true };
  const renewed = { ...account, subscription };
  const rule = grantRule(plan, 'term');
  if (!rule) return { account: renewed, entries: [] };
  const id = `${idOf(account)}-term-${by}`;
  const reason = `included with the term from ${dayOf(at, account.timeZone)}`;
  const grant = { id, amount: rule.amount, unit: plan.unit, at, expiresAt: endsAt, reason, actor: theDesk };
  return grantUnits(renewed, grant, recordedAt);
};

const beginMonth = (
  account: Account,
  plan: Plan,
  { rule, at }: Extract<Due, { cause: 'month' }>,
  recordedAt: Instant,
): AccountUnfolding => {
  const { name, endsAt } = monthAround(at, rule.zone === 'customer' ? account.timeZone : rule.zone);
  const begun = { ...account, allowedUntil: endsAt };
  // It may have begun before, in another zone.
  const amount = rule.amount - allowedIn(account, endsAt);
  if (amount <= 0) return { account: begun, entries: [] };
  const id = allowanceId(account, digitsOf(at));
  const reason = `allowance of ${name}`;
  const grant = { id, amount, unit: plan.unit, at, expiresAt: endsAt, reason, actor: theDesk };
  return grantUnits(begun, grant, recordedAt);
};

const cause = (account: Account, plan: Plan, due: Due, recordedAt: Instant): AccountUnfolding => {
  switch (due.cause) {
    case 'expiry':
      return expire(account, plan, due, recordedAt);
    case 'term':
      return beginTerm(account, plan, due.at, recordedAt);
    case 'month':
      return beginMonth(account, plan, due, recordedAt);
  }
};

/**
 * Everything up to and including `now` that time has caused and nobody wrote down yet, in order, each at its own moment. `most`
 * stops after so many lines, for an account that was left alone for long; settling again goes on from there.
 */
export const settleAccount = (account: Account, plan: Plan, now: Instant, most = Infinity): AccountUnfolding => {
  let settled = account;
  const entries: LedgerEntry[] = [];
  for (let due = soonest(settled, plan, now); due && due.at <= now; due = soonest(settled, plan, now)) {
    const step = cause(settled, plan, due, now);
    settled = step.account;
    entries.push(...step.entries);
    if (entries.length >= most) break;
  }
  return settled === account
    ? { account, entries }
    : { account: { ...settled, version: account.version + 1 }, entries };
};

/** When time will next cause something to an account that was settled, or nothing. It needs no plan: what is due stands on it. */
export const accountDueAt = ({ lots, subscription, allowedUntil }: Account): Instant | undefined =>
  [
    ...lots.flatMap(({ expiresAt, remaining }) => (remaining > 0 && expiresAt !== undefined ? [expiresAt] : [])),
    ...(subscription?.renews ? [subscription.endsAt] : []),
    ...(allowedUntil === undefined ? [] : [allowedUntil]),
  ].toSorted()[0];

/** Whether the account's term has ended and no other follows: then it is entitled to nothing. */
export const hasLapsed = ({ subscription }: Account, now: Instant): boolean =>
  subscription !== undefined && !subscription.renews && subscription.endsAt <= now;
