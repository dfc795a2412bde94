/**
 * `npm run simulate -- --seed N --tickets M --days D [--faults]`: runs one simulation, in which M tickets are opened or more, and says what
 * came of it. It ends with 1 where anything is not as it must be, and says how to see the same again.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadPrepared, prepare } from '../../lib/local/prepare.ts';
import { simulate } from './simulation.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    /** So many are opened at least. */
    tickets: { type: 'string', default: '100' },
    days: { type: 'string', default: '7' },
    faults: { type: 'boolean', default: false },
    /** Where every call is written down, to compare two runs. */
    steps: { type: 'string' },
    /** The folder of a desk that was prepared before. */
    prepared: { type: 'string' },
    /** Runs the same twice, each in a process of its own, and compares. */
    twice: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});
const whole = (name: 'seed' | 'tickets' | 'days'): number => {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} is a whole number from 1 on.`);
  return number;
};
const [seed, tickets, days] = [whole('seed'), whole('tickets'), whole('days')];

/** The last words of two runs of the same seed: what they say of the table and of every call must be the same. */
const runTwice = (): never => {
  const [node, script = '', ...rest] = process.argv;
  const args = [...process.execArgv, script, ...rest.filter((one) => one !== '--twice')];
  const digests = [1, 2].map(() => {
    const { status, stdout } = spawnSync(node ?? process.execPath, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    say(stdout);
    if (status !== 0) process.exit(1);
    return stdout
      .split('\n')
      .filter((line) => /^(table|trace) /.test(line))
      .join('\n');
  });
  const same = digests[0] !== '' && digests[0] === digests[1];
  say(same ? 'Both runs are the same, call by call.' : 'The two runs differ: compare them with --steps.');
  process.exit(same ? 0 : 1);
};
if (values.twice) runTwice();

const startedAt = performance.now();
const seconds = (): number => (performance.now() - startedAt) / 1000;
let toldAt = 0;
/** One line at most each so many seconds. */
const TELL_EVERY_S = 5;
const onProgress = (line: string): void => {
  if (seconds() - toldAt < TELL_EVERY_S) return;
  toldAt = seconds();
  say(`  ${line}, ${seconds().toFixed(0)} s`);
};
if (values.steps !== undefined) writeFileSync(values.steps, '');
const steps = values.steps;

const prepared = values.prepared === undefined ? await prepare() : loadPrepared(values.prepared);
const outcome = await simulate({
  ...{ seed, tickets, days, prepared, onProgress },
  faults: values.faults,
  log: values.verbose ? say : () => undefined,
  onStep:
    steps === undefined
      ? undefined
      : (line) => {
          appendFileSync(steps, `${line}\n`);
        },
});
const { faults, counts } = outcome;
for (const [name, number] of Object.entries(counts)) say(`${name.padEnd(28)} ${String(number)}`);
if (values.verbose)
  for (const [name, number] of [...outcome.answers].sort()) say(`${String(number).padStart(8)} ${name}`);
say(`calls                        ${String(outcome.steps)}`);
say(`table                        ${outcome.table}`);
say(`trace                        ${outcome.trace}`);
say(
  `took                         ${seconds().toFixed(1)} s, ${((counts.tickets ?? 0) / seconds()).toFixed(1)} tickets a second`,
);
if (faults.length > 0) {
  const MOST_TOLD = 20;
  say(`\n${String(faults.length)} faults:`);
  for (const fault of faults.slice(0, MOST_TOLD)) say(`- ${fault}`);
  say(
    `\nThe same again: npm run simulate -- --seed ${String(seed)} --tickets ${String(tickets)} --days ${String(days)}${values.faults ? ' --faults' : ''}`,
  );
  process.exitCode = 1;
}
// What a crashed run still waits for, by the machine's clock, would keep the process for minutes.
process.exit();
