/**
 * Keeps values by key, in memory or also in a file of JSON lines, so that a desk killed at any moment goes on where it was. It
 * must not know what the values mean. The trap: a line is written before `set` returns but not forced to the disk, so it
 * survives the end of the process, not the loss of power.
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

export class Journal {
  readonly #values = new Map<string, string>();
  #file: number | undefined;

  /** Without a path everything is kept in memory only. Throws when the file holds something that is no journal. */
  constructor(path?: string) {
    if (path === undefined) return;
    mkdirSync(dirname(path), { recursive: true });
    if (existsSync(path)) this.#read(path);
    this.#compact(path);
    this.#file = openSync(path, 'a');
  }

  /** A copy of the value, or undefined when there is none. */
  get(key: string): unknown {
    const text = this.#values.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** Keeps a copy of a value that JSON can hold. Throws a TypeError for one that it can't. */
  set(key: string, value: unknown): void {
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined) throw new TypeError(`The journal can't keep the value of "${key}"`);
    if (this.#values.get(key) === text) return;
    this.#values.set(key, text);
    this.#append(line(key, text));
  }

  delete(key: string): void {
    if (this.#values.delete(key)) this.#append(line(key));
  }

  /** Copies of all values whose key starts with the prefix, in the order of their keys. */
  entries(prefix: string): [string, unknown][] {
    return [...this.#values]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, text]) => [key, JSON.parse(text)]);
  }

  /** Closes the file; what is set afterwards is kept in memory only. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #append(text: string): void {
    if (this.#file !== undefined) writeSync(this.#file, text);
  }

  #read(path: string): void {
    const text = readFileSync(path, 'utf8');
    // What follows the last line break is a write that the end of the process cut short: it never happened.
    const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
    lines.pop();
    lines.forEach((each, index) => {
      const [key, value] = parseLine(each, `${path}:${index + 1}`);
      if (value === undefined) this.#values.delete(key);
      else this.#values.set(key, value);
    });
  }

  /** Rewrites the file with the values that still stand; the rename makes it one step. */
  #compact(path: string): void {
    const fresh = `${path}.new`;
    writeFileSync(fresh, [...this.#values].map(([key, text]) => line(key, text)).join(''));
    renameSync(fresh, path);
  }
}

const line = (key: string, text?: string): string =>
  text === undefined ? `[${JSON.stringify(key)}]\n` : `[${JSON.stringify(key)},${text}]\n`;

const parseLine = (text: string, where: string): [key: string, value: string | undefined] => {
  const parsed = parseJson(text);
  if (!Array.isArray(parsed) || typeof parsed[0] !== 'string' || parsed.length > 2) {
    throw new Error(`${where} is not a line of a journal`);
  }
  return [parsed[0], parsed.length === 2 ? JSON.stringify(parsed[1]) : undefined];
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
