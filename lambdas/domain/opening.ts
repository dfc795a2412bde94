/**
 * Opening a ticket: who may, what it costs and what it promises. A quote and an opening are the same assessment, so a quote never
 * says anything else than what opening at that moment would give (rule EV-07).
 */
import { administratorsOf, contactWith, type Account, type Contact } from './account.ts';
import type { Calendar } from './calendar.ts';
import { evolve } from './evolve.ts';
import type { Instant } from './instant.ts';
import { availableAt, drawUnits, type LedgerEntry } from './ledger.ts';
import { chargeOf, type Plan, type PlanCalendar } from './plan.ts';
import { refuse, type Refusal } from './refusal.ts';
import { deadlineOf, targetsAtOpening } from './targets.ts';
import type { Charge, Target, Terms, Ticket } from './ticket.ts';
import type { TicketEvent } from './ticket-event.ts';
import type { Actor, Channel, Priority, TargetKind, Tier, Unit } from './vocabulary.ts';

/** What somebody wants help with. Everything a rule reads is decided from this, the account and the plan. */
export interface OpeningRequest {
  readonly subject: string;
  readonly description: string;
  readonly priority?: Priority | undefined;
  readonly channel: Channel;
  readonly category?: string | undefined;
  /** The person it is for, where somebody else opens it (an engineer on the phone). */
  readonly contact?: string | undefined;
}

/** The public holidays of a region, as ISO days, from the first to the last year named. */
export type HolidaysOf = (region: string, fromYear: number, toYear: number) => readonly string[];

/** A ticket carries the holidays of the year it is opened in and of this many years after it. */
const HOLIDAY_YEARS = 3;

export interface OpeningContext {
  readonly account: Account;
  readonly plan: Plan;
  readonly actor: Actor;
  readonly now: Instant;
  readonly holidaysOf: HolidaysOf;
}

/** What opening at this moment costs and promises. */
export interface Offer {
  readonly priority: Priority;
  readonly tier: Tier;
  readonly charge: { readonly unit: Unit; readonly amount: number };
  readonly targets: readonly Target[];
  readonly deadlines: readonly { kind: TargetKind; deadline: Instant }[];
  readonly terms: Terms;
}

/** An offer, with what stands against taking it now; or no offer at all, where the plan has none for such a request. */
export type Assessment =
  | { readonly ok: true; readonly offer: Offer; readonly contact?: Contact; readonly refusal?: Refusal }
  | { readonly ok: false; readonly refusal: Refusal };

const FIRST_TIER: Tier = 'TS1';

const calendarFor = (calendar: PlanCalendar, { account, now, holidaysOf }: OpeningContext): Calendar => {
  const region = calendar.holidays === 'region' ? account.region : calendar.holidays;
  const year = Number(now.slice(0, 4));
  return {
    zone: calendar.zone === 'customer' ? account.timeZone : calendar.zone,
    weekly: calendar.weekly,
    holidays: calendar.holidays === 'none' ? [] : [...holidaysOf(region, year, year + HOLIDAY_YEARS)],
  };
};

/** The copy of the plan's promises that a ticket keeps, with the calendars made concrete for this customer. */
const termsFor = (context: OpeningContext): Terms => {
  const { account, plan } = context;
  const calendars = Object.entries(plan.calendars).map(([name, one]) => [name, calendarFor(one, context)] as const);
  return {
    planId: plan.planId,
    planVersion: plan.version,
    unit: plan.unit,
    timeZone: account.timeZone,
    charges: plan.charges,
    targets: plan.targets,
    calendars: Object.fromEntries(calendars),
    makeGood: plan.makeGood,
  };
};

/** The contact that a ticket is for: the customer who asks, or the one whom an engineer names. */
const contactFor = ({ account, actor }: OpeningContext, request: OpeningRequest): Contact | undefined =>
  actor.role === 'customer'
    ? contactWith(account, actor.email)
    : request.contact === undefined
      ? administratorsOf(account)[0]
      : contactWith(account, request.contact);

const refusalOf = (
  { account, plan, actor }: OpeningContext,
  request: OpeningRequest,
  contact: Contact | undefined,
): Refusal | undefined => {
  if (actor.role === 'engineer' && request.channel !== 'phone') {
    return refuse(
      'forbidden',
      'Engineers open tickets for calls only: say `channel` phone, or let the customer open it.',
    ).refusal;
  }
  if (actor.role === 'customer' && request.contact !== undefined && contact?.email !== request.contact.toLowerCase()) {
    return refuse('validation', 'A customer opens tickets in their own name: leave `contact` out.').refusal;
  }
  if (!contact) {
    return refuse(
      'not-entitled',
      'Tickets are opened for a contact of the account, and this address is not one of them.',
      {
        contacts: actor.role === 'customer' ? undefined : account.contacts.map(({ email }) => email),
      },
    ).refusal;
  }
  if (plan.openers === 'administrators' && contact.role !== 'administrator') {
    return refuse('not-entitled', `Only account administrators open tickets under the plan ${plan.name}.`, {
      administrators: administratorsOf(account).map(({ email }) => email),
    }).refusal;
  }
  if (!plan.channels.includes(request.channel)) {
    return refuse('not-entitled', `The plan ${plan.name} does not include tickets opened by ${request.channel}.`, {
      channels: plan.channels,
    }).refusal;
  }
  return undefined;
};

