/**
 * Business time beside three ways of having it: dayjs-business-time, moment-business-time, and stepping from day to day with luxon.
 * It owns what is a fair question: the same hours, holidays and starts for all, and how many answers agree stands beside the speed.
 * The trap: the peers count in the zone of the process, so a run sets that zone to the calendar's.
 */
import { addBusinessTime, businessTimeBetween } from '../../lambdas/domain/business-time.ts';
import type { Calendar, OpenInterval } from '../../lambdas/domain/time/calendar.ts';
import { fromMillis, toMillis, type Instant } from '../../lambdas/domain/time/instant.ts';
import { holidaysOf } from '../../lambdas/plans/holidays/holidays.ts';
import type { Bench, Context, Measured } from './bench.ts';
import { peers, type BusinessTime } from './business-time-peers.ts';
import { median, spreadOf } from './figures.ts';
import { race, ratios, type Competitor } from './race.ts';

/** At least this many times as many operations a second as the fastest of the peers. */
const LEAST_RATIO = 50;
/** Adding 2,000 hours may cost at most this many times what adding 4 hours costs. */
const MOST_GROWTH = 2;

const hours: OpenInterval[] = [['09:00', '17:00']];
const calendarOf = (zone: string, holidays: readonly string[]): Calendar => ({
  zone,
  weekly: { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: [], sun: [] },
  holidays: [...holidays],
});

const settings: readonly { readonly name: string; readonly calendar: Calendar }[] = [
  { name: 'UTC', calendar: calendarOf('UTC', []) },
  { name: 'daylight saving', calendar: calendarOf('Europe/Berlin', []) },
  { name: 'two years of holidays', calendar: calendarOf('Europe/Berlin', holidaysOf('DE', 2026, 2027)) },
];

/** Within hours on 64 days of 2026, the same for every competitor. */
const starts: readonly Instant[] = Array.from({ length: 64 }, (_, position) =>
  fromMillis(Date.UTC(2026, 0, 5 + position * 5 - (position % 2), 9 + (position % 6), position % 60)),
);
const startOf = (turn: number): Instant => starts[turn % starts.length] ?? '';
const endOf = (turn: number): Instant => starts[(turn * 7 + 13) % starts.length] ?? '';

const turns = [...starts.keys()];

interface Question {
  readonly name: string;
  /** The turns whose answers are compared. */
  readonly turns: readonly number[];
  readonly ask: (way: BusinessTime, turn: number) => Instant | number;
}

const adding = (amount: number): Question => ({
  name: `add ${amount.toLocaleString('en')} h`,
  turns,
  ask: ({ add }, turn) => add(startOf(turn), amount),
});
const addingShort = adding(4);
const addingLong = adding(2000);
const between: Question = {
  name: 'between',
  turns,
  ask: (way, turn) => way.minutesBetween(startOf(turn), endOf(turn)),
};
const questions = [addingShort, adding(56), addingLong, between];

const ours = (calendar: Calendar): BusinessTime => ({
  name: 'makegood',
  add: (start, amount) => addBusinessTime(calendar, start, { unit: 'seconds', seconds: amount * 3600 }),
  minutesBetween: (from, to) => businessTimeBetween(calendar, from, to) / 60,
});

const same = (own: Instant | number, other: Instant | number): boolean =>
  typeof own === 'number' || typeof other === 'number' ? own === other : toMillis(own) === toMillis(other);

/** How many of a peer's answers are ours; the first that is not is told. */
const agreement = (question: Question, own: BusinessTime, peer: BusinessTime, { progress }: Context): number => {
  const different = question.turns.filter((turn) => !same(question.ask(own, turn), question.ask(peer, turn)));
  const [first] = different;
  if (first !== undefined) {
    const [here, there] = [own, peer].map((way) => question.ask(way, first));
    progress(
      `${peer.name} differs in ${String(different.length)} of ${String(question.turns.length)} answers to ` +
        `"${question.name}": the first is ${String(there)}, ours is ${String(here)}`,
    );
  }
  return question.turns.length - different.length;
};

