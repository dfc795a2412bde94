/**
 * `npm run bench [-- name …] [--full] [--markdown] [--last]`: runs the benchmarks one after the other, prints them as a table, and
 * writes `results.json` beside this file. A goal that does not hold is a result: the exit code is 0 as long as everything ran. A
 * new benchmark is one more entry of `benches`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { rowOf, type Bench, type Row } from './bench.ts';
import { businessTime } from './business-time.ts';
import { coldStart } from './cold-start.ts';
import { cost } from './cost.ts';
import { growth } from './growth.ts';
import { idleYear } from './idle-year.ts';
import { promptness } from './promptness.ts';
import { requestPath } from './request-path.ts';
import { asMarkdown, asText } from './report.ts';

const benches: readonly Bench[] = [businessTime, requestPath, promptness, idleYear, cost, growth, coldStart];

const results = fileURLToPath(new URL('results.json', import.meta.url));

const chosen = (names: readonly string[]): readonly Bench[] => {
  const unknown = names.filter((name) => !benches.some((bench) => bench.name === name));
  if (unknown.length > 0) {
    throw new Error(`no benchmark ${unknown.join(', ')}; there are ${benches.map(({ name }) => name).join(', ')}`);
  }
  return names.length === 0 ? benches : benches.filter(({ name }) => names.includes(name));
};

const measure = async (names: readonly string[], full: boolean): Promise<Row[]> => {
  const rows: Row[] = [];
  for (const { name, run } of chosen(names)) {
    const startedAt = performance.now();
    const progress = (line: string): void => void process.stderr.write(`${name}: ${line}\n`);
    rows.push(...(await run({ progress, full })).map((measured) => rowOf(name, measured)));
    progress(`took ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  }
  writeFileSync(results, `${JSON.stringify(rows, null, 2)}\n`);
  return rows;
};

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** The sizes too that take longer than the rest together. */
    full: { type: 'boolean', default: false },
    /** The README's table in place of the terminal's. */
    markdown: { type: 'boolean', default: false },
    /** Shows what was measured last, and measures nothing. */
    last: { type: 'boolean', default: false },
  },
});
const rows = values.last
  ? (JSON.parse(readFileSync(results, 'utf8')) as Row[])
  : await measure(positionals, values.full);
console.log((values.markdown ? asMarkdown : asText)(rows));
const missed = rows.filter(({ holds }) => holds === false);
console.error(missed.length === 0 ? 'Every goal holds.' : `${String(missed.length)} goals do not hold.`);
