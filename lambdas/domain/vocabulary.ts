/**
 * The words of the desk, each once: what the API, the records and the mails all say. A list here is closed; adding a word is a
 * change of the contract.
 */
import * as z from 'zod';

/** What a plan meters: points and tokens are bought, incidents are an allowance or a pack. */
export const unitSchema = z.enum(['point', 'token', 'incident']);
export type Unit = z.infer<typeof unitSchema>;

export const roleSchema = z.enum(['customer', 'engineer', 'manager']);
export type Role = z.infer<typeof roleSchema>;

export const tierSchema = z.enum(['TS1', 'TS2', 'TS3']);
export type Tier = z.infer<typeof tierSchema>;
export const tiers = tierSchema.options;

/** The tier that an unanswered ticket climbs to, or nothing above TS3. */
export const tierAbove = (tier: Tier): Tier | undefined => tiers[tiers.indexOf(tier) + 1];

export const channelSchema = z.enum(['api', 'email', 'phone', 'web', 'chat']);
export type Channel = z.infer<typeof channelSchema>;

export const prioritySchema = z.enum([
  'informational',
  'billing',
  'standard',
  'urgent',
  'emergency',
  'severity-1',
  'severity-2',
  'severity-3',
  'severity-4',
  'normal',
]);
export type Priority = z.infer<typeof prioritySchema>;

export const ticketStatusSchema = z.enum(['open', 'waiting', 'resolved', 'closed', 'declined']);
export type TicketStatus = z.infer<typeof ticketStatusSchema>;

/** `escalation` is the span that starts again at a higher tier after an answer was missed; `call-back` a call asked for. */
export const targetKindSchema = z.enum(['first-response', 'escalation', 'resolution', 'call-back']);
export type TargetKind = z.infer<typeof targetKindSchema>;

/** The spans in which a first answer, or an overdue one, is owed. */
export const isResponse = (kind: TargetKind): boolean => kind === 'first-response' || kind === 'escalation';

export const targetStateSchema = z.enum(['running', 'paused', 'met', 'missed']);
export type TargetState = z.infer<typeof targetStateSchema>;

export const visibilitySchema = z.enum(['public', 'internal']);
export type Visibility = z.infer<typeof visibilitySchema>;

/** What a ticket was found to be. `chargeable` is a manager's last word that it is to be paid for after all (rule LX-11). */
export const classificationSchema = z.enum(['product-bug', 'free', 'declined', 'chargeable']);
export type Classification = z.infer<typeof classificationSchema>;

/** Units in words: `1 token`, `2 tokens`. */
export const tellUnits = (amount: number, unit: Unit): string => `${String(amount)} ${unit}${amount === 1 ? '' : 's'}`;

/** Where a refund goes: to the lots the units came from, or to the payment card by way of the billing system (rule SX-13). */
export const refundToSchema = z.enum(['credits', 'card']);
export type RefundTo = z.infer<typeof refundToSchema>;

export const contactRoleSchema = z.enum(['administrator', 'user']);

export const ledgerKindSchema = z.enum(['purchase', 'grant', 'charge', 'credit', 'expiry', 'refund-request']);

/** Who did something: a person with a role, or the desk itself when time alone caused it. */
export const actorSchema = z.strictObject({
  role: z.enum([...roleSchema.options, 'desk']),
  email: z.string().optional(),
  tier: tierSchema.optional(),
});
export type Actor = z.infer<typeof actorSchema>;

/** The actor of everything that the passing of time causes. */
export const theDesk: Actor = { role: 'desk' };
