import { describe, expect, it } from 'vitest';
import { readPattern } from '../../lib/local/pattern.ts';

describe('event patterns', () => {
  const event = { source: 'makegood.desk', detail: { kind: 'missed', amount: 3, tags: ['a', 'b'], none: null } };

  it.each([
    [{ source: ['makegood.desk'] }, true],
    [{ source: ['other', 'makegood.desk'] }, true],
    [{ source: ['other'] }, false],
    [{ detail: { kind: [{ prefix: 'mis' }] }, source: ['makegood.desk'] }, true],
    [{ detail: { kind: [{ suffix: 'sed' }] } }, true],
    [{ detail: { amount: [3] } }, true],
    [{ detail: { amount: ['3'] } }, false],
    [{ detail: { tags: ['b'] } }, true],
    [{ detail: { none: [null] } }, true],
    [{ detail: { gone: [{ exists: false }] } }, true],
    [{ detail: { kind: [{ exists: false }] } }, false],
    [{ detail: { kind: [{ 'anything-but': ['missed'] }] } }, false],
    [{ detail: { gone: [{ 'anything-but': 'missed' }] } }, false],
    [{ gone: { deeper: ['x'] } }, false],
  ])('%j answers %s', (pattern, expected) => {
    expect(readPattern(pattern)(event)).toBe(expected);
  });

  it.each([
    [{ a: [{ wildcard: '*' }] }],
    [{ $or: [{ a: [1] }] }],
    [{ a: 'text' }],
    [{ a: [{ prefix: 'x', suffix: 'y' }] }],
  ])('refuses %j', (pattern) => {
    expect(() => readPattern(pattern)).toThrow(/event pattern/);
  });
});
