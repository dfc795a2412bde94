/**
 * Why each deadline, charge, credit and escalation of a ticket is what it is, from its timeline alone (rule EV-08). Figures are
 * taken from the record and counted again, never decided here. Messages are not part of it, so no internal note can show.
 */
import { appliesTo, type ChargeRule } from './plan.ts';
import { countOf, openSecondsBetween, type Count } from './count.ts';
import * as words from './explain-words.ts';
import type { Instant } from './instant.ts';
import type { Draw } from './ledger.ts';
import { promisesIn, type Promised } from './promises.ts';
import { rulesFor, type Citation, type Rule } from './rule-book.ts';
import { tellWeek } from './telling.ts';
import type { Terms, Ticket } from './ticket.ts';
import type { TicketEvent } from './ticket-event.ts';
import type { Actor, Channel, Priority, TargetKind, TargetState, Tier, Unit } from './vocabulary.ts';

interface Explained {
  /** The published rules behind it. */
  readonly rules: readonly Citation[];
  readonly sentences: readonly string[];
}

export interface DeadlineExplained extends Explained {
  readonly kind: TargetKind;
  readonly tier: Tier;
  readonly priority: Priority;
  readonly state: TargetState;
  readonly span: string;
  /** The published document that the figure was read from. */
  readonly source?: string;
  readonly calendar: { readonly name: string; readonly zone: string; readonly hours: string };
  readonly count: Count;
  readonly endedAt?: Instant;
  /** Counted time from the start to the moment at which the promise was kept. */
  readonly usedSeconds?: number;
  readonly replacedAt?: Instant;
}

type LotShare = Pick<Draw, 'lotId' | 'amount' | 'expiresAt'>;

export interface ChargeExplained extends Explained {
  readonly at: Instant;
  readonly amount: number;
  readonly unit: Unit;
  readonly channel: Channel;
  readonly priority: Priority;
  /** Why units were taken: the opening, a raised priority, or a finding that was overruled. */
  readonly cause: 'opened' | 'reprioritized' | 'classified';
  readonly source?: string;
  readonly lots: readonly LotShare[];
}

export interface CreditExplained extends Explained {
  readonly at: Instant;
  readonly recordedAt: Instant;
  readonly amount: number;
  readonly unit: Unit;
  readonly cause: 'miss' | 'reprioritized' | 'classified';
  /** The promise whose miss earned it. */
  readonly target?: TargetKind;
  readonly charged: number;
  readonly lots: readonly LotShare[];
}

export interface EscalationExplained extends Explained {
  readonly at: Instant;
  readonly from: Tier;
  readonly to: Tier;
  readonly reason: string;
  /** Role and tier only. */
  readonly by: Pick<Actor, 'role' | 'tier'>;
  /** The missed promise that caused it; absent where a person handed it over. */
  readonly target?: TargetKind;
}

export interface Explanation {
  readonly ticketId: string;
  readonly planId: string;
  readonly planVersion: number;
  /** The customer's zone, in which the sentences tell every time. */
  readonly timeZone: string;
  readonly deadlines: readonly DeadlineExplained[];
  readonly charges: readonly ChargeExplained[];
  readonly credits: readonly CreditExplained[];
  readonly escalations: readonly EscalationExplained[];
}

type EventOf<Type extends TicketEvent['type']> = Extract<TicketEvent, { type: Type }>;

const calendarOf = (terms: Terms, name: string) => {
  const calendar = terms.calendars[name];
  if (!calendar) throw new Error(`the ticket's terms have no calendar ${name}`);
  return { calendar, told: { name, zone: calendar.zone, hours: tellWeek(calendar) } };
};

/** Counted time up to a moment within the count, its pauses taken out. */
const usedBy = ({ calendar }: ReturnType<typeof calendarOf>, count: Count, at: Instant): number => {
  const open = openSecondsBetween(calendar, count.startedAt, at);
  const paused = count.pauses.reduce(
    (sum, { from, to }) => sum + openSecondsBetween(calendar, from, to < at ? to : at),
    0,
  );
  return Math.round((open - paused) * 1000) / 1000;
};

const explainDeadline = (
  { target, ticket, priority, replacedAt }: Promised,
  book: readonly Rule[],
): DeadlineExplained => {
  const { terms } = ticket;
  const calendar = calendarOf(terms, target.calendar);
  const count = countOf(ticket, target);
  const rule = terms.targets.find(
    (one) =>
      one.kind === (target.kind === 'escalation' ? 'first-response' : target.kind) &&
      appliesTo({ priorities: one.priorities }, { priority }),
  );
  const told = {
    kind: target.kind,
    tier: target.tier,
    priority,
    state: target.state,
    span: target.span,
    ...(rule && { source: rule.source }),
    calendar: calendar.told,
    count,
    ...(target.endedAt !== undefined && { endedAt: target.endedAt }),
    ...(target.state === 'met' &&
      target.endedAt !== undefined && { usedSeconds: usedBy(calendar, count, target.endedAt) }),
    ...(replacedAt !== undefined && { replacedAt }),
    rules: rulesFor(book, target.kind, { planId: terms.planId, priority }),
  };
  return { ...told, sentences: words.deadlineSentences(told, terms, ticket.pauses.length > 0) };
};

