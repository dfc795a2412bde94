/** The figures of a report in words, the same for the page and for the mail. */
import type { Incident, Kept, Performance, Person, ServiceReport } from '../../domain/report/report.ts';
import { floorToSecond, toMillis, type Instant } from '../../domain/time/instant.ts';
import { tellBusinessDays, tellMoment, tellSeconds } from '../../domain/explanation/telling.ts';
import { tellUnits } from '../../domain/vocabulary.ts';

/** A report is for reading: its moments have no fractions of a second. */
const wholeSecond = (at: Instant): Instant => floorToSecond(toMillis(at));

/** Whole seconds are exact enough to read. */
const duration = (seconds: number): string => tellSeconds(Math.round(seconds));

/** As it was promised: a business day from Sunday to Monday may hold no time at all. */
const promisedTime = (seconds: number, businessDays: number | undefined): string =>
  businessDays === undefined ? duration(seconds) : tellBusinessDays(businessDays);

/** How long something took beside its promise: `1 h 5 min of 4 h, kept`, or `60 h of 48 h, kept by a plan`. */
export const tellPerformance = ({ seconds, promise, moot }: Performance, open: string): string => {
  const took = seconds === null ? open : duration(seconds);
  if (moot) return `${took}, ended before it was due`;
  if (!promise) return `${took}, no time promised`;
  const promised = promise.seconds === null ? '' : promisedTime(promise.seconds, promise.businessDays);
  const of = promised === '' ? '' : seconds === null ? ` within ${promised}` : ` of ${promised}`;
  const kept = promise.plannedAt === undefined ? 'kept' : 'kept by a plan';
  const outcome = { met: kept, missed: 'missed', running: 'running', paused: 'clock stands still' }[promise.state];
  return `${took}${of}, ${outcome}`;
};

export const tellPeople = (people: readonly Person[]): string =>
  people.map(({ name, role, tier }) => `${name} (${tier ? `${role}, ${tier}` : role})`).join(', ');

export const tellKept = ({ kept, missed, open, withoutPromise }: Kept): string =>
  `${String(kept)} kept, ${String(missed)} missed, ${String(open)} open, ${String(withoutPromise)} without a promised time, or ended before it`;

export const tellSatisfaction = ({ satisfaction: { average, ratings } }: ServiceReport): string =>
  average === null
    ? 'no ratings'
    : `${String(average)} of 5, from ${String(ratings)} rating${ratings === 1 ? '' : 's'}`;

export const tellUnitsOf = ({ units }: ServiceReport) => ({
  used: tellUnits(units.used, units.unit),
  credited: tellUnits(units.credited, units.unit),
});

/** What was used and credited, and what is left: of the plan, and of each add-on, such as `4 incidents of axigen-gold`. */
export const tellUnitsLeft = (report: ServiceReport): string => {
  const { used, credited } = tellUnitsOf(report);
  const { unit, left, unlimited = false, addOns = [] } = report.units;
  const own = unlimited ? [] : [tellUnits(left, unit)];
  const all = [...own, ...addOns.map((one) => `${tellUnits(one.left, unit)} of ${one.planId}`)];
  const at = tellMoment(report.timeZone, wholeSecond(report.madeAt));
  const onHand = all.length > 0 ? `; ${all.join(' and ')} left on ${at}` : '';
  return `${used} used, ${credited} credited${onHand}${unlimited ? '; tickets of your plan are not limited in number' : ''}`;
};

/** What became of an incident's charge. */
export const tellCharge = ({ charged, credited, refunded = 0 }: Incident): readonly string[] => [
  `${String(charged)} charged`,
  `${String(credited)} credited`,
  ...(refunded > 0 ? [`${String(refunded)} refunded to the card`] : []),
];

export const tellIncidents = ({ incidents, truncated }: ServiceReport): string =>
  truncated ? `more than ${String(incidents.length)}` : String(incidents.length);

export const tellOpened = ({ timeZone }: ServiceReport, { openedAt }: Incident): string =>
  tellMoment(timeZone, wholeSecond(openedAt));
