/**
 * The payloads that travel between the ticket's workflow and the functions. Executions outlive deployments, so a shape here
 * only ever gains optional fields; a change of meaning is a new `schema` number beside the old one.
 */
import * as z from 'zod';
import { fromMillis, instantSchema } from './time/instant.ts';

/** What one wait of the workflow was planned for: the input of an execution, the output of each signal, and the answer of Settle. */
export const waitSchema = z.object({
  schema: z.literal(1),
  ticketId: z.string(),
  /** The ticket's version that this wait was planned for: how far its history has come. */
  version: z.number().int(),
  /** Which execution of the ticket's clock this is; a higher one takes over from a lower one. */
  generation: z.number().int(),
  open: z.boolean(),
  /** The next moment at which time alone changes the ticket; absent when only people can. Parking is refused on any other. */
  deadlineAt: instantSchema.optional(),
});
export type Wait = z.infer<typeof waitSchema>;

/** What stands beside an open ticket, and beside a parked wait, in the place of a deadline that is not there. */
export const NO_DEADLINE = 'none';

/** The error that ends the wait of a closed ticket, and with it its execution. */
export const TICKET_CLOSED = 'TicketClosed';

/**
 * What the workflow hands to the settle function once a deadline has passed. `now` is the moment the state was entered, as Step Functions
 * writes it: ISO 8601 is all that is said of its form, so a moment on the second may come without a fraction.
 */
export const settleRequestSchema = z.object({
  schema: z.literal(1),
  ticketId: z.string(),
  generation: z.number().int(),
  now: z.iso.datetime().transform((text) => fromMillis(Date.parse(text))),
});
export type SettleRequest = z.infer<typeof settleRequestSchema>;

/** The name of an execution: the same ticket and generation never start twice. */
export const executionName = (ticketId: string, generation: number): string => `${ticketId}-${String(generation)}`;

/** Whose clock an execution of this name is, and which of the ticket's; nothing for a name that no clock has. */
export const clockNamed = (name: string): Pick<Wait, 'ticketId' | 'generation'> | undefined => {
  const [, ticketId, generation] = /^(.+)-(\d+)$/.exec(name) ?? [];
  return ticketId === undefined ? undefined : { ticketId, generation: Number(generation) };
};
