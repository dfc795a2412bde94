/**
 * When an account is due its monthly report by mail: from the beginning of the first working day of the month, on the account's
 * own clock and with the holidays of its region. Whether it was sent already is not known here, so a late run still sends it.
 */
import type { Account } from '../account/account.ts';
import type { Instant } from '../time/instant.ts';
import { dayOf, daysAfter, firstWorkingDay, monthBefore, monthBounds, monthNameOf } from '../time/month.ts';
import type { HolidaysOf } from '../opening/opening.ts';
import type { Plan } from '../plan/plan.ts';

/** A desk that was down at the start of a month still sends its reports this many days late; later ones are asked for. */
const LATEST_DAYS = 7;
/** Weekends and public holidays in a row never hold up a month's first working day beyond this day. */
const LATEST_FIRST = 8;

/**
 * Whether any account at all can be due at `now`: never in the second half of a month, in any zone. The first working day comes
 * within a week, and the days of grace after it; a day on either side covers the zones.
 */
export const mayBeDue = (now: Instant): boolean => {
  const day = Number(now.slice(8, 10));
  return day <= LATEST_FIRST + LATEST_DAYS + 1 || day >= 28;
};

/** The month that a report is due for at `now`, or nothing: not yet, too late, not promised, or no customer in all of that month. */
export const reportDue = (
  { timeZone, region, createdAt, subscription }: Pick<Account, 'timeZone' | 'region' | 'createdAt' | 'subscription'>,
  { monthlyReport }: Pick<Plan, 'monthlyReport'>,
  now: Instant,
  holidaysOf: HolidaysOf,
): string | undefined => {
  if (monthlyReport !== true) return undefined;
  const present = monthNameOf(now, timeZone);
  const year = Number(present.slice(0, 4));
  const first = firstWorkingDay(present, holidaysOf(region, year, year));
  const today = dayOf(now, timeZone);
  if (today < first || today > daysAfter(first, LATEST_DAYS)) return undefined;
  const month = monthBefore(present);
  const { from, to } = monthBounds(month, timeZone);
  const ended = subscription !== undefined && !subscription.renews && subscription.endsAt <= from;
  return createdAt < to && !ended ? month : undefined;
};
