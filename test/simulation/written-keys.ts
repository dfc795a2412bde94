/**
 * The keys of every item that anybody asked the engine to write, seen on the wire. A table of hundreds of thousands of items is read by
 * them in seconds, where the engine's scan, which sorts all that is left for each page, takes minutes.
 */
import type { Key } from './invariants/table.ts';

interface Written {
  readonly Item?: Key;
  readonly Key?: Key;
}
interface Input extends Written {
  readonly TransactItems?: readonly Readonly<Record<string, Written>>[];
  readonly RequestItems?: Readonly<Record<string, readonly Readonly<Record<string, Written>>[]>>;
}

const writtenBy: Readonly<Record<string, (input: Input) => readonly Written[]>> = {
  PutItem: (input) => [input],
  UpdateItem: (input) => [input],
  DeleteItem: (input) => [input],
  TransactWriteItems: ({ TransactItems = [] }) => TransactItems.flatMap((part) => Object.values(part)),
  BatchWriteItem: ({ RequestItems = {} }) =>
    Object.values(RequestItems)
      .flat()
      .flatMap((part) => Object.values(part)),
};

export class WrittenKeys {
  readonly #keys = new Map<string, Key>();

  /** Hears of a call, whether or not it takes effect. */
  saw(operation: string, body: string): void {
    const written = writtenBy[operation.slice(operation.indexOf('.') + 1)];
    if (written === undefined) return;
    for (const { Item, Key } of written(JSON.parse(body) as Input)) {
      const { pk, sk } = (Item ?? Key)!;
      this.#keys.set(`${pk.S} ${sk.S}`, { pk, sk });
    }
  }

  all(): readonly Key[] {
    return [...this.#keys.values()];
  }
}
