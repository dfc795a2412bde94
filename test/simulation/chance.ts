/**
 * Chance of a simulation: streams of numbers that follow from a seed and a name, and nothing else. It also takes the place of the
 * process's own chance (ids, jitter, boundaries of mails), because functions and libraries draw from that. The trap: two drawers of one
 * stream take each other's numbers when they swap places, so whatever runs beside others has a stream of its own.
 */
import { createHash } from 'node:crypto';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

export class Chance {
  readonly #name: string;
  readonly #state: Uint32Array;

  constructor(name: string) {
    this.#name = name;
    const digest = createHash('sha256').update(name).digest();
    this.#state = Uint32Array.from({ length: 4 }, (_, place) => digest.readUInt32LE(place * 4));
  }

  /** A stream of its own for a name; the same each time. */
  of(name: string): Chance {
    return new Chance(`${this.#name}/${name}`);
  }

  /** In [0, 1): the generator sfc32. */
  next(): number {
    const state = this.#state;
    const [a = 0, b = 0, c = 0, counter = 0] = state;
    const sum = (a + b + counter) >>> 0;
    state[3] = counter + 1;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    return sum / 2 ** 32;
  }

  /** A whole number from 0 on, below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('There is nothing to pick from.');
    return item;
  }

  /** One of the names, each as often as its weight says. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name {
    const entries = Object.entries<number>(weights) as [Name, number][];
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    const found = entries.find(([, weight]) => (left -= weight) < 0) ?? entries[0];
    if (found === undefined) throw new RangeError('There is nothing to weigh.');
    return found[0];
  }

  fill(bytes: Uint8Array): void {
    for (let place = 0; place < bytes.length; place += 1) bytes[place] = this.below(256);
  }
}

const uuidFrom = (chance: Chance): `${string}-${string}-${string}-${string}-${string}` => {
  const hex = Array.from({ length: 16 }, () => chance.below(256).toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
};

/** From now on everything in this process that draws by chance draws from whatever stream `current` names at that moment. */
export const takeOverChance = (current: () => Chance): void => {
  const randomBytes = (size: number, done?: (error: null, bytes: Buffer) => void): Buffer | undefined => {
    const bytes = Buffer.alloc(size);
    current().fill(bytes);
    if (done === undefined) return bytes;
    done(null, bytes);
    return undefined;
  };
  const randomInt = (first: number, second?: number): number =>
    second === undefined ? current().below(first) : first + current().below(second - first);
  const getRandomValues = <Values extends ArrayBufferView>(values: Values): Values => {
    current().fill(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return values;
  };
  const randomUUID = () => uuidFrom(current());
  Math.random = () => current().next();
  Object.assign(crypto, { randomBytes, randomInt, randomUUID, randomFillSync: getRandomValues });
  for (const [name, value] of Object.entries({ getRandomValues, randomUUID })) {
    Object.defineProperty(globalThis.crypto, name, { value, configurable: true });
  }
  syncBuiltinESMExports();
};
