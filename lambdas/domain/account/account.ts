/**
 * A customer organisation: who its people are, which plan it is on, and the units it has on hand. Balance is never stored:
 * it is the sum of the lots that are live at the moment that it is asked for.
 */
import * as z from 'zod';
import { countSchema } from '../numbers.ts';
import { accountFactsSchema } from './account-facts.ts';
import { instantSchema } from '../time/instant.ts';
import { lotSchema } from './ledger.ts';
import { contactRoleSchema } from '../vocabulary.ts';

export const contactSchema = z.strictObject({
  email: z.string(),
  name: z.string(),
  role: contactRoleSchema,
});
export type Contact = z.infer<typeof contactSchema>;

/** Enough for everybody who writes to a desk; all of them stand on one record. */
export const MOST_CONTACTS = 50;

/** The account's term of its plan; an account on a plan without terms has none. */
export const subscriptionSchema = z.strictObject({
  startedAt: instantSchema,
  /** Terms begun, the running one included. */
  terms: countSchema,
  endsAt: instantSchema,
  /** Whether the next term begins by itself when this one ends. */
  renews: z.boolean(),
});
export type Subscription = z.infer<typeof subscriptionSchema>;

/** The customer's word on whether engineers may enter its systems; the last word counts. */
export const remoteAccessSchema = z.strictObject({
  granted: z.boolean(),
  note: z.string().optional(),
  at: instantSchema,
  by: z.string().optional(),
});

export const accountSchema = z.strictObject({
  accountId: z.string(),
  /** Rises with every change; every write is conditional on the one that was read. */
  version: countSchema,
  name: z.string(),
  planId: z.string(),
  /** The customer's own IANA zone: the plan's hours and every time in a mail are told in it. */
  timeZone: z.string(),
  /** Whose public holidays count, such as `US` or `DE-BY`. */
  region: z.string(),
  contacts: z.array(contactSchema),
  lots: z.array(lotSchema),
  /** The latest moment at which a lot ran out and was written off; absent where none was. */
  expiredTo: instantSchema.optional(),
  /** What the vendor knows about the customer and its product. */
  facts: accountFactsSchema.optional(),
  /** Absent until the first term was written, and where the plan has no terms. */
  subscription: subscriptionSchema.optional(),
  /** Up to when the monthly allowance was granted; absent where the plan has none. */
  allowedUntil: instantSchema.optional(),
  /** When the units of a first edition were granted; they are granted once. */
  firstEditionAt: instantSchema.optional(),
  /** How often each benefit was used in the period from that moment; an older count is over. */
  redeemed: z.array(z.strictObject({ benefit: z.string(), from: instantSchema, used: countSchema })).optional(),
  remoteAccess: remoteAccessSchema.optional(),
  createdAt: instantSchema,
});
export type Account = z.infer<typeof accountSchema>;

/** What an account is called and where it is, or a part of that. */
export const accountDetailsSchema = accountSchema.pick({ name: true, timeZone: true, region: true }).partial();
export type AccountDetails = z.infer<typeof accountDetailsSchema>;

/** Addresses are compared without regard to case. */
export const contactWith = (account: Pick<Account, 'contacts'>, email: string | undefined): Contact | undefined =>
  email === undefined ? undefined : account.contacts.find((one) => one.email.toLowerCase() === email.toLowerCase());

export const administratorsOf = (account: Account): Contact[] =>
  account.contacts.filter(({ role }) => role === 'administrator');

/** Who reads what concerns the whole account: its administrators, or where it has none everybody. */
export const readersOf = (account: Account): readonly Contact[] => {
  const administrators = administratorsOf(account);
  return administrators.length > 0 ? administrators : account.contacts;
};
