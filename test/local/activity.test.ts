import { describe, expect, test } from 'vitest';
import { Activity } from '../../lib/local/activity.ts';

const deferred = () => {
  let finish: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => (finish = resolve));
  return { promise, finish };
};

/** Lets everything that can go on go on. */
const breathe = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
};

describe('settled', () => {
  test('waits for all work under way', async () => {
    const activity = new Activity();
    const [one, two] = [deferred(), deferred()];
    void activity.run(() => one.promise);
    void activity.run(() => two.promise);
    let settled = false;
    const waiting = activity.settled().then(() => (settled = true));
    one.finish();
    await breathe();
    expect(settled).toBe(false);
    two.finish();
    await waiting;
    expect(settled).toBe(true);
  });

  test('waits for work that other work set off, even after it was done', async () => {
    const activity = new Activity();
    const late = deferred();
    let lateDone = false;
    const followUp = async () => {
      await activity.run(() => Promise.resolve());
      // What follows may be many promises away from what was done.
      for (let hop = 0; hop < 100; hop += 1) await Promise.resolve();
      await activity.run(() => late.promise);
      lateDone = true;
    };
    void followUp();
    setImmediate(() => setImmediate(late.finish));
    await activity.settled();
    expect(lateDone).toBe(true);
  });

  test('drains the sources until none finds anything', async () => {
    const activity = new Activity();
    const waiting = ['first', 'second'];
    const seen: string[] = [];
    activity.addSource(() => Promise.resolve(false));
    activity.addSource(async () => {
      const record = waiting.shift();
      if (record === undefined) return false;
      await activity.run(() => Promise.resolve(seen.push(record)));
      return true;
    });
    await activity.settled();
    expect(seen).toEqual(['first', 'second']);
  });

  test('never drains a source twice at once', async () => {
    const activity = new Activity();
    let draining = 0;
    let most = 0;
    activity.addSource(async () => {
      most = Math.max(most, (draining += 1));
      await breathe();
      draining -= 1;
      return false;
    });
    await Promise.all([activity.settled(), activity.settled(), activity.settled()]);
    expect(most).toBe(1);
  });

  test('rejects when a source fails, and works again afterwards', async () => {
    const activity = new Activity();
    let broken = true;
    activity.addSource(() => (broken ? Promise.reject(new Error('stream lost')) : Promise.resolve(false)));
    await expect(activity.settled()).rejects.toThrow('stream lost');
    broken = false;
    await activity.settled();
  });
});

test('run passes on the result and the error, and counts a failure as done', async () => {
  const activity = new Activity();
  expect(await activity.run(() => Promise.resolve(7))).toBe(7);
  await expect(activity.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await activity.settled();
});
