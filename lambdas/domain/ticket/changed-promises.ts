/**
 * What becomes of a ticket's promises when its priority changes. Raising gives each promise the new span from that moment on, unless
 * it was due sooner: so no deadline is past already and none is later than before (rule EV-06). Lowering gives each the new span
 * from its own beginning, as if the ticket had been opened, or raised, so and no higher; but nothing sooner. Who may change it, and the
 * price, are not decided here.
 */
import { floorToSecond, toMillis, type Instant } from '../time/instant.ts';
import { appliesTo, type TargetRule } from '../plan/plan.ts';
import { isRunning } from './evolve.ts';
import { dueAt, planCounts, ruleFor } from './targets.ts';
import type { Target, Ticket, Withdrawn } from './ticket.ts';
import { isResponse, type Priority, type TargetKind } from '../vocabulary.ts';

/** From least to most pressing; severities count down. */
const ASCENDING: readonly Priority[] = [
  'informational',
  'billing',
  'standard',
  'urgent',
  'emergency',
  'severity-4',
  'severity-3',
  'severity-2',
  'severity-1',
  'normal',
];
/** Whether the one priority is more pressing than the other. */
export const raises = (from: Priority, to: Priority): boolean => ASCENDING.indexOf(to) > ASCENDING.indexOf(from);

const budgetOf = ({ span, calendar, guaranteed }: TargetRule): Pick<Target, 'span' | 'calendar' | 'guaranteed'> => ({
  span,
  calendar,
  ...(guaranteed === false && { guaranteed }),
});

/** The ticket as if a wait for the customer ended now, so that two budgets can be compared while it lasts. */
const asOf = (ticket: Ticket, now: Instant): Ticket => ({
  ...ticket,
  pauses: ticket.pauses.map(({ from, to = now }) => ({ from, to })),
});

/**
 * The promise that a change gives, or one that the ticket had before at that priority or a lower one, where that was sooner and is
 * still to come: to lower a ticket and raise it again, or to raise it and lower it again, gains no time (rule EV-06).
 */
const noLater = (ticket: Ticket, given: Target, to: Priority, at: Instant): Target => {
  const { tier, state } = given;
  const due = (target: Target): Instant => dueAt(asOf(ticket, at), target);
  return (ticket.withdrawn ?? [])
    .filter(({ kind, priority }) => kind === given.kind && !raises(to, priority))
    .map(({ priority: _priority, ...before }): Target => ({ ...before, tier, state }))
    .reduce((soonest, before) => (due(before) >= at && due(before) < due(soonest) ? before : soonest), given);
};

/**
 * From when a lowered promise counts. One that a raise gave counts from the raise, down to what was promised before it; below that, as if
 * the ticket had never been raised.
 */
const beginningOf = (ticket: Ticket, { kind, startedAt }: Target, to: Priority): Instant => {
  const before = (ticket.withdrawn ?? []).filter((promise) => promise.kind === kind);
  if (before.some(({ priority }) => !raises(to, priority))) return startedAt;
  return before.reduce((first, promise) => (promise.startedAt < first ? promise.startedAt : first), startedAt);
};

/** A running promise under the new priority; none where the new priority makes no such promise. */
const carriedOver = (ticket: Ticket, target: Target, to: Priority, at: Instant): Target[] => {
  if (!isRunning(target) || target.kind === 'call-back') return [target];
  const rule = ruleFor(ticket.terms, target.kind, to);
  const raised = raises(ticket.priority, to);
  if (!rule) return raised ? [target] : [];
  const { kind, tier, state } = target;
  const startedAt = raised ? floorToSecond(toMillis(at)) : beginningOf(ticket, target, to);
  const renewed = noLater(ticket, { kind, tier, state, ...budgetOf(rule), startedAt }, to, at);
  const [was, becomes] = [dueAt(asOf(ticket, at), target), dueAt(asOf(ticket, at), renewed)];
  if (raised ? becomes >= was : becomes <= was) return [target];
  return [renewed];
};

/** Whether a promise of this kind stands in the way of a new one: for a raise only one that still runs, or was kept. */
const stands = (ticket: Ticket, kind: TargetKind, to: Priority): boolean =>
  ticket.targets.some(
    (target) =>
      (target.kind === kind || (isResponse(target.kind) && isResponse(kind))) &&
      (!raises(ticket.priority, to) || isRunning(target) || target.state === 'met'),
  );

/**
 * From when a promise counts that the ticket had not. Below the priority that promised nothing it counts from the opening, as if the
 * ticket had been opened so, unless it would be over by then.
 */
const beginningOfNew = (ticket: Ticket, promise: Omit<Target, 'startedAt'>, to: Priority, at: Instant): Instant => {
  const openedAt = floorToSecond(toMillis(ticket.openedAt));
  const isRaise = raises(ticket.priority, to);
  const isOver = dueAt(asOf(ticket, at), { ...promise, startedAt: openedAt }) < at;
  return isRaise || isOver ? floorToSecond(toMillis(at)) : openedAt;
};

/**
 * Promises that the ticket has not, or has no more: a first answer while none was given, a solution while none is planned. Whoever
 * raises a ticket after its promises were missed gets new ones.
 */
const added = (ticket: Ticket, to: Priority, at: Instant): Target[] => {
  const wanted = [
    ...(ticket.answeredAt === undefined ? (['first-response'] as const) : []),
    ...(ticket.plan === undefined || !planCounts(ticket.terms, to) ? (['resolution'] as const) : []),
  ];
  return wanted.flatMap((kind): Target[] => {
    const rule = ruleFor(ticket.terms, kind, to);
    if (!rule || stands(ticket, kind, to)) return [];
    const state = kind === 'resolution' && ticket.status === 'waiting' ? 'paused' : 'running';
    const promise = { kind, tier: ticket.tier, ...budgetOf(rule), state } as const;
    return [noLater(ticket, { ...promise, startedAt: beginningOfNew(ticket, promise, to, at) }, to, at)];
  });
};

/** Every promise of a ticket whose priority becomes another one now. */
export const targetsAt = (ticket: Ticket, to: Priority, at: Instant): Target[] => [
  ...ticket.targets.flatMap((target) => carriedOver(ticket, target, to, at)),
  ...added(ticket, to, at),
];

const nameOf = ({ kind, span, calendar, startedAt, priority }: Withdrawn): string =>
  [kind, span, calendar, startedAt, priority].join(' ');

/**
 * The promises that changes of the priority have taken away, this one among them, as far as they are still to come: kept on the ticket
 * should it be changed again. However often that is, they stay few.
 */
export const withdrawnAt = (ticket: Ticket, to: Priority, targets: readonly Target[], at: Instant): Withdrawn[] => {
  const { priority } = ticket;
  const taken = ticket.targets.filter((target) => isRunning(target) && !targets.includes(target));
  const all: Withdrawn[] = [
    ...(ticket.withdrawn ?? []),
    ...taken.map(({ tier: _tier, state: _state, endedAt: _endedAt, ...promise }) => ({ ...promise, priority })),
  ];
  const toCome = all.filter((promise) => dueAt(asOf(ticket, at), promise) >= at);
  return [...new Map(toCome.map((promise) => [nameOf(promise), promise])).values()];
};

/** Whether a ticket with these targets still has to wait for something that the priority promises. */
export const owesAny = ({ terms }: Ticket, targets: readonly Target[], priority: Priority): boolean =>
  targets.some((target) => isRunning(target) && ruleFor(terms, target.kind, priority));

export const promisesNothing = ({ terms }: Ticket, priority: Priority): boolean =>
  !terms.targets.some((rule) => appliesTo({ priorities: rule.priorities }, { priority }));
