/** What is wrong at one place of a programme file, in words that say what would be right. */
export interface Complaint {
  /** From the plan down to the place, as in `['charges', 1, 'amount']`. */
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** The figure says nothing in this plan, and does no harm where plans share it and another one reads it. */
  readonly idle?: true;
}

/** Values in words: `"a", "b"`. */
export const quoted = (values: readonly (string | number)[]): string =>
  values.map((value) => JSON.stringify(value)).join(', ');

/** The places at which a value stands that another place before it has already. */
export const repeated = (values: readonly unknown[]): number[] =>
  values.flatMap((value, place) => (values.indexOf(value) < place ? [place] : []));
