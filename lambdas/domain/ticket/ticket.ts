/**
 * A ticket as its events have made it. Deadlines are not here: a target holds its budget, its start and its end, and
 * `targets.ts` derives the rest from the terms that the ticket carries a copy of.
 */
import * as z from 'zod';
import { countSchema, wholeSchema } from '../numbers.ts';
import { attachmentSchema, mailSourceSchema } from './attachment.ts';
import { calendarSchema } from '../time/calendar.ts';
import { instantSchema } from '../time/instant.ts';
import { drawSchema } from '../account/ledger.ts';
import { chargeRuleSchema, spanTextSchema, targetRuleSchema } from '../plan/plan.ts';
import { statementsSchema } from '../opening/statements.ts';
import * as words from '../vocabulary.ts';

/** What was promised when the ticket was opened. A plan or a holiday list that changes later never moves a running promise. */
export const termsSchema = z.strictObject({
  planId: z.string(),
  planVersion: countSchema,
  unit: words.unitSchema,
  /** The customer's zone, in which every time is told. */
  timeZone: z.string(),
  charges: z.array(chargeRuleSchema),
  targets: z.array(targetRuleSchema),
  calendars: z.record(z.string(), calendarSchema),
  makeGood: z.array(words.targetKindSchema),
});
export type Terms = z.infer<typeof termsSchema>;

/** A promise of this ticket, running or over. */
export const targetSchema = z.strictObject({
  kind: words.targetKindSchema,
  /** The tier that holds the promise; an escalation starts the same span again at the next one. */
  tier: words.tierSchema,
  span: spanTextSchema,
  calendar: z.string(),
  startedAt: instantSchema,
  /** `false`: an aim that is measured; its miss gives nothing back and escalates nothing. */
  guaranteed: z.literal(false).optional(),
  state: words.targetStateSchema,
  /** When it was met, or the deadline at which it was missed. */
  endedAt: instantSchema.optional(),
  /** When the tier was warned that three quarters of the span are over. */
  warnedAt: instantSchema.optional(),
});
export type Target = z.infer<typeof targetSchema>;

/** A promise that ended when the priority was changed, and the priority that it was made under. */
export const withdrawnSchema = targetSchema
  .omit({ tier: true, state: true, endedAt: true })
  .extend({ priority: words.prioritySchema });
export type Withdrawn = z.infer<typeof withdrawnSchema>;

export const chargeSchema = z.strictObject({
  unit: words.unitSchema,
  /** What the ticket costs at its present priority. */
  amount: wholeSchema,
  /** The units taken for it that have not come back, by the lot they came from. */
  draws: z.array(drawSchema),
});
export type Charge = z.infer<typeof chargeSchema>;

/** A stretch in which the desk waited for the customer; without `to` it still does. */
const pauseSchema = z.strictObject({ from: instantSchema, to: instantSchema.optional() });
export type Pause = z.infer<typeof pauseSchema>;

export const ticketSchema = z.strictObject({
  ticketId: z.string(),
  /** The number of the ticket's last event. */
  version: countSchema,
  accountId: z.string(),
  status: words.ticketStatusSchema,
  tier: words.tierSchema,
  priority: words.prioritySchema,
  channel: words.channelSchema,
  category: z.string().optional(),
  /** What the opener declared when it was opened. */
  statements: statementsSchema.optional(),
  subject: z.string(),
  description: z.string(),
  /** The files and the mail that it was opened with. */
  attachments: z.array(attachmentSchema).optional(),
  mail: mailSourceSchema.optional(),
  /** The person it is for: the mails go to this address. */
  contact: z.strictObject({ email: z.string(), name: z.string() }),
  /** Contacts of the account who get its letters too. */
  followers: z.array(z.string()).default([]),
  openedAt: instantSchema,
  /** The moment of the last event; no later event is earlier. */
  changedAt: instantSchema,
  terms: termsSchema,
  charge: chargeSchema,
  /** Units of the charge that have come back, as units or as a refund. Never more than the charge. */
  credited: wholeSchema,
  targets: z.array(targetSchema),
  /** Promises that a lower priority took away: raising the ticket again makes none later. */
  withdrawn: z.array(withdrawnSchema).optional(),
  /** Stretches that the resolution clock does not count: waiting for the customer, or resolved until it was reopened. */
  pauses: z.array(pauseSchema),
  /** Stretches in which the ticket was closed until it was reopened: no clock counts them (rule SX-17). */
  closures: z.array(z.strictObject({ from: instantSchema, to: instantSchema })),
  /** The first public message of an engineer. */
  answeredAt: instantSchema.optional(),
  resolvedAt: instantSchema.optional(),
  closedAt: instantSchema.optional(),
  assignee: z.string().optional(),
  plan: z.strictObject({ summary: z.string(), expectedBy: instantSchema }).optional(),
  classification: z
    .strictObject({
      as: words.classificationSchema,
      by: words.actorSchema,
      /** Units that came back because of this finding or the ones before it. */
      returned: wholeSchema,
      returnedTo: words.refundToSchema,
      reason: z.string().optional(),
    })
    .optional(),
  /** What the customer thought of it; the latest word counts. */
  rating: z.strictObject({ score: z.number().int(), comment: z.string().optional(), at: instantSchema }).optional(),
  /** The number to call, as last asked for, and when it was called. */
  callBack: z
    .strictObject({ phone: z.string(), requestedAt: instantSchema, madeAt: instantSchema.optional() })
    .optional(),
  /** The ticket that this one is a subordinate problem of. */
  splitFrom: z.string().optional(),
  /** The tickets of its subordinate problems. */
  splitInto: z.array(z.string()).optional(),
  /** Since when nobody at TS3 has answered in time; the managers are reminded daily until somebody does. */
  unansweredSince: instantSchema.optional(),
});
export type Ticket = z.infer<typeof ticketSchema>;

/** Closed and declined tickets have no clock and leave the queue. */
export const isOpen = ({ status }: Pick<Ticket, 'status'>): boolean => status !== 'closed' && status !== 'declined';
