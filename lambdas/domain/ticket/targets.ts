/**
 * When a ticket's promises fall due. A deadline is derived from the target's budget, its start and the pauses, on the calendar
 * that the ticket carries; the soonest thing that time alone will cause is the ticket's next deadline, and the queue sorts by it.
 */
import { addBusinessTime } from '../business-time.ts';
import type { Calendar } from '../time/calendar.ts';
import { MILLIS_A_DAY, floorToSecond, fromMillis, laterOf, toMillis, type Instant } from '../time/instant.ts';
import { appliesTo, type TargetRule } from '../plan/plan.ts';
import type { Pause, Target, Terms, Ticket } from './ticket.ts';
import { isResponse, type Priority, type TargetKind, type Tier } from '../vocabulary.ts';
import { warningAt } from './warnings.ts';

/** Calendar days after which a resolved ticket closes by itself. */
export const AUTO_CLOSE_DAYS = 7;

/** The calendar of a promise; terms and targets are written together, so a missing one is a damaged record. */
export const calendarOf = ({ calendars }: Pick<Terms, 'calendars'>, name: string): Calendar => {
  const calendar = calendars[name];
  if (!calendar) throw new Error(`the ticket's terms have no calendar ${name}`);
  return calendar;
};

/** A response is owed while the desk waits for the customer, too: only the resolution clock stops (rule EV-02). */
export const stopsWhileWaiting = (kind: TargetKind): boolean => kind === 'resolution';

/** What a deadline is derived from, beside the target itself. A quote has no pauses and no closures. */
type Counted = Pick<Ticket, 'terms' | 'pauses'> & Partial<Pick<Ticket, 'closures'>>;
type Budget = Pick<Target, 'kind' | 'span' | 'calendar' | 'startedAt' | 'endedAt'>;

/**
 * The stretches that a promise's clock leaves out: those in which the ticket was closed, and for a resolution the waits. What comes
 * after a promise's end is none of its time, so a wait in which a plan was recorded counts up to the plan. A wait that has no end yet
 * moves the deadline of no promise that is still to be kept.
 */
export const uncounted = (
  { pauses, closures = [] }: Omit<Counted, 'terms'>,
  { kind, endedAt }: Pick<Target, 'kind' | 'endedAt'>,
): { from: Instant; to: Instant }[] => {
  const stretches: readonly Pause[] = stopsWhileWaiting(kind) ? [...pauses, ...closures] : closures;
  return stretches.flatMap(({ from, to }) => {
    const until = endedAt !== undefined && (to === undefined || endedAt < to) ? endedAt : to;
    return until === undefined || until <= from ? [] : [{ from, to: until }];
  });
};

/**
 * The moment at which a promise's budget is used up, as far as the pauses are known now. A moment that lies in a stretch which its
 * clock left out can't be missed then, so it is the end of that stretch: a pause that begins outside hours, or at the deadline
 * itself, has no open time to move the deadline by.
 */
export const dueAt = (ticket: Counted, target: Budget): Instant => {
  const stretches = uncounted(ticket, target);
  const usedUp = addBusinessTime(calendarOf(ticket.terms, target.calendar), target.startedAt, target.span, stretches);
  return stretches
    .toSorted((a, b) => (a.from < b.from ? -1 : 1))
    .reduce((due, { from, to }) => (from <= due && due < to ? to : due), usedUp);
};

/** The moment by which a promise is to be kept, or nothing while its clock stands still. */
export const deadlineOf = (ticket: Counted, target: Budget & Pick<Target, 'state'>): Instant | undefined =>
  target.state === 'paused' ? undefined : dueAt(ticket, target);

/** What the terms promise of a kind at a priority; an answer that is overdue is promised like the first one. */
export const ruleFor = (
  { targets }: Pick<Terms, 'targets'>,
  kind: TargetKind,
  priority: Priority,
): TargetRule | undefined => {
  const promised = isResponse(kind) ? 'first-response' : kind;
  return targets.find((rule) => rule.kind === promised && appliesTo({ priorities: rule.priorities }, { priority }));
};

/** Whether a recorded plan keeps the resolution that the terms promise at a priority, or at any (rule LX-15). */
export const planCounts = ({ targets }: Pick<Terms, 'targets'>, priority?: Priority): boolean =>
  targets.every(
    (rule) =>
      rule.kind !== 'resolution' ||
      rule.planCounts !== false ||
      (priority !== undefined && !appliesTo({ priorities: rule.priorities }, { priority })),
  );

/**
 * The promises that a ticket of this priority begins with. They run from the whole second in which it was opened, so their deadlines
 * are whole seconds too, until a clock stands still: a wait or a closing takes out exactly what it lasted, to the millisecond. What
 * people do is compared with a deadline by the millisecond.
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

/** Whether the customer waits for a call, in time or not. */
export const owesCall = ({ targets, callBack }: Pick<Ticket, 'targets' | 'callBack'>): boolean => {
  const state = targets.findLast(({ kind }) => kind === 'call-back')?.state;
  return state === 'running' || (state === 'missed' && callBack?.madeAt === undefined);
};

/**
 * Since when the oldest broken promise waits to be made good: nobody has answered or called, or the problem is not solved. Nothing where
 * the next word is the customer's.
 */
export const overdueSince = (ticket: Ticket): Instant | undefined => {
  if (ticket.status !== 'open' && ticket.status !== 'waiting') return undefined;
  const isUnanswered = ticket.unansweredSince !== undefined || ticket.answeredAt === undefined;
  const isOwed = (kind: TargetKind): boolean => {
    if (isResponse(kind)) return isUnanswered;
    return kind === 'call-back' ? owesCall(ticket) : ticket.status === 'open';
  };
  const broken = ticket.targets.flatMap(({ kind, state, endedAt }) =>
    state === 'missed' && endedAt !== undefined && isOwed(kind) ? [endedAt] : [],
  );
  return broken.toSorted()[0];
};

/** What time alone will cause next, the warnings included: what the ticket's clock rings for. */
export type NextWake = NextDeadline | { readonly at: Instant; readonly cause: 'warn'; readonly target: Target };

const warningOf = (ticket: Ticket, target: Target): Instant | undefined => {
  if (!isResponse(target.kind) || target.state !== 'running') return undefined;
  if (target.warnedAt !== undefined || target.guaranteed === false) return undefined;
  const { startedAt } = target;
  const deadline = dueAt(ticket, target);
  const { closures, changedAt } = ticket;
  const at = warningAt(calendarOf(ticket.terms, target.calendar), { startedAt, deadline, closures });
  // A promise that was made tighter may have its warning behind it: it is due now, and a timeline never goes back.
  const due = at === undefined ? undefined : laterOf(at, changedAt);
  return due !== undefined && due < deadline ? due : undefined;
};

/**
 * The soonest thing that wakes the ticket's clock. The queue sorts by `nextDeadline` instead: a ticket that is about to be
 * warned of is not due before one that was warned of already.
 */
export const nextWake = (ticket: Ticket): NextWake | undefined => {
  let soonest: NextWake | undefined = nextDeadline(ticket);
  if (ticket.status !== 'open' && ticket.status !== 'waiting') return soonest;
  for (const target of ticket.targets) {
    const at = warningOf(ticket, target);
    if (at !== undefined && (soonest === undefined || at < soonest.at)) soonest = { at, cause: 'warn', target };
  }
  return soonest;
};
