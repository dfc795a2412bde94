/** What an explanation looks like over HTTP. Amounts of time are seconds of business time, exact to the millisecond. */
import * as z from 'zod';
import * as words from '../../../domain/vocabulary.ts';
import { instant } from './fields.ts';

const seconds = z.number().nonnegative();

const citation = z
  .object({ id: z.string(), says: z.string() })
  .meta({ id: 'RuleCited', description: 'A published rule: its id and what it says.' });

const sentences = z
  .array(z.string())
  .meta({ description: 'The same in words, every time told in the customer’s zone.' });

const stretch = z.object({ from: instant, to: instant, seconds }).meta({ id: 'CountedStretch' });

const count = z
  .object({
    startedAt: instant,
    until: instant.meta({ description: 'The deadline, or the moment at which the clock stopped where there is none.' }),
    deadline: instant.nullable(),
    intervals: z.array(stretch).meta({ description: 'The open hours between start and `until`.' }),
    pauses: z
      .array(stretch)
      .meta({ description: 'Stretches in which the clock stood still, with the business time each took out.' }),
    openSeconds: seconds.meta({ description: 'The sum of the intervals.' }),
    pausedSeconds: seconds.meta({ description: 'The sum of the pauses.' }),
    countedSeconds: seconds.meta({
      description: '`openSeconds` less `pausedSeconds`: the span, once there is a deadline.',
    }),
    holidays: z.array(z.iso.date()).meta({ description: 'Holidays in the range that closed an open day.' }),
    days: z.array(z.iso.date()).optional().meta({ description: 'The business days counted, for a span in days.' }),
  })
  .meta({ id: 'DeadlineCount' });

const lot = z.object({ lotId: z.string(), amount: z.number().int(), expiresAt: instant.optional() });
const lots = z.array(lot);

const amount = z.number().int();

const source = z.string().optional().meta({ description: 'The published document that the figure was read from.' });

const deadline = z
  .object({
    kind: words.targetKindSchema,
    tier: words.tierSchema,
    priority: words.prioritySchema,
    state: words.targetStateSchema,
    span: z.string().meta({ description: '`PT4H` of open hours, or `3BD` business days.' }),
    guaranteed: z.literal(false).optional().meta({ description: '`false`: an aim that is measured, and no promise.' }),
    source,
    calendar: z.object({ name: z.string(), zone: z.string(), hours: z.string() }),
    count,
    endedAt: instant.optional(),
    usedSeconds: seconds.optional().meta({ description: 'Counted time until the promise was kept.' }),
    replacedAt: instant.optional().meta({ description: 'When another promise took its place.' }),
    rules: z.array(citation),
    sentences,
  })
  .meta({ id: 'DeadlineExplained' });

const charge = z
  .object({
    at: instant,
    cause: z.enum(['opened', 'reprioritized', 'classified']),
    amount,
    unit: words.unitSchema,
    channel: words.channelSchema,
    priority: words.prioritySchema,
    source,
    lots,
    rules: z.array(citation),
    sentences,
  })
  .meta({ id: 'ChargeExplained' });

const credit = z
  .object({
    at: instant.meta({ description: 'When it took effect: for a miss, the deadline.' }),
    recordedAt: instant,
    amount,
    unit: words.unitSchema,
    cause: z.enum(['miss', 'reprioritized', 'classified']),
    to: z.enum(['units', 'card']).meta({ description: 'Units came back, or their price goes to the payment card.' }),
    target: words.targetKindSchema.optional().meta({ description: 'The promise whose miss earned it.' }),
    lots: z
      .array(
        lot.extend({
          replaces: z
            .array(z.string())
            .optional()
            .meta({ description: 'The lots that the units had come from, where those have expired.' }),
        }),
      )
      .meta({ description: 'Where the units are that came back.' }),
    rules: z.array(citation),
    sentences,
  })
  .meta({ id: 'CreditExplained' });

const escalation = z
  .object({
    at: instant,
    from: words.tierSchema,
    to: words.tierSchema,
    reason: z.string(),
    by: words.actorSchema.pick({ role: true, tier: true }),
    target: words.targetKindSchema.optional(),
    rules: z.array(citation),
    sentences,
  })
  .meta({ id: 'EscalationExplained' });

export const explanationView = z
  .object({
    ticketId: z.string(),
    planId: z.string(),
    planVersion: z.number().int(),
    timeZone: z.string(),
    deadlines: z.array(deadline),
    charges: z.array(charge),
    credits: z.array(credit),
    escalations: z.array(escalation),
  })
  .meta({
    id: 'Explanation',
    description: 'Why each deadline, charge, credit and escalation of a ticket is what it is.',
  });
