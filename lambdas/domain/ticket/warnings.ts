/**
 * When a tier is warned that an answer will soon be late: at three quarters of a response span, once for each span. The warning
 * lies within the hours of the promise's own calendar, because it is a mail to people who work in those hours. It changes no
 * promise and is worth no unit.
 */
import { addBusinessTime, businessTimeBetween, isOpenAt } from '../business-time.ts';
import type { Calendar } from '../time/calendar.ts';
import { fromMillis, toMillis, type Instant } from '../time/instant.ts';

/** The part of the span after which there is still time to answer. */
const WARN_AFTER = 0.75;
/** A timer rings a second late and a mail needs a moment: a warning this close to closing time waits for the next opening. */
const CLOSING_MILLIS = 60_000;

/** The first moment from `at` on at which the calendar is open and stays so for a minute. */
const withinHours = (calendar: Calendar, at: Instant): Instant => {
  const soon = fromMillis(toMillis(at) + CLOSING_MILLIS);
  if (isOpenAt(calendar, at) && isOpenAt(calendar, soon)) return at;
  return addBusinessTime(calendar, isOpenAt(calendar, at) ? soon : at, 'PT0S');
};

/** The moment to warn at, between start and deadline; nothing where the span is too short to leave one. */
export const warningAt = (
  calendar: Calendar,
  {
    startedAt,
    deadline,
    closures,
  }: Readonly<Record<'startedAt' | 'deadline', Instant>> & { closures: readonly { from: Instant; to: Instant }[] },
): Instant | undefined => {
  const whole = businessTimeBetween(calendar, startedAt, deadline, closures);
  const seconds = Math.floor(whole * WARN_AFTER);
  const at = withinHours(calendar, addBusinessTime(calendar, startedAt, { unit: 'seconds', seconds }, closures));
  return at < deadline ? at : undefined;
};
