/**
 * Promptness: open tickets whose deadlines fall within one real minute, and how long after its deadline each credit stands in the
 * ledger. The desk's clock is moved to just before the first deadline and then ticks in real time; this process
 * asks the engine for the credits, so one counts from when it can be read. Deadlines are whole seconds and a miss is strictly
 * after one, and waits are whole seconds too, so the clock rings up to a second late by design, as it does on AWS. One run of each size:
 * its minute is real and cannot be shortened, and it holds thousands of deadlines, which are what p50, p99 and worst are of.
 */
import { fromMillis } from '../../lambdas/domain/time/instant.ts';
import type { Bench, Context, Measured } from './bench.ts';
import { clientOf, deskTableIn } from './engine-client.ts';
import { expectStatus, startDeskProcess, type DeskProcess } from './desk-process.ts';
import { percentile, spreadOf } from './figures.ts';
import { makeSeed, SEEDED_DESK, startClocks, writeItems } from './seed.ts';
import { watchLedger } from './ledger-watch.ts';

const SIZES = [1000, 10_000];
const MINUTE = 60_000;
/** The first response to an emergency is due in an hour; at three quarters of it the tier was warned, which is seeded too. */
const OPENED_BEFORE = 50 * MINUTE;
const TICKETS_AN_ACCOUNT = 10;
/** The desk stands so long before the first deadline when its clock begins to tick again. */
const HEAD_START = 3000;
/** So long after the last deadline the rest counts as never written. */
const PATIENCE = 2 * MINUTE;
const MOST_MILLIS = 2000;

/** The desk's clock less this machine's, ms. */
const clockLead = async ({ connection }: DeskProcess): Promise<number> => {
  const { text } = expectStatus(await connection.get('/local/clock'), 200);
  return Date.parse((JSON.parse(text) as { now: string }).now) - Date.now();
};

interface Lateness {
  /** Milliseconds after its deadline, of each credit. */
  readonly millis: readonly number[];
  readonly wanted: number;
}

const measure = async (size: number, desk: DeskProcess, { progress }: Context): Promise<Lateness> => {
  const { endpoint } = desk.engine;
  const client = clientOf(endpoint);
  const tableName = await deskTableIn(client);
  client.destroy();
  const seededAt = Date.now() + (await clockLead(desk));
  progress(`${String(size)} tickets: seeding`);
  const seed = makeSeed({
    ...{ tickets: size, accounts: size / TICKETS_AN_ACCOUNT, now: fromMillis(seededAt), priority: 'emergency' },
    openedAt: (number) => seededAt - OPENED_BEFORE + Math.floor((number * MINUTE) / size),
  });
  await writeItems(endpoint, tableName, seed.items);
  progress(`${String(size)} tickets: starting their clocks`);
  await startClocks(desk, seed.openings);
  const awaited = seed.tickets.map(({ credit, deadline }) => ({ ...credit, from: deadline }));
  const first = Math.min(...awaited.map(({ from }) => from));
  const to = fromMillis(first - HEAD_START);
  expectStatus(await desk.connection.post('/local/clock', JSON.stringify({ to })), 200);
  const lead = await clockLead(desk);
  progress(`${String(size)} tickets: their minute`);
  const millis = await watchLedger({
    ...{ endpoint, tableName, awaited, until: first + MINUTE + PATIENCE },
    now: () => Date.now() + lead,
  });
  return { millis, wanted: size };
};

const rowsOf = ({ millis, wanted }: Lateness, goal: boolean): Measured[] => {
  const label = `${wanted.toLocaleString('en')} deadlines in a minute, one run`;
  const at = (share: number): number => percentile(millis, share) / 1000;
  const [, worst] = spreadOf(millis);
  return [
    {
      case: `${label}: credits written`,
      value: millis.length,
      unit: `of ${String(wanted)}`,
      goal: { atLeast: wanted },
    },
    { case: `${label}: p50 after the deadline`, value: at(0.5), unit: 's' },
    {
      ...{ case: `${label}: p99 after the deadline`, value: at(0.99), unit: 's' },
      ...(goal && { goal: { atMost: MOST_MILLIS / 1000 } }),
    },
    { case: `${label}: worst`, value: worst / 1000, unit: 's' },
  ];
};

const run = async (context: Context): Promise<readonly Measured[]> => {
  const rows: Measured[] = [];
  for (const size of SIZES) {
    const desk = await startDeskProcess([], undefined, SEEDED_DESK);
    try {
      rows.push(...rowsOf(await measure(size, desk, context), size === Math.max(...SIZES)));
    } finally {
      await desk.stop();
    }
  }
  return rows;
};

export const promptness: Bench = { name: 'promptness', run };
