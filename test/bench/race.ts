/**
 * Measuring code against code: how competitors are timed. It owns the fairness of a race; it must not know what is raced. The
 * trap: a machine speeds up and slows down as it goes, so competitors take turns in short rounds of one run and the rounds are
 * compared one by one, never two runs.
 */
import { median } from './figures.ts';

/** Does one unit of work, different by its number, so that no answer can be reused. */
export type Competitor = (turn: number) => unknown;

/** Odd, so that the median is one of the measurements; seven rounds outlive a hiccup of the machine. */
const ROUNDS = 7;
const ROUND_MILLIS = 60;

/** Runs for a round and gives operations a second. The clock is read only now and then, not to be what is measured. */
const runRound = (competitor: Competitor, batch: number): number => {
  const startedAt = performance.now();
  let turns = 0;
  let elapsed = 0;
  while (elapsed < ROUND_MILLIS) {
    for (let turn = 0; turn < batch; turn += 1) competitor(turns + turn);
    turns += batch;
    elapsed = performance.now() - startedAt;
  }
  return (turns / elapsed) * 1000;
};

/** Operations a second of each competitor in each round, after two rounds of warming up. */
export const race = (competitors: readonly Competitor[]): readonly (readonly number[])[] => {
  const batches = competitors.map((competitor) => {
    runRound(competitor, 1);
    return Math.max(1, Math.floor(runRound(competitor, 1) / 1000));
  });
  const speeds: number[][] = competitors.map(() => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [position, competitor] of competitors.entries()) {
      speeds[position]?.push(runRound(competitor, batches[position] ?? 1));
    }
  }
  return speeds;
};

/** How many times as fast one was as the other, round by round. */
export const ratios = (own: readonly number[], other: readonly number[]): number[] =>
  own.map((speed, round) => speed / (other[round] ?? median(other)));
