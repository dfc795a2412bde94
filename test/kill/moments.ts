/** When each desk of a run is killed, and in what state its folder is found by the next: all of it made from the seed. */
import { chanceFrom } from './random.ts';

export interface Moment {
  /** `starting`: before it is ready; `working`: under load; `moving`: while its clock is moved; `engine`: its database alone is killed. */
  readonly kind: 'starting' | 'working' | 'moving' | 'engine';
  /** So many requests are answered first; counted, so that a slow machine has as much load as a fast one. */
  readonly answers: number;
  /** And then so much real time passes, of the start, of the load, or of the move. */
  readonly afterMs: number;
  /** How far the clock is moved under load. */
  readonly move: string;
  /** For so many hours nobody starts it again. */
  readonly downHours: number;
  /** Whether the kill fell into the middle of a line of the journal. */
  readonly tears: boolean;
  readonly seed: number;
}

/** Of seven kills. */
const DECK = ['working', 'working', 'working', 'moving', 'moving', 'moving', 'starting'] as const;
const MOVES = ['PT3M', 'PT20M', 'PT1H', 'PT1H', 'PT4H', 'PT5H', 'PT26H'];
const MOST_ANSWERS = 30;
/** A start takes two or three seconds of a quiet machine, a request and a move by some hours a fraction of one. */
const LONGEST_MS = { starting: 3_000, working: 30, moving: 250, engine: 30 } as const;

export const momentsOf = (times: number, seed: number): Moment[] => {
  const chance = chanceFrom(seed);
  const kinds: Moment['kind'][] = [];
  while (kinds.length < times) kinds.push(...chance.shuffled(DECK));
  kinds.length = times;
  // Once in each run.
  kinds[Math.floor(times / 2)] = 'engine';
  return kinds.map((kind) => ({
    kind,
    answers: chance.between(3, MOST_ANSWERS),
    afterMs: chance.between(0, LONGEST_MS[kind]),
    move: chance.oneOf(MOVES),
    downHours: chance.oneOf([0, 0, 0, 2, 30]),
    tears: chance.between(1, 5) === 1,
    seed: chance.between(1, 2 ** 31),
  }));
};
