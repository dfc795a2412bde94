/**
 * What the desk measures, each with its unit. The functions, the dashboard and the alarms all take the names from here. The trap: each
 * combination of dimensions is a metric of its own and paid for, so a dimension is a word of a short list and never an id or an address.
 */
export const METRICS_NAMESPACE = 'Makegood';

export const metricUnits = {
  /** Mails that came in, by outcome and code. */
  InboundMail: 'Count',
  /** Calls of the HTTP API that failed by what nothing foresaw, of all its functions together. */
  FailedCalls: 'Count',
  /** Promises kept, and promises whose deadline passed, by the target's kind; an aim that guarantees nothing counts too. */
  DeadlinesMet: 'Count',
  DeadlinesMissed: 'Count',
  /** How long after a deadline its miss was written down. */
  SettlementDelay: 'Seconds',
  /** Units that came back to accounts, by unit and cause. */
  UnitsCredited: 'Count',
  /** How long ago the oldest deadline passed that is not settled, once it has been due for two minutes; 0 where none is. */
  OldestUnsettled: 'Seconds',
  /** Mails that wait for a manager, and since when the oldest does. */
  QuarantinedMails: 'Count',
  OldestQuarantinedMail: 'Seconds',
} as const;
export type MetricName = keyof typeof metricUnits;
