/** The fields that several requests share, each with its bounds. Text from outside is bounded here and nowhere else. */
import * as z from 'zod';
import { ULID_PATTERN } from '../../../domain/ids.ts';
import { LONGEST_MAIL_ADDRESS, MAIL_ADDRESS } from '../../../domain/mail/address.ts';
import { instantSchema } from '../../../domain/time/instant.ts';
import { customerClassSchema, editionSchema, releaseSchema } from '../../../domain/plan/plan-rules.ts';

/**
 * Classes of characters in the syntax that every reader of a JSON Schema understands, so that the contract itself says what text is
 * taken. The patterns made of them never go back: a blank start, one character that is not blank, the rest. What has no width is blank
 * too: nobody is answered by what nobody sees.
 */
const BLANK = ' \\u00a0\\u1680\\u2000-\\u200f\\u202f\\u205f\\u3000\\ufeff';
const BREAKS = '\\u2028\\u2029';
const CONTROL = '\\u0000-\\u001f\\u007f-\\u009f';
const CONTROL_BUT_SPACING = '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f';

const ONE_LINE = new RegExp(`^[${BLANK}]*[^${BLANK}${BREAKS}${CONTROL}][^${BREAKS}${CONTROL}]*$`);
const LINES = new RegExp(`^[${BLANK}${BREAKS}\\t\\n\\r]*[^${BLANK}${BREAKS}${CONTROL}][^${CONTROL_BUT_SPACING}]*$`);

/** Text of one line: no control characters and no line breaks of any kind, so that it can stand in a mail header. */
export const line = (longest: number) =>
  z.string().min(1).max(longest).regex(ONE_LINE, 'must be one line of text without control characters').trim();

/** Text of several lines. */
export const prose = (longest: number) =>
  z.string().min(1).max(longest).regex(LINES, 'must be text, not empty and without control characters');

export const email = z.email({ pattern: MAIL_ADDRESS }).max(LONGEST_MAIL_ADDRESS).toLowerCase();

const id = (prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_${ULID_PATTERN}$`), `must be an id such as ${prefix}_01J9ZC2M6Q4V7R8T5X3W1Y0N2K`);

export const accountId = id('acc').meta({ description: 'The id of an account.' });
export const ticketId = id('tkt').meta({ description: 'The id of a ticket.' });

/** Beyond these years a date is a mistake, and one moved into the next year by its offset or a term could not be written any more. */
const FIRST_YEAR = '1970';
const LAST_YEAR = '9998';
const isOfTheseYears = (text: string): boolean => text.slice(0, 4) > FIRST_YEAR && text.slice(0, 4) <= LAST_YEAR;
const THESE_YEARS = `must lie in the years after ${FIRST_YEAR} and up to ${LAST_YEAR}`;

/** An instant in a body: any offset is understood and kept as UTC in whole seconds. */
export const moment = z.iso
  .datetime({ offset: true })
  .refine(isOfTheseYears, THESE_YEARS)
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
  registeredOn: z.iso
    .date()
    .refine(isOfTheseYears, THESE_YEARS)
    .optional()
    .meta({ description: 'The local day on which the product was registered.' }),
  extendedHours: z
    .boolean()
    .optional()
    .meta({ description: 'Whether the contract adds the extended hours of the plan’s calendars.' }),
});

export const instant = instantSchema.meta({ description: 'An instant in UTC, ISO 8601.' });

/** A whole number in a path or a query, in the one spelling that the contract names: JavaScript would read `0x10`, `1e1` and ` 1` too. */
const fromDigits = <Schema extends z.ZodType>(number: Schema) =>
  z.preprocess((text) => (typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : text), number);
const between = (least: number, most: number) => {
  const wanted = `must be a whole number from ${least} to ${most}, in decimal digits`;
  return z.int(wanted).min(least, wanted).max(most, wanted);
};
export const wholeNumber = (least: number, most: number) => fromDigits(between(least, most));

export const pageQuery = z.strictObject({
  limit: fromDigits(between(1, 100).default(50)).meta({ description: 'How many items a page holds.' }),
  cursor: z.string().max(500).optional().meta({ description: 'The `next` of the page before.' }),
});

export const pageOf = (item: z.ZodType) =>
  z.object({
    items: z.array(item),
    next: z.string().optional().meta({ description: 'The cursor of the next page; absent on the last one.' }),
  });

export const missionCritical = z
  .boolean()
  .meta({ description: 'Whether the problem keeps the business from running from minute to minute.' });

/** Units that the customer has agreed to. */
export const authorizedCharge = z.number().int().min(0).max(1_000_000);
