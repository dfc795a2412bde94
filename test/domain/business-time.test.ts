import { describe, expect, it } from 'vitest';
import { addBusinessTime, businessTimeBetween, isOpenAt, openIntervals } from '../../lambdas/domain/business-time.ts';
import { indexOf } from '../../lambdas/domain/time/calendar-index.ts';
import { weekdays, type Calendar, type OpenInterval } from '../../lambdas/domain/time/calendar.ts';
import { fromMillis, toMillis } from '../../lambdas/domain/time/instant.ts';
import { alwaysOpen } from '../support/calendars.ts';

/** A calendar with the same hours on each of some days. */
const calendarOf = (zone: string, hours: OpenInterval[], days: readonly string[] = weekdays.slice(0, 5)): Calendar => ({
  zone,
  weekly: Object.fromEntries(weekdays.map((day) => [day, days.includes(day) ? hours : []])) as Calendar['weekly'],
  holidays: [],
});
const office = (zone = 'Europe/Berlin'): Calendar => calendarOf(zone, [['09:00', '17:00']]);
const at = (text: string): string => fromMillis(Date.parse(text));
const shown = (calendar: Calendar, from: string, to: string): string[] =>
  openIntervals(calendar, at(from), at(to)).map((period) => `${period.from.slice(8, 16)} ${period.to.slice(8, 16)}`);

describe('open intervals', () => {
  it('are cut to the range, in order', () => {
    const lunch = calendarOf('Etc/UTC', [
      ['09:00', '12:00'],
      ['13:00', '17:00'],
    ]);
    expect(shown(lunch, '2026-11-20T10:00Z', '2026-11-23T13:30Z')).toEqual([
      '20T10:00 20T12:00',
      '20T13:00 20T17:00',
      '23T09:00 23T12:00',
      '23T13:00 23T13:30',
    ]);
  });

  it('are none for an empty or closed range', () => {
    expect(shown(office(), '2026-11-20T10:00Z', '2026-11-20T10:00Z')).toEqual([]);
    expect(shown(office(), '2026-11-20T12:00Z', '2026-11-20T10:00Z')).toEqual([]);
    expect(shown(office(), '2026-11-21T10:00Z', '2026-11-22T10:00Z')).toEqual([]);
  });

  it('are one around the clock', () => {
    expect(openIntervals(alwaysOpen(), at('2026-11-20T10:00Z'), at('2030-01-01T00:00Z'))).toHaveLength(1);
  });
});

describe('on the day clocks go forward from 02:00 to 03:00', () => {
  const sunday = (...hours: OpenInterval[]): string[] =>
    shown(calendarOf('Europe/Berlin', hours, ['sun']), '2026-03-29T00:00+01:00', '2026-03-30T00:00+02:00');

  it('moves an opening within the gap forward, and a closing too', () => {
    expect(sunday(['02:30', '05:00'])).toEqual(['29T01:30 29T03:00']);
    expect(sunday(['01:00', '02:30'])).toEqual(['29T00:00 29T01:30']);
  });

  it('drops hours that end up ending before they begin', () => {
    expect(sunday(['02:30', '03:00'])).toEqual([]);
  });

  it('counts hours once that move onto later ones', () => {
    expect(sunday(['02:00', '02:45'], ['03:00', '04:00'])).toEqual(['29T01:00 29T02:00']);
    expect(sunday(['02:30', '02:45'], ['03:00', '03:15'])).toEqual(['29T01:00 29T01:15', '29T01:30 29T01:45']);
  });
});

describe('the closing', () => {
  it('is no longer open, the opening is', () => {
    expect(isOpenAt(office(), at('2026-11-20T09:00+01:00'))).toBe(true);
    expect(isOpenAt(office(), at('2026-11-20T16:59:59.999+01:00'))).toBe(true);
    expect(isOpenAt(office(), at('2026-11-20T17:00+01:00'))).toBe(false);
  });
});

