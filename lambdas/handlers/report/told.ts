/** The figures of a report in words, the same for the page and for the mail. */
import type { Incident, Kept, Performance, Person, ServiceReport } from '../../domain/report/report.ts';
import { floorToSecond, toMillis, type Instant } from '../../domain/time/instant.ts';
import { tellMoment, tellSeconds } from '../../domain/explanation/telling.ts';
import { tellUnits } from '../../domain/vocabulary.ts';

/** A report is for reading: its moments have no fractions of a second. */
const wholeSecond = (at: Instant): Instant => floorToSecond(toMillis(at));

/** Whole seconds are exact enough to read. */
const duration = (seconds: number): string => tellSeconds(Math.round(seconds));

/** How long something took beside its promise: `1 h 5 min of 4 h, kept`, or `60 h of 48 h, kept by a plan`. */
export const tellPerformance = ({ seconds, promise }: Performance, open: string): string => {
  const took = seconds === null ? open : duration(seconds);
  if (!promise) return seconds === null ? `${open}, no time promised` : `${took}, no time promised`;
  const of = promise.seconds === null ? '' : ` of ${duration(promise.seconds)}`;
  const kept = promise.plannedAt === undefined ? 'kept' : 'kept by a plan';
  const outcome = { met: kept, missed: 'missed', running: 'running', paused: 'clock stands still' }[promise.state];
  return `${took}${of}, ${outcome}`;
};

export const tellPeople = (people: readonly Person[]): string =>
  people.map(({ name, role, tier }) => `${name} (${tier ? `${role}, ${tier}` : role})`).join(', ');

export const tellKept = ({ kept, missed, open, withoutPromise }: Kept): string =>
  `${String(kept)} kept, ${String(missed)} missed, ${String(open)} open, ${String(withoutPromise)} without a promised time`;

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
  const { unit, left, addOns = [] } = report.units;
  const all = [tellUnits(left, unit), ...addOns.map((one) => `${tellUnits(one.left, unit)} of ${one.planId}`)];
  const at = tellMoment(report.timeZone, wholeSecond(report.madeAt));
  return `${used} used, ${credited} credited; ${all.join(' and ')} left on ${at}`;
};

export const tellIncidents = ({ incidents, truncated }: ServiceReport): string =>
  truncated ? `more than ${String(incidents.length)}` : String(incidents.length);

export const tellOpened = ({ timeZone }: ServiceReport, { openedAt }: Incident): string =>
  tellMoment(timeZone, wholeSecond(openedAt));
