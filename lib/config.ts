/**
 * What an operator may set without touching code: each key comes from the CDK context (`-c stage=prod`) or else from the
 * environment (`MAKEGOOD_STAGE=prod`). Nothing else in lib/ reads either. The trap: a value given on the command line is
 * always text, one from cdk.json may be a list, and an exported but empty variable means "not set".
 */
import { type EdgeConfig, edgeOf } from './edge-config.ts';
import { complaint, expected, KEYS, refuse, settingsSchema, variable, type Key, type Settings } from './settings.ts';

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
  /** Absent where callers reach the HTTP API itself. */
  readonly edge?: EdgeConfig;
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
/** Of the second stack and of what is in it. No stage can have it as the name of its own stack: with the word at its end, one could. */
export const edgeName = (config: DeskConfig): string => `edge-${stackName(config)}`;

/** Lambda gives a function 4 kB of environment, of which its other variables take about one. */
const MOST_ADDRESS_CHARACTERS = 2_500;
/** One function gets both the addresses and the names of the claims. */
const MOST_CHARACTERS_WITH_CLAIMS = 3_000;

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

const refuseTooLongClaims = (settings: Settings): void => {
  const { managers, tier1, tier2, tier3 } = settings;
  const addresses = [managers, tier1, tier2, tier3].flat().join(',').length;
  const room = MOST_CHARACTERS_WITH_CLAIMS - addresses;
  const characters = Object.values(claimsOf(settings)).join('').length;
  if (characters <= room) return;
  refuse([
    `claimRole, claimAccount, claimEmail, claimTier: ${String(characters)} characters of names given, but beside the addresses of managers and tiers a function has room for ${String(room)}: give shorter names, or the address of a mailing list`,
  ]);
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
  refuseTooLongClaims(settings);
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
    edge: edgeOf(settings),
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
