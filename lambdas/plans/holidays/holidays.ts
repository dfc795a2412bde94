/**
 * Public holidays by region, from data that was generated ahead. It owns how the data is packed; it must not know what a
 * calendar does with a holiday. The trap: the data ends. A year it does not cover is refused, because a list without its
 * holidays looks just like a year that has none.
 */
import data from './holidays.generated.json' with { type: 'json' };

/** The calendar years that the data covers, both included. */
export const holidayYears = { first: data.firstYear, last: data.lastYear } as const;

const countries = new Map<string, string>(Object.entries(data.regions));
const parts = new Map<string, { adds: string; drops: string }>(Object.entries(data.parts));

/** Region codes: a country (`US`, `DE`) or a part of one as ISO 3166-2 writes it (`US-CA`, `DE-BY`, `GB-SCT`). */
export const regions = (): string[] => [...countries.keys(), ...parts.keys()].sort();

export const isKnownRegion = (region: string): boolean => countries.has(region) || parts.has(region);

/** Reads `2026 0101 0706, 2027 0101` into ISO days. */
const unpack = (packed: string): string[] =>
  packed === ''
    ? []
    : packed.split(', ').flatMap((line) => {
        const [year, ...days] = line.split(' ');
        return days.map((day) => `${year ?? ''}-${day.slice(0, 2)}-${day.slice(2)}`);
      });

const allDays = (region: string): string[] => {
  const whole = countries.get(region);
  if (whole !== undefined) return unpack(whole);
  const part = parts.get(region);
  if (!part) throw new RangeError(`no holidays are known for region ${region}`);
  const dropped = new Set(unpack(part.drops));
  const national = unpack(countries.get(region.slice(0, 2)) ?? '').filter((day) => !dropped.has(day));
  return [...national, ...unpack(part.adds)].sort();
};

/**
 * The local ISO days from one calendar year to another, both included, on which a region's public offices are closed, days
 * off in lieu of a weekend among them. Throws a RangeError for an unknown region or a year outside `holidayYears`.
 */
export const holidaysOf = (region: string, fromYear: number, toYear: number): string[] => {
  if (fromYear < holidayYears.first || toYear > holidayYears.last) {
    throw new RangeError(`holidays are known for ${holidayYears.first} to ${holidayYears.last} only`);
  }
  return allDays(region).filter((day) => Number(day.slice(0, 4)) >= fromYear && Number(day.slice(0, 4)) <= toYear);
};

/** The same, as far as the data goes: a ticket opened in its last years carries what is known. */
export const holidaysUntilDataEnds = (region: string, fromYear: number, toYear: number): string[] =>
  holidaysOf(region, fromYear, Math.min(toYear, holidayYears.last));

/** The same, and none for what is beyond the data or for a region without any: for schedules, which must go on. */
export const holidaysOrNone = (region: string, fromYear: number, toYear: number): string[] =>
  isKnownRegion(region)
    ? holidaysOf(region, Math.max(fromYear, holidayYears.first), Math.min(toYear, holidayYears.last))
    : [];
