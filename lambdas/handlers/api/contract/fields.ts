/** The fields that several requests share, each with its bounds. Text from outside is bounded here and nowhere else. */
import { z } from 'zod';
import { instantSchema } from '../../../domain/time/instant.ts';
import { customerClassSchema, editionSchema, releaseSchema } from '../../../domain/plan/plan-rules.ts';

const CONTROL = /\p{Cc}/u;

/** Text of one line: no control characters, so that it can stand in a mail header. */
export const line = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .refine((text) => !CONTROL.test(text), 'must be one line without control characters');

/** Text of several lines. */
export const prose = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine((text) => text.trim() !== '', 'must not be empty')
    .refine((text) => !/[^\P{Cc}\n\r\t]/u.test(text), 'must not contain control characters');

export const email = z.email().max(254).toLowerCase();

const id = (prefix: string) =>
  z
    .string()
    .regex(
      new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`),
      `must be an id such as ${prefix}_01J9ZC2M6Q4V7R8T5X3W1Y0N2K`,
    );

export const accountId = id('acc').meta({ description: 'The id of an account.' });
export const ticketId = id('tkt').meta({ description: 'The id of a ticket.' });

/** An instant in a body: any offset is understood and kept as UTC in whole seconds. */
export const moment = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(Math.floor(Date.parse(text) / 1000) * 1000).toISOString());

/** The facts about a customer that people may record with an account or later. */
export const accountFacts = z.strictObject({
  edition: editionSchema.optional().meta({ description: 'The edition of the product that the customer runs.' }),
  productRelease: releaseSchema.optional().meta({ description: 'The release of the product, such as 11.4.' }),
  softwareSubscriptionUntil: moment
    .nullable()
    .optional()
    .meta({ description: 'Until when the customer subscribes to the software; null: it does not.' }),
  customerClass: customerClassSchema.optional(),
  tam: z
    .strictObject({ name: line(200), email })
    .optional()
    .meta({ description: 'The technical account manager, in whose name the account gets its service reports.' }),
  registeredOn: z.iso.date().optional().meta({ description: 'The local day on which the product was registered.' }),
  extendedHours: z
    .boolean()
    .optional()
    .meta({ description: 'Whether the contract adds the extended hours of the plan’s calendars.' }),
});

export const instant = instantSchema.meta({ description: 'An instant in UTC, ISO 8601.' });

export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50).meta({ description: 'How many items a page holds.' }),
  cursor: z.string().max(500).optional().meta({ description: 'The `next` of the page before.' }),
});

export const pageOf = (item: z.ZodType) =>
  z.object({
    items: z.array(item),
    next: z.string().optional().meta({ description: 'The cursor of the next page; absent on the last one.' }),
  });
