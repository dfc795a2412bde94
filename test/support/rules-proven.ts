/**
 * Which published rules the tests prove: a test proves the rules whose ids its name begins with. It knows nothing of the test
 * runner. The trap: a test that failed or was skipped proves nothing.
 */
import * as z from 'zod';
import text from '../rules/rules.json' with { type: 'json' };

export const knownRules = z
  .array(z.strictObject({ id: z.string().regex(/^(SX|AX|LX|SV|EV)-\d{2}$/), title: z.string().min(1) }))
  .parse(text);
export type KnownRule = (typeof knownRules)[number];

export interface TestOutcome {
  readonly name: string;
  readonly passed: boolean;
}

export interface Proof {
  readonly rows: readonly (KnownRule & { readonly passing: number })[];
  /** Rules that no passing test names. */
  readonly unproven: readonly string[];
  /** Ids that tests name and that no rule has. */
  readonly unknown: readonly string[];
}

const LEADING_IDS = /^[A-Z]{2}-\d{2}(?:[\s,]+[A-Z]{2}-\d{2})*(?=\s|$)/;

/** The ids that a test's name begins with: `SX-07 …`, `SX-07, EV-03 …`. */
export const idsIn = (name: string): string[] => LEADING_IDS.exec(name)?.[0].split(/[\s,]+/) ?? [];

export const proofOf = (rules: readonly KnownRule[], tests: readonly TestOutcome[]): Proof => {
  const named = tests.map(({ name, passed }) => ({ ids: new Set(idsIn(name)), passed }));
  const known = new Set(rules.map(({ id }) => id));
  const rows = rules.map((rule) => ({
    ...rule,
    passing: named.filter(({ ids, passed }) => passed && ids.has(rule.id)).length,
  }));
  return {
    rows,
    unproven: rows.flatMap(({ id, passing }) => (passing === 0 ? [id] : [])),
    unknown: [...new Set(named.flatMap(({ ids }) => [...ids]))].filter((id) => !known.has(id)).toSorted(),
  };
};

/** Whether the run must fail: always for an unknown id; for an unproven rule when all tests ran and every rule must be proven. */
export const fails = ({ unproven, unknown }: Proof, { whole, strict }: { whole: boolean; strict: boolean }): boolean =>
  unknown.length > 0 || (whole && strict && unproven.length > 0);

/** The table to print: of a whole run every rule, of a part of it those that it proved. Empty where there is nothing to say. */
export const tableOf = ({ rows, unproven, unknown }: Proof, whole: boolean): string => {
  const shown = rows.filter(({ passing }) => whole || passing > 0);
  if (shown.length === 0 && unknown.length === 0) return '';
  const lines = shown.map(({ id, passing, title }) => `  ${id}  ${String(passing).padStart(3)}  ${title}`);
  const proven = rows.length - unproven.length;
  return [
    '',
    'Rules proven: id, passing tests, promise',
    ...lines,
    `${String(proven)} of ${String(rows.length)} rules proven${whole ? '' : ' by the tests that ran'}`,
    ...(whole && unproven.length > 0 ? [`Not proven: ${unproven.join(', ')}`] : []),
    ...(unknown.length > 0 ? [`Tests name rules that do not exist: ${unknown.join(', ')}`] : []),
    '',
  ].join('\n');
};
