/**
 * `npm run bench`: runs the benchmarks, prints them as a table, and writes `results.json` beside this file. It owns the exit
 * code: 1 when a goal does not hold. A new benchmark is one more entry of `benches`.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { benchBusinessTime } from './business-time.ts';
import type { Bench, Row } from './harness.ts';

const benches: readonly Bench[] = [benchBusinessTime];

const whole = (value: number): string => Math.round(value).toLocaleString('en');

const cellsOf = (row: Row): string[] => [
  row.bench,
  row.case,
  `${whole(row.value)} ${row.unit}`,
  `${whole(row.beside)} ${row.unit}`,
  row.ratio.toFixed(2),
  row.goal,
  row.holds ? 'yes' : 'NO',
];

const print = (rows: readonly Row[]): void => {
  const lines = [['bench', 'case', 'ours', 'beside', 'ratio', 'goal', 'holds'], ...rows.map(cellsOf)];
  const widthOf = (column: number): number => Math.max(...lines.map((line) => line[column]?.length ?? 0));
  const align = (cell: string, column: number): string =>
    column < 2 ? cell.padEnd(widthOf(column)) : cell.padStart(widthOf(column));
  for (const line of lines) console.log(line.map(align).join('  '));
};

const rows: Row[] = [];
for (const bench of benches) rows.push(...(await bench()));
print(rows);
const rounded = rows.map((row) => ({
  ...row,
  value: Math.round(row.value),
  beside: Math.round(row.beside),
  ratio: Number(row.ratio.toFixed(2)),
}));
writeFileSync(fileURLToPath(new URL('results.json', import.meta.url)), `${JSON.stringify(rounded, null, 2)}\n`);
process.exitCode = rows.every((row) => row.holds) ? 0 : 1;
