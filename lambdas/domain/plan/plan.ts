/**
 * What a plan is: the terms of a programme as data. A plan names figures, never behaviour; the rules that read these figures
 * stand beside this file. Each figure names the published document that it came from in `sources`.
 */
import * as z from 'zod';
import { countSchema, wholeSchema } from '../numbers.ts';
import { calendarSchema } from '../time/calendar.ts';
import * as rules from './plan-rules.ts';
import { periodSchema, sourceSchema } from './plan-rules.ts';
import { parseSpan } from '../time/span.ts';
import { channelSchema, prioritySchema, targetKindSchema, unitSchema } from '../vocabulary.ts';

const isSpan = (text: string): boolean => {
  try {
    parseSpan(text);
    return true;
  } catch {
    return false;
  }
};

/** A span of business time as text: `PT4H` of open hours, `3BD` business days. */
export const spanTextSchema = z.string().refine(isSpan, 'not a span such as PT4H or 3BD');

/** Days that a vendor may close by itself; a ticket carries them along with four years of public holidays, which its record has room for. */
const MOST_CLOSED_DAYS = 366;

const hoursShape = {
  /** Open hours of each day of the week, in local time. */
  weekly: calendarSchema.shape.weekly,
  /** `region`: the public holidays of the account's region are closed; `none`: open on every listed day; else a fixed region. */
  holidays: z.string().min(1),
  /** Local ISO days that are closed besides: the vendor's own holidays, or those of a country whose holidays are not known. */
  closedOn: z.array(z.iso.date()).max(MOST_CLOSED_DAYS).optional(),
  /** Hours that replace the usual ones of a local ISO day, a holiday too: a half day, or an open one. */
  exceptions: calendarSchema.shape.exceptions,
};

/** Working hours as a plan states them; who the customer is decides the zone and the holidays. */
const planCalendarSchema = z.strictObject({
  /** An IANA zone, or `customer` for the zone of the account. */
  zone: z.string().min(1),
  ...hoursShape,
  /** The hours of an account whose contract was extended, with holidays of their own; absent: the plan knows no extension. */
  extended: z.strictObject({ ...hoursShape, source: sourceSchema }).optional(),
  source: sourceSchema,
});
export type PlanCalendar = z.infer<typeof planCalendarSchema>;

/** The price of one incident in units. The first charge whose conditions all hold is taken. */
export const chargeRuleSchema = z.strictObject({
  /** Only for these channels; absent: for every channel. */
  channels: z.array(channelSchema).optional(),
  /** Only for these priorities; absent: for every priority. */
  priorities: z.array(prioritySchema).optional(),
  /** Whole units; 0 is free. */
  amount: wholeSchema,
  source: sourceSchema,
});
export type ChargeRule = z.infer<typeof chargeRuleSchema>;

/** One promise: by when something happens, counted on which calendar. */
export const targetRuleSchema = z.strictObject({
  /** `first-response`: a human answer; `resolution`: solved, or, unless `planCounts` says otherwise, a plan for solving it. */
  kind: targetKindSchema.exclude(['escalation']),
  /** Only for these priorities; absent: for every priority. */
  priorities: z.array(prioritySchema).optional(),
  /** How much time: `PT4H` of open hours, or `3BD` business days. */
  span: spanTextSchema,
  /** A name in the plan's `calendars`. */
  calendar: z.string(),
  /** `false`: an aim that is measured and guarantees nothing; its miss gives nothing back and escalates nothing. */
  guaranteed: z.literal(false).optional(),
  /** `false`: a recorded plan does not keep the resolution, only a solution does. */
  planCounts: z.literal(false).optional(),
  source: sourceSchema,
});
export type TargetRule = z.infer<typeof targetRuleSchema>;

/** A published price. None is invented: a plan whose price was not published has an empty list. */
const listPriceSchema = z
  .strictObject({
    /** A decimal number as published. */
    amount: z.string().regex(/^\d+(\.\d+)?$/, 'a decimal amount'),
    /** ISO 4217, where the price is a sum of money. */
    currency: z.string().length(3).optional(),
    /** What it is a percentage of, where it is one: `licence`. */
    percentOf: z.string().min(1).optional(),
    /** What it buys, or for how long: `user and month`. */
    per: z.string(),
    source: sourceSchema,
  })
  .refine((price) => (price.currency === undefined) !== (price.percentOf === undefined), 'a sum or a percentage');

