/**
 * Each setting by itself: what it may be, what it is where nobody sets it, and what is told of a value that it can't be. What settings make
 * of a desk, and where they come from, is for `config.ts`.
 */
import * as z from 'zod';
import { MAIL_ADDRESS } from '../lambdas/domain/mail/address.ts';
import { isZone } from '../lambdas/domain/time/calendar.ts';

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Whether the name is spelt as the tz database does; this runtime takes `europe/berlin` too, which the scheduler does not. */
const isSpeltRight = (timeZone: string): boolean => {
  const { timeZone: canonical } = new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions();
  return canonical === timeZone || canonical.toLowerCase() !== timeZone.toLowerCase();
};

/** The scheduler accepts only full names, not abbreviations such as `CET`. */
const isTimeZone = (zone: string): boolean =>
  isZone(zone) && (zone === 'UTC' || zone.includes('/')) && isSpeltRight(zone);

/** An issuer has neither query nor fragment (OpenID Connect Discovery 1.0, section 2). */
const isIssuer = (url: string): boolean =>
  URL.canParse(url) &&
  !/[?#]/.test(url) &&
  (/^https:$/.test(new URL(url).protocol) || /^http:\/\/(localhost|127\.0\.0\.1)(:|\/|$)/.test(url));

const isOrigin = (origin: string): boolean => URL.canParse(origin) && new URL(origin).origin === origin;

const listOf = (item: z.ZodType<string, string>) =>
  z
    .union([z.string().transform((text) => text.split(',').map((part) => part.trim())), z.array(z.string())])
    .pipe(z.array(item))
    .default([]);

const mailAddress = z.email({ pattern: MAIL_ADDRESS });

const claim = z
  .string()
  .regex(/^[A-Za-z0-9_.:/-]{1,200}$/)
  .optional();

const quota = z.coerce.number().int().min(1).max(1_000_000);

/** What a rate-based rule of AWS WAF takes. */
const FEWEST_REQUESTS = 10;
export const MOST_REQUESTS = 2_000_000_000;
const requests = z.coerce.number().int().min(FEWEST_REQUESTS).max(MOST_REQUESTS);

export const settingsSchema = z.object({
  stage: z
    .string()
    .regex(/^(?!production$)[a-z][a-z0-9-]{0,19}$/)
    .default('dev'),
  deskName: z
    .string()
    .regex(/^(?=.*\S)[^\p{Cc}<>"]{1,60}$/u)
    .default('Support desk'),
  deskTimeZone: z.string().refine(isTimeZone).default('Etc/UTC'),
  sender: mailAddress.optional(),
  senderIdentity: z.enum(['address', 'domain', 'existing']).default('address'),
  mailDomain: z
    .string()
    .toLowerCase()
    .regex(/^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9])$/)
    .optional(),
  mailRuleSet: z.enum(['active', 'prepared']).default('active'),
  managers: listOf(mailAddress),
  tier1: listOf(mailAddress),
  tier2: listOf(mailAddress),
  tier3: listOf(mailAddress),
  issuer: z.string().refine(isIssuer).optional(),
  audience: listOf(z.string().min(1)),
  claimRole: claim,
  claimAccount: claim,
  claimEmail: claim,
  claimTier: claim,
  publicUrl: z
    .string()
    .refine((url) => isOrigin(url) && url.startsWith('https:'))
    .optional(),
  corsOrigins: listOf(z.string().refine(isOrigin)),
  edge: z.enum(['off', 'on']).default('off'),
  // Three a second for five minutes: a person with a browser stays far below, a script gone wild does not.
  requestsPerClient: requests.default(1000),
  requestsPerAddress: requests.optional(),
  edgeCertificate: z
    .string()
    .regex(/^arn:aws:acm:us-east-1:\d{12}:certificate\/[\w-]{1,64}$/)
    .optional(),
  programmes: listOf(z.string().min(1)),
  publishedPlans: z.enum(['offered', 'left-out']).default('offered'),
  restoredTableStream: z
    .string()
    .regex(/^arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/[\w.-]+\/stream\/[\w.:-]+$/)
    .optional(),
  alarmEmail: mailAddress.optional(),
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).default('INFO'),
  // Far more than people do, and little enough that a script gone wild is stopped before the desk is full of it.
  openingsPerHour: quota.default(1000),
  openingsPerDay: quota.default(5000),
  changesPerHour: quota.default(1000),
  queueShards: z.coerce.number().int().min(1).max(64).default(2),
});
export type Settings = z.infer<typeof settingsSchema>;
export type Key = keyof Settings;

