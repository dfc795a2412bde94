/**
 * How each event changes a ticket. Replaying a timeline from its `opened` event gives the stored ticket, field by field; nothing
 * else changes a ticket. What an event does to the charge stands in `charge.ts`.
 */
import * as charge from './charge.ts';
import { floorToSecond, toMillis, type Instant } from '../time/instant.ts';
import { planCounts, stopsWhileWaiting } from './targets.ts';
import type { Target, Ticket } from './ticket.ts';
import type { TicketEvent } from './ticket-event.ts';
import type { TargetKind, TargetState } from '../vocabulary.ts';

type EventOf<Type extends TicketEvent['type']> = Extract<TicketEvent, { type: Type }>;

const opened = (event: EventOf<'opened'>): Ticket => {
  const { type: _type, seq, at, recordedAt: _recordedAt, actor: _actor, left: _left, ...facts } = event;
  const { followers = [] } = event;
  const opening = { version: seq, status: 'open', openedAt: at, changedAt: at } as const;
  return { ...facts, ...opening, followers, credited: 0, pauses: [], closures: [] };
};

/** A promise that is still to be kept, though its clock may stand still. */
export const isRunning = ({ state, endedAt }: Target): boolean =>
  state === 'running' || (state === 'paused' && endedAt === undefined);

/** Ends the running promises of these kinds; a promise that is over stays as it ended. */
const end = (
  targets: readonly Target[],
  kinds: readonly TargetKind[],
  state: 'met' | 'missed',
  endedAt: Instant,
): Target[] =>
  targets.map((target) => (kinds.includes(target.kind) && isRunning(target) ? { ...target, state, endedAt } : target));

const turn = (targets: readonly Target[], from: TargetState, to: TargetState): Target[] =>
  targets.map((target) =>
    stopsWhileWaiting(target.kind) && target.state === from ? { ...target, state: to } : target,
  );

/** The first answer stays the first, whatever later answers and calls keep. */
const answered = (ticket: Ticket, event: EventOf<'answered'>): Ticket => {
  const { unansweredSince: _since, ...rest } = ticket;
  return {
    ...rest,
    answeredAt: ticket.answeredAt ?? event.at,
    targets: end(ticket.targets, event.met, 'met', event.at),
  };
};

const warned = (ticket: Ticket, event: EventOf<'warned'>): Ticket => ({
  ...ticket,
  targets: ticket.targets.map((target) =>
    target.kind === event.target && isRunning(target) ? { ...target, warnedAt: event.at } : target,
  ),
});

const missed = (ticket: Ticket, event: EventOf<'missed'>): Ticket => ({
  ...ticket,
  targets: end(ticket.targets, [event.target], 'missed', event.deadline),
  ...(event.tellsManagers && { unansweredSince: event.at }),
});

/** After a miss a span starts again at the new tier, the one that the event names; by hand the new tier takes over the span that runs. */
const escalated = (ticket: Ticket, { to: tier, again, at: startedAt }: EventOf<'escalated'>): Ticket => ({
  ...ticket,
  tier,
  targets: again
    ? [...ticket.targets, { kind: 'escalation', tier, ...again, startedAt, state: 'running' }]
    : ticket.targets.map((target) => (isRunning(target) ? { ...target, tier } : target)),
});

const paused = (ticket: Ticket, at: Instant): Ticket => ({
  ...ticket,
  status: 'waiting',
  pauses: [...ticket.pauses, { from: at }],
  targets: turn(ticket.targets, 'running', 'paused'),
});

const endPauses = (pauses: Ticket['pauses'], at: Instant): Ticket['pauses'] =>
  pauses.map((pause) => (pause.to === undefined ? { ...pause, to: at } : pause));

const resumed = (ticket: Ticket, at: Instant): Ticket => ({
  ...ticket,
  status: 'open',
  pauses: endPauses(ticket.pauses, at),
  targets: turn(ticket.targets, 'paused', 'running'),
});

const resolved = (ticket: Ticket, at: Instant): Ticket => {
  const running = ticket.status === 'waiting' ? resumed(ticket, at) : ticket;
  return { ...running, status: 'resolved', resolvedAt: at, targets: end(running.targets, ['resolution'], 'met', at) };
};

/**
 * A reopened ticket's clocks go on where they stood, as if the time since it was resolved or closed had not been: a resolution
 * that turned out to be none is owed again within its old budget. What was missed, or kept by a plan, stays as it ended.
 */
const reopened = (ticket: Ticket, at: Instant): Ticket => {
  const { resolvedAt, closedAt, ...rest } = ticket;
  const isPlanned = ticket.plan !== undefined && planCounts(ticket.terms, ticket.priority);
  const goesOn = ({ kind, state, endedAt }: Target): boolean =>
    endedAt !== undefined &&
    (state === 'paused' || (kind === 'resolution' && state === 'met' && endedAt === resolvedAt && !isPlanned));
  const running = ({ endedAt: _endedAt, ...target }: Target): Target => ({ ...target, state: 'running' });
  return {
    ...rest,
    status: 'open',
    targets: ticket.targets.map((target) => (goesOn(target) ? running(target) : target)),
    pauses: [...endPauses(ticket.pauses, at), ...(resolvedAt === undefined ? [] : [{ from: resolvedAt, to: at }])],
    closures: [...ticket.closures, ...(closedAt === undefined ? [] : [{ from: closedAt, to: at }])],
  };
};