/** How a gap or a garbled place of the published text was read, so that a vendor can see it and change it. */
const planNoteSchema = z.strictObject({
  /** The field that the note is about. */
  about: z.string(),
  /** How it was read, in our own words. */
  reading: z.string(),
});

/** What of a plan contradicts itself although it fits this is told by `plans/check-plan.ts`. */
export const planSchema = z.strictObject({
  /** The plan's id, unique in the catalogue; accounts and tickets refer to it for good. */
  planId: rules.slugSchema,
  /** Rises whenever a figure changes; tickets keep the version that they were opened under. */
  version: countSchema,
  /** The vendor's programme that the plan belongs to; its other plans are where a refused customer may turn. */
  programme: z.string().regex(/^[a-z]+$/, 'one lower-case word of letters alone'),
  /** What people call it. */
  name: z.string().min(1),
  /** What it offers, in one sentence of our own. */
  summary: z.string().min(1),
  /** The plans that this one is added to. An add-on is bought and used beside such a plan, and lapses with it. */
  addOnTo: z.array(rules.slugSchema).min(1).optional(),
  /** What the plan meters; its charges, grants and purchases are whole units of it. */
  unit: unitSchema,
  /** What the vendor published as the price; empty where nothing was. */
  listPrices: z.array(listPriceSchema),
  /** What an incident costs: the first charge that fits is taken; a ticket that none fits can't be opened. */
  charges: z.array(chargeRuleSchema).min(1),
  purchases: z.strictObject({
    /** The only amounts sold; empty: nothing is sold; absent: any whole amount. */
    packs: z.array(countSchema).optional(),
    /** Calendar time after which bought units expire (`P1Y`), counted in the account's zone; absent: they do not expire. */
    validFor: periodSchema.optional(),
    source: sourceSchema,
  }),
  /** How long a term of the subscription is; it renews by itself until it is ended. Absent: the plan has no terms. */
  term: z.strictObject({ length: periodSchema, source: sourceSchema }).optional(),
  /** Units that come without being bought. */
  grants: z.array(rules.grantRuleSchema).default([]),
  /** Classes of customers that may subscribe, the usual one first; absent: any. */
  customerClasses: z.array(rules.customerClassSchema).min(1).optional(),
  /** The priorities that a ticket may have, the order as published. */
  priorities: z.array(prioritySchema).min(1),
  /** The priority of a ticket whose opener says nothing about it. */
  defaultPriority: prioritySchema,
  /** How the opener's answers about the harm give a priority; empty: the plan asks for none. */
  severities: z.array(rules.severityRuleSchema).default([]),
  /** The channels by which a ticket may be opened. */
  channels: z.array(channelSchema).min(1),
  /** Which contacts of the account may open tickets. */
  openers: z.enum(['administrators', 'contacts']),
  /** What must hold before a ticket is opened; all that apply are checked, in this order. */
  conditions: z.array(rules.conditionSchema).default([]),
  /** Work that is covered or declined. A ticket that names no category, or one no plan of the programme knows, is taken. */
  categories: z.array(rules.categoryRuleSchema).default([]),
  /** What comes with the plan besides tickets. */
  benefits: z.array(rules.benefitRuleSchema).default([]),
  /** Working hours by name; the targets say which they are counted on. */
  calendars: z.record(z.string(), planCalendarSchema),
  /** By when what happens; a priority that no target names has no promise. */
  targets: z.array(targetRuleSchema),
  /** The targets whose miss gives the whole charge back. Empty: no make-good. */
  makeGood: z.array(targetKindSchema.exclude(['escalation'])),
  /** How each gap in the published text was read. */
  notes: z.array(planNoteSchema),
  /** Whether accounts on it are sent the monthly service report. Every account can ask for one. */
  monthlyReport: z.literal(true).optional(),
});
export type Plan = z.infer<typeof planSchema>;

interface Conditions {
  readonly channels?: readonly string[] | undefined;
  readonly priorities?: readonly string[] | undefined;
}

/** Whether a figure that is limited to some channels or priorities applies to this ticket. */
export const appliesTo = (rule: Conditions, ticket: { channel?: string; priority: string }): boolean =>
  (rule.channels === undefined || (ticket.channel !== undefined && rule.channels.includes(ticket.channel))) &&
  (rule.priorities?.includes(ticket.priority) ?? true);

/** The charge of an incident in units, or nothing where the plan has no price for it (it can't be opened then). */
export const chargeOf = (
  rules: readonly ChargeRule[],
  ticket: { channel: string; priority: string },
): number | undefined => rules.find((rule) => appliesTo(rule, ticket))?.amount;
