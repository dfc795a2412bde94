/**
 * `npm run mutate`: puts one mistake after the other into a copy of the sources and asks whether the tests or the simulation notice. It
 * ends with 1 where one does not, where one no longer applies, or where a check fails on the sources as they are: such a check would
 * catch anything. The trap: the sources themselves must never be touched, so everything happens in the copy.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { mutations } from './mutations.ts';
import type { Check, Mutation } from './mutations.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** The files that are kept, or will be. */
const copySources = (): string => {
  const copy = mkdtempSync(join(tmpdir(), 'makegood-mutate-'));
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' });
  for (const file of listed.split('\n').filter(Boolean)) {
    cpSync(join(ROOT, file), join(copy, file), { recursive: dirname(file) !== '.' });
  }
  symlinkSync(resolve(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
};

const commandOf = (check: Check): string[] => {
  switch (check.by) {
    case 'tests':
      return ['vitest', 'run', '--config', 'test/mutate/vitest.config.ts', '--bail', '1', ...check.files];
    case 'desk tests':
      return ['vitest', 'run', '--reporter', 'dot', '--testNamePattern', check.named, ...check.files];
    case 'simulation':
      return ['tsx', 'test/simulation/run.ts', ...check.args];
  }
};

/** Whether the check passes, and how it ended. Nothing that hangs may count as caught. */
const passes = (copy: string, check: Check): { passed: boolean; told: string } => {
  const ran = spawnSync('npx', commandOf(check), {
    cwd: copy,
    encoding: 'utf8',
    timeout: LONGEST_CHECK_MS,
    env: { ...process.env, NO_COLOR: '1' },
  });
  if (ran.error) throw new Error(`a check did not come to an end: ${commandOf(check).join(' ')}`, { cause: ran.error });
  return { passed: ran.status === 0, told: `${ran.stdout}\n${ran.stderr}` };
};
const LONGEST_CHECK_MS = 600_000;

const nameOf = (check: Check): string =>
  check.by === 'simulation' ? `the simulation ${check.args.join(' ')}` : check.files.join(', ');
/** What noticed it, in its own words: the first failed test, or the first fault. */
const wordsOf = (told: string): string =>
  /^(?:- .+| *FAIL .+|.*AssertionError.*)$/m.exec(told)?.[0].trim().slice(0, 160) ??
  told.trim().split('\n').at(-1)?.slice(0, 160) ??
  '';

/** What is wrong with a mutation, or nothing where it was caught. */
const survives = (copy: string, { name, file, find, put, caughtBy }: Mutation): string | undefined => {
  const path = join(copy, file);
  const source = readFileSync(path, 'utf8');
  const times = source.split(find).length - 1;
  if (times !== 1) return `no longer applies: its text stands ${String(times)} times in ${file}`;
  writeFileSync(
    path,
    source.replace(find, () => put),
  );
  try {
    const { passed, told } = passes(copy, caughtBy);
    if (!passed) say(`caught    ${name}\n          by ${nameOf(caughtBy)}: ${wordsOf(told)}`);
    return passed ? `survives ${nameOf(caughtBy)}` : undefined;
  } finally {
    writeFileSync(path, source);
  }
};

const wanted = process.argv.slice(2).join(' ');
const chosen = mutations.filter(({ name }) => name.includes(wanted));
const copy = copySources();
let wrong = 0;
const useless = new Set<string>();
try {
  const checks = new Map(chosen.map(({ caughtBy }) => [commandOf(caughtBy).join(' '), caughtBy]));
  for (const check of checks.values()) {
    const { passed, told } = passes(copy, check);
    if (passed) continue;
    useless.add(commandOf(check).join(' '));
    say(`USELESS   ${nameOf(check)} fails on the sources as they are:\n${told.slice(-3000)}`);
  }
  for (const mutation of chosen) {
    const proves = !useless.has(commandOf(mutation.caughtBy).join(' '));
    const fault = proves ? survives(copy, mutation) : 'its check is useless';
    if (fault === undefined) continue;
    wrong += 1;
    say(`SURVIVES  ${mutation.name}: ${fault}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
say(`${String(chosen.length)} mutations, ${String(wrong)} of them not caught`);
process.exitCode = wrong === 0 ? 0 : 1;
