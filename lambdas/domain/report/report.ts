/**
 * The monthly service report of an account, as figures: what was reported, how each promise was kept, who took part, what was
 * used and what came back (rule AX-10). It counts what the records say; how a page or a mail looks is decided elsewhere.
 */
import { contactWith, type Account } from '../account/account.ts';
import { ERASED, isErased } from '../account/erased.ts';
import { countOf, usedBy } from '../explanation/count.ts';
import { toMillis, type Instant } from '../time/instant.ts';
import type { LedgerEntry } from '../account/ledger.ts';
import { addOnUnits, ownUnits } from '../account/on-hand.ts';
import { dayOf, monthBounds } from '../time/month.ts';
import { parseSpan } from '../time/span.ts';
import { isOpen, type Target, type Ticket } from '../ticket/ticket.ts';
import type { TicketEvent } from '../ticket/ticket-event.ts';
import type { Actor, Channel, Priority, TargetState, Tier, TicketStatus, Unit } from '../vocabulary.ts';

/** How long something took, beside what was promised for it. */
export interface Performance {
  readonly at: Instant | null;
  /** Time it took: of the promise's calendar where there is a promise, else elapsed. Null while it is not done. */
  readonly seconds: number | null;
  /** There was a promise, and the ticket ended before it was due. */
  readonly moot?: true;
  readonly promise: {
    readonly state: TargetState;
    readonly deadline: Instant | null;
    /** The promised time on the promise's calendar; null while the clock stands still. */
    readonly seconds: number | null;
    /** Where it was promised in business days, how many: how much time of the calendar these hold depends on the moment of the start. */
    readonly businessDays?: number;
    /** When a plan kept it (rule LX-15); what the promise is about may have taken longer. */
    readonly plannedAt?: Instant;
  } | null;
}

/** Somebody who took part. Customers read this, so an engineer is named without an address. */
export interface Person {
  readonly name: string;
  readonly role: 'contact' | 'engineer' | 'manager';
  readonly tier?: Tier;
}

export interface Incident {
  readonly ticketId: string;
  readonly subject: string;
  readonly priority: Priority;
  readonly channel: Channel;
  readonly status: TicketStatus;
  readonly openedAt: Instant;
  readonly answer: Performance;
  readonly solution: Performance;
  readonly charged: number;
  readonly credited: number;
  /** Units whose price went back to a payment card, where some did; they did not come back to the account. */
  readonly refunded?: number;
  readonly people: readonly Person[];
  readonly rating?: { readonly score: number; readonly comment?: string };
}

/** How many promises of a kind were kept, missed, or are still open; and tickets that had none, or ended before it was due. */
export interface Kept {
  readonly kept: number;
  readonly missed: number;
  readonly open: number;
  readonly withoutPromise: number;
}

export interface ServiceReport {
  readonly accountId: string;
  readonly name: string;
  readonly month: string;
  readonly timeZone: string;
  readonly from: Instant;
  readonly to: Instant;
  /** When the figures were taken; a report of a month that still runs is not complete. */
  readonly madeAt: Instant;
  readonly complete: boolean;
  /** Opened in the month, oldest first. All counts but that of ratings are of these. */
  readonly incidents: readonly Incident[];
  /** Opened before the month, and open or rated in it, oldest first: how long they took, no report before could say. */
  readonly earlier: readonly Incident[];
  /** There were more incidents than a report lists; the counts are of those listed. */
  readonly truncated: boolean;
  readonly byPriority: readonly { readonly priority: Priority; readonly incidents: number }[];
  readonly answers: Kept;
  readonly solutions: Kept;
  readonly units: {
    readonly unit: Unit;
    readonly used: number;
    readonly credited: number;
    /** Units that can be spent at `madeAt`, on tickets of the account's own plan. */
    readonly left: number;
    /** Tickets of the account's own plan cost nothing, however many they are. */
    readonly unlimited?: true;
    /** The same for each add-on of its plan, and each other one that it has had units of; they pay for its tickets only. */
    readonly addOns?: readonly { readonly planId: string; readonly left: number }[];
    /** Local days on which units were used or credited. */
    readonly days: readonly { readonly on: string; readonly used: number; readonly credited: number }[];
  };
  /** Of the ratings given in the month. */
  readonly satisfaction: { readonly average: number | null; readonly ratings: number };
  readonly manager?: { readonly name: string };
}

