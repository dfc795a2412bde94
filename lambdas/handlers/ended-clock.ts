/**
 * What Step Functions tells the account's bus of a clock that has ended by a fault or by hand. Delivery is at least once but not guaranteed.
 * Only promptness depends on it: the sweep finds what was missed.
 */
import * as z from 'zod';
import { clockNamed } from '../domain/wait.ts';

const endSchema = z.object({
  source: z.literal('aws.states'),
  detail: z.object({
    name: z.string(),
    /** In ms since the epoch, as the other. */
    startDate: z.number(),
    stopDate: z.number(),
  }),
});

export interface EndedClock {
  readonly ticketId: string;
  readonly generation: number;
  readonly livedMillis: number;
}

/** The clock that an event tells of; nothing where it is no such event, or the execution is nobody's clock. */
export const endedClock = (event: unknown): EndedClock | undefined => {
  const end = endSchema.safeParse(event);
  const clock = end.success ? clockNamed(end.data.detail.name) : undefined;
  if (!end.success || clock === undefined) return undefined;
  const { startDate, stopDate } = end.data.detail;
  return { ...clock, livedMillis: stopDate - startDate };
};
