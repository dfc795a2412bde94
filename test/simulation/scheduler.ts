/**
 * The one scheduler of a simulation. Whatever runs beside something else stops before each call that leaves it; when everything stands
 * still, one call is drawn and goes on, alone, until everything stands still again. So the seed decides the order of all that happens,
 * and no run depends on which socket was faster. Whose doing a call is goes with the asynchronous context, however long the way there is.
 * The trap: work that waits for anything but a held call, such as a real timer, is waited for, and two of those would race.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Chance } from './chance.ts';

/** One run of a function. */
export interface Run {
  readonly name: string;
  /** Its place among all runs. */
  readonly number: number;
  readonly chance: Chance;
  /** It crashed: nothing that it still asks for happens. */
  crashed: boolean;
  /** It ended, one way or another. */
  over: boolean;
  held: number;
  calls: number;
  /** The step at which it began. */
  readonly began: number;
}

interface Held {
  /** Sorts the held calls, whatever the order in which they came. */
  readonly key: string;
  readonly run: Run | undefined;
  readonly go: () => Promise<void> | void;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/**
 * So many turns of the event loop without anything new: what a delivered answer set off has come to its next call. A mail that is put
 * together takes about twenty (its parts are streams); a turn in which nothing happens takes less than a microsecond.
 */
const CALM_TURNS = 64;

/** Until whatever a delivered answer set off has come to its next call. */
export const calmTurns = async (): Promise<void> => {
  for (let calm = 0; calm < CALM_TURNS; calm += 1) await turn();
};

export class Scheduler {
  readonly #chance: Chance;
  readonly #context = new AsyncLocalStorage<Run>();
  readonly #running = new Set<Run>();
  #held: Held[] = [];
  #arrivals = 0;
  /** What is done besides the turns: how many things, and the end of the last of them. */
  #asides = 0;
  #aside = Promise.resolve();
  #pumping = false;
  #runs = 0;
  /** Calls that went on. */
  steps = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** Whose doing it is what happens now; nobody's where a run is over that set it off. A crashed one's may still happen. */
  current(): Run | undefined {
    const run = this.#context.getStore();
    return run !== undefined && (run.crashed || this.#running.has(run)) ? run : undefined;
  }

  /** Runs a function as one of those that take turns; `work` learns who it is. */
  async begin<T>(name: string, work: (run: Run) => Promise<T>): Promise<T> {
    const number = (this.#runs += 1);
    const chance = this.#chance.of(`run ${String(number)}`);
    const run: Run = { name, number, chance, crashed: false, over: false, held: 0, calls: 0, began: this.steps };
    this.#running.add(run);
    try {
      return await this.#context.run(run, () => work(run));
    } finally {
      run.over = true;
      this.#running.delete(run);
    }
  }

  /** Lets `go` happen when its turn has come. `key` tells it from others of the same caller. */
  hold(run: Run | undefined, key: string, go: () => Promise<void> | void): void {
    if (run?.crashed === true) return;
    this.#arrivals += 1;
    const place =
      run === undefined ? key : `${String(run.number).padStart(9, '0')} ${String((run.calls += 1)).padStart(6, '0')}`;
    if (run !== undefined) run.held += 1;
    this.#held.push({ key: place, run, go });
    if (!this.#pumping) void this.#context.exit(() => this.#pump());
  }

  /**
   * Does something that is no turn of its own, however long the machine takes for it. Nothing is drawn meanwhile: of a run that does
   * several things at once another may be held already, and would go on sooner or later as the machine is fast or slow. One such thing
   * is done at a time, in the order of asking, and `then` with what it gave sets off what it does before the next.
   */
  besides<T>(work: () => Promise<T>, then: (result: T) => void): void {
    this.#asides += 1;
    this.#aside = this.#aside.then(async () => {
      then(await work());
      await calmTurns();
      this.#asides -= 1;
      this.#arrivals += 1;
    });
  }

  /** Waits for a turn. */
  turn(run: Run | undefined, key: string): Promise<void> {
    return new Promise((resolve) => {
      this.hold(run, key, resolve);
    });
  }

  /** Ends a run in the middle of whatever it does. */
  crash(run: Run): void {
    run.crashed = true;
    run.over = true;
    this.#running.delete(run);
    this.#held = this.#held.filter((one) => one.run !== run);
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    while (this.#held.length > 0) {
      await this.#calm();
      const next = this.#draw();
      if (next === undefined) break;
      if (next.run !== undefined) next.run.held -= 1;
      this.steps += 1;
      await next.go();
    }
    this.#pumping = false;
  }

  async #calm(): Promise<void> {
    let calm = 0;
    let seen = -1;
    while (calm < CALM_TURNS) {
      await turn();
      const still = seen === this.#arrivals && this.#asides === 0 && [...this.#running].every(({ held }) => held > 0);
      calm = still ? calm + 1 : 0;
      seen = this.#arrivals;
    }
  }

  #draw(): Held | undefined {
    this.#held.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    return this.#held.splice(this.#chance.below(this.#held.length), 1)[0];
  }
}
