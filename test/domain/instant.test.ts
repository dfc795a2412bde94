import { expect, it } from 'vitest';
import { floorToSecond, fromMillis, instantSchema, laterOf, toMillis } from '../../lambdas/domain/time/instant.ts';

it('accepts the one form that sorts as text', () => {
  expect(instantSchema.safeParse('2026-11-26T14:00:00.000Z').success).toBe(true);
  for (const text of [
    '2026-11-26T14:00:00Z',
    '2026-11-26T14:00:00.000+00:00',
    '2026-11-26',
    '2026-02-30T00:00:00.000Z',
  ]) {
    expect(instantSchema.safeParse(text).success, text).toBe(false);
  }
});

it('converts both ways and refuses text that is no instant', () => {
  expect(fromMillis(toMillis('2026-11-26T14:00:00.123Z'))).toBe('2026-11-26T14:00:00.123Z');
  expect(() => toMillis('tomorrow')).toThrow(RangeError);
});

it('floors to the whole second, before 1970 too', () => {
  expect(floorToSecond(toMillis('2026-11-26T14:00:00.999Z'))).toBe('2026-11-26T14:00:00.000Z');
  expect(floorToSecond(-1)).toBe('1969-12-31T23:59:59.000Z');
});

it('takes the later instant', () => {
  const [a, b] = ['2026-11-26T14:00:00.000Z', '2026-11-26T14:00:01.000Z'];
  expect([laterOf(a, b), laterOf(b, a), laterOf(a, a)]).toEqual([b, b, a]);
});
