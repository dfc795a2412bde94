import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import data from '../../lambdas/plans/holidays/holidays.generated.json' with { type: 'json' };
import { holidaysOf, holidayYears, isKnownRegion, regions } from '../../lambdas/plans/holidays/holidays.ts';

const isHoliday = (region: string, day: string): boolean => {
  const year = Number(day.slice(0, 4));
  return holidaysOf(region, year, year).includes(day);
};

describe('days that are published elsewhere', () => {
  it.each([
    ['US', '2026-11-26', 'Thanksgiving'],
    ['US', '2026-05-25', 'Memorial Day'],
    ['US', '2026-07-03', 'Independence Day, observed'],
    ['US', '2027-12-31', "New Year's Day of 2028, observed in the year before"],
    ['US', '2028-11-10', 'Veterans Day, observed'],
    ['US-NY', '2029-11-12', 'Veterans Day, observed'],
    ['US-CA', '2026-03-31', 'Cesar Chavez Day'],
    ['US-TX', '2026-11-27', 'the day after Thanksgiving'],
    ['GB', '2026-05-25', 'Spring bank holiday'],
    ['GB', '2026-12-28', 'Boxing Day, in lieu'],
    ['GB-ENG', '2026-08-31', 'Summer bank holiday'],
    ['GB-WLS', '2028-01-03', "New Year's Day, in lieu"],
    ['GB-SCT', '2026-08-03', 'Summer bank holiday in Scotland'],
    ['GB-SCT', '2026-11-30', "St Andrew's Day"],
    ['GB-NIR', '2026-07-13', 'Battle of the Boyne, in lieu'],
    ['DE', '2026-10-03', 'Tag der Deutschen Einheit'],
    ['DE', '2026-04-03', 'Karfreitag'],
    ['DE-BY', '2026-01-06', 'Heilige Drei Könige'],
    ['DE-BY', '2026-06-04', 'Fronleichnam'],
    ['FR', '2026-07-14', 'Fête nationale'],
    ['RO', '2026-12-01', 'Ziua Națională'],
    ['RO', '2026-01-02', 'the second day of the new year'],
    ['RO', '2026-04-13', 'Orthodox Easter Monday'],
    ['CA-ON', '2026-10-12', 'Thanksgiving in Canada'],
    ['AU', '2026-04-06', 'Easter Monday'],
    ['IE', '2026-03-17', "St Patrick's Day"],
    ['NL', '2026-04-27', 'Koningsdag'],
    ['PL', '2026-11-11', 'Independence Day of Poland'],
    ['JP', '2026-05-06', 'Constitution Day, in lieu'],
    ['JP', '2026-09-22', 'a day between two holidays'],
    ['NZ', '2026-07-10', 'Matariki'],
    ['NZ', '2028-01-04', "the day after New Year's Day, in lieu"],
  ])('%s is closed on %s: %s', (region, day) => {
    expect(isHoliday(region, day)).toBe(true);
  });

  it.each([
    ['US', '2026-11-27', 'the day after Thanksgiving is no federal holiday'],
    ['US', '2026-07-06', 'a Saturday holiday is observed before, not after'],
    ['US-CA', '2026-10-12', 'California has no Columbus Day'],
    ['GB-SCT', '2026-04-06', 'Scotland has no Easter Monday'],
    ['GB-SCT', '2026-08-31', 'Scotland has no late summer bank holiday'],
    ['DE', '2026-01-06', 'Epiphany is a holiday of some states only'],
    ['DE-BE', '2026-06-04', 'Corpus Christi is not one of Berlin'],
    ['AU-QLD', '2026-12-24', 'a holiday from 18:00 leaves the office day open'],
    ['FR', '2026-04-03', 'Good Friday is one of Alsace and Moselle only'],
  ])('%s is open on %s: %s', (region, day) => {
    expect(isHoliday(region, day)).toBe(false);
  });

  it('lists the federal holidays of a year, nothing more', () => {
    expect(holidaysOf('US', 2025, 2025)).toEqual([
      '2025-01-01',
      '2025-01-20',
      '2025-02-17',
      '2025-05-26',
      '2025-06-19',
      '2025-07-04',
      '2025-09-01',
      '2025-10-13',
      '2025-11-11',
      '2025-11-27',
      '2025-12-25',
    ]);
  });
});

describe('the reader', () => {
  it('covers the regions that customers are in', () => {
    expect(regions().filter((region) => region.startsWith('US-'))).toHaveLength(51);
    expect(regions().filter((region) => region.startsWith('DE-'))).toHaveLength(16);
    expect(regions().filter((region) => region.startsWith('GB'))).toEqual([
      'GB',
      'GB-ENG',
      'GB-NIR',
      'GB-SCT',
      'GB-WLS',
    ]);
    expect(['US', 'DE-BY', 'RO'].every(isKnownRegion)).toBe(true);
    expect(['', 'us', 'US-XX', 'XX', 'constructor'].some(isKnownRegion)).toBe(false);
  });

  it('gives the days of several years in order, none twice', () => {
    for (const region of regions()) {
      const days = holidaysOf(region, holidayYears.first, holidayYears.last);
      expect(days).toEqual([...new Set(days)].sort());
      expect(days.length, region).toBeGreaterThan(17 * 5 - 1);
      expect(new Set(days.map((day) => day.slice(0, 4))).size).toBe(17);
    }
  });

  it('refuses regions and years it does not know', () => {
    expect(() => holidaysOf('XX', 2026, 2026)).toThrow(/region XX/);
    expect(() => holidaysOf('US', 2023, 2026)).toThrow(/2024 to 2040/);
    expect(() => holidaysOf('US', 2026, 2041)).toThrow(/2024 to 2040/);
  });

  it('stays small enough to be part of a function', () => {
    expect(statSync('lambdas/plans/holidays/holidays.generated.json').size).toBeLessThan(150_000);
  });

  it('comes from the version of the library that is installed', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { devDependencies: Record<string, string> };
    expect(manifest.devDependencies[data.source]).toBe(data.version);
  });
});
