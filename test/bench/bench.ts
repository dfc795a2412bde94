/**
 * What a benchmark is: a name, and a run that gives rows. It owns the shape of a row and what it means that a goal holds; it must
 * not know what is measured. The trap: a goal that fails is a result and not an error, so nothing here throws for one.
 */

/** A benchmark in a module of its own; `npm run bench -- <name>` runs it alone. */
export interface Bench {
  readonly name: string;
  readonly run: (context: Context) => readonly Measured[] | Promise<readonly Measured[]>;
}

export interface Context {
  /** Says on standard error what is being measured. */
  readonly progress: (line: string) => void;
  /** Whether a first impression is enough: no 100,000 open tickets, and once what is otherwise repeated for its spread. */
  readonly quick: boolean;
}

/** A bound for the ratio where there is one, else for the value. */
export type Goal = { readonly atLeast: number } | { readonly atMost: number };

/** What a benchmark measured. */
export interface Measured {
  readonly case: string;
  readonly value: number;
  readonly unit: string;
  /** The same measure of what it is compared with. */
  readonly beside?: number;
  /** What that is, such as the library's name. */
  readonly against?: string;
  /** Where it is not `value / beside`, such as the median of the rounds' own ratios. */
  readonly ratio?: number;
  /** The lowest and the highest of several runs: of the ratio where there is one, else of the value. */
  readonly spread?: readonly [number, number];
  readonly goal?: Goal;
}

/** One line of the results; null where there is none. */
export interface Row {
  readonly bench: string;
  readonly case: string;
  readonly value: number;
  readonly unit: string;
  readonly beside: number | null;
  readonly against: string | null;
  readonly ratio: number | null;
  readonly spread: readonly [number, number] | null;
  readonly goal: string | null;
  readonly holds: boolean | null;
  /** The machine, and the versions of what it was measured beside: rows of different ones can't be compared. */
  readonly origin: string;
}

const holds = (goal: Goal, measured: number): boolean =>
  'atLeast' in goal ? measured >= goal.atLeast : measured <= goal.atMost;

const tell = (goal: Goal): string => ('atLeast' in goal ? `>= ${String(goal.atLeast)}` : `<= ${String(goal.atMost)}`);

/** Four digits are more than any of these measurements is good for. */
const rounded = (value: number): number => Number(value.toPrecision(4));

export const rowOf = (bench: string, measured: Measured, origin: string): Row => {
  const { value, beside, goal, spread } = measured;
  const ratio = measured.ratio ?? (beside === undefined ? undefined : value / beside);
  return {
    bench,
    case: measured.case,
    value: rounded(value),
    unit: measured.unit,
    beside: beside === undefined ? null : rounded(beside),
    against: measured.against ?? null,
    ratio: ratio === undefined ? null : rounded(ratio),
    spread: spread ? [rounded(spread[0]), rounded(spread[1])] : null,
    goal: goal ? tell(goal) : null,
    holds: goal ? holds(goal, ratio ?? value) : null,
    origin,
  };
};
