/** What a monthly service report looks like over HTTP. */
import * as z from 'zod';
import * as words from '../../../domain/vocabulary.ts';
import { instant } from './fields.ts';

const count = z.number().int().nonnegative();
const seconds = z.number().nonnegative().nullable();

const performance = z
  .object({
    at: instant.nullable().meta({ description: 'When it was done; null while it is not.' }),
    seconds: seconds.meta({
      description: 'Time it took: of the promise’s calendar, or elapsed where none is promised.',
    }),
    moot: z
      .literal(true)
      .optional()
      .meta({ description: 'There was a promise, and the ticket ended before it was due.' }),
    promise: z
      .object({
        state: words.targetStateSchema,
        deadline: instant.nullable(),
        seconds: seconds.meta({ description: 'The promised time; null while the clock stands still.' }),
        businessDays: count.optional(),
        plannedAt: instant.optional().meta({ description: 'When a plan kept it; the solution may have taken longer.' }),
      })
      .nullable(),
  })
  .meta({ id: 'Performance' });

const person = z
  .object({ name: z.string(), role: z.enum(['contact', 'engineer', 'manager']), tier: words.tierSchema.optional() })
  .meta({ id: 'PersonInvolved', description: 'Engineers are named without their address.' });

const kept = z.object({ kept: count, missed: count, open: count, withoutPromise: count }).meta({ id: 'PromisesKept' });

const incident = z
  .object({
    ticketId: z.string(),
    subject: z.string(),
    priority: words.prioritySchema,
    channel: words.channelSchema,
    status: words.ticketStatusSchema,
    openedAt: instant,
    answer: performance,
    solution: performance,
    charged: count,
    credited: count,
    refunded: count
      .optional()
      .meta({ description: 'Units whose price went back to a payment card instead of the account.' }),
    people: z.array(person),
    rating: z.object({ score: z.number().int(), comment: z.string().optional() }).optional(),
  })
  .meta({ id: 'IncidentReported' });

export const reportView = z
  .object({
    accountId: z.string(),
    name: z.string(),
    month: z.string(),
    timeZone: z.string(),
    from: instant,
    to: instant.meta({ description: 'Not included.' }),
    madeAt: instant,
    complete: z.boolean().meta({ description: 'False while the month runs.' }),
    incidents: z.array(incident).meta({ description: 'Opened in the month, oldest first.' }),
    earlier: z.array(incident).meta({
      description:
        'Of the 500 opened last before the month, those open in it or rated in it, in no count but that of ratings.',
    }),
    truncated: z.boolean().meta({ description: 'There were more than are listed; the counts are of those listed.' }),
    byPriority: z.array(z.object({ priority: words.prioritySchema, incidents: count })),
    answers: kept,
    solutions: kept,
    units: z.object({
      unit: words.unitSchema,
      used: count,
      credited: count,
      left: count.meta({
        description: 'To be spent at `madeAt` on tickets of its own plan.',
      }),
      unlimited: z
        .literal(true)
        .optional()
        .meta({ description: 'Tickets of its own plan cost nothing, however many they are.' }),
      addOns: z
        .array(z.object({ planId: z.string(), left: count }))
        .optional()
        .meta({ description: 'The same for each add-on of its plan, and each other one that it has had units of.' }),
      days: z.array(z.object({ on: z.iso.date(), used: count, credited: count })),
    }),
    satisfaction: z
      .object({ average: z.number().nullable(), ratings: count })
      .meta({ description: 'Of the ratings given in the month.' }),
    manager: z.object({ name: z.string() }).optional().meta({ description: 'The technical account manager.' }),
  })
  .meta({ id: 'ServiceReport' });
