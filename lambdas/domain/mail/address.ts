/**
 * Whether mail goes to an address. A mailbox that does not exist and a recipient who complained both stop it until a manager lifts the
 * stop. It knows no ticket and no account: an address is the same whoever writes to it. The trap: reports of failures come twice, late
 * and out of order, so what they add up to must not depend on the order.
 */
import * as z from 'zod';
import { countSchema } from '../numbers.ts';
import { instantSchema, type Instant } from '../time/instant.ts';
import { actorSchema, type Actor } from '../vocabulary.ts';

/**
 * The addresses that the desk writes to: a dotted local part of at most 64 characters (RFC 5321) out of those of RFC 5322, and a domain
 * in letters, digits and hyphens, whose last label may be an encoded one (`xn--…`). Left out are `#` and `|`, which part keys and cursors,
 * the question mark and the backtick, which other programs act on in headers and shells, and an apostrophe at the end, which is a
 * misprint. A mail that comes in may have been written from any other; `isAddress` reads it.
 */
export const MAIL_ADDRESS =
  /^(?=[^@]{1,64}@)(?:[A-Za-z0-9!$%&'*+/=^_{}~-]+\.)*[A-Za-z0-9!$%&'*+/=^_{}~-]*[A-Za-z0-9!$%&*+/=^_{}~-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+(?:[A-Za-z]{2,}|[Xx][Nn]--[A-Za-z0-9-]*[A-Za-z0-9])$/;
export const LONGEST_MAIL_ADDRESS = 254;

/**
 * Whether the desk writes to an address. SES refuses what is none, and what is written in letters of another script; a letter to such a one
 * would be tried again and again and end among the dead ones, for nothing.
 */
export const isWrittenTo = (address: string): boolean =>
  address.length <= LONGEST_MAIL_ADDRESS && MAIL_ADDRESS.test(address);

/** `bounced`: nothing can be delivered there. `complained`: the recipient called our mail unwanted, which weighs more. */
export const mailStopStateSchema = z.enum(['bounced', 'complained']);
export type MailStopState = z.infer<typeof mailStopStateSchema>;

export const mailStopSchema = z.strictObject({
  state: mailStopStateSchema,
  /** Since when nothing is sent there. */
  at: instantSchema,
  /** Why, for people. */
  reason: z.string(),
  /** What the mail was about that failed. */
  cause: z.string().optional(),
});
export type MailStop = z.infer<typeof mailStopSchema>;

export const addressSchema = z.strictObject({
  /** In lower case. */
  email: z.string(),
  /** Rises with every change; every write is conditional on the one that was read. */
  version: countSchema,
  stop: mailStopSchema.optional(),
  /** The last time a manager lifted a stop. */
  lifted: z.strictObject({ at: instantSchema, by: actorSchema, reason: z.string().optional() }).optional(),
});
export type Address = z.infer<typeof addressSchema>;

/** A failure that stops mail to an address. */
export interface Failure extends MailStop {
  readonly email: string;
  /** When the mail was sent that failed; where it is known, what was sent before a stop was lifted says nothing about afterwards. */
  readonly sentAt?: Instant | undefined;
}

const weight: Record<MailStopState, number> = { bounced: 0, complained: 1 };

/** Which of two stops stands: the graver one, and of two alike the earlier; a tie is broken the same way in either order. */
const graver = (one: MailStop, other: MailStop): MailStop => {
  if (one.state !== other.state) return weight[one.state] > weight[other.state] ? one : other;
  if (one.at !== other.at) return one.at < other.at ? one : other;
  return JSON.stringify(one) <= JSON.stringify(other) ? one : other;
};

/** A complaint is about the recipient's wish at its own moment; a bounce about the mailbox when the mail was sent. */
const isOver = ({ state, at, sentAt }: Failure, lifted: Address['lifted']): boolean =>
  lifted !== undefined && (state === 'bounced' ? (sentAt ?? at) : at) <= lifted.at;

/** The address after a failure, or nothing where the failure changes nothing: known already, weaker, or from before a stop was lifted. */
export const afterFailure = (known: Address | undefined, failure: Failure): Address | undefined => {
  const { email, state, at, reason, cause } = failure;
  if (isOver(failure, known?.lifted)) return undefined;
  const reported: MailStop = { state, at, reason, ...(cause !== undefined && { cause }) };
  const stop = known?.stop ? graver(known.stop, reported) : reported;
  if (known?.stop && JSON.stringify(stop) === JSON.stringify(known.stop)) return undefined;
  return { ...known, email: email.toLowerCase(), version: (known?.version ?? 0) + 1, stop };
};

/** The address after a manager has lifted its stop, or nothing where nothing stops mail to it. */
export const afterLift = (
  known: Address | undefined,
  { actor, now, reason }: { actor: Actor; now: Instant; reason?: string | undefined },
): Address | undefined => {
  if (!known?.stop) return undefined;
  const { stop: _stop, ...rest } = known;
  return {
    ...rest,
    version: known.version + 1,
    lifted: { at: now, by: actor, ...(reason !== undefined && { reason }) },
  };
};
