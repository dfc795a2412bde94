/**
 * What the functions count for an operator: a line of log that CloudWatch reads as a metric. The trap: each combination of dimensions
 * is a metric of its own and paid for, so a dimension is a word of a short list and never an id or an address.
 */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

export interface Meter {
  /** Counts one occurrence of `name` under these dimensions, beside service and stage. */
  readonly count: (name: string, dimensions: Readonly<Record<string, string>>) => void;
}

export const METRICS_NAMESPACE = 'Makegood';

/** The service's name comes from the environment that the stack sets. */
export const openMeter = (stage: string): Meter => {
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE, defaultDimensions: { stage } });
  return {
    count: (name, dimensions) => {
      const one = metrics.singleMetric();
      for (const [key, value] of Object.entries(dimensions)) one.addDimension(key, value);
      one.addMetric(name, MetricUnit.Count, 1);
    },
  };
};
