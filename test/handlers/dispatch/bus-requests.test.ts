import { describe, expect, it } from 'vitest';
import { inRequests } from '../../../lambdas/handlers/dispatch/bus-requests.ts';

const entry = (name: number, bytes = 100) => ({
  Source: 'makegood.desk',
  DetailType: 'ticket.opened',
  Detail: `${String(name).padStart(3, '0')}${'x'.repeat(bytes - 3)}`,
});
const sizes = (entries: readonly ReturnType<typeof entry>[]) => inRequests(entries).map(({ length }) => length);

describe('events go to the bus', () => {
  it('in order, and ten at once at most', () => {
    const entries = Array.from({ length: 23 }, (_, name) => entry(name));
    expect(sizes(entries)).toEqual([10, 10, 3]);
    expect(inRequests(entries).flat()).toEqual(entries);
    expect(inRequests([])).toEqual([]);
  });

  it('no more at once than EventBridge takes in bytes, as UTF-8 counts them', () => {
    expect(sizes(Array.from({ length: 10 }, (_, name) => entry(name, 60_000)))).toEqual([3, 3, 3, 1]);
    const umlauts = Array.from({ length: 3 }, (_, name) => ({ ...entry(name), Detail: 'ü'.repeat(60_000) }));
    expect(sizes(umlauts)).toEqual([1, 1, 1]);
  });

  it('one that is larger by itself alone, and none of the others with it', () => {
    expect(sizes([entry(1), entry(2, 300_000), entry(3), entry(4)])).toEqual([1, 1, 2]);
  });
});
