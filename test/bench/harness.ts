/**
 * Measuring code against code: what a benchmark reports, and how competitors are timed. It owns the fairness of a race; it
 * must not know what is raced. The trap: a machine speeds up and slows down as it goes, so competitors take turns in short
 * rounds of one run and their medians are compared, never two runs.
 */

/** One line of the results: a measured value beside another, their ratio, the goal for it, and whether that was reached. */
export interface Row {
  readonly bench: string;
  readonly case: string;
  readonly value: number;
  readonly unit: string;
  /** The same measure of what the value is compared with. */
  readonly beside: number;
  readonly ratio: number;
  readonly goal: string;
  readonly holds: boolean;
}

/** A benchmark gives its rows; it may take seconds. */
export type Bench = () => readonly Row[] | Promise<readonly Row[]>;

/** Does one unit of work, different by its number, so that no answer can be reused. */
export type Competitor = (turn: number) => unknown;

/** Odd, so that the median is one of the measurements; nine rounds outlive a hiccup of the machine. */
const rounds = 9;
const roundMillis = 120;

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** Runs for a round and gives operations a second. The clock is read only now and then, not to be what is measured. */
const runRound = (competitor: Competitor, batch: number): number => {
  const startedAt = performance.now();
  let turns = 0;
  let elapsed = 0;
  while (elapsed < roundMillis) {
    for (let turn = 0; turn < batch; turn += 1) competitor(turns + turn);
    turns += batch;
    elapsed = performance.now() - startedAt;
  }
  return (turns / elapsed) * 1000;
};

/** Operations a second of each competitor: the medians of rounds in which they take turns, after a round of warming up. */
export const race = (competitors: readonly Competitor[]): number[] => {
  const batches = competitors.map((competitor) => Math.max(1, Math.floor(runRound(competitor, 1) / 1000)));
  const speeds: number[][] = competitors.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [position, competitor] of competitors.entries()) {
      speeds[position]?.push(runRound(competitor, batches[position] ?? 1));
    }
  }
  return speeds.map(median);
};
