/**
 * Business time beside dayjs-business-time: the same hours, holidays and starts for both, checked to give the same answers
 * before they are timed. It owns what is a fair question; the trap: the other library counts in the zone of the process, so
 * the run sets that zone to the calendar's.
 */
import dayjs from 'dayjs';
import dayjsBusinessTime from 'dayjs-business-time';
import { addBusinessTime, businessTimeBetween } from '../../lambdas/domain/business-time.ts';
import type { Calendar, OpenInterval } from '../../lambdas/domain/time/calendar.ts';
import { fromMillis } from '../../lambdas/domain/time/instant.ts';
import { holidaysOf } from '../../lambdas/plans/holidays/holidays.ts';
import { race, type Competitor, type Row } from './harness.ts';

const bench = 'business-time';
const zone = 'Europe/Berlin';
/** At least this many times as many operations a second as the other library. */
const leastRatio = 20;
/** Adding 2,000 hours may cost at most this many times what adding 4 hours costs. */
const mostGrowth = 2;

const hours: OpenInterval[] = [['09:00', '17:00']];
const calendar: Calendar = {
  zone,
  weekly: { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: [], sun: [] },
  holidays: holidaysOf('DE', 2026, 2028),
};

/** Within hours on 64 days of 2026, the same for every competitor. */
const starts = Array.from({ length: 64 }, (_, position) =>
  fromMillis(Date.UTC(2026, 0, 5 + position * 5 - (position % 2), 9 + (position % 6), position % 60)),
);
const startOf = (turn: number): string => starts[turn % starts.length] ?? '';
const endOf = (turn: number): string => starts[(turn * 7 + 13) % starts.length] ?? '';

const preparePeer = (): void => {
  process.env.TZ = zone;
  dayjs.extend(dayjsBusinessTime);
  const open = hours.map(([start, end]) => ({ start: `${start}:00`, end: `${end}:00` }));
  dayjs.setHolidays(calendar.holidays);
  dayjs.setBusinessTime({
    sunday: null,
    monday: open,
    tuesday: open,
    wednesday: open,
    thursday: open,
    friday: open,
    saturday: null,
  });
};

interface Contest {
  readonly name: string;
  readonly ours: Competitor;
  readonly theirs: Competitor;
}

const adding = (amount: number): Contest => ({
  name: `add ${amount.toLocaleString('en')} h`,
  ours: (turn) => addBusinessTime(calendar, startOf(turn), `PT${amount}H`),
  theirs: (turn) => dayjs(startOf(turn)).addBusinessHours(amount).toISOString(),
});

const contests: readonly Contest[] = [
  adding(4),
  adding(56),
  adding(2000),
  {
    name: 'between',
    ours: (turn) => businessTimeBetween(calendar, startOf(turn), endOf(turn)) / 60,
    theirs: (turn) => dayjs(startOf(turn)).businessMinutesDiff(dayjs(endOf(turn))),
  },
];

const requireSameAnswers = ({ name, ours, theirs }: Contest): void => {
  for (const turn of starts.keys()) {
    const [own, other] = [ours(turn), theirs(turn)];
    if (own !== other) throw new Error(`${name} from ${startOf(turn)}: ${String(own)} here, ${String(other)} there`);
  }
};

const compare = ({ name, ours, theirs }: Contest): Row => {
  const [value = 0, beside = 0] = race([ours, theirs]);
  const ratio = value / beside;
  return {
    bench,
    case: name,
    value,
    unit: 'ops/s',
    beside,
    ratio,
    goal: `>= ${leastRatio}`,
    holds: ratio >= leastRatio,
  };
};

/** How much more the long addition costs than the short one, both of them ours. */
const compareGrowth = (): Row => {
  const [long = 0, short = 0] = race([adding(2000).ours, adding(4).ours]);
  const ratio = short / long;
  const goal = `<= ${mostGrowth}`;
  return {
    bench,
    case: 'cost of 2,000 h to 4 h',
    value: long,
    unit: 'ops/s',
    beside: short,
    ratio,
    goal,
    holds: ratio <= mostGrowth,
  };
};

export const benchBusinessTime = (): readonly Row[] => {
  preparePeer();
  contests.forEach(requireSameAnswers);
  return [...contests.map(compare), compareGrowth()];
};