export interface ToldTicket {
  readonly ticket: Ticket;
  readonly timeline: readonly TicketEvent[];
}

export interface ReportInput {
  /** As it stands at `now`: what time has caused to it is applied already. */
  readonly account: Account;
  readonly unit: Unit;
  /** Tickets of the account's own plan cost nothing. */
  readonly unlimited?: boolean;
  /** The add-ons of the plan that it is on. */
  readonly addOns: readonly string[];
  readonly month: string;
  readonly now: Instant;
  /** The tickets opened in the month, oldest first. */
  readonly tickets: readonly ToldTicket[];
  /** Those opened before that it is for as well (`isForMonth`), oldest first. */
  readonly earlier: readonly ToldTicket[];
  readonly truncated: boolean;
  /** The ledger's lines of the month. */
  readonly entries: readonly LedgerEntry[];
}

/** A resolution that was kept at another moment than that of the solution, or without one, was kept by a plan. */
const plannedAt = ({ plan, resolvedAt }: Ticket, { kind, state, endedAt }: Target): Instant | undefined =>
  kind === 'resolution' && state === 'met' && plan !== undefined && endedAt !== resolvedAt ? endedAt : undefined;

/** A promise that still stands on a ticket which has ended is owed to nobody: it was declined, or closed before anybody answered. */
const isMoot = ({ status }: Ticket, { state }: Target): boolean =>
  (status === 'closed' || status === 'declined') && (state === 'running' || state === 'paused');

/** The promise that a ticket is judged by: one that was broken stays broken, whatever was promised after it. */
const judgedBy = ({ targets }: Ticket, kind: 'first-response' | 'resolution'): Target | undefined =>
  targets.find((one) => one.kind === kind && one.state === 'missed') ?? targets.findLast((one) => one.kind === kind);

const performance = (ticket: Ticket, kind: 'first-response' | 'resolution', at: Instant | undefined): Performance => {
  const target = judgedBy(ticket, kind);
  const elapsed = at === undefined ? null : (toMillis(at) - toMillis(ticket.openedAt)) / 1000;
  if (!target) return { at: at ?? null, seconds: elapsed, promise: null };
  if (isMoot(ticket, target)) return { at: at ?? null, seconds: elapsed, moot: true, promise: null };
  const { deadline, countedSeconds } = countOf(ticket, target);
  const planned = plannedAt(ticket, target);
  const span = parseSpan(target.span);
  return {
    at: at ?? null,
    seconds: at === undefined ? null : usedBy(ticket, target, at),
    promise: {
      state: target.state,
      deadline,
      seconds: deadline === null ? null : countedSeconds,
      ...(span.unit === 'business-days' && { businessDays: span.days }),
      ...(planned !== undefined && { plannedAt: planned }),
    },
  };
};

const nameOf = (address: string | undefined): string => address?.split('@')[0] ?? 'unknown';

const personOf = (account: Account, { role, email, tier }: Actor): Person | undefined => {
  if (role === 'desk') return undefined;
  if (role === 'customer') {
    const gone = email !== undefined && isErased(email);
    return { name: gone ? ERASED : (contactWith(account, email)?.name ?? nameOf(email)), role: 'contact' };
  }
  return { name: nameOf(email), role, ...(tier && { tier }) };
};

/** Everybody who did something for the ticket that the customer may know of. Internal notes name nobody, nor does an erasure. */
const peopleIn = (account: Account, ticket: Ticket, timeline: readonly TicketEvent[]): Person[] => {
  const told = timeline.filter(
    (event) => event.type !== 'contact-erased' && (event.type !== 'message' || event.visibility === 'public'),
  );
  const people = told.flatMap(({ actor }) => personOf(account, actor) ?? []);
  const all: Person[] = [{ name: ticket.contact.name, role: 'contact' }, ...people];
  return [...new Map(all.map((one) => [`${one.role} ${one.name}`, one])).values()];
};

const incidentOf = (account: Account, { ticket, timeline }: ToldTicket): Incident => {
  const { ticketId, subject, priority, channel, status, openedAt, charge, credited, rating, classification } = ticket;
  const refunded = classification?.returnedTo === 'card' ? classification.returned : 0;
  return {
    ticketId,
    subject,
    priority,
    channel,
    status,
    openedAt,
    answer: performance(ticket, 'first-response', ticket.answeredAt),
    solution: performance(ticket, 'resolution', ticket.resolvedAt),
    charged: charge.amount,
    credited: credited - refunded,
    ...(refunded > 0 && { refunded }),
    people: peopleIn(account, ticket, timeline),
    ...(rating && {
      rating: { score: rating.score, ...(rating.comment !== undefined && { comment: rating.comment }) },
    }),
  };
};

