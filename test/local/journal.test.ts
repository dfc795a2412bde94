import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Journal } from '../../lib/local/journal.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  path = join(folder, 'new', 'desk.journal');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe.each(['in memory', 'in a file'])('a journal %s', (where) => {
  const open = () => new Journal(where === 'in a file' ? path : undefined);

  test('gives back what was set last, and nothing for what was deleted', () => {
    const journal = open();
    journal.set('a', { n: 1 });
    journal.set('a', { n: 2 });
    journal.set('b', null);
    journal.delete('b');
    expect(journal.get('a')).toEqual({ n: 2 });
    expect(journal.get('b')).toBeUndefined();
    expect(journal.get('never')).toBeUndefined();
  });

  test('keeps copies, so that nobody changes what it holds', () => {
    const journal = open();
    const value = { list: [1] };
    journal.set('a', value);
    value.list.push(2);
    (journal.get('a') as typeof value).list.push(3);
    expect(journal.get('a')).toEqual({ list: [1] });
  });

  test('lists the entries of a prefix in the order of their keys', () => {
    const journal = open();
    for (const key of ['x/2', 'y/1', 'x/1']) journal.set(key, key);
    expect(journal.entries('x/')).toEqual([
      ['x/1', 'x/1'],
      ['x/2', 'x/2'],
    ]);
  });

  test('refuses a value that JSON cannot hold', () => {
    expect(() => {
      open().set('a', undefined);
    }).toThrow(TypeError);
  });
});

describe('a journal in a file', () => {
  test('is complete for a reader although nobody closed it', () => {
    const journal = new Journal(path);
    journal.set('a', { text: 'line\nbreak' });
    journal.set('gone', 1);
    journal.delete('gone');
    const reopened = new Journal(path);
    expect(reopened.entries('')).toEqual([['a', { text: 'line\nbreak' }]]);
  });

  test('forgets a last line that was cut short, and nothing else', () => {
    new Journal(path).set('a', 1);
    appendFileSync(path, '["b",{"half');
    const reopened = new Journal(path);
    reopened.set('c', 3);
    expect(new Journal(path).entries('')).toEqual([
      ['a', 1],
      ['c', 3],
    ]);
  });

  test('shrinks to what still stands when it is opened', () => {
    const journal = new Journal(path);
    for (let n = 0; n < 100; n += 1) journal.set('a', n);
    journal.close();
    new Journal(path).close();
    expect(readFileSync(path, 'utf8')).toBe('["a",99]\n');
  });

  test('refuses a file that is no journal and names the line', () => {
    const other = join(folder, 'other');
    writeFileSync(other, '["a",1]\nhello\n');
    expect(() => new Journal(other)).toThrow(`${other}:2 is not a line of a journal`);
    expect(readFileSync(other, 'utf8')).toBe('["a",1]\nhello\n');
  });
});
