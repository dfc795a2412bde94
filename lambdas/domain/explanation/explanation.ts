/**
 * Why each deadline, charge, credit and escalation of a ticket is what it is, from its timeline alone (rule EV-08). Figures are
 * taken from the record and counted again, never decided here. Messages are not part of it, so no internal note can show.
 */
import { placedBy } from '../account/bookings.ts';
import { unitsIn } from '../ticket/charge.ts';
import { appliesTo } from '../plan/plan.ts';
import { countOf, daysApart, usedBy, type Count } from './count.ts';
import * as words from './explain-words.ts';
import type { Instant } from '../time/instant.ts';
import type { Draw, Placed } from '../account/ledger.ts';
import { promisesIn, type Promised } from './promises.ts';
import { calendarOf, ruleFor } from '../ticket/targets.ts';
import { rulesFor, type Citation, type CitedFor, type Rule } from './rule-book.ts';
import { tellDaysApart, tellWeek } from './telling.ts';
import type { Terms, Ticket } from '../ticket/ticket.ts';
import type { TicketEvent } from '../ticket/ticket-event.ts';
import type { Actor, Channel, Priority, TargetKind, TargetState, Tier, Unit } from '../vocabulary.ts';

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
  /** `false`: an aim that is measured, and no promise. */
  readonly guaranteed?: false;
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
  readonly cause: 'opened' | 'reprioritized' | 'classified';
  readonly amount: number;
  readonly unit: Unit;
  readonly channel: Channel;
  readonly priority: Priority;
  readonly source?: string;
  readonly lots: readonly LotShare[];
}

