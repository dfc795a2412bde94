import fc from 'fast-check';
import { DateTime, IANAZone } from 'luxon';
import { expect, it } from 'vitest';
import { zoneOffsets } from '../../lambdas/domain/time/zone-offsets.ts';
import { zones } from './calendar-oracle.ts';

const names = fc.constantFrom(...zones, 'Pacific/Apia', 'America/Caracas', 'Europe/London', 'Asia/Tehran');
const moments = fc.integer({ min: Date.UTC(1990, 0, 2), max: Date.UTC(2100, 11, 30) });

it('has the offset that luxon has', () => {
  fc.assert(
    fc.property(names, moments, (name, at) => {
      expect(zoneOffsets(name).at(at)).toBe(IANAZone.create(name).offset(at) * 60_000);
    }),
    { numRuns: 1000 },
  );
});

it('takes of the instants of a local time the first, for every one that exists', () => {
  fc.assert(
    fc.property(names, moments, (name, at) => {
      const offsets = zoneOffsets(name);
      const local = offsets.toLocal(at);
      const first = offsets.toUtc(local);
      expect(first).toBeLessThanOrEqual(at);
      expect(offsets.toLocal(first)).toBe(local);
    }),
    { numRuns: 1000 },
  );
});

it.each([
  ['Europe/Berlin', '2026-03-29T02:30', '2026-03-29T01:30:00.000Z'],
  ['Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
  ['Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:45:00.000Z'],
  ['Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45:00.000Z'],
  ['America/Santiago', '2026-09-06T00:00', '2026-09-06T04:00:00.000Z'],
  ['Pacific/Apia', '2011-12-30T12:00', '2011-12-30T22:00:00.000Z'],
])('reads in %s the local time %s as %s', (name, local, instant) => {
  expect(new Date(zoneOffsets(name).toUtc(Date.parse(`${local}Z`))).toISOString()).toBe(instant);
});

it('finds the second of a change', () => {
  const change = Date.UTC(2026, 2, 29, 1);
  const offsets = zoneOffsets('Europe/Berlin');
  expect([offsets.at(change - 1), offsets.at(change)]).toEqual([3_600_000, 7_200_000]);
  expect(DateTime.fromMillis(change, { zone: 'Europe/Berlin' }).hour).toBe(3);
});

it('refuses a name that is no zone', () => {
  expect(() => zoneOffsets('Europe/Atlantis')).toThrow(/not an IANA time zone name/);
});
