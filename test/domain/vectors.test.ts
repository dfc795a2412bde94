import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runCases } from '../../bin/vector-cases.ts';

const fileOf = (name: string): string => fileURLToPath(new URL(`../vectors/${name}`, import.meta.url));
const casesOf = (name: string): unknown[] => JSON.parse(readFileSync(fileOf(name), 'utf8')) as unknown[];

describe.each(['business_time.json', 'own_business_time.json'])('the cases of %s', (name) => {
  const cases = casesOf(name);

  it('all pass', () => {
    expect(cases.length).toBeGreaterThan(50);
    expect(runCases(JSON.stringify(cases))).toEqual({ passed: cases.length, failed: 0, failures: [] });
  });
});

const office = { zone: 'Europe/Berlin', weekly: { mon: [['09:00', '17:00']], tue: [['09:00', '17:00']] } };
const monday = { id: 'a', calendar: office, op: 'add', from: '2026-11-23T09:00:00+01:00', amount: 'PT1H' };
const outcome = (...cases: unknown[]): ReturnType<typeof runCases> => runCases(JSON.stringify(cases));

describe('a case', () => {
  it('is compared as an instant, whatever its offset', () => {
    expect(outcome({ ...monday, expected: '2026-11-23T04:00:00-05:00' }).failed).toBe(0);
    expect(
      outcome({ ...monday, expected: '2026-11-23T10:00:00' }, { ...monday, expected: '2026-11-23T09:00:00Z' }).failed,
    ).toBe(0);
  });

  it('that fails is told with what was expected and what came', () => {
    expect(outcome({ ...monday, expected: '2026-11-23T09:59:59+01:00' })).toEqual({
      passed: 0,
      failed: 1,
      failures: [{ id: 'a', expected: '2026-11-23T09:59:59+01:00', got: '2026-11-23T09:00:00.000Z' }],
    });
  });

  it('is not run where it counts months, which are of no certain length', () => {
    const [failure] = outcome({ ...monday, amount: 'P1M', expected: '2026-11-23T10:00:00+01:00' }).failures;
    expect(failure?.got).toContain('a duration of no certain length: P1M');
  });

  it('that can not be understood is a failed one', () => {
    const { failed, failures } = outcome({ ...monday, amount: '-PT1H', expected: 'x' }, 5, {
      ...monday,
      op: 'subtract',
    });
    expect(failed).toBe(3);
    expect(failures.map(({ id }) => id)).toEqual(['a', 'case 2', 'a']);
    expect(failures[0]?.got).toContain('not a span');
  });

  it('may write durations, pauses and exceptions in several ways', () => {
    const between = { ...monday, op: 'between', to: '2026-11-24T17:00:00+01:00' };
    const pauses = [['2026-11-23T10:00:00+01:00', '2026-11-23T11:00:00+01:00']];
    const exceptions = [{ date: '2026-11-24', intervals: [['9:00', '10:00']] }];
    const other = { from: '2026-11-23T09:00:00Z', to: '2026-11-23T10:00:00Z' };
    expect(
      outcome(
        { ...between, expected: 'PT960M' },
        { ...between, expected: 'PT15H', pauses },
        { ...between, expected: 'PT15H', pauses: [other] },
        { ...between, expected: 'PT9H', calendar: { ...office, exceptions } },
        { ...between, expected: 'PT9H', calendar: { ...office, exceptions: { '2026-11-24': [['9:00', '10:00']] } } },
        { ...between, expected: 'PT8H', calendar: { ...office, exceptions: [{ date: '2026-11-24' }] } },
      ).failures,
    ).toEqual([]);
  });
});

describe('the command', () => {
  const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync('node', ['--import', 'tsx', 'bin/vectors.ts', ...args], {
      encoding: 'utf8',
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
    });

  it('prints one line and succeeds', () => {
    const { status, stdout } = run(fileOf('business_time.json'));
    expect({ status, stdout }).toEqual({ status: 0, stdout: '{"passed":69,"failed":0,"failures":[]}\n' });
  });

  it('fails with a clear message when there is no such file', () => {
    const { status, stdout, stderr } = run('/nowhere.json');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain("/nowhere.json can't be read as a list of cases");
  });
});