/** What to buy: the packs that make up for what is missing, all packs where it takes several, or else the exact amount. */
const remedies = ({ purchases: { packs } }: Plan, missing: number): { packs?: number[]; amount?: number } => {
  if (!packs) return { amount: missing };
  const enough = packs.filter((pack) => pack >= missing);
  return { packs: enough.length > 0 ? enough : packs };
};

const unitsOf = (amount: number, unit: Unit): string => `${String(amount)} ${unit}${amount === 1 ? '' : 's'}`;

const shortOf = ({ account, plan, now }: OpeningContext, amount: number): Refusal | undefined => {
  const available = availableAt(account.lots, now);
  const missing = amount - available;
  if (missing <= 0) return undefined;
  const sentence = `This ticket costs ${unitsOf(amount, plan.unit)}; ${String(available)} on hand, ${String(missing)} missing.`;
  const facts = { unit: plan.unit, required: amount, available, missing, ...remedies(plan, missing) };
  return refuse('insufficient-credit', sentence, facts).refusal;
};

/** What this request would cost and promise at this moment, and whether anything stands against it. */
export const assess = (context: OpeningContext, request: OpeningRequest): Assessment => {
  const { plan, now } = context;
  const priority = request.priority ?? plan.defaultPriority;
  if (!plan.priorities.includes(priority)) {
    return refuse('validation', `The plan ${plan.name} has no priority ${priority}.`, { priorities: plan.priorities });
  }
  const amount = chargeOf(plan.charges, { channel: request.channel, priority });
  const contact = contactFor(context, request);
  const against = refusalOf(context, request, contact);
  if (amount === undefined) {
    return against
      ? { ok: false, refusal: against }
      : refuse('not-entitled', `The plan ${plan.name} has no price for such a ticket.`);
  }
  const terms = termsFor(context);
  const targets = targetsAtOpening(plan.targets, { priority, tier: FIRST_TIER, openedAt: now });
  const deadlines = targets.flatMap((target) => {
    const deadline = deadlineOf({ terms, pauses: [] }, target);
    return deadline === undefined ? [] : [{ kind: target.kind, deadline }];
  });
  const offer: Offer = { priority, tier: FIRST_TIER, charge: { unit: plan.unit, amount }, targets, deadlines, terms };
  const refusal = against ?? shortOf(context, amount);
  return { ok: true, offer, ...(contact && { contact }), ...(refusal && { refusal }) };
};

export type Opening =
  | {
      readonly ok: true;
      readonly ticket: Ticket;
      readonly events: readonly [TicketEvent];
      readonly account: Account;
      readonly entries: readonly LedgerEntry[];
    }
  | { readonly ok: false; readonly refusal: Refusal };

/** Opens a ticket: its first event, the units drawn, and the line in the ledger (rules SX-10, EV-04). */
export const open = (context: OpeningContext, request: OpeningRequest, ticketId: string): Opening => {
  const assessment = assess(context, request);
  if (!assessment.ok) return assessment;
  if (assessment.refusal) return { ok: false, refusal: assessment.refusal };
  const { account, now } = context;
  const { offer, contact } = assessment;
  const drawn = drawUnits(account.lots, offer.charge.amount, now);
  if (!drawn.ok || !contact) throw new Error('an assessment without a refusal has its units and its contact');
  const charge: Charge = { ...offer.charge, draws: drawn.draws };
  const event = openedEvent(context, request, { ticketId, offer, contact, charge });
  return {
    ok: true,
    ticket: evolve(undefined, event),
    events: [event],
    account: charge.amount === 0 ? account : { ...account, version: account.version + 1, lots: drawn.lots },
    entries: charge.amount === 0 ? [] : [chargeEntry(account.accountId, ticketId, charge, context)],
  };
};

const chargeEntry = (
  accountId: string,
  ticketId: string,
  charge: Charge,
  { now, actor }: OpeningContext,
): LedgerEntry => ({
  entryId: `led_${ticketId.slice('tkt_'.length)}-charge`,
  accountId,
  kind: 'charge',
  amount: charge.amount,
  unit: charge.unit,
  at: now,
  recordedAt: now,
  reason: 'ticket opened',
  ticketId,
  actor,
  lots: charge.draws.map(({ lotId, amount }) => ({ lotId, amount })),
});

const openedEvent = (
  { account, actor, now }: OpeningContext,
  { subject, description, channel, category }: OpeningRequest,
  opening: { ticketId: string; offer: Offer; contact: Contact; charge: Charge },
): TicketEvent => ({
  type: 'opened',
  ticketId: opening.ticketId,
  accountId: account.accountId,
  seq: 1,
  at: now,
  recordedAt: now,
  actor,
  subject,
  description,
  priority: opening.offer.priority,
  channel,
  ...(category !== undefined && { category }),
  contact: { email: opening.contact.email, name: opening.contact.name },
  tier: opening.offer.tier,
  terms: opening.offer.terms,
  charge: opening.charge,
  targets: [...opening.offer.targets],
});
