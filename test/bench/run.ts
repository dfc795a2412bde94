/**
 * `npm run bench [-- name …] [--quick] [--markdown] [--last]`: runs the benchmarks one after the other, prints what they measured as a
 * table, and writes it to `results.json` beside this file, after each of them: a run of all begins that file anew, a run of some replaces
 * their rows. A goal that does not hold is a result: the exit code is 0 as long as everything ran. A new benchmark is one more entry of
 * `benches`.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { rowOf, type Bench, type Row } from './bench.ts';
import { businessTime } from './business-time.ts';
import { coldStart } from './cold-start.ts';
import { cost } from './cost.ts';
import { growth } from './growth.ts';
import { idleYear } from './idle-year.ts';
import { origin } from './machine.ts';
import { promptness } from './promptness.ts';
import { requestPath } from './request-path.ts';
import { asMarkdown, asText } from './report.ts';
import { keptBeside, readRows, withRowsOf, writeRows } from './results.ts';

const benches: readonly Bench[] = [businessTime, requestPath, promptness, idleYear, cost, growth, coldStart];
const order = benches.map(({ name }) => name);

const results = fileURLToPath(new URL('results.json', import.meta.url));

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const chosen = (names: readonly string[]): readonly Bench[] => {
  const unknown = names.filter((name) => !order.includes(name));
  if (unknown.length > 0) throw new Error(`no benchmark ${unknown.join(', ')}; there are ${order.join(', ')}`);
  return names.length === 0 ? benches : benches.filter(({ name }) => names.includes(name));
};

/** The rows that a run begins with: none where all is measured, or where what is stored can't stand beside it. */
const startingRows = (names: readonly string[], here: string): readonly Row[] => {
  if (names.length === 0) return [];
  const stored = readRows(results);
  const kept = keptBeside(stored, here);
  if (kept.length < stored.length) say('The stored results are of another machine or of other versions: begun anew.');
  return kept;
};

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** One benchmark's rows, or nothing where it failed, which is told. */
const measureOne = async ({ name, run }: Bench, quick: boolean, here: string): Promise<Row[] | undefined> => {
  const startedAt = performance.now();
  const progress = (line: string): void => {
    say(`${name}: ${line}`);
  };
  try {
    return (await run({ progress, quick })).map((measured) => rowOf(name, measured, here));
  } catch (error) {
    progress(`failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exitCode = 1;
    return undefined;
  } finally {
    progress(`took ${seconds(startedAt)}`);
  }
};

/** What was measured; one benchmark that fails takes nothing from the others. */
const measure = async (names: readonly string[], quick: boolean): Promise<readonly Row[]> => {
  const wanted = chosen(names);
  const here = origin();
  let rows = startingRows(names, here);
  const all: Row[] = [];
  for (const [place, bench] of wanted.entries()) {
    say(`${bench.name} (${String(place + 1)} of ${String(wanted.length)})`);
    const measured = await measureOne(bench, quick, here);
    if (!measured) continue;
    all.push(...measured);
    rows = withRowsOf(rows, bench.name, measured, order);
    writeRows(results, rows);
  }
  return all;
};

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** A first impression: fewer sizes and fewer rounds of what takes longest. */
    quick: { type: 'boolean', default: false },
    /** The README's table in place of the terminal's. */
    markdown: { type: 'boolean', default: false },
    /** Shows what is stored, and measures nothing. */
    last: { type: 'boolean', default: false },
  },
});
const startedAt = performance.now();
const rows = values.last ? readRows(results) : await measure(positionals, values.quick);
if (!values.last) say(`All of it took ${seconds(startedAt)}.`);
console.log((values.markdown ? asMarkdown : asText)(rows));
const missed = rows.filter(({ holds }) => holds === false);
say(`${String(missed.length)} of ${String(rows.filter(({ holds }) => holds !== null).length)} goals do not hold.`);
