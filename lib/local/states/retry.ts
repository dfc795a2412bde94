/**
 * Which retrier or catcher takes a failure, and how long a retrier waits. Pure: chance comes as an argument. The trap: the
 * first retrier that names the error decides, even when it has no attempts left.
 */
export interface Retrier {
  readonly errors: readonly string[];
  readonly intervalSeconds: number;
  readonly backoffRate: number;
  readonly maxAttempts: number;
  readonly maxDelaySeconds: number;
  readonly fullJitter: boolean;
}

/** What a wildcard never takes: the error is the runner's, not the task's. */
const fatal = new Set(['States.Runtime', 'States.DataLimitExceeded']);

/** Whether a list of `ErrorEquals` takes the error. `States.TaskFailed` takes every error but `States.Timeout`. */
const takes = (errors: readonly string[], error: string): boolean =>
  !fatal.has(error) &&
  errors.some(
    (each) => each === error || each === 'States.ALL' || (each === 'States.TaskFailed' && error !== 'States.Timeout'),
  );

export type Reaction<Catcher> =
  | { readonly kind: 'retry'; readonly retries: number[]; readonly delayMs: number }
  | { readonly kind: 'catch'; readonly catcher: Catcher }
  | { readonly kind: 'fail' };

interface Handlers<Catcher> {
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
}

/** What follows a failure: retriers first, then catchers. `retries` counts how often each retrier has already retried. */
export const reactionTo = <Catcher extends { readonly errors: readonly string[] }>(
  error: string,
  { retriers, catchers }: Handlers<Catcher>,
  retries: readonly number[],
  random: () => number,
): Reaction<Catcher> => {
  const index = retriers.findIndex(({ errors }) => takes(errors, error));
  const retrier = retriers[index];
  const before = retries[index] ?? 0;
  if (retrier !== undefined && before < retrier.maxAttempts) {
    const counted = retriers.map((_, each) => (retries[each] ?? 0) + (each === index ? 1 : 0));
    return { kind: 'retry', retries: counted, delayMs: delayMs(retrier, before, random) };
  }
  const catcher = catchers.find(({ errors }) => takes(errors, error));
  return catcher === undefined ? { kind: 'fail' } : { kind: 'catch', catcher };
};

/** The wait before a retry in ms. `retries` is how often this retrier has already retried, `random` in [0, 1). */
const delayMs = (retrier: Retrier, retries: number, random: () => number): number => {
  const seconds = Math.min(retrier.intervalSeconds * retrier.backoffRate ** retries, retrier.maxDelaySeconds);
  return Math.round(seconds * 1_000 * (retrier.fullJitter ? random() : 1));
};
