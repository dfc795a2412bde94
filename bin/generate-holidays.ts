/**
 * Writes the public holidays that calendars are made with, ahead of time: `npm run holidays`. It owns which regions and years
 * are covered and which days count; no function ever loads the library it reads. The trap: the output is committed and has to
 * come out the same on every machine, so nothing here may depend on the clock or the machine's zone.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import Holidays from 'date-holidays';
import type { HolidaysTypes } from 'date-holidays';

const source = 'date-holidays';
const firstYear = 2024;
const lastYear = 2040;

/** Countries by themselves, and those whose parts have days of their own that the library knows well, with these parts. */
const countries = 'US GB DE FR RO CA AU IE NL BE AT CH ES IT PL PT SE NO DK FI JP NZ'.split(' ');
const withParts = new Set(['US', 'GB', 'DE', 'FR', 'CA', 'AU']);
/** Alderney is listed under the United Kingdom but is not of it. */
const leftOut = new Set(['GB-ALD']);

const dayMillis = 86_400_000;
const saturday = 6;
/** A holiday that begins this late, such as Christmas Eve from 19:00, leaves the office day as it is. */
const officeClosingHour = 17;

type Holiday = HolidaysTypes.Holiday;

const isoDay = (millis: number): string => new Date(millis).toISOString().slice(0, 10);

/** The local days of one holiday. Its date is local; how long it lasts tells on how many days more it is. */
const daysOf = (holiday: Holiday): string[] => {
  const startsOn = Date.parse(holiday.date.slice(0, 10));
  const hour = Number(holiday.date.slice(11, 13));
  if (hour >= officeClosingHour) return [];
  const lasts = (holiday.end.getTime() - holiday.start.getTime()) / dayMillis;
  const count = Math.max(1, Math.round(lasts));
  return Array.from({ length: count }, (_, position) => isoDay(startsOn + position * dayMillis));
};

/**
 * The day off for a Veterans Day on a weekend (5 U.S.C. 6103: the Friday before or the Monday after). The library has this
 * for every other federal holiday with a fixed date; states with a rule of their own have another text here.
 */
const observedVeteransDay = (holiday: Holiday): string[] => {
  if (holiday.rule !== '11-11') return [];
  const at = Date.parse(holiday.date.slice(0, 10));
  const weekday = new Date(at).getUTCDay();
  if (weekday === saturday) return [isoDay(at - dayMillis)];
  return weekday === 0 ? [isoDay(at + dayMillis)] : [];
};

const holidaysIn = (country: string, part?: string): string[] => {
  const library = part === undefined ? new Holidays(country) : new Holidays(country, part);
  const days = new Set<string>();
  // The neighbouring years matter for a first of January that is observed on the last of December.
  for (let year = firstYear - 1; year <= lastYear + 1; year += 1) {
    for (const holiday of library.getHolidays(year)) {
      if (holiday.type !== 'public') continue;
      for (const day of daysOf(holiday)) days.add(day);
      if (country === 'US') for (const day of observedVeteransDay(holiday)) days.add(day);
    }
  }
  return [...days].filter((day) => Number(day.slice(0, 4)) >= firstYear && Number(day.slice(0, 4)) <= lastYear).sort();
};

/** Packs days as `2026 0101 0706, 2027 0101`: half the size of a list, and a year's change is seen in a diff. */
const pack = (days: readonly string[]): string => {
  const years = [...new Set(days.map((day) => day.slice(0, 4)))];
  const pickDays = (year: string): string[] =>
    days.filter((day) => day.startsWith(year)).map((day) => day.slice(5).replace('-', ''));
  return years.map((year) => [year, ...pickDays(year)].join(' ')).join(', ');
};

const without = (days: readonly string[], others: readonly string[]): string[] => {
  const known = new Set(others);
  return days.filter((day) => !known.has(day));
};

/** All regions: a country with its days, a part (a state, nation, province) with what it adds to its country's and drops. */
const generate = () => {
  const library = new Holidays();
  const regions: Record<string, string> = {};
  const parts: Record<string, { adds: string; drops: string }> = {};
  for (const country of countries) {
    const national = holidaysIn(country);
    regions[country] = pack(national);
    if (!withParts.has(country)) continue;
    for (const part of Object.keys(library.getStates(country))) {
      const region = `${country}-${part}`;
      if (leftOut.has(region)) continue;
      const days = holidaysIn(country, part);
      parts[region] = { adds: pack(without(days, national)), drops: pack(without(national, days)) };
    }
  }
  return { regions, parts };
};

const { version } = createRequire(import.meta.url)('date-holidays/package.json') as { version: string };
const output = fileURLToPath(new URL('../lambdas/plans/holidays/holidays.generated.json', import.meta.url));
const document = { source, version, firstYear, lastYear, ...generate() };
writeFileSync(output, `${JSON.stringify(document, null, 1)}\n`);
console.log(`${output}: ${source} ${version}, ${firstYear} to ${lastYear}`);
