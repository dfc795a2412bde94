import { expect, it } from 'vitest';
import { pauseBeforeNextPart } from '../../lib/operate/erasing.ts';

const NOW = Date.parse('2026-03-02T08:00:00Z');

it('an erasure goes on when its moment has come', () => {
  expect(pauseBeforeNextPart('2026-03-02T08:01:30Z', NOW)).toBe(90_000);
  expect(pauseBeforeNextPart(undefined, NOW)).toBe(200);
});

it('an erasure on a desk whose clock was moved waits no longer than any step of it takes', () => {
  expect(pauseBeforeNextPart('2026-03-05T08:02:00Z', NOW)).toBe(120_000);
  expect(pauseBeforeNextPart('2026-03-01T08:02:00Z', NOW)).toBe(1000);
});
