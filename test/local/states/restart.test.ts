import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Journal } from '../../../lib/local/journal.ts';
import type { DeskOptions } from './desk.ts';
import { day, invoking, machine, machineArn, named, second, smallDesk, startAt, waiting } from './desk.ts';

const done = { Type: 'Succeed' };
const definition = machine({
  Await: waiting({
    TimeoutSeconds: 3_600,
    Output: '{% $states.result %}',
    Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Settle' }],
    Next: 'Settle',
  }),
  Settle: invoking({ Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 60, MaxAttempts: 1 }], Next: 'Done' }),
  Done: done,
});

let folder: string;
let lives: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'states-'));
  lives = 0;
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});
const journalOf = (life: number) => join(folder, `${life}.journal`);

/** The next life of the desk begins with the journal as the last one left it at this very moment. */
const desk = (options: Partial<DeskOptions> = {}) => {
  lives += 1;
  if (lives > 1) copyFileSync(journalOf(lives - 1), journalOf(lives));
  const tokens: string[] = [];
  const small = smallDesk({
    definition,
    updateItem: ({ token }) => (tokens.push(token), Promise.resolve({})),
    invoke: () => Promise.resolve('settled'),
    journal: new Journal(journalOf(lives)),
    ...options,
  });
  return { ...small, tokens };
};
const never = () => new Promise<never>(() => undefined);
const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('after a restart', () => {
  test('a parked wait keeps its token', async () => {
    const before = desk();
    const arn = before.start();
    await before.activity.settled();
    const after = desk({ now: startAt + 10 * second });
    after.machines.sendTaskSuccess(before.tokens[0]!, '{"version":2}');
    await after.activity.settled();
    expect(after.tokens).toEqual([]);
    expect(after.standing(arn)).toMatchObject({ status: 'SUCCEEDED', output: '"settled"', transitions: 3 });
  });

  test('a parked wait keeps its moment, also one that passed while the desk was down', async () => {
    const before = desk();
    const arn = before.start();
    await before.activity.settled();
    const after = desk({ now: startAt + 10 * second });
    await after.move(3_589 * second);
    expect(after.standing(arn).status).toBe('RUNNING');
    await after.move(1 * second);
    expect(after.standing(arn)).toMatchObject({ status: 'SUCCEEDED', stoppedAt: startAt + 3_600 * second });

    lives = 1;
    const late = desk({ now: startAt + day });
    await late.move(0);
    expect(late.standing(arn)).toMatchObject({ status: 'SUCCEEDED', stoppedAt: startAt + day });
  });

  test('a token that was over stays over', async () => {
    const before = desk();
    before.start();
    await before.activity.settled();
    before.machines.sendTaskSuccess(before.tokens[0]!, '{}');
    await before.activity.settled();
    const after = desk();
    expect(() => {
      after.machines.sendTaskSuccess(before.tokens[0]!, '{}');
    }).toThrow(expect.objectContaining({ code: 'TaskTimedOut' }));
  });

  test('a state that was under way is entered again', async () => {
    const before = desk({ invoke: never });
    const arn = before.start();
    await before.activity.run(breathe);
    before.machines.sendTaskSuccess(before.tokens[0]!, '{"version":2}');
    await breathe();
    expect(before.standing(arn).position).toMatchObject({ state: 'Settle' });
    const asked: unknown[] = [];
    const after = desk({ invoke: (payload) => (asked.push(payload), Promise.resolve('again')) });
    await after.activity.settled();
    expect(asked).toEqual([{ version: 2 }]);
    expect(after.standing(arn)).toMatchObject({ status: 'SUCCEEDED', output: '"again"' });
  });

  test('a call under way that hands out a token hands out another', async () => {
    const lost: string[] = [];
    const before = desk({ updateItem: ({ token }) => (lost.push(token), never()) });
    const arn = before.start();
    await breathe();
    const after = desk();
    await after.activity.settled();
    expect(() => {
      after.machines.sendTaskSuccess(lost[0]!, '{}');
    }).toThrow(expect.objectContaining({ code: 'TaskTimedOut' }));
    after.machines.sendTaskSuccess(after.tokens[0]!, '{}');
    await after.activity.settled();
    expect(after.standing(arn).status).toBe('SUCCEEDED');
  });

  test('a signal that was accepted is followed, even when nothing else had happened', async () => {
    const before = desk();
    const arn = before.start();
    await before.activity.settled();
    before.machines.sendTaskSuccess(before.tokens[0]!, '{"version":7}');
    const asked: unknown[] = [];
    const after = desk({ invoke: (payload) => (asked.push(payload), Promise.resolve('done')) });
    await after.activity.settled();
    expect(asked).toEqual([{ version: 7 }]);
    expect(after.standing(arn).status).toBe('SUCCEEDED');
  });

  test('a retry comes at its moment and is the last one all the same', async () => {
    const busy = () => Promise.reject(named('Busy'));
    const before = desk({ invoke: busy });
    const arn = before.start();
    await before.activity.settled();
    before.machines.sendTaskSuccess(before.tokens[0]!, '{}');
    await before.activity.settled();
    const after = desk({ invoke: busy, now: startAt + 20 * second });
    await after.move(39 * second);
    expect(after.standing(arn).status).toBe('RUNNING');
    await after.move(second);
    expect(after.standing(arn)).toMatchObject({ status: 'FAILED', error: 'Busy', stoppedAt: startAt + 60 * second });
  });

  test('a closed execution keeps its name, its end and its history, for 90 days', async () => {
    const before = desk();
    const arn = before.start({}, 'tkt_1-1');
    await before.move(day);
    const after = desk({ now: startAt + 89 * day });
    expect(after.standing(arn)).toMatchObject({ status: 'SUCCEEDED', output: '"settled"' });
    expect(after.machines.executionHistory(arn)).toEqual(before.machines.executionHistory(arn));
    expect(() => after.start({}, 'tkt_1-1')).toThrow(expect.objectContaining({ code: 'ExecutionAlreadyExists' }));
    const later = desk({ now: startAt + 91 * day });
    expect(later.machines.listExecutions(machineArn)).toEqual([]);
    expect(later.journal.entries('states/history/')).toEqual([]);
    expect(later.start({}, 'tkt_1-1')).toBe(arn);
  });

  test('an execution follows the definition it was started with, and new ones the new', async () => {
    const before = desk();
    const old = before.start();
    await before.activity.settled();
    const after = desk({ definition: machine({ Await: { Type: 'Succeed', Output: 'new' } }) });
    after.machines.sendTaskSuccess(before.tokens[0]!, '{}');
    await after.activity.settled();
    expect(after.standing(old).output).toBe('"settled"');
    expect((await after.run()).output).toBe('"new"');
  });
});
