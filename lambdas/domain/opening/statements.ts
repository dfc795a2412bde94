/**
 * What somebody declares when opening a ticket, kept with it: later readers see on whose word a severity, an emergency or a cost
 * was taken.
 */
import * as z from 'zod';
import { wholeSchema } from '../numbers.ts';
import { severityAnswersSchema } from '../plan/plan-rules.ts';

export const statementsSchema = z.strictObject({
  /** The answers that the priority was proposed from. */
  severity: severityAnswersSchema.optional(),
  /** Said to stop the customer's business from minute to minute. */
  missionCritical: z.boolean().optional(),
  /** Units that the customer agreed to spend. */
  authorizedCharge: wholeSchema.optional(),
});
export type Statements = z.infer<typeof statementsSchema>;
