/**
 * What working hours and spans of a plan must be to be counted: zones and regions that are known, hours at all, and an end within the
 * years whose holidays a ticket carries. An opened ticket can't be refused any more, so it shows here or as a failure at the counter.
 */
import { isZone, weekdays } from '../domain/time/calendar.ts';
import { parseSpan } from '../domain/time/span.ts';
import type { Plan, PlanCalendar, TargetRule } from '../domain/plan/plan.ts';
import { quoted, type Complaint } from './complaint.ts';
import { isKnownRegion } from './holidays/holidays.ts';

type Weekly = PlanCalendar['weekly'];

const DAYS_A_WEEK = 7;
const SECONDS_A_MINUTE = 60;
/** A ticket carries the holidays of its year and of three more; pauses and higher tiers need some of these. */
const LONGEST_TARGET_DAYS = 366;

const ZONE = 'an IANA time zone such as "Europe/Berlin", or "customer" for that of the account';

/** A zone that a plan may name. */
export const zoneComplaint = (zone: string, path: readonly PropertyKey[]): Complaint[] =>
  zone === 'customer' || isZone(zone) ? [] : [{ path, message: `is not ${ZONE}` }];

const isEverOpen = (weekly: Weekly): boolean => weekdays.some((day) => weekly[day].length > 0);

const hoursComplaints = (
  { weekly, holidays, closedOn = [], exceptions = {} }: Omit<PlanCalendar, 'zone' | 'extended' | 'source'>,
  path: readonly PropertyKey[],
): Complaint[] => [
  ...(isEverOpen(weekly)
    ? []
    : [{ path: [...path, 'weekly'], message: 'has no open hours on any day of the week: give one day some' }]),
  ...(holidays === 'region' || holidays === 'none' || isKnownRegion(holidays)
    ? []
    : [
        {
          path: [...path, 'holidays'],
          message:
            'is no region whose public holidays are known: say one such as "US", "US-CA", "DE-BY" or "RO", "region" for that of the account, or "none"',
        },
      ]),
  ...closedOn.flatMap((day, at) =>
    Object.hasOwn(exceptions, day)
      ? [{ path: [...path, 'closedOn', at], message: 'has hours of its own in `exceptions`: leave one of the two out' }]
      : [],
  ),
];

export const calendarComplaints = ({ calendars }: Plan): Complaint[] =>
  Object.entries(calendars).flatMap(([name, calendar]) => {
    const path = ['calendars', name];
    return [
      ...zoneComplaint(calendar.zone, [...path, 'zone']),
      ...hoursComplaints(calendar, path),
      ...(calendar.extended ? hoursComplaints(calendar.extended, [...path, 'extended']) : []),
    ];
  });

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * SECONDS_A_MINUTE + Number(time.slice(3));

const secondsAWeek = (weekly: Weekly): number =>
  weekdays
    .flatMap((day) => weekly[day])
    .reduce((sum, [opens, closes]) => sum + (minuteOf(closes) - minuteOf(opens)) * SECONDS_A_MINUTE, 0);

/** About how many calendar days a span takes on these hours, holidays left aside. */
const daysTaken = (text: string, weekly: Weekly): number => {
  const span = parseSpan(text);
  return span.unit === 'seconds'
    ? (span.seconds / secondsAWeek(weekly)) * DAYS_A_WEEK
    : (span.days / weekdays.filter((day) => weekly[day].length > 0).length) * DAYS_A_WEEK;
};

const lengthOf = (text: string): number => {
  const span = parseSpan(text);
  return span.unit === 'seconds' ? span.seconds : span.days;
};

/** How long a promise may be. Of its calendar's hours too, because so many open hours are more days the fewer it has. */
export const spanComplaints = ({ span, calendar: name }: TargetRule, { calendars }: Plan, at: number): Complaint[] => {
  const path = ['targets', at];
  const calendar = Object.hasOwn(calendars, name) ? calendars[name] : undefined;
  if (!calendar) {
    const known = Object.keys(calendars);
    const have = known.length === 0 ? 'it has none' : `it has ${quoted(known)}`;
    return [{ path: [...path, 'calendar'], message: `is none of the plan's calendars: ${have}` }];
  }
  if (lengthOf(span) === 0)
    return [{ path: [...path, 'span'], message: 'is no time at all, and would always be missed' }];
  const days = isEverOpen(calendar.weekly) ? daysTaken(span, calendar.weekly) : 0;
  if (days <= LONGEST_TARGET_DAYS) return [];
  const message = `takes more than a year on the calendar ${quoted([name])}: promise less, or nothing`;
  return [{ path: [...path, 'span'], message }];
};

/** Whether the one promise is due after the other for certain: on the same hours, in the same unit. */
export const isLonger = (one: TargetRule, other: TargetRule): boolean =>
  one.calendar === other.calendar &&
  parseSpan(one.span).unit === parseSpan(other.span).unit &&
  lengthOf(one.span) > lengthOf(other.span);
