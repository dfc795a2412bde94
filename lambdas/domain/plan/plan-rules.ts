/**
 * The kinds of terms that a plan may use beside its charges and targets: what it demands of the account and the request, what it
 * grants, what it covers. Each is a shape with figures; the rule that reads it stands in a file of its own and never here.
 */
import * as z from 'zod';
import { countSchema, wholeSchema } from '../numbers.ts';
import { channelSchema, prioritySchema } from '../vocabulary.ts';

/** The key of a published document in the file's `sources`: where a figure was read. */
export const sourceSchema = z.string().min(1);

/** Calendar time in years, months or days, such as `P1Y` or `P6M`; counted in the account's zone. */
export const periodSchema = z.string().regex(/^P[1-9]\d{0,3}[YMD]$/, 'years, months or days, such as P1Y, P6M or P30D');

/** The name of something the vendor does or doesn't do, in lower-case words joined by hyphens. */
export const slugSchema = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words joined by hyphens');

/** Which edition of the product a customer runs. */
export const editionSchema = z.enum(['community', 'small-business', 'enterprise']);
export type Edition = z.infer<typeof editionSchema>;

/** Whether the customer rents a server of their own or runs the vendor's platform software. */
export const customerClassSchema = z.enum(['dedicated', 'platform']);

/** A release of a product; its first number is the major release. */
export const releaseSchema = z.string().regex(/^\d{1,4}(\.\d{1,6}){0,3}$/, 'a release such as 11 or 11.4.6');

/** Something that must hold before a ticket is opened, for these channels and priorities or, where none are named, for all. */
const condition = <Needs extends string, Shape extends z.ZodRawShape>(needs: Needs, shape: Shape) =>
  z.strictObject({
    needs: z.literal(needs),
    channels: z.array(channelSchema).optional(),
    priorities: z.array(prioritySchema).optional(),
    ...shape,
    source: sourceSchema,
  });

export const conditionSchema = z.discriminatedUnion('needs', [
  /** The channel is there for these priorities only. */
  condition('priority', { oneOf: z.array(prioritySchema).min(1) }),
  /** Whoever opens it names the charge that the customer has agreed to. */
  condition('authorized-charge', {}),
  /** The problem stops the business. `stated`: it must be said in so many words; else asking for the priority says it. */
  condition('mission-critical', { stated: z.boolean() }),
  /** Customers of these editions are left out. An account whose edition nobody recorded is not. */
  condition('edition', { noneOf: z.array(editionSchema).min(1) }),
  /** A running software subscription. It counts as running until the account's record says otherwise. */
  condition('software-subscription', {}),
  /** The account's release is at most `majorsBack` major releases older than `current`. No record counts as supported. */
  condition('supported-release', {
    product: z.string().min(1),
    current: releaseSchema,
    majorsBack: wholeSchema,
  }),
  /** The product was registered less than this long ago. */
  condition('registration', { within: periodSchema }),
]);
export type Condition = z.infer<typeof conditionSchema>;
export type ConditionOf<Needs extends Condition['needs']> = Extract<Condition, { needs: Needs }>;

/** Units that come without being bought. */
export const grantRuleSchema = z.discriminatedUnion('on', [
  /** With each term of the plan, good until the term ends. */
  z.strictObject({ on: z.literal('term'), amount: countSchema, source: sourceSchema }),
  /** With each calendar month of a zone (an IANA name, or `customer`), good until the month ends. */
  z.strictObject({
    on: z.literal('calendar-month'),
    amount: countSchema,
    zone: z.string().min(1),
    source: sourceSchema,
  }),
  /** With the first edition of the product that the account buys, once. */
  z.strictObject({
    on: z.literal('first-edition'),
    editions: z.array(editionSchema).min(1),
    amount: countSchema,
    validFor: periodSchema,
    source: sourceSchema,
  }),
]);
export type GrantRule = z.infer<typeof grantRuleSchema>;
export type GrantOf<On extends GrantRule['on']> = Extract<GrantRule, { on: On }>;

/** A kind of work that the plan covers, or that it declines and where to turn instead. */
export const categoryRuleSchema = z.strictObject({
  category: slugSchema,
  /** What else the published text calls it, or parts of it: a ticket may name it so. */
  also: z.array(slugSchema).min(1).optional(),
  covered: z.boolean(),
  turnTo: z.string().min(1).optional(),
  source: sourceSchema,
});

export type CategoryRule = z.infer<typeof categoryRuleSchema>;

/** Every name that a kind of work goes by. */
export const categoryNames = ({ category, also = [] }: CategoryRule): string[] => [category, ...also];

/** Something that comes with the plan besides tickets: so many in each period of the subscription. 0: known, and not included. */
export const benefitRuleSchema = z.strictObject({
  benefit: slugSchema,
  amount: z.union([wholeSchema, z.literal('unlimited')]),
  per: periodSchema,
  source: sourceSchema,
});
export type BenefitRule = z.infer<typeof benefitRuleSchema>;

/** What the opener says about the harm that a problem does; the plan's published definitions make a severity of it. */
export const severityAnswersSchema = z.strictObject({
  /** How much of those who use that part of the software. */
  usersAffected: z.enum(['majority', 'some', 'one']),
  visibility: z.enum(['high', 'low']).default('high'),
  /** Whether there is a way around the problem. */
  workaround: z.boolean().default(false),
  revenueAffected: z.boolean().default(false),
  /** The customer can't run its business. */
  businessBlocked: z.boolean().default(false),
});
export type SeverityAnswers = z.infer<typeof severityAnswersSchema>;

/** The priority that these answers give; a question that is not named does not matter. The first rule that fits is taken. */
export const severityRuleSchema = z.strictObject({
  priority: prioritySchema,
  when: z.strictObject({
    usersAffected: z.array(z.enum(['majority', 'some', 'one'])).optional(),
    visibility: z.enum(['high', 'low']).optional(),
    workaround: z.boolean().optional(),
    revenueAffected: z.boolean().optional(),
    businessBlocked: z.boolean().optional(),
  }),
  source: sourceSchema,
});
export type SeverityRule = z.infer<typeof severityRuleSchema>;
