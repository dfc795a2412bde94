/**
 * A customer organisation: who its people are, which plan it is on, and the units it has on hand. Balance is never stored:
 * it is the sum of the lots that are live at the moment that it is asked for.
 */
import { z } from 'zod';
import { instantSchema } from './instant.ts';
import { lotSchema } from './ledger.ts';
import { contactRoleSchema } from './vocabulary.ts';

export const contactSchema = z.strictObject({
  email: z.string(),
  name: z.string(),
  role: contactRoleSchema,
});
export type Contact = z.infer<typeof contactSchema>;

export const accountSchema = z.strictObject({
  accountId: z.string(),
  /** Rises with every change; every write is conditional on the one that was read. */
  version: z.number().int().positive(),
  name: z.string(),
  planId: z.string(),
  /** The customer's own IANA zone: the plan's hours and every time in a mail are told in it. */
  timeZone: z.string(),
  /** Whose public holidays count, such as `US` or `DE-BY`. */
  region: z.string(),
  contacts: z.array(contactSchema),
  lots: z.array(lotSchema),
  createdAt: instantSchema,
  /** The technical account manager: the person of the vendor's side in whose name the account gets its service reports. */
  tam: z.strictObject({ name: z.string(), email: z.string() }).optional(),
});
export type Account = z.infer<typeof accountSchema>;

/** Addresses are compared without regard to case. */
export const contactWith = (account: Account, email: string | undefined): Contact | undefined =>
  email === undefined ? undefined : account.contacts.find((one) => one.email.toLowerCase() === email.toLowerCase());

export const administratorsOf = (account: Account): Contact[] =>
  account.contacts.filter(({ role }) => role === 'administrator');
