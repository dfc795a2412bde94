import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSeconds, parseSpan, spanSchema } from '../../lambdas/domain/time/span.ts';

describe('parseSpan', () => {
  it.each([
    ['PT4H', 14_400],
    ['PT1M30S', 90],
    ['PT0S', 0],
    ['PT72H', 259_200],
    ['P3D', 259_200],
    ['P1DT12H', 129_600],
    ['PT90M', 5400],
  ])('reads %s as %i seconds', (text, seconds) => {
    expect(parseSpan(text)).toEqual({ unit: 'seconds', seconds });
  });

  it.each([
    ['3BD', 3],
    ['0BD', 0],
    ['366BD', 366],
  ])('reads %s as %i business days', (text, days) => {
    expect(parseSpan(text)).toEqual({ unit: 'business-days', days });
  });

  it.each([
    '',
    'P',
    'PT',
    'P1DT',
    'PT1.5H',
    '-PT4H',
    'PT-4H',
    'P1W',
    'P1M',
    '4H',
    '1.5BD',
    '-1BD',
    'BD',
    'PT4H ',
    'pt4h',
  ])('refuses "%s"', (text) => {
    expect(() => parseSpan(text)).toThrow(RangeError);
  });
});

describe('formatSeconds', () => {
  it.each([
    [142_200, 'PT39H30M'],
    [0, 'PT0S'],
    [-7200, '-PT2H'],
    [90, 'PT1M30S'],
    [360_001, 'PT100H1S'],
  ])('writes %i seconds as %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });
});

it('reads any whole amount as it is written', () => {
  const spans = fc.oneof(
    fc.nat(1_000_000_000).map((seconds) => ({ unit: 'seconds' as const, seconds })),
    fc.nat(999_999).map((days) => ({ unit: 'business-days' as const, days })),
  );
  fc.assert(
    fc.property(spans, (span) => {
      const text = span.unit === 'business-days' ? `${String(span.days)}BD` : formatSeconds(span.seconds);
      expect(parseSpan(text)).toEqual(span);
      expect(spanSchema.parse(span)).toEqual(span);
    }),
  );
});

it('stores whole amounts of zero and more only', () => {
  expect(spanSchema.safeParse({ unit: 'seconds', seconds: -1 }).success).toBe(false);
  expect(spanSchema.safeParse({ unit: 'business-days', days: 0.5 }).success).toBe(false);
  expect(spanSchema.safeParse({ unit: 'seconds', seconds: 1, days: 1 }).success).toBe(false);
});
