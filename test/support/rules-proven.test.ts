import { expect, it } from 'vitest';
import { ruleBook } from '../../lambdas/plans/rule-book.ts';
import { fails, idsIn, knownRules, proofOf, tableOf } from './rules-proven.ts';

const rules = [
  { id: 'SX-01', title: 'One' },
  { id: 'SX-02', title: 'Two' },
];
const passing = (name: string) => ({ name, passed: true });

it.each([
  ['SX-01 does it', ['SX-01']],
  ['SX-01, EV-03 do it', ['SX-01', 'EV-03']],
  ['SX-01 EV-03 SV-10', ['SX-01', 'EV-03', 'SV-10']],
  ['does it as SX-01 says', []],
  ['SX-1 does it', []],
  ['SX-011 does it', []],
  ['SX-01: does it', []],
])('of %j the ids are %j', (name, ids) => {
  expect(idsIn(name)).toEqual(ids);
});

it('counts passing tests only', () => {
  const { rows, unproven } = proofOf(rules, [
    passing('SX-01 a'),
    passing('SX-01 b'),
    { name: 'SX-02 c', passed: false },
  ]);
  expect(rows.map((row) => row.passing)).toEqual([2, 0]);
  expect(unproven).toEqual(['SX-02']);
});

it('fails for an unproven rule of a whole, strict run, and for an unknown id always', () => {
  const partial = proofOf(rules, [passing('SX-01 a')]);
  const unknown = proofOf(rules, [passing('SX-01 a'), passing('SX-02 a'), passing('ZZ-09 a')]);
  const every = proofOf(rules, [passing('SX-01, SX-02 a')]);
  expect(fails(partial, { whole: true, strict: true })).toBe(true);
  expect(fails(partial, { whole: true, strict: false })).toBe(false);
  expect(fails(partial, { whole: false, strict: true })).toBe(false);
  expect(fails(unknown, { whole: false, strict: false })).toBe(true);
  expect(unknown.unknown).toEqual(['ZZ-09']);
  expect(fails(every, { whole: true, strict: true })).toBe(false);
});

it('prints every rule of a whole run, and of a part what it proved', () => {
  const proof = proofOf(rules, [passing('SX-01 a')]);
  expect(tableOf(proof, true)).toContain('  SX-02    0  Two\n1 of 2 rules proven\nNot proven: SX-02');
  expect(tableOf(proof, false)).not.toContain('SX-02');
  expect(tableOf(proofOf(rules, []), false)).toBe('');
});

it('knows 71 rules, each once, and every rule that explanations cite', () => {
  const ids = new Set(knownRules.map(({ id }) => id));
  expect(knownRules).toHaveLength(71);
  expect(ids.size).toBe(71);
  expect(ruleBook.map(({ id }) => id).filter((id) => !ids.has(id))).toEqual([]);
});
