import { expect, it } from 'vitest';
import { metricLine } from '../../lambdas/handlers/metrics.ts';

it('tells a value as the embedded metric format has it: name and unit beside the dimensions, and the value at the top', () => {
  const measure = { name: 'UnitsCredited', value: 10, dimensions: { unit: 'token' } } as const;
  const line = metricLine(measure, { service: 'makegood-dispatch', stage: 'dev' }, 1772463600000);
  expect(JSON.parse(line)).toEqual({
    _aws: {
      Timestamp: 1772463600000,
      CloudWatchMetrics: [
        {
          Namespace: 'Makegood',
          Dimensions: [['service', 'stage', 'unit']],
          Metrics: [{ Name: 'UnitsCredited', Unit: 'Count' }],
        },
      ],
    },
    service: 'makegood-dispatch',
    stage: 'dev',
    unit: 'token',
    UnitsCredited: 10,
  });
  expect(line.startsWith('{"_aws":')).toBe(true);
});
