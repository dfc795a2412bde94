/**
 * CloudWatch as far as the functions use it: takes the lines of their output that are metrics in its embedded format, and counts
 * them, so that they don't clutter the desk's log. It must not know what is counted.
 */
import * as z from 'zod';
import type { Log } from './sandbox.ts';

const metricLineSchema = z.looseObject({
  _aws: z.looseObject({
    CloudWatchMetrics: z.array(
      z.looseObject({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.looseObject({ Name: z.string() })),
      }),
    ),
  }),
});

export class MetricCounts {
  readonly #sums = new Map<string, number>();

  /** A log that keeps metrics to itself and hands everything else on. */
  around(log: Log): Log {
    return (line) => {
      if (!line.startsWith('{"_aws":') || !this.#take(line)) log(line);
    };
  }

  /** The sum of each metric, by namespace, name and dimensions: `Makegood InboundMail outcome=opened,…`. */
  sums(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#sums].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #take(line: string): boolean {
    const parsed = metricLineSchema.safeParse(parseJson(line));
    if (!parsed.success) return false;
    for (const { Namespace, Dimensions, Metrics } of parsed.data._aws.CloudWatchMetrics) {
      for (const { Name } of Metrics) {
        const value = Number(parsed.data[Name]);
        for (const names of Dimensions) {
          const told = [...names].sort().map((name) => `${name}=${String(parsed.data[name])}`);
          const key = `${Namespace} ${Name} ${told.join(',')}`;
          this.#sums.set(key, (this.#sums.get(key) ?? 0) + value);
        }
      }
    }
    return true;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
