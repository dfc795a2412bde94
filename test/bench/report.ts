/** How results are shown: as a table to read in a terminal, or as the one of the README. It measures nothing. */
import type { Row } from './bench.ts';

const HEAD = ['bench', 'case', 'value', 'beside', 'ratio', 'spread', 'goal', 'holds'];
/** These stand at the left; numbers at the right. */
const TEXT_COLUMNS = 2;

const number = (value: number): string =>
  value.toLocaleString('en', value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });

const verdict = (holds: boolean | null): string => {
  if (holds === null) return '';
  return holds ? 'yes' : 'NO';
};

const besideOf = ({ beside, unit, against }: Row): string => {
  if (beside === null) return '';
  return `${number(beside)} ${unit}${against === null ? '' : ` (${against})`}`;
};

const cellsOf = (row: Row): string[] => [
  row.bench,
  row.case,
  `${number(row.value)} ${row.unit}`,
  besideOf(row),
  row.ratio === null ? '' : number(row.ratio),
  row.spread === null ? '' : row.spread.map(number).join(' to '),
  row.goal ?? '',
  verdict(row.holds),
];

const aligned = (lines: readonly (readonly string[])[]): string[] => {
  const widthOf = (column: number): number => Math.max(...lines.map((line) => line[column]?.length ?? 0));
  const widths = HEAD.map((_, column) => widthOf(column));
  return lines.map((line) =>
    line
      .map((cell, column) =>
        column < TEXT_COLUMNS ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
};

/** Where rows come from; all of them come from one place. */
const originOf = (rows: readonly Row[]): string => rows[0]?.origin ?? 'Nothing was measured.';

/** A table for a terminal, and where the numbers come from. */
export const asText = (rows: readonly Row[]): string =>
  [...aligned([HEAD, ...rows.map(cellsOf)]), '', originOf(rows)].join('\n');

/** How many rows may be asked the same before the README shows only the worst of them. */
const MOST_ALIKE = 6;

const judged = ({ ratio, value }: Row): number => ratio ?? value;

/** The row that is furthest from holding the goal that all of them have. */
const worstOf = (rows: readonly Row[]): readonly Row[] => {
  const sorted = rows.toSorted((a, b) => judged(a) - judged(b));
  const worst = rows[0]?.goal?.startsWith('>=') ? sorted[0] : sorted.at(-1);
  const held = rows.filter(({ holds }) => holds).length;
  return worst ? [{ ...worst, case: `${worst.case}, the worst of ${rows.length}, ${held} of which hold` }] : [];
};

/** Every row that has a goal; where many of a bench are asked the same, such as each function, the worst of them stands for all. */
const judgedRows = (rows: readonly Row[]): readonly Row[] => {
  const alike = new Map<string, Row[]>();
  for (const row of rows.filter(({ goal }) => goal !== null)) {
    const key = JSON.stringify([row.bench, row.unit, row.goal]);
    alike.set(key, [...(alike.get(key) ?? []), row]);
  }
  const shown = [...alike.values()].flatMap((group) => (group.length > MOST_ALIKE ? worstOf(group) : group));
  const place = ({ bench, case: name }: Row): number =>
    rows.findIndex((row) => row.bench === bench && name.startsWith(row.case));
  return shown.toSorted((a, b) => place(a) - place(b));
};

/** The README's table: what has a goal. */
export const asMarkdown = (rows: readonly Row[]): string => {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = HEAD.map((_, column) => (column < TEXT_COLUMNS ? '---' : '---:'));
  return [line(HEAD), line(rule), ...judgedRows(rows).map((row) => line(cellsOf(row))), '', originOf(rows)].join('\n');
};
