/**
 * What a ticket would cost and promise: its priority, its charge, and the copy of the terms that it keeps. It asks nobody whether
 * the ticket may be opened.
 */
import type { Calendar } from '../time/calendar.ts';
import type { Offer, OpeningContext, OpeningRequest, Settled } from './opening-context.ts';
import type { Plan, PlanCalendar } from '../plan/plan.ts';
import { refuse, type Refusal } from '../refusal.ts';
import { dayOf } from '../time/month.ts';
import { proposedPriority } from './severity.ts';
import { deadlineOf, targetsAtOpening } from '../ticket/targets.ts';
import type { Terms } from '../ticket/ticket.ts';
import type { Priority, Tier } from '../vocabulary.ts';

const FIRST_TIER: Tier = 'TS1';

/**
 * A ticket carries the holidays of the year it is opened in, on the clock of its calendar, and of this many years after it: in the
 * Americas it may still be the thirty-first of December, which some regions keep, when the year has changed in UTC.
 */
const HOLIDAY_YEARS = 3;

const calendarFor = (calendar: PlanCalendar, { account, now, holidaysOf }: OpeningContext): Calendar => {
  const {
    weekly,
    holidays,
    closedOn = [],
    exceptions,
  } = (account.facts?.extendedHours === true ? calendar.extended : undefined) ?? calendar;
  const region = holidays === 'region' ? account.region : holidays;
  const zone = calendar.zone === 'customer' ? account.timeZone : calendar.zone;
  const year = Number(dayOf(now, zone).slice(0, 4));
  const published = holidays === 'none' ? [] : holidaysOf(region, year, year + HOLIDAY_YEARS);
  const closed = [...new Set([...published, ...closedOn])].toSorted();
  return { zone, weekly, holidays: closed, ...(exceptions && { exceptions }) };
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

/** The priority that a request asks for or that its answers give. */
export const priorityOf = (plan: Plan, { priority, severity }: OpeningRequest): Priority | Refusal => {
  if (severity === undefined) return priority ?? plan.defaultPriority;
  if (plan.severities.length === 0) {
    return refuse('validation', `The plan ${plan.name} does not ask for \`severity\` answers; name a priority.`, {
      priorities: plan.priorities,
    }).refusal;
  }
  const proposed = proposedPriority(plan, severity);
  return priority === undefined || priority === proposed
    ? proposed
    : refuse('validation', `These answers make it ${proposed}: leave \`priority\` out, or \`severity\`.`, { proposed })
        .refusal;
};

/** The offer of a plan for a ticket of this priority at this charge. */
export const offerOf = (context: Settled, priority: Priority, amount: number): Offer => {
  const { plan, now } = context;
  const terms = termsFor(context);
  const targets = targetsAtOpening(plan.targets, { priority, tier: FIRST_TIER, openedAt: now });
  const deadlines = targets.flatMap((target) => {
    const deadline = deadlineOf({ terms, pauses: [] }, target);
    return deadline === undefined
      ? []
      : [{ kind: target.kind, deadline, ...(target.guaranteed === false && { guaranteed: target.guaranteed }) }];
  });
  return { priority, tier: FIRST_TIER, charge: { unit: plan.unit, amount }, targets, deadlines, terms };
};
