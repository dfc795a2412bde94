/**
 * What the functions tell an operator in figures: lines of output in CloudWatch's embedded metric format, which it reads as metrics.
 * Written here because a library for it is a tenth of the code that a small function may have. The traps: a written line is
 * counted even if the work fails later, so measure only completed work; and Lambda's own console would wrap the line into a log record,
 * so it goes to the standard output itself.
 */
import { METRICS_NAMESPACE, metricUnits, type MetricName } from './metric-names.ts';

export interface Measure {
  readonly name: MetricName;
  readonly value: number;
  readonly dimensions?: Readonly<Record<string, string>>;
}

export interface Meter {
  /** Tells a value, under its dimensions beside service and stage; one of the same name takes their place. */
  readonly measure: (measure: Measure) => void;
}

/** The line that tells a value. `at`: ms since the epoch. */
export const metricLine = (
  { name, value, dimensions: own = {} }: Measure,
  common: Readonly<Record<string, string>>,
  at: number,
): string => {
  const dimensions = { ...common, ...own };
  const metric = {
    Namespace: METRICS_NAMESPACE,
    Dimensions: [Object.keys(dimensions)],
    Metrics: [{ Name: name, Unit: metricUnits[name] }],
  };
  return JSON.stringify({ _aws: { Timestamp: at, CloudWatchMetrics: [metric] }, ...dimensions, [name]: value });
};

export const openMeter = (environment: { readonly STAGE: string; readonly POWERTOOLS_SERVICE_NAME: string }): Meter => {
  const common = { service: environment.POWERTOOLS_SERVICE_NAME, stage: environment.STAGE };
  return {
    measure: (measure) => {
      process.stdout.write(`${metricLine(measure, common, Date.now())}\n`);
    },
  };
};
