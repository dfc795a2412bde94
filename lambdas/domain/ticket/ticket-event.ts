/**
 * What can happen to a ticket. Events are facts: written once, never changed but to erase a person, replayed to give the ticket. They are
 * also the outbox: what follows (the workflow's clock, mails, a vendor's own consumers) is driven by them.
 */
import * as z from 'zod';
import { countSchema, wholeSchema } from '../numbers.ts';
import { attachmentSchema, mailSourceSchema } from './attachment.ts';
import { instantSchema } from '../time/instant.ts';
import { drawSchema } from '../account/ledger.ts';
import { spanTextSchema } from '../plan/plan.ts';
import { statementsSchema } from '../opening/statements.ts';
import { chargeSchema, targetSchema, termsSchema, withdrawnSchema } from './ticket.ts';
import * as words from '../vocabulary.ts';

/** Why a letter failed: it came back for good, its reader complained, it failed this time, or SES did not send it. */
const mailFailureKindSchema = z.enum(['bounce', 'complaint', 'transient', 'reject']);
export type MailFailureKind = z.infer<typeof mailFailureKindSchema>;

const fact = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.strictObject({
    type: z.literal(type),
    ticketId: z.string(),
    accountId: z.string(),
    /** 1, 2, 3, … : its place in the ticket's timeline, and the ticket's version after it. */
    seq: countSchema,
    /** When it took effect: for a miss, the deadline itself. */
    at: instantSchema,
    /** When the desk wrote it down; later than `at` only where a timer was late. */
    recordedAt: instantSchema,
    actor: words.actorSchema,
    ...shape,
  });

