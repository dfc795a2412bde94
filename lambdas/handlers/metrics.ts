/**
 * What the functions tell an operator in figures: lines of log that CloudWatch reads as metrics. The trap: a line that was written is
 * counted, whatever becomes of the work that it is about; so a function measures what is done and no longer in doubt.
 */
import { Metrics } from '@aws-lambda-powertools/metrics';
import { METRICS_NAMESPACE, metricUnits, type MetricName } from './metric-names.ts';

export interface Measure {
  readonly name: MetricName;
  readonly value: number;
  readonly dimensions?: Readonly<Record<string, string>>;
}

export interface Meter {
  /** Tells a value, under its dimensions beside service and stage. */
  readonly measure: (measure: Measure) => void;
}

/** The service's name comes from the environment that the stack sets. */
export const openMeter = (stage: string): Meter => {
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE, defaultDimensions: { stage } });
  return {
    measure: ({ name, value, dimensions = {} }) => {
      const one = metrics.singleMetric();
      for (const [key, word] of Object.entries(dimensions)) one.addDimension(key, word);
      one.addMetric(name, metricUnits[name], value);
    },
  };
};