export interface CreditExplained extends Explained {
  readonly at: Instant;
  readonly recordedAt: Instant;
  readonly amount: number;
  readonly unit: Unit;
  readonly cause: EventOf<'credited'>['cause'];
  /** Whether units came back, or their price goes to the payment card. */
  readonly to: 'units' | 'card';
  /** The promise whose miss earned it. */
  readonly target?: TargetKind;
  /** Where the units are now: the lots they came from, or a new one where those have expired. */
  readonly lots: readonly Placed[];
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

/** The hours of the promise, and those of single days that lie in its time. */
const tellCalendar = (terms: Terms, name: string, count: Count) => {
  const calendar = calendarOf(terms, name);
  return { name, zone: calendar.zone, hours: `${tellWeek(calendar)}${tellDaysApart(daysApart(calendar, count))}` };
};

const explainDeadline = (
  { target, ticket, priority, replacedAt }: Promised,
  book: readonly Rule[],
): DeadlineExplained => {
  const { terms } = ticket;
  const count = countOf(ticket, target);
  const rule = ruleFor(terms, target.kind, priority);
  const told = {
    kind: target.kind,
    tier: target.tier,
    priority,
    state: target.state,
    span: target.span,
    ...(target.guaranteed === false && { guaranteed: target.guaranteed }),
    ...(rule && { source: rule.source }),
    calendar: tellCalendar(terms, target.calendar, count),
    count,
    ...(target.endedAt !== undefined && { endedAt: target.endedAt }),
    ...(target.state === 'met' &&
      target.endedAt !== undefined && { usedSeconds: usedBy(ticket, target, target.endedAt) }),
    ...(replacedAt !== undefined && { replacedAt }),
    rules: rulesFor(book, [target.kind], { planId: terms.planId, priority }),
  };
  return { ...told, sentences: words.deadlineSentences(told, terms, ticket.pauses.length > 0) };
};

const shareOf = ({ lotId, amount, expiresAt }: Draw): LotShare => ({
  lotId,
  amount,
  ...(expiresAt !== undefined && { expiresAt }),
});

type Charging = Pick<ChargeExplained, 'at' | 'cause' | 'amount' | 'priority'> & { readonly draws: readonly Draw[] };

const explainCharge = (
  { draws, ...charging }: Charging,
  { terms, channel, charge }: Ticket,
  book: readonly Rule[],
): ChargeExplained => {
  const { priority } = charging;
  const price = terms.charges.find((rule) => appliesTo(rule, { channel, priority }));
  const told = {
    ...charging,
    unit: charge.unit,
    channel,
    ...(price && { source: price.source }),
    lots: draws.map(shareOf),
    rules: rulesFor(book, ['charge'], { planId: terms.planId, priority }),
  };
  return { ...told, sentences: words.chargeSentences(told, terms) };
};

/** An event, and how pressing its ticket was once it had happened. */
interface Lived<Event extends TicketEvent = TicketEvent> {
  readonly event: Event;
  readonly priority: Priority;
}

const livedOf = (timeline: readonly TicketEvent[], { priority: last }: Ticket): Lived[] => {
  let priority = last;
  return timeline.map((event) => {
    if (event.type === 'opened') ({ priority } = event);
    if (event.type === 'reprioritized') priority = event.to;
    return { event, priority };
  });
};

/** Every time units were taken: at the opening, for a higher priority, or because a manager found it chargeable after all. */
const chargingIn = ({ event, priority }: Lived): Charging[] => {
  const { type: cause, at } = event;
  if (cause === 'opened') {
    return [{ at, cause, amount: event.charge.amount, priority, draws: event.charge.draws }];
  }
  if ((cause !== 'reprioritized' && cause !== 'classified') || event.drawn.length === 0) return [];
  return [{ at, cause, amount: unitsIn(event.drawn), priority, draws: event.drawn }];
};

type Crediting = Pick<CreditExplained, 'cause' | 'to' | 'target' | 'amount' | 'lots'>;

/** What an event gave back: units to their lots, or a request that the billing system refunds a card. */
const givenBackBy = (event: TicketEvent): Crediting | undefined => {
  if (event.type === 'credited') {
    const { cause, target, amount } = event;
    return { cause, to: 'units', amount, lots: placedBy(event), ...(target && { target }) };
  }
  if (event.type !== 'classified' || event.returnedTo !== 'card' || event.returned === 0) return undefined;
  return { cause: 'classified', to: 'card', amount: event.returned, lots: [] };
};

/** What the rules are cited for that explain why units came back; a ticket's finding stands in the event before its credit. */
const reasonsOf = (
  { cause }: Crediting,
  { actor }: TicketEvent,
  finding: EventOf<'classified'> | undefined,
): readonly CitedFor[] => {
  switch (cause) {
    case 'miss':
      return ['credit'];
    case 'reprioritized':
      // What the customer lowers is no demotion: the customer sets the priority.
      return actor.role === 'customer' ? ['refund'] : ['refund', 'demotion'];
    case 'classified':
      return ['refund', ...(finding ? [finding.as] : [])];
  }
};

const explainCredit = (
  { event, priority }: Lived,
  { ticket, finding, book }: { ticket: Ticket; finding: EventOf<'classified'> | undefined; book: readonly Rule[] },
): CreditExplained[] => {
  const given = givenBackBy(event);
  if (!given) return [];
  const told = {
    at: event.at,
    recordedAt: event.recordedAt,
    ...given,
    unit: ticket.charge.unit,
    rules: rulesFor(book, reasonsOf(given, event, finding), { planId: ticket.terms.planId, priority }),
  };
  return [{ ...told, sentences: words.creditSentences(told, ticket.terms) }];
};

const explainEscalation = (
  { event, priority }: Lived<EventOf<'escalated'>>,
  missed: EventOf<'missed'> | undefined,
  ticket: Ticket,
  book: readonly Rule[],
): EscalationExplained => {
  const { at, from, to, reason, actor } = event;
  const byItself = event.cause === 'miss';
  const about = { planId: ticket.terms.planId, priority };
  const told = {
    at,
    from,
    to,
    reason,
    by: { role: actor.role, ...(actor.tier && { tier: actor.tier }) },
    ...(byItself && missed && { target: missed.target }),
    rules: rulesFor(book, [byItself ? 'missed-answer' : 'hand-over'], about),
  };
  return { ...told, sentences: words.escalationSentences(told, ticket.terms) };
};

/** Explains a ticket from its whole timeline, citing the rules of the book. Throws where the timeline does not replay. */
export const explain = (timeline: readonly TicketEvent[], book: readonly Rule[]): Explanation => {
  const { ticket, promises } = promisesIn(timeline);
  const { planId, planVersion, timeZone } = ticket.terms;
  const lived = livedOf(timeline, ticket);
  const lastBefore = <Type extends TicketEvent['type']>(type: Type, { seq }: TicketEvent) =>
    timeline.findLast((event): event is EventOf<Type> => event.type === type && event.seq <= seq);
  return {
    ticketId: ticket.ticketId,
    planId,
    planVersion,
    timeZone,
    deadlines: promises.map((one) => explainDeadline(one, book)),
    charges: lived.flatMap(chargingIn).map((one) => explainCharge(one, ticket, book)),
    credits: lived.flatMap((one) => explainCredit(one, { ticket, book, finding: lastBefore('classified', one.event) })),
    escalations: lived.flatMap(({ event, priority }) =>
      event.type === 'escalated'
        ? [explainEscalation({ event, priority }, lastBefore('missed', event), ticket, book)]
        : [],
    ),
  };
};
