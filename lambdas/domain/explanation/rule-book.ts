/**
 * The published rules as data: the id of each promise, a sentence that says it, and what it explains. An explanation cites from
 * this book; nothing is decided by it. The trap: a plan that no rule names is still explained, by the terms its tickets carry.
 */
import * as z from 'zod';
import { classificationSchema, prioritySchema, targetKindSchema, type Priority } from '../vocabulary.ts';

/**
 * What a rule can be cited for: a promise, a charge, a make-good (`credit`), whatever else comes back (`refund`) and why it does (a lower
 * priority, or what a ticket was found to be), or a hand-over by the desk or by a person.
 */
const citedForSchema = z.enum([
  ...targetKindSchema.options,
  ...classificationSchema.options,
  'charge',
  'credit',
  'refund',
  'demotion',
  'missed-answer',
  'hand-over',
]);
export type CitedFor = z.infer<typeof citedForSchema>;

const ruleSchema = z.strictObject({
  id: z.string().regex(/^[A-Z]{2}-\d{2}$/, 'two capitals, a hyphen and two digits'),
  says: z.string().min(1),
  explains: z.array(citedForSchema).min(1),
  /** Only tickets under these plans; absent: under every plan. */
  plans: z.array(z.string()).optional(),
  /** Only tickets of these priorities; absent: of every priority. */
  priorities: z.array(prioritySchema).optional(),
});
export type Rule = z.infer<typeof ruleSchema>;

export const ruleBookSchema = z.array(ruleSchema);

/** A rule as an explanation cites it. */
export type Citation = Pick<Rule, 'id' | 'says'>;

/** The rules that explain something about a ticket of this plan and priority, in the order of the book. */
export const rulesFor = (
  book: readonly Rule[],
  about: readonly CitedFor[],
  ticket: { planId: string; priority: Priority },
): Citation[] =>
  book
    .filter(
      ({ explains, plans, priorities }) =>
        about.some((one) => explains.includes(one)) &&
        (plans?.includes(ticket.planId) ?? true) &&
        (priorities?.includes(ticket.priority) ?? true),
    )
    .map(({ id, says }) => ({ id, says }));
