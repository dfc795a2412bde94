/** The order of a simulation is the seed's, however fast the machine is: what is done besides the turns takes a different while each time. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Chance } from './chance.ts';
import { Scheduler } from './scheduler.ts';

const STRANDS = 4;
const CALLS = 6;

/** Plays a run of several strands, each of which looks something up before each call, and tells the order of the calls. */
const play = async (looksFor: (strand: number, call: number) => number): Promise<string[]> => {
  const scheduler = new Scheduler(new Chance('seed'));
  const order: string[] = [];
  await scheduler.begin('report', async (run) => {
    const strand = async (name: number): Promise<void> => {
      for (let call = 0; call < CALLS; call += 1) {
        await new Promise<void>((resolve) => {
          scheduler.besides(() => pause(looksFor(name, call)), resolve);
        });
        await scheduler.turn(run, 'call');
        order.push(`${String(name)}.${String(call)}`);
      }
    };
    await Promise.all(Array.from({ length: STRANDS }, (_, name) => strand(name)));
  });
  return order;
};

test('calls take turns in the same order, however long what is done besides them takes', async () => {
  const even = await play(() => 0);
  expect(even).toHaveLength(STRANDS * CALLS);
  expect(even).not.toEqual(even.toSorted());
  expect(await play((strand) => (strand % 2) * 3)).toEqual(even);
  expect(await play((strand, call) => (strand + call) % 3)).toEqual(even);
});

test('what was looked up for one sets off its call before the next is looked up', async () => {
  const scheduler = new Scheduler(new Chance('seed'));
  const done: string[] = [];
  await scheduler.begin('report', async (run) => {
    const strand = (name: string, ms: number) =>
      new Promise<void>((resolve) => {
        scheduler.besides(
          () => pause(ms),
          () => {
            done.push(name);
            void scheduler.turn(run, 'call').then(resolve);
          },
        );
      });
    await Promise.all([strand('first', 5), strand('second', 0)]);
  });
  expect(done).toEqual(['first', 'second']);
});
