/**
 * The timers of the desk's clock in the order they fall due: by moment, then by registration. It knows no clock and fires
 * nothing. A cancelled timer stays in the heap until it reaches the top, so cancelling costs nothing.
 */
export interface HeapTimer {
  readonly dueAt: number;
  readonly order: number;
  readonly label: string;
  readonly fire: () => Promise<void> | void;
  cancelled: boolean;
}

const before = (a: HeapTimer, b: HeapTimer): boolean => a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.order < b.order);

export class TimerHeap {
  readonly #timers: HeapTimer[] = [];

  push(timer: HeapTimer): void {
    let hole = this.#timers.length;
    this.#timers.push(timer);
    while (hole > 0) {
      const parentIndex = (hole - 1) >> 1;
      const parent = this.#timers[parentIndex];
      if (parent === undefined || !before(timer, parent)) break;
      this.#timers[hole] = parent;
      hole = parentIndex;
    }
    this.#timers[hole] = timer;
  }

  /** The next timer that still counts, or undefined when there is none. */
  peek(): HeapTimer | undefined {
    while (this.#timers[0]?.cancelled === true) this.#removeTop();
    return this.#timers[0];
  }

  /** Takes every timer due at or before the moment (ms since the epoch), in order. */
  takeDue(moment: number): HeapTimer[] {
    const due: HeapTimer[] = [];
    for (let next = this.peek(); next !== undefined && next.dueAt <= moment; next = this.peek()) {
      due.push(next);
      this.#removeTop();
    }
    return due;
  }

  clear(): void {
    this.#timers.length = 0;
  }

  #removeTop(): void {
    const last = this.#timers.pop();
    if (last === undefined || this.#timers.length === 0) return;
    let hole = 0;
    for (;;) {
      const child = this.#smallerChild(hole);
      const timer = this.#timers[child];
      if (timer === undefined || !before(timer, last)) break;
      this.#timers[hole] = timer;
      hole = child;
    }
    this.#timers[hole] = last;
  }

  #smallerChild(parent: number): number {
    const left = this.#timers[2 * parent + 1];
    const right = this.#timers[2 * parent + 2];
    return left !== undefined && right !== undefined && before(right, left) ? 2 * parent + 2 : 2 * parent + 1;
  }
}