describe('business time between', () => {
  it('is in whole seconds, a begun one dropped in both directions', () => {
    const [from, to] = [at('2026-11-20T10:00:00.500Z'), at('2026-11-20T10:00:02.400Z')];
    expect(businessTimeBetween(office(), from, to)).toBe(1);
    expect(businessTimeBetween(office(), to, from)).toBe(-1);
    expect(Object.is(businessTimeBetween(office(), at('2026-11-21T12:00Z'), at('2026-11-21T10:00Z')), 0)).toBe(true);
  });

  it('takes a pause that ends before it begins for none', () => {
    const pause = { from: at('2026-11-20T12:00Z'), to: at('2026-11-20T10:00Z') };
    expect(businessTimeBetween(office(), at('2026-11-20T09:00Z'), at('2026-11-20T13:00Z'), [pause])).toBe(14_400);
  });
});

describe('the range of years', () => {
  it.each([
    ['2001-01-01', [1990, 2100, 2026]],
    ['2001-01-02', [2100, 1990, 2026]],
    ['2001-01-03', [2026, 1990, 2100]],
  ])('reaches from 1990 to 2100, whichever end is asked first (with a holiday on %s: %j)', (holiday, years) => {
    const calendar: Calendar = { ...office('Etc/UTC'), holidays: [holiday] };
    for (const year of years) {
      const added = addBusinessTime(calendar, at(`${year}-06-15T00:00Z`), 'PT1S');
      expect(added.slice(0, 7)).toBe(`${year}-06`);
    }
    const weekdaysWithoutOne = 28_959 - 1;
    const seconds = businessTimeBetween(calendar, at('1990-01-01T00:00Z'), at('2100-12-31T00:00Z'));
    expect(seconds).toBe(weekdaysWithoutOne * 8 * 3600);
  });

  it('is refused beyond, at both ends and for a span that is too long', () => {
    expect(() => addBusinessTime(office(), at('1989-12-30T00:00Z'), 'PT1H')).toThrow(/1990 to 2100/);
    expect(() => addBusinessTime(office(), at('2101-01-02T00:00Z'), 'PT1H')).toThrow(/1990 to 2100/);
    expect(() => addBusinessTime(office(), at('2026-01-02T00:00Z'), 'PT999999H')).toThrow(/1990 to 2100/);
    expect(() => addBusinessTime(office(), at('2026-01-02T00:00Z'), '99999BD')).toThrow(/1990 to 2100/);
  });

  it('ends a search on a calendar that never opens again', () => {
    const once: Calendar = { ...calendarOf('Etc/UTC', []), exceptions: { '2026-11-20': [['09:00', '10:00']] } };
    expect(addBusinessTime(once, at('2026-11-01T00:00Z'), 'PT1H')).toBe(at('2026-11-20T10:00Z'));
    expect(() => addBusinessTime(once, at('2026-11-01T00:00Z'), 'PT1H1S')).toThrow(RangeError);
    expect(() => addBusinessTime(once, at('2026-11-21T00:00Z'), 'PT0S')).toThrow(RangeError);
    expect(() => addBusinessTime(calendarOf('Etc/UTC', []), at('2026-11-01T00:00Z'), 'PT1H')).toThrow(/never open/);
  });
});

describe('what a calendar is kept by', () => {
  it('is its content, so that copies share an index and others do not', () => {
    const calendar = office();
    expect(indexOf(structuredClone(calendar))).toBe(indexOf(calendar));
    expect(indexOf({ ...calendar, holidays: ['2026-11-20'] })).not.toBe(indexOf(calendar));
  });

  it('lets go of calendars that were not used for long, and still answers', () => {
    const first = indexOf(office());
    for (let minute = 10; minute < 60; minute += 1) {
      for (const hour of ['05', '06', '07', '08', '09'])
        indexOf(calendarOf('Etc/UTC', [[`${hour}:${minute}`, '17:00']]));
    }
    expect(indexOf(office())).not.toBe(first);
    expect(addBusinessTime(office(), at('2026-11-20T16:00+01:00'), 'PT2H')).toBe(at('2026-11-23T10:00+01:00'));
  });
});

it('refuses text that is no span or no instant', () => {
  expect(() => addBusinessTime(office(), at('2026-11-20T10:00Z'), '4 hours')).toThrow(/not a span/);
  expect(() => addBusinessTime(office(), 'today', 'PT4H')).toThrow(/not an instant/);
  expect(toMillis(addBusinessTime(office(), at('2026-11-20T10:00Z'), { unit: 'seconds', seconds: 0 }))).toBe(
    Date.parse('2026-11-20T10:00Z'),
  );
});