const keptOf = (performances: readonly Performance[]): Kept => {
  const inState = (...states: TargetState[]) =>
    performances.filter(({ promise }) => promise !== null && states.includes(promise.state)).length;
  return {
    kept: inState('met'),
    missed: inState('missed'),
    open: inState('running', 'paused'),
    withoutPromise: performances.filter(({ promise }) => promise === null).length,
  };
};

const prioritiesOf = (incidents: readonly Incident[]): ServiceReport['byPriority'] => {
  const counts = new Map<Priority, number>();
  for (const { priority } of incidents) counts.set(priority, (counts.get(priority) ?? 0) + 1);
  return [...counts].map(([priority, count]) => ({ priority, incidents: count }));
};

const sumOf = (entries: readonly LedgerEntry[], kind: LedgerEntry['kind']): number =>
  entries.filter((entry) => entry.kind === kind).reduce((sum, { amount }) => sum + amount, 0);

const unitsOf = ({
  account,
  unit,
  unlimited = false,
  addOns: ofPlan,
  entries,
  now,
}: ReportInput): ServiceReport['units'] => {
  const localDay = ({ at }: LedgerEntry) => dayOf(at, account.timeZone);
  const moved = entries.filter(({ kind }) => kind === 'charge' || kind === 'credit');
  const days = [...new Set(moved.map(localDay))].toSorted().map((on) => {
    const today = moved.filter((entry) => localDay(entry) === on);
    return { on, used: sumOf(today, 'charge'), credited: sumOf(today, 'credit') };
  });
  const addOns = addOnUnits(account, ofPlan, now).map(({ planId, available: left }) => ({ planId, left }));
  return {
    ...{ unit, used: sumOf(moved, 'charge'), credited: sumOf(moved, 'credit') },
    left: ownUnits(account, now),
    ...(unlimited && { unlimited }),
    ...(addOns.length > 0 && { addOns }),
    days,
  };
};

/**
 * Whether the report of a month is for a ticket that was opened before it: one that was open in the month, or rated in it. Neither a stretch
 * between closing and reopening that holds all of the month is, nor what came after the month.
 */
export const isForMonth = (ticket: Ticket, { from, to }: { readonly from: Instant; readonly to: Instant }): boolean => {
  // A declined ticket does not say since when it is; what happened to it last is no earlier.
  const { changedAt, closedAt = changedAt, closures, rating } = ticket;
  if (rating && rating.at >= from && rating.at < to) return true;
  const endedAt = isOpen(ticket) ? undefined : closedAt;
  const wasClosed = closures.some((closure) => closure.from < from && closure.to >= to);
  return !wasClosed && (endedAt === undefined || endedAt >= from);
};

const satisfactionOf = (tickets: readonly ToldTicket[], from: Instant, to: Instant): ServiceReport['satisfaction'] => {
  const scores = tickets.flatMap(({ ticket: { rating } }) =>
    rating && rating.at >= from && rating.at < to ? [rating.score] : [],
  );
  const total = scores.reduce((sum, score) => sum + score, 0);
  return {
    average: scores.length === 0 ? null : Math.round((total / scores.length) * 100) / 100,
    ratings: scores.length,
  };
};

/** The report of one month, from the records as they stand at `now`. */
export const reportOf = (input: ReportInput): ServiceReport => {
  const { account, month, now, tickets, earlier, truncated } = input;
  const { from, to } = monthBounds(month, account.timeZone);
  const incidents = tickets.map((one) => incidentOf(account, one));
  return {
    accountId: account.accountId,
    name: account.name,
    month,
    timeZone: account.timeZone,
    from,
    to,
    madeAt: now,
    complete: now >= to,
    incidents,
    earlier: earlier.map((one) => incidentOf(account, one)),
    truncated,
    byPriority: prioritiesOf(incidents),
    answers: keptOf(incidents.map(({ answer }) => answer)),
    solutions: keptOf(incidents.map(({ solution }) => solution)),
    units: unitsOf(input),
    satisfaction: satisfactionOf([...earlier, ...tickets], from, to),
    ...(account.facts?.tam && { manager: { name: account.facts.tam.name } }),
  };
};