/** One row for each peer: how many of its answers are ours, over all questions. */
const agreements = (
  { setting, own, others }: Omit<Contest, 'question'>,
  asked: readonly Question[],
  context: Context,
): Measured[] =>
  others.map((peer) => ({
    case: `answers of ${peer.name} that agree, ${setting}`,
    value: asked.reduce((sum, question) => sum + agreement(question, own, peer, context), 0),
    unit: `of ${String(asked.reduce((sum, { turns }) => sum + turns.length, 0))}`,
  }));

const competitor =
  (question: Question, way: BusinessTime): Competitor =>
  (turn) =>
    question.ask(way, turn);

interface Contest {
  readonly setting: string;
  readonly question: Question;
  readonly own: BusinessTime;
  readonly others: readonly BusinessTime[];
}

/** One row for each peer; the goal is judged beside the fastest of them, over which our lead is least. */
const compare = ({ setting, question, own, others }: Contest, { progress }: Context): Measured[] => {
  const label = `${question.name}, ${setting}`;
  progress(label);
  const [mine = [], ...theirs] = race([own, ...others].map((way) => competitor(question, way)));
  const against = others.map(({ name }, place) => {
    const speeds = theirs[place] ?? [];
    return { name, speed: median(speeds), rounds: ratios(mine, speeds) };
  });
  const least = Math.min(...against.map(({ rounds }) => median(rounds)));
  return against.map(({ name, speed, rounds }) => ({
    case: `${label}, beside ${name}`,
    value: median(mine),
    unit: 'ops/s',
    beside: speed,
    against: name,
    ratio: median(rounds),
    spread: spreadOf(rounds),
    ...(question === addingShort && median(rounds) === least && { goal: { atLeast: LEAST_RATIO } }),
  }));
};

/** How much more the long addition costs than the short one, both of them ours. */
const compareGrowth = (setting: string, own: BusinessTime): Measured => {
  const [long = [], short = []] = race([competitor(addingLong, own), competitor(addingShort, own)]);
  const rounds = ratios(short, long);
  return {
    case: `cost of 2,000 h to 4 h, ${setting}`,
    value: 1e9 / median(long),
    unit: 'ns',
    beside: 1e9 / median(short),
    against: '4 h',
    ratio: median(rounds),
    spread: spreadOf(rounds),
    goal: { atMost: MOST_GROWTH },
  };
};

/** Only compared and not timed: hours that the clocks skip or repeat. */
const nights: OpenInterval[] = [['01:00', '05:00']];
const compareNights = (context: Context): Measured[] => {
  const zone = 'Europe/Berlin';
  process.env.TZ = zone;
  const weekly = { mon: nights, tue: nights, wed: nights, thu: nights, fri: nights, sat: nights, sun: nights };
  const calendar = { zone, weekly, holidays: [] };
  const at = (turn: number): Instant =>
    fromMillis(Date.UTC(2026, turn % 2 === 0 ? 2 : 9, 22 + (turn % 7), 1, turn % 60));
  const question: Question = { name: 'add 8 h', turns, ask: ({ add }, turn) => add(at(turn), 8) };
  const contest = { setting: 'nights around both changes of the clock', own: ours(calendar), others: peers(calendar) };
  return agreements(contest, [question], context);
};

const run = (context: Context): readonly Measured[] => {
  const zoneBefore = process.env.TZ;
  const rows = settings.flatMap(({ name: setting, calendar }) => {
    process.env.TZ = calendar.zone;
    const own = ours(calendar);
    const others = peers(calendar);
    return [
      ...questions.flatMap((question) => compare({ setting, question, own, others }, context)),
      compareGrowth(setting, own),
      ...agreements({ setting, own, others }, questions, context),
    ];
  });
  rows.push(...compareNights(context));
  if (zoneBefore === undefined) delete process.env.TZ;
  else process.env.TZ = zoneBefore;
  return rows;
};

export const businessTime: Bench = { name: 'business-time', run };
