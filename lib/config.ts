/**
 * What an operator may set without touching code: each key comes from the CDK context (`-c stage=prod`) or else from the
 * environment (`MAKEGOOD_STAGE=prod`). Nothing else in lib/ reads either. The trap: a value given on the command line is
 * always text, one from cdk.json may be a list, and an exported but empty variable means "not set".
 */
import * as z from 'zod';
import { MAIL_ADDRESS } from '../lambdas/domain/mail/address.ts';
import { isZone } from '../lambdas/domain/time/calendar.ts';

export interface DeskConfig {
  /** Names the stack and everything in it, so that several desks fit into one account. `prod` keeps and protects data. */
  readonly stage: string;
  /** How the desk calls itself in mails. */
  readonly deskName: string;
  /** IANA zone of the vendor's working day; the daily reminder is sent at 08:00 there. */
  readonly deskTimeZone: string;
  /** The address mails come from; without it the desk sends none. */
  readonly sender?: string;
  /** What SES verifies: the sender's address, its whole domain, or nothing because the account already has it verified. */
  readonly senderIdentity: 'address' | 'domain' | 'existing';
  /** The domain whose mail the desk takes in; without it tickets come by other ways alone. */
  readonly mailDomain?: string;
  /**
   * Whether the deployment that brings the desk's rule set, or gives it another name, makes it the one that SES uses in this account and
   * region, or leaves another in place. A later one does not take it back from whoever made another active.
   */
  readonly mailRuleSet: 'active' | 'prepared';
  /** Who is told when a ticket has climbed to the top tier and was missed again. */
  readonly managers: readonly string[];
  /** Who is mailed the work of each tier; what is due at a tier without an address is told to the managers. */
  readonly tierAddresses: Readonly<Record<'TS1' | 'TS2' | 'TS3', readonly string[]>>;
  /** An OIDC issuer that replaces the Cognito user pool. */
  readonly issuer?: { readonly url: string; readonly audience: readonly string[] };
  /** The names of the claims that carry who the caller is. */
  readonly claims: Readonly<Record<'role' | 'account' | 'email' | 'tier', string>>;
  /** Where people reach the HTTP API, if not at its own address: a domain of the vendor's. Letters link to it. */
  readonly publicUrl?: string;
  /** Web origins that browsers may call the API from; none means no CORS at all. */
  readonly corsOrigins: readonly string[];
  /** Files of programmes that this desk offers beside the product's own; checked and bundled with the functions. */
  readonly programmes: readonly string[];
  /** Whether the product's own plans are in the catalogue too, or those of `programmes` alone. Accounts need their plan for good. */
  readonly publishedPlans: 'offered' | 'left-out';
  /** The stream of a table that was restored and takes the place of the stack's own. */
  readonly restoredTableStream?: string;
  /** Gets the alarms by mail; a stage other than `prod` has none without it. */
  readonly alarmEmail?: string;
  readonly logLevel: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  /** How many partitions each tier's queue is spread over: one takes 1,000 changes of open tickets a second. */
  readonly queueShards: number;
  /** The most that one account's own people may do: tickets opened, and changes of one ticket or of the account itself. */
  readonly quotas: Readonly<Record<'openingsPerHour' | 'openingsPerDay' | 'changesPerHour', number>>;
}

export const isProduction = (config: DeskConfig): boolean => config.stage === 'prod';
/** Whether the stage has alarms and a dashboard: where somebody is told, and in production. */
export const isWatched = (config: DeskConfig): boolean => isProduction(config) || config.alarmEmail !== undefined;
export const stackName = (config: DeskConfig): string => `makegood-${config.stage}`;

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