const ADDRESS = 'a mail address such as support@example.com';
const CLAIM = 'the name of a claim in the token, such as "role" or "custom:role"';
const QUOTA = 'a whole number from 1 to 1000000';
const REQUESTS = `a whole number from ${String(FEWEST_REQUESTS)} to ${String(MOST_REQUESTS)}`;
const ADDRESSES = 'mail addresses separated by commas, such as "ann@example.com,bob@example.com"';
/** In words, what a key wants. */
export const expected: Readonly<Record<Key, string>> = {
  stage: 'a short name of lower-case letters, digits and hyphens, such as "dev"; production is called "prod"',
  deskName: 'a name of at most 60 characters without <, > or quotes',
  deskTimeZone: 'an IANA time zone such as "Europe/Berlin"',
  sender: ADDRESS,
  senderIdentity: '"address", "domain" or "existing"',
  mailDomain: 'a domain such as "desk.example.com"',
  mailRuleSet: '"active" or "prepared"',
  managers: ADDRESSES,
  tier1: ADDRESSES,
  tier2: ADDRESSES,
  tier3: ADDRESSES,
  issuer: 'the https address of an OIDC issuer, exactly as its tokens spell it in "iss"',
  audience: 'the values of "aud" to accept from the issuer, separated by commas',
  claimRole: CLAIM,
  claimAccount: CLAIM,
  claimEmail: CLAIM,
  claimTier: CLAIM,
  publicUrl: 'an https address without a path, such as "https://desk.example.com"',
  corsOrigins: 'web origins separated by commas, such as "https://desk.example.com"',
  edge: '"off" or "on"',
  requestsPerClient: REQUESTS,
  requestsPerAddress: `${REQUESTS}, and no less than requestsPerClient`,
  edgeCertificate:
    'the ARN of a certificate of us-east-1, such as arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012',
  programmes: 'paths of programme files separated by commas, such as "programmes/own.json"',
  publishedPlans: '"offered" or "left-out"',
  restoredTableStream:
    'the ARN of a stream, such as arn:aws:dynamodb:eu-west-1:123456789012:table/desk/stream/2026-03-02T08:00:00.000',
  alarmEmail: ADDRESS,
  logLevel: '"DEBUG", "INFO", "WARN" or "ERROR"',
  openingsPerHour: QUOTA,
  openingsPerDay: QUOTA,
  changesPerHour: QUOTA,
  queueShards: 'a whole number from 1 to 64; it may be raised later, and never lowered',
};
export const KEYS = Object.keys(expected) as Key[];

/** The variable of the environment that sets a key. */
export const variable = (key: Key): string =>
  `MAKEGOOD_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

/** What is wrong with a key's value, and where it is set. */
export const complaint = (key: Key, given: unknown, why = `given, but it must be ${expected[key]}`): string =>
  `${key}: ${given === undefined ? 'nothing' : JSON.stringify(given)} ${why} (set by context "${key}" or ${variable(key)})`;

/** @throws ConfigError with a line for each complaint. */
export const refuse = (complaints: readonly string[]): never => {
  throw new ConfigError(`The desk can't be configured:\n${complaints.map((line) => `  - ${line}`).join('\n')}`);
};