const shareOf = ({ lotId, amount, expiresAt }: Draw): LotShare => ({
  lotId,
  amount,
  ...(expiresAt !== undefined && { expiresAt }),
});

const priceIn = (charges: readonly ChargeRule[], event: EventOf<'opened'>): ChargeRule | undefined =>
  charges.find((rule) => appliesTo(rule, event));

const explainCharge = (event: EventOf<'opened'>, book: readonly Rule[]): ChargeExplained => {
  const { at, terms, charge, channel, priority } = event;
  const price = priceIn(terms.charges, event);
  const told = {
    at,
    amount: charge.amount,
    unit: charge.unit,
    channel,
    priority,
    cause: 'opened' as const,
    ...(price && { source: price.source }),
    lots: charge.draws.map(shareOf),
    rules: rulesFor(book, 'charge', { planId: terms.planId, priority }),
  };
  return { ...told, sentences: words.chargeSentences(told, terms) };
};

/** Units that were taken later, for a higher priority or because a finding was overruled. */
const explainLaterCharge = (
  event: EventOf<'reprioritized' | 'classified'>,
  ticket: Ticket,
  book: readonly Rule[],
): ChargeExplained[] => {
  if (event.drawn.length === 0) return [];
  const { planId } = ticket.terms;
  const priority = event.type === 'reprioritized' ? event.to : ticket.priority;
  const about = { planId, priority };
  const told = {
    at: event.at,
    amount: event.drawn.reduce((sum, { amount }) => sum + amount, 0),
    unit: ticket.charge.unit,
    channel: ticket.channel,
    priority,
    cause: event.type,
    lots: event.drawn.map(shareOf),
    rules: [...rulesFor(book, 'charge', about), ...rulesFor(book, event.type, about)],
  };
  return [{ ...told, sentences: words.chargeSentences(told, ticket.terms) }];
};

const chargesOf = (event: TicketEvent, ticket: Ticket, book: readonly Rule[]): ChargeExplained[] => {
  if (event.type === 'opened') return [explainCharge(event, book)];
  return event.type === 'reprioritized' || event.type === 'classified' ? explainLaterCharge(event, ticket, book) : [];
};

const explainCredit = (event: EventOf<'credited'>, ticket: Ticket, book: readonly Rule[]): CreditExplained => {
  const { at, recordedAt, amount, unit, cause, target, draws } = event;
  const about = { planId: ticket.terms.planId, priority: ticket.priority };
  const told = {
    at,
    recordedAt,
    amount,
    unit,
    cause,
    ...(target && { target }),
    charged: Math.max(amount, ticket.charge.amount),
    lots: draws.map(shareOf),
    rules: [...rulesFor(book, cause === 'miss' ? 'make-good' : cause, about), ...rulesFor(book, 'credit', about)],
  };
  return { ...told, sentences: words.creditSentences(told, ticket.terms) };
};

const explainEscalation = (
  event: EventOf<'escalated'>,
  missed: EventOf<'missed'> | undefined,
  ticket: Ticket,
  book: readonly Rule[],
): EscalationExplained => {
  const { at, from, to, reason, actor } = event;
  const byItself = actor.role === 'desk';
  const about = { planId: ticket.terms.planId, priority: ticket.priority };
  const told = {
    at,
    from,
    to,
    reason,
    by: { role: actor.role, ...(actor.tier && { tier: actor.tier }) },
    ...(byItself && missed && { target: missed.target }),
    rules: rulesFor(book, byItself ? 'missed-answer' : 'hand-over', about),
  };
  return { ...told, sentences: words.escalationSentences(told, ticket.terms) };
};

/** Explains a ticket from its whole timeline, citing the rules of the book. Throws where the timeline does not replay. */
export const explain = (timeline: readonly TicketEvent[], book: readonly Rule[]): Explanation => {
  const { ticket, promises } = promisesIn(timeline);
  const { planId, planVersion, timeZone } = ticket.terms;
  const missedBefore = (seq: number) =>
    timeline.findLast((event): event is EventOf<'missed'> => event.type === 'missed' && event.seq < seq);
  return {
    ticketId: ticket.ticketId,
    planId,
    planVersion,
    timeZone,
    deadlines: promises.map((one) => explainDeadline(one, book)),
    charges: timeline.flatMap((event) => chargesOf(event, ticket, book)),
    credits: timeline.flatMap((event) => (event.type === 'credited' ? [explainCredit(event, ticket, book)] : [])),
    escalations: timeline.flatMap((event) =>
      event.type === 'escalated' ? [explainEscalation(event, missedBefore(event.seq), ticket, book)] : [],
    ),
  };
};