export const ticketEventSchema = z.discriminatedUnion('type', [
  fact('opened', {
    subject: z.string(),
    description: z.string(),
    attachments: z.array(attachmentSchema).optional(),
    mail: mailSourceSchema.optional(),
    priority: words.prioritySchema,
    channel: words.channelSchema,
    category: z.string().optional(),
    statements: statementsSchema.optional(),
    contact: z.strictObject({ email: z.string(), name: z.string() }),
    /** Contacts of the account who follow it from the beginning. */
    followers: z.array(z.string()).optional(),
    tier: words.tierSchema,
    terms: termsSchema,
    charge: chargeSchema,
    /** Units left on hand after the charge was taken, of those that pay for such tickets; absent where it is free. */
    left: wholeSchema.optional(),
    targets: z.array(targetSchema),
    /** The ticket whose subordinate problem this is. */
    splitFrom: z.string().optional(),
  }),
  fact('message', {
    messageId: z.string(),
    visibility: words.visibilitySchema,
    /** Written by a machine: it answers nothing (rule AX-04). */
    automatic: z.literal(true).optional(),
    /** It reports the call that the customer waited for. */
    calledBack: z.literal(true).optional(),
    /** Contacts of the account who follow the ticket from now on. */
    followers: z.array(z.string()).optional(),
  }),
  fact('answered', { messageId: z.string(), tier: words.tierSchema, met: z.array(words.targetKindSchema) }),
  /** Three quarters of a response span are over: the tier is told. Internal. */
  fact('warned', { target: words.targetKindSchema, tier: words.tierSchema, deadline: instantSchema }),
  fact('missed', {
    target: words.targetKindSchema,
    tier: words.tierSchema,
    deadline: instantSchema,
    /** Units that come back because of this miss; 0 where nothing was charged or it came back before. */
    makeGood: wholeSchema,
    unit: words.unitSchema,
    /** The tier that takes over, or absent where it stays. */
    escalatesTo: words.tierSchema.optional(),
    /** Nobody is left above: the managers are told, and reminded daily. */
    tellsManagers: z.boolean(),
  }),
  fact('credited', {
    amount: countSchema,
    unit: words.unitSchema,
    draws: z.array(drawSchema),
    /** Why: a miss, a lower priority, or what the ticket was found to be. */
    cause: z.enum(['miss', 'reprioritized', 'classified']),
    /** The target whose miss earned it. */
    target: words.targetKindSchema.optional(),
  }),
  fact('escalated', {
    from: words.tierSchema,
    to: words.tierSchema,
    cause: z.enum(['miss', 'hand']),
    reason: z.string(),
    /** After a miss, the span of the priority again at the new tier; by hand the running span goes on there as it stands. */
    again: z.strictObject({ span: spanTextSchema, calendar: z.string() }).optional(),
  }),
  fact('assigned', { engineer: z.string() }),
  fact('paused', { reason: z.string() }),
  fact('resumed', { messageId: z.string() }),
  /** `met`: the resolution, where it was still owed; absent where it was not. */
  fact('planned', { summary: z.string(), expectedBy: instantSchema, met: z.array(words.targetKindSchema).optional() }),
  fact('resolved', { summary: z.string(), met: z.array(words.targetKindSchema).optional() }),
  fact('reopened', {
    from: z.enum(['resolved', 'closed']),
    /** A customer's message to a resolved ticket, or somebody who asked for it and attested the same problem. */
    cause: z.enum(['message', 'request']),
    messageId: z.string().optional(),
    /** Who reads its letters from now on, where everybody who did was erased. */
    followers: z.array(z.string()).optional(),
  }),
  fact('reprioritized', {
    from: words.prioritySchema,
    to: words.prioritySchema,
    reason: z.string(),
    unit: words.unitSchema,
    /** On whose word it was raised: that it is mission critical, and what the customer agreed to pay. */
    statements: statementsSchema.optional(),
    /** What the ticket costs from now on. */
    charge: wholeSchema,
    /** Units taken for it now. */
    drawn: z.array(drawSchema),
    /** Units of the old charge that come back now. */
    returned: wholeSchema,
    /** Every promise of the ticket as it then stands. */
    targets: z.array(targetSchema),
    /** Every promise that lower priorities took away and that is still to come. */
    withdrawn: z.array(withdrawnSchema).optional(),
  }),
  fact('classified', {
    as: words.classificationSchema,
    reason: z.string().optional(),
    unit: words.unitSchema,
    /** Units that come back because of it; a refund to the card is a request to the billing system. */
    returned: wholeSchema,
    returnedTo: words.refundToSchema,
    /** Units taken, where a manager found it chargeable after all: none where it was late. */
    drawn: z.array(drawSchema),
  }),
  fact('split', {
    tickets: z.array(
      z.strictObject({
        ticketId: z.string(),
        subject: z.string(),
        priority: words.prioritySchema,
        charge: z.strictObject({ unit: words.unitSchema, amount: wholeSchema }),
      }),
    ),
  }),
  /** What splitting would cost, told before it is done. */
  fact('split-quoted', {
    offers: z.array(
      z.strictObject({
        subject: z.string(),
        priority: words.prioritySchema,
        charge: z.strictObject({ unit: words.unitSchema, amount: wholeSchema }),
      }),
    ),
    /** Units that the account had on hand for it. */
    available: wholeSchema,
  }),
  fact('call-back-requested', { phone: z.string(), span: spanTextSchema, calendar: z.string() }),
  fact('rated', { score: z.number().int().min(1).max(5), comment: z.string().optional() }),
  fact('closed', { cause: z.enum(['customer', 'engineer', 'time']) }),
  /** A letter about the ticket did not reach its reader. */
  fact('mail-failed', {
    to: z.string(),
    kind: mailFailureKindSchema,
    reason: z.string(),
    /** Whether mail to the address stops because of it. */
    permanent: z.boolean(),
    /** Internal where the reader is one of the vendor's people. */
    visibility: words.visibilitySchema,
  }),
  /** Somebody was erased from the ticket: its earlier events were rewritten, and name them by a pseudonym. */
  fact('contact-erased', {
    contact: z.string(),
    /** Contacts of the account who follow it from now on, because nobody else of theirs would read its letters. */
    followers: z.array(z.string()).optional(),
  }),
]);
export type TicketEvent = z.infer<typeof ticketEventSchema>;

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** An event before it has its place in the timeline. */
export type TicketFact = DistributiveOmit<TicketEvent, 'ticketId' | 'accountId' | 'seq' | 'recordedAt'>;

/** Names an event everywhere: in records, on the bus, in the headers of mails. */
export const eventId = (event: { ticketId: string; seq: number }): string => `${event.ticketId}-${String(event.seq)}`;

/** A warning is a nudge to a tier: it is on record and on the bus, and no part of the story that a timeline tells. */
export const isOnTimeline = (event: TicketEvent): boolean => event.type !== 'warned';

/** Customers see what is on the timeline, but nothing internal. */
export const isForCustomers = (event: TicketEvent): boolean =>
  isOnTimeline(event) && (!('visibility' in event) || event.visibility === 'public');
