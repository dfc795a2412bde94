/**
 * What AWS asks for, as listed for us-east-1 in November 2026, in US dollars, without any free tier: aws.amazon.com/…/pricing of Step
 * Functions, DynamoDB (on demand), Lambda (arm64), API Gateway (HTTP APIs), EventBridge, SES and X-Ray. It owns the figures and nothing
 * else.
 */
const MILLION = 1_000_000;

const PRICES = {
  stateTransition: 0.025 / 1000,
  /** Of up to 1 kB; a transaction's count twice. */
  writeUnit: 0.625 / MILLION,
  /** Of up to 4 kB read consistently. */
  readUnit: 0.125 / MILLION,
  invocation: 0.2 / MILLION,
  gigabyteSecond: 0.000_013_333_4,
  httpRequest: 1 / MILLION,
  busEvent: 1 / MILLION,
  scheduledInvocation: 1 / MILLION,
  mail: 0.1 / 1000,
  /** That X-Ray records; the first 100,000 of a month are free. */
  trace: 5 / MILLION,
  /** A gigabyte for a month: in the table 0.25, and 0.20 for its point-in-time recovery. */
  gigabyteMonth: 0.45,
} as const;

export type Priced = keyof typeof PRICES;

/** How often each was used; what is not named was not. */
export type Usage = Partial<Record<Priced, number>>;

export const priceOf = (usage: Usage): number =>
  Object.entries(usage).reduce((sum, [name, amount]) => sum + PRICES[name as Priced] * amount, 0);

export const added = (...usages: readonly Usage[]): Usage => {
  const sum: Usage = {};
  for (const usage of usages) {
    for (const [name, amount] of Object.entries(usage)) sum[name as Priced] = (sum[name as Priced] ?? 0) + amount;
  }
  return sum;
};