const settingsSchema = z.object({
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
type Settings = z.infer<typeof settingsSchema>;
type Key = keyof Settings;

const ADDRESS = 'a mail address such as support@example.com';
const CLAIM = 'the name of a claim in the token, such as "role" or "custom:role"';
const QUOTA = 'a whole number from 1 to 1000000';
const ADDRESSES = 'mail addresses separated by commas, such as "ann@example.com,bob@example.com"';
const expected: Readonly<Record<Key, string>> = {
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
const KEYS = Object.keys(expected) as Key[];

const variable = (key: Key): string => `MAKEGOOD_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

const complaint = (key: Key, given: unknown, why = `given, but it must be ${expected[key]}`): string =>
  `${key}: ${given === undefined ? 'nothing' : JSON.stringify(given)} ${why} (set by context "${key}" or ${variable(key)})`;

/** @throws ConfigError with a line for each complaint. */
export const refuse = (complaints: readonly string[]): never => {
  throw new ConfigError(`The desk can't be configured:\n${complaints.map((line) => `  - ${line}`).join('\n')}`);
};

/** Lambda gives a function 4 kB of environment, of which its other variables take about one. */
const MOST_ADDRESS_CHARACTERS = 2_500;

const refuseTooManyAddresses = ({ managers, tier1, tier2, tier3 }: Settings): void => {
  const characters = [managers, tier1, tier2, tier3].flat().join(',').length;
  if (characters <= MOST_ADDRESS_CHARACTERS) return;
  refuse([
    `managers, tier1, tier2, tier3: ${String(characters)} characters of addresses given, but a function has room for ${String(MOST_ADDRESS_CHARACTERS)}: give the address of a mailing list`,
  ]);
};

const refuseNoPlans = ({ programmes, publishedPlans }: Settings): void => {
  if (publishedPlans === 'offered' || programmes.length > 0) return;
  refuse([
    complaint('publishedPlans', publishedPlans, 'given, but then there is no plan at all: name your `programmes`'),
  ]);
};

/** The issuer and its audience are given together or not at all: without an audience any client of the issuer could call. */
const issuerOf = ({ issuer, audience }: Settings): DeskConfig['issuer'] => {
  if (issuer !== undefined && audience.length === 0) {
    refuse([complaint('audience', undefined, `given, but an issuer needs ${expected.audience}`)]);
  }
  if (issuer === undefined && audience.length > 0) {
    refuse([
      complaint('issuer', undefined, `given, but an audience belongs to an issuer: it must be ${expected.issuer}`),
    ]);
  }
  return issuer === undefined ? undefined : { url: issuer, audience };
};

/** Cognito prefixes the attributes that it does not know; another issuer is expected to use the plain names. */
const claimsOf = (settings: Settings): DeskConfig['claims'] => {
  const prefix = settings.issuer === undefined ? 'custom:' : '';
  return {
    role: settings.claimRole ?? `${prefix}role`,
    account: settings.claimAccount ?? `${prefix}account`,
    email: settings.claimEmail ?? 'email',
    tier: settings.claimTier ?? `${prefix}tier`,
  };
};

type Context = Readonly<Record<string, unknown>>;
type Environment = Readonly<Record<string, string | undefined>>;

/** A token is for the operator's commands alone. */
const VARIABLES = new Set([...KEYS.map(variable), 'MAKEGOOD_TOKEN']);

/** Keys as the desk has them are one word; those of the CDK itself have a colon, a slash, a hyphen (`cli-telemetry`) or an `@`. */
const ONE_WORD = /^\w+$/;

/** A setting that is misspelt would be as if it were not set, and `Stage=prod` another stage with data that nobody keeps. */
const refuseUnknown = (context: Context, env: Environment): void => {
  const keys = Object.keys(context).filter((key) => ONE_WORD.test(key) && !KEYS.some((known) => known === key));
  const names = Object.keys(env).filter((name) => name.startsWith('MAKEGOOD_') && env[name] && !VARIABLES.has(name));
  const unknown = [...keys.map((key) => `context "${key}"`), ...names];
  if (unknown.length > 0) {
    refuse(unknown.map((name) => `${name}: there is no such setting; there are ${KEYS.join(', ')}`));
  }
};

const rawValue = (key: Key, context: Context, env: Environment): unknown =>
  [context[key], env[variable(key)]].find((value) => value !== undefined && value !== '');

/**
 * Reads every key, the context before the environment.
 * @throws ConfigError naming each wrong key, its value, what is expected, and where to set it; or each key that there is not.
 */
export const readConfig = (context: Context, env: Environment): DeskConfig => {
  refuseUnknown(context, env);
  const given = Object.fromEntries(KEYS.map((key) => [key, rawValue(key, context, env)]));
  const parsed = settingsSchema.safeParse(given);
  if (!parsed.success) {
    const wrong = new Set(parsed.error.issues.map(({ path }) => path[0]));
    return refuse(KEYS.filter((key) => wrong.has(key)).map((key) => complaint(key, given[key])));
  }
  const settings = parsed.data;
  refuseTooManyAddresses(settings);
  refuseNoPlans(settings);
  return {
    stage: settings.stage,
    deskName: settings.deskName,
    deskTimeZone: settings.deskTimeZone,
    sender: settings.sender,
    senderIdentity: settings.senderIdentity,
    mailDomain: settings.mailDomain,
    mailRuleSet: settings.mailRuleSet,
    managers: settings.managers,
    tierAddresses: { TS1: settings.tier1, TS2: settings.tier2, TS3: settings.tier3 },
    issuer: issuerOf(settings),
    claims: claimsOf(settings),
    publicUrl: settings.publicUrl,
    corsOrigins: settings.corsOrigins,
    programmes: settings.programmes,
    publishedPlans: settings.publishedPlans,
    restoredTableStream: settings.restoredTableStream,
    alarmEmail: settings.alarmEmail,
    logLevel: settings.logLevel,
    queueShards: settings.queueShards,
    quotas: {
      openingsPerHour: settings.openingsPerHour,
      openingsPerDay: settings.openingsPerDay,
      changesPerHour: settings.changesPerHour,
    },
  };
};

/** The most that an account's own people may do, as the functions that let them are told. */
export const quotaVariables = ({ quotas }: DeskConfig): Readonly<Record<string, string>> => ({
  OPENINGS_PER_HOUR: String(quotas.openingsPerHour),
  OPENINGS_PER_DAY: String(quotas.openingsPerDay),
  CHANGES_PER_HOUR: String(quotas.changesPerHour),
});
