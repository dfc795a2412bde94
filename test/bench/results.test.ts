import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rowOf, type Measured, type Row } from './bench.ts';
import { asMarkdown } from './report.ts';
import { keptBeside, readRows, withRowsOf, writeRows } from './results.ts';

const row = (bench: string, name: string, origin = 'here', measured: Partial<Measured> = {}): Row =>
  rowOf(bench, { case: name, value: 1, unit: 'ms', ...measured }, origin);
const order = ['speed', 'cost', 'growth'];

test('a part that is measured again takes the place of its own rows alone, in the order of the benches', () => {
  const stored = [row('speed', 'add'), row('growth', 'open'), row('growth', 'get')];
  const measured = [row('growth', 'list')];
  expect(withRowsOf(stored, 'growth', measured, order)).toEqual([stored[0], ...measured]);
  expect(withRowsOf(stored, 'cost', [row('cost', 'a ticket')], order).map(({ bench }) => bench)).toEqual([
    ...['speed', 'cost', 'growth', 'growth'],
  ]);
});

test('rows of another machine or beside other versions are not kept', () => {
  const stored = [row('speed', 'add', 'there'), row('growth', 'open', 'there')];
  expect(keptBeside(stored, 'here')).toEqual([]);
  expect(keptBeside(stored, 'there')).toEqual(stored);
});

test('what is written is read again, and nothing is stored at first', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'makegood-results-')), 'results.json');
  expect(readRows(file)).toEqual([]);
  writeRows(file, [row('speed', 'add')]);
  expect(readRows(file)).toEqual([row('speed', 'add')]);
});

test('the table of the README has every row with a goal, and of many that are asked the same the worst', () => {
  const goal = { atMost: 450 };
  const sizes = [300, 900, 200, 500, 100, 400, 350].map((value) =>
    row('cold-start', `function ${String(value)}`, 'here', { value, unit: 'kB', goal }),
  );
  const [head, , ...lines] = asMarkdown([
    row('speed', 'no goal'),
    row('speed', 'add', 'here', { goal }),
    ...sizes,
  ]).split('\n');
  expect(head).toContain('| bench | case |');
  expect(lines).toEqual([
    '| speed | add | 1 ms |  |  |  | <= 450 | yes |',
    '| cold-start | function 900, the worst of 7, 5 of which hold | 900 kB |  |  |  | <= 450 | NO |',
    ...['', 'here'],
  ]);
});
