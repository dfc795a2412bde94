/**
 * An explanation in sentences: what an accountant of the customer can check with a calendar and a pencil. All times are told in
 * the customer's zone. Sentences only repeat the figures of the structured form; they hold none of their own.
 */
import type { Placed } from '../account/ledger.ts';
import type { Count } from './count.ts';
import type { Citation } from './rule-book.ts';
import type { ChargeExplained, CreditExplained, DeadlineExplained, EscalationExplained } from './explanation.ts';
import { parseSpan } from '../time/span.ts';
import * as tell from './telling.ts';
import { planCounts } from '../ticket/targets.ts';
import type { Terms } from '../ticket/ticket.ts';
import { tellUnits, type Actor, type Priority, type TargetKind, type Unit } from '../vocabulary.ts';

/** Beyond this many lines of one kind the sentences sum up; the structured form always has every line. */
const MOST_LINES = 40;

const promised: Record<TargetKind, string> = {
  'first-response': 'a first answer',
  escalation: 'an answer from the next tier',
  resolution: 'a resolution',
  'call-back': 'a call back',
};
const promisedBy = (terms: Terms, kind: TargetKind, priority?: Priority): string =>
  kind === 'resolution' && planCounts(terms, priority) ? 'a resolution, or a plan for one,' : promised[kind];

type Told = Omit<DeadlineExplained, 'sentences'>;

const lines = <One extends { seconds: number }>(all: readonly One[], line: (one: One) => string): string[] => {
  const rest = all.slice(MOST_LINES);
  const seconds = rest.reduce((sum, one) => sum + one.seconds, 0);
  return [
    ...all.slice(0, MOST_LINES).map(line),
    ...(rest.length > 0 ? [`And ${String(rest.length)} more of these, together ${tell.tellSeconds(seconds)}.`] : []),
  ];
};

/** Business days keep the time of day of their start, inside these hours or not; only hours begin with the next opening. */
const startSentence = ({ span, count }: Told, zone: string): string => {
  const first = parseSpan(span).unit === 'seconds' ? count.intervals[0] : undefined;
  const begins = first !== undefined && first.from > count.startedAt ? first.from : undefined;
  const outside =
    begins === undefined
      ? ''
      : ` That was outside these hours, so time counted from ${tell.tellMoment(zone, begins)} on.`;
  return `The clock started on ${tell.tellMoment(zone, count.startedAt)}.${outside}`;
};

const pauseSentences = ({ kind, count }: Told, zone: string, waited: boolean): string[] => [
  ...lines(
    count.pauses,
    ({ from, to, seconds }) =>
      `Taken out, because this clock stood still: ${tell.tellStretch(zone, from, to)}; ${tell.tellSeconds(seconds)} of it in these hours.`,
  ),
  ...(waited && kind !== 'resolution'
    ? ['Waiting for you does not stop this clock, so nothing was taken out for that.']
    : []),
];

const sumSentence = (count: Count): string =>
  count.pausedSeconds > 0
    ? `${tell.tellSeconds(count.openSeconds)} open less ${tell.tellSeconds(count.pausedSeconds)} standing still is ${tell.tellSeconds(count.countedSeconds)} counted`
    : `${tell.tellSeconds(count.countedSeconds)} counted`;

/** The budget as it was given: an aim, as a call is wherever no plan names its time, is no promise. */
const budget = ({ span, kind, guaranteed }: Told): string =>
  guaranteed === false || kind === 'call-back'
    ? `the ${tell.tellSpan(span)} aimed at`
    : `the promised ${tell.tellSpan(span)}`;

const reachedSentence = (told: Told, zone: string): string => {
  const { count } = told;
  if (count.deadline === null)
    return `${sumSentence(count)} up to ${tell.tellMoment(zone, count.until)}, where the clock stopped.`;
  const due = `the deadline is ${tell.tellMoment(zone, count.deadline)}`;
  if (!count.days) return `${sumSentence(count)}, which is ${budget(told)}: ${due}.`;
  const { days } = count;
  const moved =
    count.pausedSeconds > 0
      ? `, moved on by the ${tell.tellSeconds(count.pausedSeconds)} in which the clock stood still`
      : '';
  const named = days.slice(0, MOST_LINES).map(tell.tellDay).join('; ');
  return `Business days counted after the day of the start: ${days.length === 0 ? 'none' : named}. That is ${budget(told)}, at the same time of day${moved}: ${due}.`;
};

const outcomeSentence = (told: Told, zone: string): string => {
  if (told.replacedAt !== undefined)
    return `Another promise took its place on ${tell.tellMoment(zone, told.replacedAt)}.`;
  const { usedSeconds, endedAt, state } = told;
  if (endedAt === undefined) return state === 'running' ? 'The clock runs.' : 'The clock stands still.';
  if (state === 'missed') return `Nothing had kept it by then: it was missed.`;
  if (state === 'met') {
    const used = usedSeconds === undefined ? '' : `, after ${tell.tellSeconds(usedSeconds)} of counted time`;
    return `It was kept on ${tell.tellMoment(zone, endedAt)}${used}.`;
  }
  return `The ticket was closed on ${tell.tellMoment(zone, endedAt)}, so this promise was neither kept nor broken.`;
};

/** Rules of a programme; those of every programme are the desk's own. */
const isProgrammes = ({ id }: Citation): boolean => !id.startsWith('EV-');

/** No plan names a time for a call. Where the programme promises one at once, the desk says by when; elsewhere it is the desk's aim. */
const callBackPromise = ({ rules, span }: Told, plan: string): string =>
  rules.some(isProgrammes)
    ? `${plan} promises ${promised['call-back']} at once and names no time; the desk gives it ${tell.tellSpan(span)}`
    : `No plan promises ${promised['call-back']}; the desk's own aim is to call within ${tell.tellSpan(span)}`;

