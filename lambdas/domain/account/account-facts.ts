/**
 * What the vendor knows about a customer and its product beside the plan: facts that people record and that entitlement rules
 * read. A fact that nobody recorded never stands against a customer.
 */
import * as z from 'zod';
import { instantSchema } from '../time/instant.ts';
import { customerClassSchema, editionSchema, releaseSchema } from '../plan/plan-rules.ts';

export const accountFactsSchema = z.strictObject({
  edition: editionSchema.optional(),
  /** The release of the vendor's product that the customer runs. */
  productRelease: releaseSchema.optional(),
  /** Until when the customer subscribes to the software; null: it does not. */
  softwareSubscriptionUntil: instantSchema.nullable().optional(),
  customerClass: customerClassSchema.optional(),
  /** The local day on which the product was registered; the day of the account's creation where nobody recorded one. */
  registeredOn: z.iso.date().optional(),
  /** The technical account manager, in whose name the account gets its service reports. */
  tam: z.strictObject({ name: z.string(), email: z.string() }).optional(),
  /** Whether the contract adds the hours that the plan's calendars name as `extended`. */
  extendedHours: z.boolean().optional(),
});
export type AccountFacts = z.infer<typeof accountFactsSchema>;
