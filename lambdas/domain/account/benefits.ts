/**
 * What comes with a plan besides tickets: how much of it a period holds, how much was used, and when there will be more. Periods
 * are counted from the day on which the subscription, or else the account, began.
 */
import type { Account } from './account.ts';
import { hasLapsed } from './account-settle.ts';
import { fromMillis, toMillis, type Instant } from '../time/instant.ts';
import { dayOf } from '../time/month.ts';
import { periodAt } from '../time/periods.ts';
import type { Plan } from '../plan/plan.ts';
import type { BenefitRule } from '../plan/plan-rules.ts';
import { refuse, type Refusal } from '../refusal.ts';

export interface Benefit {
  readonly benefit: string;
  /** How many the present period holds. */
  readonly included: BenefitRule['amount'];
  readonly used: number;
  readonly left: BenefitRule['amount'];
  readonly from: Instant;
  /** When the next period begins. */
  readonly to: Instant;
}

const periodOf = (account: Account, { per }: BenefitRule, at: Instant): { from: Instant; to: Instant } =>
  periodAt(account.subscription?.startedAt ?? account.createdAt, per, at, account.timeZone);

const standingOf = (account: Account, rule: BenefitRule, now: Instant): Benefit => {
  const { benefit, amount } = rule;
  const { from, to } = periodOf(account, rule, now);
  const used = account.redeemed?.find((one) => one.benefit === benefit && one.from === from)?.used ?? 0;
  const included = hasLapsed(account, now) ? 0 : amount;
  return {
    benefit,
    included,
    used,
    left: included === 'unlimited' ? included : Math.max(included - used, 0),
    from,
    to,
  };
};

/** Every benefit of the plan as it stands at `now`. */
export const benefitsOf = (account: Account, plan: Plan, now: Instant): Benefit[] =>
  plan.benefits.map((rule) => standingOf(account, rule, now));

/** Uses a benefit once, or says why it can't be used and when there will be more (rule SX-19). */
export const redeem = (
  account: Account,
  plan: Plan,
  benefit: string,
  now: Instant,
): { ok: true; account: Account } | { ok: false; refusal: Refusal } => {
  if (account.subscription && hasLapsed(account, now)) {
    const { endsAt: endedAt } = account.subscription;
    const ended = `The term of the account’s plan ended on ${dayOf(endedAt, account.timeZone)}, and its benefits with it.`;
    return refuse('not-entitled', ended, { endedAt });
  }
  const standings = benefitsOf(account, plan, now);
  const standing = standings.find((one) => one.benefit === benefit);
  if (!standing || standing.included === 0) {
    return refuse('not-entitled', `The plan ${plan.name} does not include ${benefit}.`, {
      benefits: standings.filter(({ included }) => included !== 0).map((one) => one.benefit),
    });
  }
  if (standing.left === 0) {
    const until = dayOf(standing.to, account.timeZone);
    return refuse(
      'not-entitled',
      `The plan’s ${benefit} is used up (${String(standing.used)}); there is more on ${until}.`,
      {
        used: standing.used,
        availableAt: standing.to,
      },
    );
  }
  const others = (account.redeemed ?? []).filter((one) => one.benefit !== benefit);
  const redeemed = [...others, { benefit, from: standing.from, used: standing.used + 1 }];
  return { ok: true, account: { ...account, redeemed } };
};

/**
 * The account in another zone, with what it used of its benefits. There a period may begin an hour or some days earlier or later: its
 * middle tells which one it is.
 */
export const inZone = (account: Account, plan: Plan, timeZone: string): Account => {
  const moved = { ...account, timeZone };
  const redeemed = account.redeemed?.map((one) => {
    const rule = plan.benefits.find(({ benefit }) => benefit === one.benefit);
    if (!rule) return one;
    const { from, to } = periodOf(account, rule, one.from);
    const middle = fromMillis(Math.floor((toMillis(from) + toMillis(to)) / 2));
    return from === one.from ? { ...one, from: periodOf(moved, rule, middle).from } : one;
  });
  return redeemed ? { ...moved, redeemed } : moved;
};
