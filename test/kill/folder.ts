/**
 * The folder of a desk that is dead: what it holds, and what time and a torn write do to it. The trap: nothing here may touch the files
 * of a desk that lives, so its table is read from a copy.
 */
import { appendFileSync, cpSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine } from '../../lib/local/engine.ts';
import type { Books } from './books.ts';
import { journalValues, keptInTable, keptLetters, letterName, wholeLines } from './kept.ts';

export interface Found {
  /** What open tickets were waiting for. */
  readonly deadlines: readonly string[];
}

/**
 * Looks at what the kill left, and notes the letters that went out and are on no record: each of them may go out once more. `before` is
 * the number of the last letter that was looked at.
 */
export const lookAtTheDead = async (folder: string, books: Books): Promise<Found> => {
  const copy = mkdtempSync(join(tmpdir(), 'makegood-dead-'));
  try {
    cpSync(join(folder, 'tables'), copy, { recursive: true });
    const engine = await startEngine({ engine: 'dynoxide', dataDir: copy });
    try {
      const { mailed, tickets } = await keptInTable(engine.endpoint);
      const names = new Set(keptLetters(folder).map(({ cause, to }) => letterName(cause, to)));
      for (const name of names) {
        if (mailed.get(name) !== 'sent') books.excused.set(name, (books.excused.get(name) ?? 0) + 1);
      }
      return { deadlines: tickets.flatMap(({ deadlineAt }) => deadlineAt ?? []) };
    } finally {
      await engine.stop();
    }
  } finally {
    rmSync(copy, { recursive: true });
  }
};

/** As if the desk had been down for so long: its clock is kept as its distance from the machine's. */
export const letTimePass = (folder: string, hours: number): void => {
  const ahead = Number(journalValues(folder, 'clock').get('clock'));
  truncateSync(join(folder, 'journal.jsonl'), wholeLines(folder).length);
  appendFileSync(join(folder, 'journal.jsonl'), `${JSON.stringify(['clock', ahead + hours * 3_600_000])}\n`);
};

/** As if the kill had fallen into the middle of a write. */
export const tearLastLine = (folder: string): void => {
  appendFileSync(join(folder, 'journal.jsonl'), '["states/execution/torn",{"arn":"ar');
};
