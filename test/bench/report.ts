/** How results are shown: as a table to read in a terminal, or as the one of the README. It measures nothing. */
import type { Row } from './bench.ts';
import { machine, versions } from './machine.ts';

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

const origin = (): string => `${machine()}. Beside: ${versions()}.`;

/** A table for a terminal, and where the numbers come from. */
export const asText = (rows: readonly Row[]): string =>
  [...aligned([HEAD, ...rows.map(cellsOf)]), '', origin()].join('\n');

/** The README's table: what has a goal. */
export const asMarkdown = (rows: readonly Row[]): string => {
  const shown = rows.filter(({ goal }) => goal !== null);
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = HEAD.map((_, column) => (column < TEXT_COLUMNS ? '---' : '---:'));
  return [line(HEAD), line(rule), ...shown.map((row) => line(cellsOf(row))), '', origin()].join('\n');
};
