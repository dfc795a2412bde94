/**
 * The results as they are kept from run to run: a part that is measured again takes the place of its own rows and of no others. It owns
 * what may stand in one list; it must not know what is measured. The trap: rows of another machine, or beside other versions, look just
 * like ours, so they are never kept beside ours.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Row } from './bench.ts';

/** The stored rows; none where nothing was measured yet. */
export const readRows = (file: string): readonly Row[] => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Row[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
};

export const writeRows = (file: string, rows: readonly Row[]): void => {
  writeFileSync(file, `${JSON.stringify(rows, null, 2)}\n`);
};

/** What of the stored rows may stand beside rows of this origin: all of them or none. */
export const keptBeside = (stored: readonly Row[], origin: string): readonly Row[] =>
  stored.every((row) => row.origin === origin) ? stored : [];

/** The rows with those of one bench replaced, in the order of the benches. */
export const withRowsOf = (
  rows: readonly Row[],
  bench: string,
  measured: readonly Row[],
  order: readonly string[],
): readonly Row[] => {
  const others = rows.filter((row) => row.bench !== bench && order.includes(row.bench));
  return [...others, ...measured].toSorted((a, b) => order.indexOf(a.bench) - order.indexOf(b.bench));
};