/** Promises that still ran when a ticket ended stand still from then on: neither kept nor broken. */
const standStill = (targets: readonly Target[], at: Instant): Target[] =>
  targets.map((target) => (target.endedAt === undefined ? { ...target, state: 'paused', endedAt: at } : target));

const closed = (ticket: Ticket, at: Instant): Ticket => ({
  ...ticket,
  status: 'closed',
  closedAt: at,
  targets: standStill(ticket.targets, at),
});

const classified = (ticket: Ticket, event: EventOf<'classified'>): Ticket => {
  const { as, actor: by, reason, at } = event;
  const before = as === 'chargeable' ? undefined : ticket.classification;
  const judged: Ticket = {
    ...charge.classified(ticket, event),
    classification: {
      as,
      by,
      returned: (before?.returned ?? 0) + event.returned,
      returnedTo: event.returned === 0 && before ? before.returnedTo : event.returnedTo,
      ...(reason !== undefined && { reason }),
    },
  };
  return as === 'declined' ? { ...judged, status: 'declined', targets: standStill(ticket.targets, at) } : judged;
};

const reprioritized = (ticket: Ticket, event: EventOf<'reprioritized'>): Ticket => ({
  ...charge.reprioritized(ticket, event),
  priority: event.to,
  targets: event.targets,
  ...(event.withdrawn && { withdrawn: event.withdrawn }),
});

const callBackRequested = (ticket: Ticket, event: EventOf<'call-back-requested'>): Ticket => {
  const { phone, span, calendar, at } = event;
  const target: Target = {
    kind: 'call-back',
    tier: ticket.tier,
    span,
    calendar,
    startedAt: floorToSecond(toMillis(at)),
    state: 'running',
  };
  return { ...ticket, callBack: { phone, requestedAt: at }, targets: [...ticket.targets, target] };
};

const calledBack = (ticket: Ticket, madeAt: Instant): Ticket =>
  ticket.callBack ? { ...ticket, callBack: { ...ticket.callBack, madeAt } } : ticket;

const withFollowers = (ticket: Ticket, followers: readonly string[] | undefined): Ticket =>
  followers ? { ...ticket, followers: [...ticket.followers, ...followers] } : ticket;

const rated = (ticket: Ticket, { score, comment, at }: EventOf<'rated'>): Ticket => ({
  ...ticket,
  rating: { score, ...(comment !== undefined && { comment }), at },
});

/** What people did to the ticket. */
const acted = (
  ticket: Ticket,
  event: Exclude<TicketEvent, { type: 'opened' | 'warned' | 'missed' | 'credited' }>,
): Ticket => {
  switch (event.type) {
    case 'message':
      return withFollowers(event.calledBack ? calledBack(ticket, event.at) : ticket, event.followers);
    case 'contact-erased':
      return withFollowers(ticket, event.followers);
    case 'answered':
      return answered(ticket, event);
    case 'escalated':
      return escalated(ticket, event);
    case 'assigned':
      return { ...ticket, assignee: event.engineer };
    case 'paused':
      return paused(ticket, event.at);
    case 'resumed':
      return resumed(ticket, event.at);
    case 'planned':
      return {
        ...ticket,
        plan: { summary: event.summary, expectedBy: event.expectedBy },
        targets: planCounts(ticket.terms, ticket.priority)
          ? end(ticket.targets, ['resolution'], 'met', event.at)
          : ticket.targets,
      };
    case 'resolved':
      return resolved(ticket, event.at);
    case 'reopened':
      return withFollowers(reopened(ticket, event.at), event.followers);
    case 'closed':
      return closed(ticket, event.at);
    case 'reprioritized':
      return reprioritized(ticket, event);
    case 'classified':
      return classified(ticket, event);
    case 'split':
      return { ...ticket, splitInto: [...(ticket.splitInto ?? []), ...event.tickets.map(({ ticketId }) => ticketId)] };
    case 'call-back-requested':
      return callBackRequested(ticket, event);
    case 'rated':
      return rated(ticket, event);
    case 'split-quoted':
    case 'mail-failed':
      return ticket;
  }
};

const applied = (ticket: Ticket, event: Exclude<TicketEvent, { type: 'opened' }>): Ticket => {
  switch (event.type) {
    case 'warned':
      return warned(ticket, event);
    case 'missed':
      return missed(ticket, event);
    case 'credited':
      return charge.credited(ticket, event);
    default:
      return acted(ticket, event);
  }
};

/** The ticket after one more event. The first event of a timeline is `opened`, and no other is. */
export const evolve = (ticket: Ticket | undefined, event: TicketEvent): Ticket => {
  if (event.type === 'opened') {
    if (ticket) throw new Error(`${event.ticketId} was opened already`);
    return opened(event);
  }
  if (!ticket) throw new Error(`the timeline of ${event.ticketId} does not begin with its opening`);
  if (event.seq !== ticket.version + 1)
    throw new Error(`event ${String(event.seq)} does not follow ${String(ticket.version)}`);
  return { ...applied(ticket, event), version: event.seq, changedAt: event.at };
};

/** The ticket that a whole timeline gives. */
export const replay = (events: readonly TicketEvent[]): Ticket | undefined =>
  events.reduce<Ticket | undefined>(evolve, undefined);
