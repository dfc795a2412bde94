/** What an operator set wrongly is told as such, and never as a fault of the app with its stack. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { definitions } from '../../lib/bundling.ts';
import scalix from '../../lambdas/plans/scalix.json' with { type: 'json' };

const fileOf = (programme: unknown): string => {
  const folder = mkdtempSync(join(tmpdir(), 'makegood-wrong-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const path = join(folder, 'orbit.json');
  writeFileSync(path, JSON.stringify(programme));
  return path;
};

const synthesizeWith = (env: Record<string, string>) =>
  spawnSync(process.execPath, ['--import', 'tsx', 'bin/makegood.ts'], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });

it('tells what is wrong with a programme file by its path and place', () => {
  const path = fileOf({ sources: {}, plans: [] });
  const { status, stderr } = synthesizeWith({ MAKEGOOD_PROGRAMMES: path });
  expect(stderr.trim().split('\n')).toEqual([
    "The desk can't be configured:",
    `  - programmes: ${path}: plans: Too small: expected array to have >=1 items`,
  ]);
  expect(status).toBe(1);
}, 30_000);

it('tells that programmes are too large before the bundler’s command is', () => {
  const many = (copies: number) =>
    fileOf({
      ...scalix,
      plans: Array.from({ length: copies }, (_, copy) =>
        scalix.plans.map((plan) => ({ ...plan, planId: `${plan.planId}-${copy}` })),
      ).flat(),
    });
  const defined = (path: string) => definitions({ programmes: [path], publishedPlans: 'offered', queueShards: 1 });
  expect(defined(many(5))).toHaveProperty('ADDED_PROGRAMMES');
  expect(() => defined(many(30))).toThrow(/programmes: \d+ characters once they are packed, but the bundler has room/);
});
