/**
 * When a ticket's promises fall due. A deadline is derived from the target's budget, its start and the pauses, on the calendar
 * that the ticket carries; the soonest thing that time alone will cause is the ticket's next deadline, and the queue sorts by it.
 */
import { addBusinessTime } from './business-time.ts';
import { floorToSecond, fromMillis, toMillis, type Instant } from './instant.ts';
import { appliesTo, type TargetRule } from './plan.ts';
import type { Pause, Target, Terms, Ticket } from './ticket.ts';
import type { TargetKind, Tier } from './vocabulary.ts';

/** Calendar days after which a resolved ticket closes by itself. */
export const AUTO_CLOSE_DAYS = 7;
const MILLIS_A_DAY = 86_400_000;

/** The calendar of a promise; terms and targets are written together, so a missing one is a damaged record. */
const calendarOf = (terms: Terms, name: string) => {
  const calendar = terms.calendars[name];
  if (!calendar) throw new Error(`the ticket's terms have no calendar ${name}`);
  return calendar;
};

/** A response is owed while the desk waits for the customer, too: only the resolution clock stops (rule EV-02). */
export const stopsWhileWaiting = (kind: TargetKind): boolean => kind === 'resolution';

const ended = (pauses: readonly Pause[]): { from: Instant; to: Instant }[] =>
  pauses.flatMap(({ from, to }) => (to === undefined ? [] : [{ from, to }]));

/** The moment by which a promise is to be kept, or nothing while its clock stands still. */
export const deadlineOf = (
  ticket: Pick<Ticket, 'terms' | 'pauses'>,
  target: Pick<Target, 'kind' | 'span' | 'calendar' | 'startedAt' | 'state'>,
): Instant | undefined =>
  target.state === 'paused'
    ? undefined
    : addBusinessTime(
        calendarOf(ticket.terms, target.calendar),
        target.startedAt,
        target.span,
        stopsWhileWaiting(target.kind) ? ended(ticket.pauses) : [],
      );

/**
 * The promises that a ticket of this priority begins with. They run from the whole second in which it was opened, so that every
 * deadline is a whole second; what people do is compared with it by the millisecond.
 */
export const targetsAtOpening = (
  rules: readonly TargetRule[],
  ticket: { priority: string; tier: Tier; openedAt: Instant },
): Target[] =>
  rules
    .filter((rule) => appliesTo({ priorities: rule.priorities }, ticket))
    .map(({ kind, span, calendar, guaranteed }) => ({
      kind,
      span,
      calendar,
      ...(guaranteed === false && { guaranteed }),
      tier: ticket.tier,
      startedAt: floorToSecond(toMillis(ticket.openedAt)),
      state: 'running',
    }));

/** What time alone will cause next: a miss of one of the targets, or the closing of a resolved ticket. */
export type NextDeadline =
  | { readonly at: Instant; readonly cause: 'miss'; readonly target: Target }
  | { readonly at: Instant; readonly cause: 'close' };

/** The soonest thing that time alone will cause, or nothing while the ticket waits for people. */
export const nextDeadline = (ticket: Ticket): NextDeadline | undefined => {
  if (ticket.status === 'resolved' && ticket.resolvedAt !== undefined) {
    return { at: fromMillis(toMillis(ticket.resolvedAt) + AUTO_CLOSE_DAYS * MILLIS_A_DAY), cause: 'close' };
  }
  if (ticket.status !== 'open' && ticket.status !== 'waiting') return undefined;
  let soonest: NextDeadline | undefined;
  for (const target of ticket.targets) {
    const at = target.state === 'running' ? deadlineOf(ticket, target) : undefined;
    if (at !== undefined && (soonest === undefined || at < soonest.at)) soonest = { at, cause: 'miss', target };
  }
  return soonest;
};