/** Why a deadline is what it is. `waited`: the desk waited for the customer at some time. */
export const deadlineSentences = (told: Told, terms: Terms, waited: boolean): string[] => {
  const { calendar, count, kind, priority, span, tier } = told;
  const { planId, planVersion, timeZone } = terms;
  const hours = parseSpan(span).unit === 'business-days' ? 'counted in days' : 'counted';
  const plan = `The plan ${planId} (version ${String(planVersion)})`;
  const what =
    kind === 'call-back'
      ? callBackPromise(told, plan)
      : `${plan} ${told.guaranteed === false ? 'aims at' : 'promises'} ${promisedBy(terms, kind, priority)} within ${tell.tellSpan(span)} for priority ${priority}`;
  const held =
    told.guaranteed === false ? `${tier} works towards it; nothing is guaranteed` : `${tier} holds the promise`;
  return [
    `${what}, ${hours} on the calendar “${calendar.name}”: ${calendar.hours}, zone ${calendar.zone}. ${held}.`,
    startSentence(told, timeZone),
    ...(count.days
      ? []
      : lines(
          count.intervals,
          ({ from, to, seconds }) => `Open: ${tell.tellStretch(timeZone, from, to)}; ${tell.tellSeconds(seconds)}.`,
        )),
    ...(count.holidays.length > 0
      ? [`Holidays on which nothing was counted: ${count.holidays.map(tell.tellDay).join('; ')}.`]
      : []),
    ...pauseSentences(told, timeZone, waited),
    reachedSentence(told, timeZone),
    outcomeSentence(told, timeZone),
  ];
};

const goodUntil = ({ expiresAt }: Pick<Placed, 'expiresAt'>, zone: string): string =>
  expiresAt === undefined ? 'without expiry' : `good until ${tell.tellMoment(zone, expiresAt)}`;

export const chargeSentences = (
  { at, cause, amount, unit, channel, priority, lots }: Omit<ChargeExplained, 'sentences'>,
  { planId, planVersion, timeZone }: Terms,
): string[] => {
  const when = tell.tellMoment(timeZone, at);
  const what = `a ticket of priority ${priority} opened by ${channel}`;
  const plan = `The plan ${planId} (version ${String(planVersion)})`;
  if (amount === 0) return [`${plan} charges nothing for ${what}.`];
  const drawn = lots.map(
    (lot) => `Taken: ${tellUnits(lot.amount, unit)} of lot ${lot.lotId}, ${goodUntil(lot, timeZone)}.`,
  );
  const units = tellUnits(amount, unit);
  const why = {
    opened: `${plan} charges ${units} for ${what}. ${amount === 1 ? 'It was' : 'They were'} taken on ${when}, in the moment the ticket was opened.`,
    reprioritized: `The priority became ${priority} on ${when}. ${plan} charges ${units} more for it than was taken before.`,
    classified: `On ${when} the ticket was found to be chargeable after all, so ${units} ${amount === 1 ? 'was' : 'were'} taken for it.`,
  };
  return [why[cause], ...drawn];
};

/** Where units went that came back: to the lot they had come from, or to a new one because that had expired (rule EV-05). */
const placeSentence = (placed: Placed, unit: Unit, zone: string): string => {
  const { lotId, amount, replaces } = placed;
  const came = amount === 1 ? 'it had come from' : 'they had come from';
  const where =
    replaces === undefined
      ? `to lot ${lotId}, where ${came}`
      : `in a new lot ${lotId}, because ${replaces.length === 1 ? 'the lot' : 'the lots'} ${came} (${replaces.join(', ')}) had expired`;
  return `Given back: ${tellUnits(amount, unit)} ${where}; ${goodUntil(placed, zone)}.`;
};

export const creditSentences = (
  { at, recordedAt, amount, unit, cause, to, target, lots }: Omit<CreditExplained, 'sentences'>,
  terms: Terms,
): string[] => {
  const { timeZone } = terms;
  const units = tellUnits(amount, unit);
  const when = tell.tellMoment(timeZone, at);
  const late =
    recordedAt > at
      ? ` The desk wrote it down on ${tell.tellMoment(timeZone, recordedAt)}; it counts from the deadline.`
      : '';
  const why = {
    miss: target
      ? `${promisedBy(terms, target).replace(/^a/, 'A').replace(/,$/, '')} was owed by ${when} and did not come.`
      : `A promise was missed on ${when}.`,
    reprioritized: `The priority was lowered on ${when}: the ticket costs less since then.`,
    classified: `On ${when} the ticket was found to cost nothing.`,
  };
  return [
    why[cause],
    to === 'card' ? `So ${units} are refunded to the payment card.` : `So ${units} came back.${late}`,
    ...lots.map((placed) => placeSentence(placed, unit, timeZone)),
  ];
};

const who = ({ role, tier }: Actor): string => {
  if (role === 'desk') return 'the desk itself';
  return `${role === 'customer' ? 'a' : `the vendor's`} ${role}${tier ? ` of ${tier}` : ''}`;
};

export const escalationSentences = (
  { at, from, to, reason, by, target }: Omit<EscalationExplained, 'sentences'>,
  { timeZone }: Terms,
): string[] => {
  const moved = `Handed over from ${from} to ${to} on ${tell.tellMoment(timeZone, at)} by ${who(by)}`;
  return [
    target === undefined
      ? `${moved}: ${reason}`
      : `${moved}, because ${promised[target]} was owed by that moment and did not come.`,
  ];
};
