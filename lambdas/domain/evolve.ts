/**
 * How each event changes a ticket. Replaying a timeline from its `opened` event gives the stored ticket, field by field; nothing
 * else changes a ticket.
 */
import type { Instant } from './instant.ts';
import { stopsWhileWaiting } from './targets.ts';
import type { Target, Ticket } from './ticket.ts';
import type { TicketEvent } from './ticket-event.ts';
import type { TargetKind, TargetState } from './vocabulary.ts';

type EventOf<Type extends TicketEvent['type']> = Extract<TicketEvent, { type: Type }>;

const opened = (event: EventOf<'opened'>): Ticket => {
  const { type: _type, seq, at, recordedAt: _recordedAt, actor: _actor, ...facts } = event;
  return { ...facts, version: seq, status: 'open', openedAt: at, changedAt: at, credited: 0, pauses: [] };
};

/** Ends the running promises of these kinds; a promise that is over stays as it ended. */
const end = (
  targets: readonly Target[],
  kinds: readonly TargetKind[],
  state: 'met' | 'missed',
  endedAt: Instant,
): Target[] =>
  targets.map((target) =>
    kinds.includes(target.kind) && (target.state === 'running' || target.state === 'paused')
      ? { ...target, state, endedAt }
      : target,
  );

const turn = (targets: readonly Target[], from: TargetState, to: TargetState): Target[] =>
  targets.map((target) =>
    stopsWhileWaiting(target.kind) && target.state === from ? { ...target, state: to } : target,
  );

const answered = (ticket: Ticket, event: EventOf<'answered'>): Ticket => {
  const { unansweredSince: _since, ...rest } = ticket;
  return { ...rest, answeredAt: event.at, targets: end(ticket.targets, event.met, 'met', event.at) };
};

const missed = (ticket: Ticket, event: EventOf<'missed'>): Ticket => ({
  ...ticket,
  targets: end(ticket.targets, [event.target], 'missed', event.deadline),
  ...(event.tellsManagers && { unansweredSince: event.at }),
});

const escalated = (ticket: Ticket, event: EventOf<'escalated'>): Ticket => {
  const { to: tier, span, calendar, at: startedAt } = event;
  return {
    ...ticket,
    tier,
    targets: [...ticket.targets, { kind: 'escalation', tier, span, calendar, startedAt, state: 'running' }],
  };
};

const resumed = (ticket: Ticket, at: Instant): Ticket => ({
  ...ticket,
  status: 'open',
  pauses: ticket.pauses.map((pause) => (pause.to === undefined ? { ...pause, to: at } : pause)),
  targets: turn(ticket.targets, 'paused', 'running'),
});

const resolved = (ticket: Ticket, at: Instant): Ticket => {
  const running = ticket.status === 'waiting' ? resumed(ticket, at) : ticket;
  return { ...running, status: 'resolved', resolvedAt: at, targets: end(running.targets, ['resolution'], 'met', at) };
};

const reopened = (ticket: Ticket): Ticket => {
  const { resolvedAt: _resolvedAt, ...rest } = ticket;
  return { ...rest, status: 'open' };
};

/** Promises that still ran when a customer closed the ticket stand still from then on: neither kept nor broken. */
const closed = (ticket: Ticket, at: Instant): Ticket => ({
  ...ticket,
  status: 'closed',
  closedAt: at,
  targets: ticket.targets.map((target) =>
    target.endedAt === undefined ? { ...target, state: 'paused', endedAt: at } : target,
  ),
});

const applied = (ticket: Ticket, event: Exclude<TicketEvent, { type: 'opened' }>): Ticket => {
  switch (event.type) {
    case 'message':
      return ticket;
    case 'answered':
      return answered(ticket, event);
    case 'missed':
      return missed(ticket, event);
    case 'credited':
      return { ...ticket, credited: ticket.credited + event.amount };
    case 'escalated':
      return escalated(ticket, event);
    case 'assigned':
      return { ...ticket, assignee: event.engineer };
    case 'paused':
      return {
        ...ticket,
        status: 'waiting',
        pauses: [...ticket.pauses, { from: event.at }],
        targets: turn(ticket.targets, 'running', 'paused'),
      };
    case 'resumed':
      return resumed(ticket, event.at);
    case 'planned':
      return {
        ...ticket,
        plan: { summary: event.summary, expectedBy: event.expectedBy },
        targets: end(ticket.targets, ['resolution'], 'met', event.at),
      };
    case 'resolved':
      return resolved(ticket, event.at);
    case 'reopened':
      return reopened(ticket);
    case 'closed':
      return closed(ticket, event.at);
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
