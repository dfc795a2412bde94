import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DeskClock } from '../../lib/local/clock.ts';
import { TimerHeap } from '../../lib/local/timer-heap.ts';

const start = Date.UTC(2026, 2, 2, 9);
const hour = 3_600_000;
const year = 365 * 24 * hour;
const nothingFollows = () => Promise.resolve();

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2030, 0, 1) });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a ticking clock', () => {
  test('starts where it is told and ticks with the machine', () => {
    const clock = new DeskClock({ startAt: start });
    expect(clock.now()).toBe(start);
    vi.advanceTimersByTime(1_500);
    expect(clock.now()).toBe(start + 1_500);
    expect(new DeskClock().now()).toBe(Date.now());
  });

  test('never goes back when the machine does', () => {
    const clock = new DeskClock();
    const before = clock.now();
    vi.setSystemTime(before - hour);
    expect(clock.now()).toBe(before);
  });

  test('fires a timer at its moment, once, and not before', () => {
    const clock = new DeskClock({ startAt: start });
    const fired: number[] = [];
    clock.at(start + hour, 'an hour', () => void fired.push(clock.now()));
    vi.advanceTimersByTime(hour - 1);
    expect(fired).toEqual([]);
    vi.advanceTimersByTime(hour);
    expect(fired).toEqual([start + hour]);
  });

  test('waits longer than a timeout of the machine can', () => {
    const clock = new DeskClock({ startAt: start });
    let fired = 0;
    clock.at(start + 60 * 24 * hour, 'two months', () => void (fired += 1));
    vi.advanceTimersByTime(60 * 24 * hour - 1);
    expect(fired).toBe(0);
    vi.advanceTimersByTime(1);
    expect(fired).toBe(1);
  });

  test('fires an earlier timer that was set later first, and none that was cancelled', () => {
    const clock = new DeskClock({ startAt: start });
    const fired: string[] = [];
    clock.at(start + 2 * hour, 'second', () => void fired.push('second'));
    const cancelled = clock.at(start + 30_000, 'cancelled', () => void fired.push('cancelled'));
    clock.at(start + hour, 'first', () => void fired.push('first'));
    cancelled.cancel();
    expect(clock.nextDueAt()).toBe(start + hour);
    vi.advanceTimersByTime(3 * hour);
    expect(fired).toEqual(['first', 'second']);
    expect(clock.nextDueAt()).toBeUndefined();
  });

  test('goes on when a timer throws, and reports it', async () => {
    const errors: [unknown, string][] = [];
    const clock = new DeskClock({ startAt: start, onError: (error, label) => errors.push([error, label]) });
    const fired: string[] = [];
    clock.at(start + 1, 'throws', () => {
      throw new Error('at once');
    });
    clock.at(start + 1, 'rejects', () => Promise.reject(new Error('later')));
    clock.at(start + 2, 'fine', () => void fired.push('fine'));
    await vi.advanceTimersByTimeAsync(10);
    expect(errors).toEqual([
      [new Error('at once'), 'throws'],
      [new Error('later'), 'rejects'],
    ]);
    expect(fired).toEqual(['fine']);
  });

  test('fires nothing once it is stopped', () => {
    const clock = new DeskClock({ startAt: start });
    let fired = 0;
    clock.at(start + 1, 'never', () => void (fired += 1));
    clock.stop();
    clock.at(start + 2, 'never', () => void (fired += 1));
    vi.advanceTimersByTime(hour);
    expect(fired).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a clock that is moved', () => {
  test('fires every timer on the way in order, each at its own moment, and ticks on', async () => {
    const clock = new DeskClock({ startAt: start });
    const fired: [string, number][] = [];
    const note = (label: string) => () => void fired.push([label, clock.now() - start]);
    clock.at(start + 2 * hour, 'b', note('b'));
    clock.at(start + hour, 'a', note('a'));
    clock.at(start + 2 * hour, 'c', note('c'));
    clock.at(start + year + 1, 'after', note('after'));
    await clock.moveTo(start + year, nothingFollows);
    expect(fired).toEqual([
      ['a', hour],
      ['b', 2 * hour],
      ['c', 2 * hour],
    ]);
    expect(clock.now()).toBe(start + year);
    vi.advanceTimersByTime(1);
    expect(fired.at(-1)).toEqual(['after', year + 1]);
  });

  test('stands still at each moment until what it caused has settled', async () => {
    const clock = new DeskClock({ startAt: start });
    const settledAt: number[] = [];
    let underWay = 0;
    const work = async () => {
      underWay += 1;
      await vi.advanceTimersByTimeAsync(250);
      underWay -= 1;
    };
    clock.at(start + hour, 'one', work);
    clock.at(start + hour, 'at the same moment', work);
    clock.at(start + 2 * hour, 'next', work);
    await clock.moveTo(start + 3 * hour, () => {
      settledAt.push(clock.now() - start);
      expect(underWay).toBe(0);
      return Promise.resolve();
    });
    expect(settledAt).toEqual([0, hour, 2 * hour]);
    expect(clock.now()).toBe(start + 3 * hour);
  });

  test('fires what is set on the way: for that very moment, for later, and for a moment already past', async () => {
    const clock = new DeskClock({ startAt: start });
    const fired: [string, number][] = [];
    const note = (label: string) => () => void fired.push([label, clock.now() - start]);
    clock.at(start + hour, 'first', () => {
      clock.at(start + hour, 'same moment', note('same moment'));
      clock.at(start, 'past', note('past'));
      clock.at(start + 90 * 60_000, 'later', note('later'));
    });
    clock.at(start + 2 * hour, 'last', note('last'));
    await clock.moveTo(start + 2 * hour, nothingFollows);
    expect(fired).toEqual([
      ['past', hour],
      ['same moment', hour],
      ['later', 1.5 * hour],
      ['last', 2 * hour],
    ]);
  });

  test('first lets the present moment settle, which may set the first timer on the way', async () => {
    const clock = new DeskClock({ startAt: start });
    const fired: number[] = [];
    let first = true;
    await clock.moveTo(start + hour, () => {
      if (first) clock.at(start + 1_000, 'set late', () => void fired.push(clock.now()));
      first = false;
      return Promise.resolve();
    });
    expect(fired).toEqual([start + 1_000]);
  });

  test('does not fire a timer that another of the same moment cancelled before its turn', async () => {
    const clock = new DeskClock({ startAt: start });
    let fired = 0;
    clock.at(start + hour, 'cancels', () => {
      other.cancel();
    });
    const other = clock.at(start + hour, 'cancelled', () => void (fired += 1));
    await clock.moveTo(start + hour, nothingFollows);
    expect(fired).toBe(0);
  });

  test('can go to a moment made from the one at which its turn comes, and answers where it has come to', async () => {
    const clock = new DeskClock({ startAt: start });
    const first = clock.moveTo(start + hour, nothingFollows);
    const second = clock.moveTo((now) => now + hour, nothingFollows);
    expect([await first, await second]).toEqual([start + hour, start + 2 * hour]);
  });

  test('refuses the past and no moment at all', async () => {
    const clock = new DeskClock({ startAt: start });
    await expect(clock.moveTo(start - 1, nothingFollows)).rejects.toThrow(RangeError);
    await expect(clock.moveTo(Number.NaN, nothingFollows)).rejects.toThrow(RangeError);
    await clock.moveTo(start, nothingFollows);
    expect(() => clock.at(Number.NaN, 'never', () => undefined)).toThrow(RangeError);
  });

  test('moves one after the other when asked twice, and tells where it is going', async () => {
    const clock = new DeskClock({ startAt: start });
    const fired: [number, number | undefined][] = [];
    for (const h of [1, 2, 3]) {
      clock.at(start + h * hour, `${h} h`, () => void fired.push([clock.now(), clock.movingTo()]));
    }
    const moves = [start + 2 * hour, start + 4 * hour].map((to) => clock.moveTo(to, nothingFollows));
    const back = clock.moveTo(start + 3 * hour, nothingFollows);
    await expect(back).rejects.toThrow(RangeError);
    await Promise.all(moves);
    expect(fired).toEqual([
      [start + hour, start + 2 * hour],
      [start + 2 * hour, start + 2 * hour],
      [start + 3 * hour, start + 4 * hour],
    ]);
    expect(clock.movingTo()).toBeUndefined();
  });

  test('ticks on from where it stood when settling fails', async () => {
    const clock = new DeskClock({ startAt: start });
    clock.at(start + hour, 'one', () => undefined);
    const settled = () => (clock.now() > start ? Promise.reject(new Error('stuck')) : Promise.resolve());
    await expect(clock.moveTo(start + year, settled)).rejects.toThrow('stuck');
    expect(clock.now()).toBe(start + hour);
    await clock.moveTo(start + 2 * hour, nothingFollows);
  });

  test('gives up on a timer that falls due at one moment for ever', async () => {
    const clock = new DeskClock({ startAt: start });
    const again = () => void clock.at(start + hour, 'again', again);
    again();
    await expect(clock.moveTo(start + year, nothingFollows)).rejects.toThrow('"again" falls due again and again');
  });

  test('fires 2,000 timers at moments of their own, and lets each moment settle once, while the machine stands still', async () => {
    const failed: unknown[] = [];
    const clock = new DeskClock({ startAt: start, onError: (error) => failed.push(error) });
    let fired = 0;
    let latest = 0;
    for (let n = 0; n < 2_000; n += 1) {
      const dueAt = start + hour + ((n * 7_919) % 2_000) * hour;
      clock.at(dueAt, `timer ${n}`, () => {
        fired += 1;
        expect(clock.now()).toBe(dueAt);
        expect(dueAt).toBeGreaterThan(latest);
        latest = dueAt;
      });
    }
    let settled = 0;
    await clock.moveTo(start + year, () => Promise.resolve(void (settled += 1)));
    expect(fired).toBe(2_000);
    expect(failed).toEqual([]);
    // Once before the first of them, for what was under way.
    expect(settled).toBe(2_001);
  });
});

test('the next of 2,000 timers is found in a few steps, and not in as many as there are timers', () => {
  const heap = new TimerHeap();
  let looks = 0;
  const timer = (moment: number) => ({
    get dueAt() {
      looks += 1;
      return moment;
    },
    ...{ order: moment, label: String(moment), fire: () => undefined, cancelled: false },
  });
  for (let n = 0; n < 2_000; n += 1) heap.push(timer((n * 7_919) % 2_000));
  for (let n = 0; n < 2_000; n += 1) expect(heap.takeDue(n).map(({ label }) => label)).toEqual([String(n)]);
  // Eleven levels, two comparisons on each, of which each looks four times at most; and as much again for putting a timer in.
  expect(looks).toBeLessThan(2_000 * 2 * 11 * 2 * 4);
});
