/** SNS's event for what was published to a topic, as far as it is read: SES's words are in it as JSON text. */
import * as z from 'zod';
import { fromMillis } from '../../domain/time/instant.ts';
import { sesFeedbackSchema, type SesFeedback } from './ses-feedback.ts';

export const snsEventSchema = z.object({
  Records: z.array(
    z.object({
      Sns: z.object({
        Message: z.string(),
        /** When it was published; the same however often it is delivered. */
        Timestamp: z.iso.datetime().transform((text) => fromMillis(Date.parse(text))),
      }),
    }),
  ),
});

/** What SES publishes once, when a topic is set: that it can. */
const VALIDATION = 'Successfully validated SNS topic';

/** Reads what SES published, or answers nothing where it is only SES's own test. Throws for what is neither. */
export const readPublished = (message: string): SesFeedback | undefined =>
  message.startsWith(VALIDATION) ? undefined : sesFeedbackSchema.parse(JSON.parse(message));
