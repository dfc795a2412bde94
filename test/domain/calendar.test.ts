import { describe, expect, it } from 'vitest';
import { calendarSchema, isEverOpen, type Calendar } from '../../lambdas/domain/time/calendar.ts';
import { alwaysOpen } from '../support/calendars.ts';

const office = (changes: Partial<Calendar> = {}): Calendar => ({
  zone: 'Europe/Berlin',
  weekly: { ...closedWeek(), mon: [['09:00', '17:00']] },
  holidays: ['2026-12-25'],
  ...changes,
});
const closedWeek = (): Calendar['weekly'] => ({ mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] });
const onMonday = (...hours: string[][]): unknown =>
  office({ weekly: { ...closedWeek(), mon: hours as [string, string][] } });

const complaint = (calendar: unknown): string => {
  const parsed = calendarSchema.safeParse(calendar);
  return parsed.success ? 'none' : parsed.error.issues.map(({ message }) => message).join('; ');
};

describe('calendarSchema', () => {
  it('takes several intervals a day, a closing at 24:00, hours that touch, and exceptions', () => {
    const calendar = office({
      weekly: {
        ...closedWeek(),
        mon: [
          ['00:00', '12:00'],
          ['12:00', '13:00'],
          ['22:00', '24:00'],
        ],
      },
      exceptions: { '2026-12-24': [['09:00', '12:00']], '2026-12-31': [] },
    });
    expect(calendarSchema.parse(calendar)).toEqual(calendar);
    expect(calendarSchema.parse(alwaysOpen())).toEqual(alwaysOpen());
  });

  it('tells of an hour that is written short, and not that the day runs over midnight', () => {
    expect(complaint(onMonday(['9:00', '17:00']))).toBe('an opening time is HH:MM from 00:00 to 23:59');
  });

  it('refuses hours over midnight and says how to write them', () => {
    expect(complaint(onMonday(['22:00', '06:00']))).toBe(
      '22:00-06:00 runs over midnight: split it into 22:00-24:00 and 00:00-06:00 on the next day',
    );
  });

  it.each([
    ['overlapping hours', onMonday(['09:00', '12:00'], ['11:00', '13:00']), 'overlaps'],
    ['hours out of order', onMonday(['13:00', '14:00'], ['09:00', '12:00']), 'precedes'],
    ['empty hours', onMonday(['09:00', '09:00']), 'is empty'],
    ['an opening at 24:00', onMonday(['24:00', '24:00']), 'an opening time is HH:MM'],
    ['a minute that is none', onMonday(['09:00', '17:60']), 'a closing time is HH:MM'],
    ['an unknown zone', office({ zone: 'Europe/Atlantis' }), 'not an IANA time zone name'],
    ['an offset for a zone', office({ zone: '+01:00' }), 'not an IANA time zone name'],
    ['a day that is none', office({ holidays: ['2026-02-29'] }), 'Invalid'],
    ['a calendar that never opens', office({ weekly: closedWeek() }), 'the calendar is never open'],
    ['a week with a day missing', office({ weekly: { mon: [] } as never }), 'expected array'],
    ['a key it does not know', { ...office(), name: 'office' }, 'Unrecognized key'],
    ['too many holidays', office({ holidays: Array<string>(1001).fill('2026-12-25') }), 'Too big'],
  ])('refuses %s', (_what, calendar, message) => {
    expect(complaint(calendar)).toContain(message);
  });
});

it('counts hours of an exception as being open', () => {
  const onceOpen = office({ weekly: closedWeek(), exceptions: { '2026-12-24': [['09:00', '12:00']] } });
  expect(isEverOpen(onceOpen)).toBe(true);
  expect(isEverOpen(office({ weekly: closedWeek(), exceptions: { '2026-12-24': [] } }))).toBe(false);
});
