/**
 * What the stack tells a function through its environment, checked once when the function starts. Only entry points
 * (`*.lambda.ts`) read it; everything below them is given what it needs.
 */
import * as z from 'zod';
import type { QuotaLimits } from '../domain/account/quota.ts';

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  );

export const tableEnvironment = z.object({ TABLE_NAME: z.string().min(1) });

/** Which claim of the token says what. Any issuer's names will do; the stack maps them. */
const claimsEnvironment = z.object({
  CLAIM_ROLE: z.string().min(1),
  CLAIM_ACCOUNT: z.string().min(1),
  CLAIM_EMAIL: z.string().min(1),
  CLAIM_TIER: z.string().min(1),
});

/** Tells the metrics of several desks in one account apart, and those of their functions. */
export const meterEnvironment = z.object({ STAGE: z.string().min(1), POWERTOOLS_SERVICE_NAME: z.string().min(1) });

/** What every function needs that answers calls of the API. */
export const apiEnvironment = tableEnvironment.extend(claimsEnvironment.shape).extend(meterEnvironment.shape);

/** What an issuer calls the claims that the desk reads. */
export interface ClaimNames {
  readonly role: string;
  readonly account: string;
  readonly email: string;
  readonly tier: string;
}

export const claimNamesOf = (environment: z.output<typeof claimsEnvironment>): ClaimNames => ({
  role: environment.CLAIM_ROLE,
  account: environment.CLAIM_ACCOUNT,
  email: environment.CLAIM_EMAIL,
  tier: environment.CLAIM_TIER,
});

const count = z.coerce.number().int().min(1);

/** The most that an account's own people may do in an hour or a day. */
export const quotaEnvironment = z.object({
  OPENINGS_PER_HOUR: count,
  OPENINGS_PER_DAY: count,
  CHANGES_PER_HOUR: count,
});

export const limitsOf = (quotas: z.output<typeof quotaEnvironment>): QuotaLimits => ({
  openingsPerHour: quotas.OPENINGS_PER_HOUR,
  openingsPerDay: quotas.OPENINGS_PER_DAY,
  changesPerHour: quotas.CHANGES_PER_HOUR,
});

export const workflowEnvironment = z.object({ STATE_MACHINE_ARN: z.string().min(1) });

export const busEnvironment = z.object({ BUS_NAME: z.string().min(1) });

/** Where the desk takes in mail, and what it signs reply addresses and rating links with; both, or neither. */
export const replyEnvironment = z.object({
  MAIL_DOMAIN: z.string().min(1).optional(),
  REPLY_SECRET: z.string().min(1).optional(),
});

/** Without a sender mail is off: nothing is sent, and the log says so. */
export const mailEnvironment = replyEnvironment.extend({
  SENDER: z.string().min(1).optional(),
  /** By which SES tells what becomes of the mails. */
  MAIL_CONFIGURATION_SET: z.string().min(1).optional(),
  MANAGERS: list,
  DESK_NAME: z.string().min(1),
});

/** Where people reach the desk's pages; without it letters link to none. */
export const pageEnvironment = z.object({ PUBLIC_URL: z.url().optional() });

/** Whom each tier's work is mailed to; what is late at a tier without an address is told to the managers. */
export const tierEnvironment = z.object({ TS1_ADDRESSES: list, TS2_ADDRESSES: list, TS3_ADDRESSES: list });

/** Where SES stores the mails that come in, and where their files are kept; absent where the desk takes no mail in. */
export const filesEnvironment = z.object({
  MAIL_BUCKET: z.string().min(1).optional(),
  ATTACHMENT_BUCKET: z.string().min(1).optional(),
});

/** What handling mail needs. Without the buckets the desk takes no mail in. */
export const mailInEnvironment = z.object({
  ...filesEnvironment.shape,
  ...replyEnvironment.shape,
  ...mailEnvironment.pick({ SENDER: true, MANAGERS: true }).shape,
  ...tierEnvironment.shape,
});

/** What signed addresses are made of; nothing where the desk takes in no mail. */
export const inboundOf = ({
  MAIL_DOMAIN: mailDomain,
  REPLY_SECRET: secret,
}: z.output<typeof replyEnvironment>): { mailDomain: string; secret: string } | undefined =>
  mailDomain === undefined || secret === undefined ? undefined : { mailDomain, secret };

/** Reads the function's environment. Throws a ZodError that names the variable which is missing or wrong. */
export const readEnvironment = <Schema extends z.ZodType>(schema: Schema): z.output<Schema> =>
  schema.parse(process.env);
