/** Nothing goes wrong. */
import type { Scheduler } from './scheduler.ts';
import type { Trouble } from './world.ts';

export const calm = (scheduler: Scheduler): Trouble => ({
  onCall: async (_call, forward, answer) => {
    answer(await forward());
  },
  onInvocation: ({ plan }, run) =>
    scheduler.begin(plan.entry.replace(/^.*\/|\.lambda\.ts$/g, ''), async (self) => {
      await scheduler.turn(self, 'start');
      return run();
    }),
  firesAt: (dueAt) => dueAt,
});
