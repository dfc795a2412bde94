/**
 * Watches from outside when entries stand in the ledger: it asks the engine for their keys, which the rules tell ahead, and asks no
 * part of the desk. The trap: it looks every few milliseconds, so what it tells is late by a look and a read, never early.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Key } from '../../lambdas/store/keys.ts';
import { connectTo, dynamoDbHeaders, type Connection } from './http.ts';

const LOOK_EVERY_MS = 25;
/** What DynamoDB reads at once. */
const KEYS_A_REQUEST = 100;

export interface Awaited extends Key {
  /** Nobody looks for it before, ms of the desk's clock. */
  readonly from: number;
}

interface Found {
  readonly Responses: Record<string, { readonly pk: { S: string }; readonly sk: { S: string } }[]>;
}

const idOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;

const present = async (connection: Connection, tableName: string, keys: readonly Key[]): Promise<string[]> => {
  const Keys = keys.map(({ pk, sk }) => ({ pk: { S: pk }, sk: { S: sk } }));
  const wanted = { Keys, ConsistentRead: true, ProjectionExpression: 'pk, sk' };
  const body = JSON.stringify({ RequestItems: { [tableName]: wanted } });
  const { status, text } = await connection.post('/', body, dynamoDbHeaders('BatchGetItem'));
  if (status !== 200) throw new Error(text);
  return ((JSON.parse(text) as Found).Responses[tableName] ?? []).map(({ pk, sk }) => idOf({ pk: pk.S, sk: sk.S }));
};

export interface WatchOptions {
  readonly endpoint: string;
  readonly tableName: string;
  readonly awaited: readonly Awaited[];
  /** The desk's clock, ms. */
  readonly now: () => number;
  /** When to give up, ms of the desk's clock. */
  readonly until: number;
}

/** Milliseconds after its `from` at which each entry was seen; one that was not seen until the end is left out. */
export const watchLedger = async ({ endpoint, tableName, awaited, now, until }: WatchOptions): Promise<number[]> => {
  const connection = connectTo(endpoint);
  const left = new Map(awaited.map((one) => [idOf(one), one]));
  const late: number[] = [];
  while (left.size > 0 && now() < until) {
    const due = [...left.values()].filter(({ from }) => from <= now());
    for (let first = 0; first < due.length; first += KEYS_A_REQUEST) {
      const found = await present(connection, tableName, due.slice(first, first + KEYS_A_REQUEST));
      const at = now();
      for (const id of found) {
        late.push(at - (left.get(id)?.from ?? at));
        left.delete(id);
      }
    }
    await pause(LOOK_EVERY_MS);
  }
  connection.close();
  return late;
};
