/**
 * What can happen to a ticket. Events are facts: written once, never changed, replayed to give the ticket. They are also the
 * outbox: what follows (the workflow's clock, mails, a vendor's own consumers) is driven by them.
 */
import { z } from 'zod';
import { instantSchema } from './instant.ts';
import { drawSchema } from './ledger.ts';
import { spanTextSchema } from './plan.ts';
import { statementsSchema } from './statements.ts';
import { chargeSchema, targetSchema, termsSchema } from './ticket.ts';
import * as words from './vocabulary.ts';

const fact = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.strictObject({
    type: z.literal(type),
    ticketId: z.string(),
    accountId: z.string(),
    /** 1, 2, 3, … : its place in the ticket's timeline, and the ticket's version after it. */
    seq: z.number().int().positive(),
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
    priority: words.prioritySchema,
    channel: words.channelSchema,
    category: z.string().optional(),
    statements: statementsSchema.optional(),
    contact: z.strictObject({ email: z.string(), name: z.string() }),
    tier: words.tierSchema,
    terms: termsSchema,
    charge: chargeSchema,
    targets: z.array(targetSchema),
  }),
  fact('message', { messageId: z.string(), visibility: words.visibilitySchema }),
  fact('answered', { messageId: z.string(), tier: words.tierSchema, met: z.array(words.targetKindSchema) }),
  fact('missed', {
    target: words.targetKindSchema,
    tier: words.tierSchema,
    deadline: instantSchema,
    /** Units that come back because of this miss; 0 where nothing was charged or it came back before. */
    makeGood: z.number().int().nonnegative(),
    unit: words.unitSchema,
    /** The tier that takes over, or absent where it stays. */
    escalatesTo: words.tierSchema.optional(),
    /** Nobody is left above: the managers are told, and reminded daily. */
    tellsManagers: z.boolean(),
  }),
  fact('credited', {
    amount: z.number().int().positive(),
    unit: words.unitSchema,
    draws: z.array(drawSchema),
    /** Why: the target whose miss earned it. */
    target: words.targetKindSchema,
  }),
  fact('escalated', {
    from: words.tierSchema,
    to: words.tierSchema,
    reason: z.string(),
    /** The same span again, at the new tier. */
    span: spanTextSchema,
    calendar: z.string(),
  }),
  fact('assigned', { engineer: z.string() }),
  fact('paused', { reason: z.string() }),
  fact('resumed', { messageId: z.string() }),
  fact('planned', { summary: z.string(), expectedBy: instantSchema }),
  fact('resolved', { summary: z.string() }),
  fact('reopened', { messageId: z.string() }),
  fact('closed', { cause: z.enum(['customer', 'engineer', 'time']) }),
]);
export type TicketEvent = z.infer<typeof ticketEventSchema>;
export type TicketEventType = TicketEvent['type'];

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** An event before it has its place in the timeline. */
export type TicketFact = DistributiveOmit<TicketEvent, 'ticketId' | 'accountId' | 'seq' | 'recordedAt'>;

/** Names an event everywhere: in records, on the bus, in the headers of mails. */
export const eventId = (event: { ticketId: string; seq: number }): string => `${event.ticketId}-${String(event.seq)}`;

/** Staff see every event; customers see all but internal messages. */
export const isForCustomers = (event: TicketEvent): boolean =>
  event.type !== 'message' || event.visibility === 'public';
