/**
 * The desk's metrics as CloudWatch names them: those of its own functions, and those that AWS keeps anyway. Alarms and dashboard ask
 * here, so neither spells a name. The trap: a metric is found by all of its dimensions together or not at all.
 */
import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS_NAMESPACE, type MetricName } from '../lambdas/handlers/metric-names.ts';
import { BY_ACCOUNT_INDEX, QUEUE_INDEX } from '../lambdas/store/keys.ts';
import { type DeskConfig, edgeName } from './config.ts';
import type { DeadLetters } from './dead-letters.ts';
import { EDGE_REGION, EDGE_RULES } from './edge-stack.ts';
import type { DeskFunction } from './function.ts';
import type { DeskApi } from './http-api.ts';
import type { DeskTable } from './table.ts';
import type { TicketClock } from './workflow.ts';

/** What there is to watch. Functions and queues by the names that alarms take. */
export interface Watched {
  readonly config: DeskConfig;
  readonly api: DeskApi;
  readonly clock: TicketClock;
  readonly table: DeskTable;
  readonly functions: Readonly<
    Record<
      | 'Api'
      | 'Files'
      | 'Quarantine'
      | 'Erasure'
      | 'Contract'
      | 'Settle'
      | 'Dispatch'
      | 'Notify'
      | 'Sweep'
      | 'Remind'
      | 'Renew'
      | 'Report',
      DeskFunction
    > & {
      readonly Inbound?: DeskFunction;
      readonly MailEvents?: DeskFunction;
    }
  >;
  readonly deadLetters: Readonly<Record<string, DeadLetters>>;
}

/** Everything is measured in periods of five minutes: the sweep's own, and short beside any promise. */
const PERIOD = Duration.minutes(5);
export const SUM = { period: PERIOD, statistic: 'Sum' };
export const MAXIMUM = { period: PERIOD, statistic: 'Maximum' };

/** A metric that a function of the desk writes, without dimensions of its own. */
export const ownMetric = (
  { config }: Pick<Watched, 'config'>,
  metricName: MetricName,
  by: 'api' | 'dispatch' | 'sweep',
  options: { readonly statistic: string; readonly label?: string },
): Metric =>
  new Metric({
    namespace: METRICS_NAMESPACE,
    metricName,
    dimensionsMap: { service: `makegood-${by}`, stage: config.stage },
    period: PERIOD,
    ...options,
  });

/** The sums of a metric by the words of its dimensions, as many as there are; for a dashboard, as no alarm takes a search. */
export const ownMetricBy = (
  { config }: Pick<Watched, 'config'>,
  metricName: MetricName,
  dimensions: readonly string[],
  label: string,
): IMetric => {
  const schema = [METRICS_NAMESPACE, 'service', 'stage', ...dimensions].join(',');
  const expression = `SEARCH('{${schema}} MetricName="${metricName}" stage="${config.stage}"', 'Sum', 3600)`;
  return new MathExpression({ expression, usingMetrics: {}, label, period: Duration.hours(1) });
};

/** Concurrency is shared by all functions of an account and region, so what throttles one of them concerns the desk's too. */
export const lambdaThrottles = (): Metric => new Metric({ namespace: 'AWS/Lambda', metricName: 'Throttles', ...SUM });

/**
 * Refused reads and writes of the table and of its indexes, which are counted by themselves; an index that is throttled holds up the
 * table's writes.
 */
export const tableThrottles = ({ table }: Pick<Watched, 'table'>): IMetric => {
  const of = (metricName: string, index?: { readonly name: string }) => {
    const dimensionsMap = { TableName: table.name, ...(index && { GlobalSecondaryIndexName: index.name }) };
    return new Metric({ namespace: 'AWS/DynamoDB', metricName, dimensionsMap, ...SUM });
  };
  const usingMetrics = {
    reads: of('ReadThrottleEvents'),
    writes: of('WriteThrottleEvents'),
    accountReads: of('ReadThrottleEvents', BY_ACCOUNT_INDEX),
    accountWrites: of('WriteThrottleEvents', BY_ACCOUNT_INDEX),
    queueReads: of('ReadThrottleEvents', QUEUE_INDEX),
    queueWrites: of('WriteThrottleEvents', QUEUE_INDEX),
  };
  const expression = Object.keys(usingMetrics)
    .map((name) => `FILL(${name}, 0)`)
    .join(' + ');
  return new MathExpression({ expression, usingMetrics, label: 'table', period: PERIOD });
};

export const lettersIn = (queue: DeadLetters, label?: string): Metric =>
  queue.metricApproximateNumberOfMessagesVisible({ ...MAXIMUM, ...(label !== undefined && { label }) });

/** What each rule at the edge refused. WAF counts it where the rules are, and of CloudFront without a dimension for the region. */
export const edgeRefusals = ({ config }: Pick<Watched, 'config'>): IMetric[] =>
  Object.entries(EDGE_RULES).map(
    ([counted, Rule]) =>
      new Metric({
        namespace: 'AWS/WAFV2',
        metricName: 'BlockedRequests',
        dimensionsMap: { WebACL: edgeName(config), Rule },
        region: EDGE_REGION,
        label: `by ${counted}`,
        ...SUM,
      }),
  );
