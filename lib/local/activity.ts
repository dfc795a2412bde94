/**
 * Knows what is under way on the local desk, so that a caller can wait until everything that follows from a step has happened.
 * It must not know what the work is. The trap: work that waits for `settled()` waits for itself, for ever.
 */
export class Activity {
  #underWay = 0;
  #waiting: (() => void)[] = [];
  #drains: Promise<unknown> = Promise.resolve();
  readonly #sources: (() => Promise<boolean>)[] = [];

  /** Runs the work and counts it as under way until it is done; its result or its error is passed on. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  /** Adds something that may hold work nobody has seen yet, such as a stream: `drain` works it off and answers whether it found any. */
  addSource(drain: () => Promise<boolean>): void {
    this.#sources.push(drain);
  }

  /** Resolves when nothing is under way and no source holds anything; rejects when a source does. */
  async settled(): Promise<void> {
    do await this.#idle();
    while ((await this.#drain()) || this.#underWay > 0);
  }

  async #idle(): Promise<void> {
    // The turn of the event loop lets what a finished piece of work set off start being counted.
    do {
      if (this.#underWay > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      await new Promise<void>((resolve) => setImmediate(resolve));
    } while (this.#underWay > 0);
  }

  /** Drains all sources at once; two callers take turns, so that no source is drained twice at the same time. */
  #drain(): Promise<boolean> {
    const turn = this.#drains.then(async () => {
      const found = await Promise.all(this.#sources.map((drain) => drain()));
      return found.includes(true);
    });
    this.#drains = turn.catch(() => undefined);
    return turn;
  }
}
