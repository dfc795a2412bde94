/**
 * What a plan is: the terms of a programme as data. A plan names figures, never behaviour; the rules that read these figures
 * stand beside this file. Each figure names the published document that it came from in `sources`.
 */
import { z } from 'zod';
import { calendarSchema } from './calendar.ts';
import { parseSpan } from './span.ts';
import { channelSchema, prioritySchema, targetKindSchema, unitSchema } from './vocabulary.ts';

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

/** The key of a published document in the file's `sources`: where a figure was read. */
const sourceSchema = z.string().min(1);

/** Working hours as a plan states them; who the customer is decides the zone and the holidays. */
export const planCalendarSchema = z.strictObject({
  /** An IANA zone, or `customer` for the zone of the account. */
  zone: z.string().min(1),
  weekly: calendarSchema.shape.weekly,
  /** `region`: the public holidays of the account's region are closed; `none`: open on every listed day; else a fixed region. */
  holidays: z.string().min(1),
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
  amount: z.number().int().nonnegative(),
  source: sourceSchema,
});
export type ChargeRule = z.infer<typeof chargeRuleSchema>;

/** One promise: by when something happens, counted on which calendar. */
export const targetRuleSchema = z.strictObject({
  kind: targetKindSchema.exclude(['escalation']),
  /** Only for these priorities; absent: for every priority. */
  priorities: z.array(prioritySchema).optional(),
  /** How much time: `PT4H` of open hours, or `3BD` business days. */
  span: spanTextSchema,
  /** A name in the plan's `calendars`. */
  calendar: z.string(),
  source: sourceSchema,
});
export type TargetRule = z.infer<typeof targetRuleSchema>;

/** A published price. None is invented: a plan whose price was not published has an empty list. */
export const listPriceSchema = z.strictObject({
  amount: z.string().regex(/^\d+(\.\d+)?$/, 'a decimal amount'),
  currency: z.string().length(3),
  per: z.string(),
  source: sourceSchema,
});

/** How a gap or a garbled place of the published text was read, so that a vendor can see it and change it. */
export const planNoteSchema = z.strictObject({ about: z.string(), reading: z.string() });

export const planSchema = z
  .strictObject({
    planId: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words joined by hyphens'),
    /** Rises whenever a figure changes; tickets keep the version that they were opened under. */
    version: z.number().int().positive(),
    programme: z.string().regex(/^[a-z]+$/, 'one lower-case word'),
    name: z.string().min(1),
    summary: z.string().min(1),
    unit: unitSchema,
    listPrices: z.array(listPriceSchema),
    charges: z.array(chargeRuleSchema).min(1),
    purchases: z.strictObject({
      /** The only amounts sold; absent: any whole amount. */
      packs: z.array(z.number().int().positive()).optional(),
      /** Calendar time after which bought units expire (`P1Y`), counted in the account's zone; absent: they do not expire. */
      validFor: z
        .string()
        .regex(/^P\d+[YD]$/, 'years or days, such as P1Y')
        .optional(),
      source: sourceSchema,
    }),
    priorities: z.array(prioritySchema).min(1),
    defaultPriority: prioritySchema,
    /** The channels by which a ticket may be opened. */
    channels: z.array(channelSchema).min(1),
    /** Which contacts of the account may open tickets. */
    openers: z.enum(['administrators', 'contacts']),
    calendars: z.record(z.string(), planCalendarSchema),
    targets: z.array(targetRuleSchema),
    /** The targets whose miss gives the whole charge back. Empty: no make-good. */
    makeGood: z.array(targetKindSchema.exclude(['escalation'])),
    notes: z.array(planNoteSchema),
    /** Whether accounts on it are sent the monthly service report. Every account can ask for one. */
    monthlyReport: z.literal(true).optional(),
  })
  .refine(
    (plan) => plan.targets.every((target) => target.calendar in plan.calendars),
    'a target names an unknown calendar',
  )
  .refine(
    (plan) => plan.priorities.includes(plan.defaultPriority),
    'the default priority is not one of the priorities',
  );
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

/** A file of plans: one programme with the published documents that its figures were read from, by key. */
export const programmeFileSchema = z.strictObject({
  sources: z.record(z.string(), z.string()),
  plans: z.array(planSchema).min(1),
});
