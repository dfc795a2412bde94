/**
 * When an account's people are told about their units before anything goes wrong: that too few are left for another ticket, and that
 * some will expire. Each notice belongs to one opening, or to one lot and threshold, and is given once for it.
 */
import { chargeOf, type Plan } from '../plan/plan.ts';
import { MILLIS_A_DAY, fromMillis, toMillis, type Instant } from '../time/instant.ts';
import type { Account } from './account.ts';
import { grantRule, hasLapsed } from './account-settle.ts';
import type { Lot } from './ledger.ts';

/** What a ticket of the plan's usual kind costs: its default priority, by a written channel. 0: nothing, or it has no price. */
export const usualCharge = ({ charges, channels, defaultPriority }: Plan): number => {
  const channel = channels.find((one) => one !== 'phone') ?? 'phone';
  return chargeOf(charges, { channel, priority: defaultPriority }) ?? 0;
};

/**
 * When units come next without being bought: with the next month, or with a term that renews by itself. `plan` is the one that they are
 * for; to an add-on none come.
 */
export const nextUnitsAt = (
  { allowedUntil, subscription }: Pick<Account, 'allowedUntil' | 'subscription'>,
  plan: Plan,
): Instant | undefined => {
  if (plan.addOnTo) return undefined;
  const renewsAt = subscription?.renews && grantRule(plan, 'term') ? subscription.endsAt : undefined;
  // A plan that granted units each month, or each term, may do so no more.
  const monthEndsAt = grantRule(plan, 'calendar-month') ? allowedUntil : undefined;
  return [monthEndsAt, renewsAt].filter((at) => at !== undefined).toSorted()[0];
};

export interface BalanceNotice {
  readonly left: number;
  /** What a ticket usually costs, which is more. */
  readonly usual: number;
}

/**
 * What to say after an opening that took `amount` units and left `left`: that too few are left for another ticket of the usual kind.
 * It is said by the one opening that crosses the line, so never again until units came that lift the account above it: bought,
 * granted, or given back. `plan` is the one that the ticket was opened under, the account's own or one of its add-ons.
 */
export const balanceNotice = (
  { left, amount }: { readonly left: number; readonly amount: number },
  plan: Plan,
): BalanceNotice | undefined => {
  const usual = usualCharge(plan);
  return left < usual && usual <= left + amount ? { left, usual } : undefined;
};

/** Days before units expire at which it is told: time to plan with them, and a last word. */
const EXPIRY_NOTICE_DAYS = [30, 7] as const;
/** For so many days after its moment a notice is still given: a daily run may fail, and later the next notice is nearer. */
const NOTICE_WINDOW_DAYS = 3;
/** An allowance that comes again each month is no loss to warn of each month. A month of 31 days may have an hour more. */
const LONGEST_ALLOWANCE_DAYS = 32;

export interface ExpiryNotice {
  readonly lot: Lot & { readonly expiresAt: Instant };
  /** How many days before the end it is given. */
  readonly days: (typeof EXPIRY_NOTICE_DAYS)[number];
  /** The account's term has ended, and with it what the units were for. */
  readonly lapsed: boolean;
}

const isAllowance = ({ source, acquiredAt }: Lot, expiresAt: Instant): boolean =>
  source === 'grant' && toMillis(expiresAt) - toMillis(acquiredAt) <= LONGEST_ALLOWANCE_DAYS * MILLIS_A_DAY;

/** The notices that are to be given at `now` of units that will expire. Units that were acquired after a notice's moment need none. */
export const expiryNotices = (account: Account, now: Instant): ExpiryNotice[] =>
  account.lots.flatMap((lot) => {
    const { expiresAt, remaining, acquiredAt } = lot;
    if (expiresAt === undefined || remaining === 0 || now >= expiresAt || isAllowance(lot, expiresAt)) return [];
    return EXPIRY_NOTICE_DAYS.flatMap((days) => {
      const from = fromMillis(toMillis(expiresAt) - days * MILLIS_A_DAY);
      const to = fromMillis(toMillis(from) + NOTICE_WINDOW_DAYS * MILLIS_A_DAY);
      return acquiredAt < from && from <= now && now < to
        ? [{ lot: { ...lot, expiresAt }, days, lapsed: hasLapsed(account, now) }]
        : [];
    });
  });

/** Nothing that expires later than this can be told of at `now`. */
export const expiryHorizon = (now: Instant): Instant =>
  fromMillis(toMillis(now) + EXPIRY_NOTICE_DAYS[0] * MILLIS_A_DAY);
