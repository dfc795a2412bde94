/** How the sweep goes through what is overdue, whatever becomes of each. */
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { MOST_CLOCKS, oldestFirst, restartAll, type Restart } from '../../lambdas/handlers/overdue-clocks.ts';

const MINUTE = 60_000;
const overdue = (count: number) =>
  Array.from({ length: count }, (_, number) => ({
    ticketId: `tkt_${String(number)}`,
    deadlineAt: new Date(Date.parse('2026-03-02T08:00:00.000Z') + number * MINUTE).toISOString(),
  }));

const run = async (count: number, restart: (ticketId: string) => Promise<Restart>) => {
  const lines: unknown[][] = [];
  const note = (...line: unknown[]) => {
    lines.push(line);
  };
  const told = await restartAll(overdue(count), restart, { debug: note, info: note, warn: note, error: note });
  return { told, lines };
};

it('puts the oldest deadline first, whichever tier and shard it stands in', () => {
  const sorted = overdue(4);
  const [first, second, third, fourth] = sorted;
  expect(oldestFirst([third!, first!, fourth!, second!])).toEqual(sorted);
});

it('restarts some at once, in order, and the others although some fail', async () => {
  const begun: string[] = [];
  let [now, most] = [0, 0];
  const { told, lines } = await run(50, async (ticketId) => {
    begun.push(ticketId);
    most = Math.max(most, (now += 1));
    await setImmediate();
    now -= 1;
    if (ticketId === 'tkt_3') throw new Error('throttled');
    return ticketId === 'tkt_4' ? 'settled' : 'restarted';
  });
  expect(begun).toEqual(overdue(50).map(({ ticketId }) => ticketId));
  expect(told).toEqual({ restarted: 48, failed: 1 });
  expect(lines).toEqual([['clock not restarted', expect.objectContaining({ ticketId: 'tkt_3' })]]);
  expect(most).toBe(8);
});

it('leaves to the next run what it may not have the time for, and says so', async () => {
  const { told, lines } = await run(MOST_CLOCKS + 7, () => Promise.resolve('restarted'));
  expect(told).toEqual({ restarted: MOST_CLOCKS, failed: 0 });
  expect(lines).toEqual([
    ['clocks left to the next run', { left: 7, from: overdue(MOST_CLOCKS + 1).at(-1)!.deadlineAt }],
  ]);
});
