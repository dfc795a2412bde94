/**
 * What people did to an account beside its units: contacts and facts recorded, details and plan changed, benefits used, permission for remote
 * access given, used and withdrawn, mail to a contact resumed, a contact erased. Written once, and never changed but to erase a person.
 */
import * as z from 'zod';
import { accountDetailsSchema, contactSchema } from './account.ts';
import { accountFactsSchema } from './account-facts.ts';
import { mailStopSchema } from '../mail/address.ts';
import { instantSchema } from '../time/instant.ts';
import { actorSchema } from '../vocabulary.ts';

const fact = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.strictObject({
    type: z.literal(type),
    recordId: z.string(),
    accountId: z.string(),
    at: instantSchema,
    actor: actorSchema,
    ...shape,
  });

export const accountEventSchema = z.discriminatedUnion('type', [
  fact('facts-recorded', { facts: accountFactsSchema, renews: z.boolean().optional() }),
  /** A contact is new, or has another name or role; `before` is how it was. */
  fact('contact-set', { contact: contactSchema, before: contactSchema.optional() }),
  /** The name, the zone or the region is another, as far as `details` says; `before` is how they were. */
  fact('details-changed', { details: accountDetailsSchema, before: accountDetailsSchema }),
  /** The account is on the plan `planId` from now on, and was on `before`. */
  fact('plan-changed', { planId: z.string(), before: z.string() }),
  fact('benefit-redeemed', { benefit: z.string() }),
  fact('remote-access-granted', { note: z.string().optional() }),
  fact('remote-access-withdrawn', { note: z.string().optional() }),
  fact('remote-session', { purpose: z.string(), ticketId: z.string().optional() }),
  /** A manager lifted the stop of mail to a contact. */
  fact('mail-resumed', {
    email: z.string(),
    /** What had stopped it, and since when. */
    stopped: mailStopSchema.pick({ state: true, at: true }),
    reason: z.string().optional(),
  }),
  /** A person was erased from everything that is kept about the account; nothing says any more who it was. */
  fact('contact-erased', { contact: z.string() }),
]);
export type AccountEvent = z.infer<typeof accountEventSchema>;
