/**
 * The longest time that the stack gives a function. What must not meet work under way waits for as long: an erasure for letters and
 * answers that still name the person, and a dead letter for the function that it was handed to.
 */
export const LONGEST_RUN_SECONDS = 120;
