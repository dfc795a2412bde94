/**
 * Growth: whether an operation costs and takes the same however many tickets are open and however many accounts there are, whether
 * the sweep follows what is overdue, and what happens where many clients spend one account's units at once. Latencies are asked for
 * by one client of a desk in a process of its own; capacity units are counted through a second desk on the same engine, because
 * counting takes time. Tickets are seeded past the API.
 */
import type { Bench, Context, Measured } from './bench.ts';
import { clientOf, deskTableIn } from './engine-client.ts';
import { capacityOf } from './cost.ts';
import { contention } from './contention.ts';
import { startDeskProcess, type DeskProcess, type Person } from './desk-process.ts';
import { expectStatus } from './desk-process.ts';
import { median, spreadOf } from './figures.ts';
import { makeSeed, SEEDED_DESK, writeItems, type Seed } from './seed.ts';
import { fromMillis } from '../../lambdas/domain/time/instant.ts';
import { tapEngine, type EngineTap } from './engine-tap.ts';

interface Size {
  readonly tickets: number;
  readonly accounts: number;
}
const SMALL: Size = { tickets: 1000, accounts: 1000 };
const SIZES: readonly Size[] = [SMALL, { tickets: 10_000, accounts: 1000 }, { tickets: 10_000, accounts: 1 }];
/** Seeding them takes longer than everything else together. */
const LARGE: Size = { tickets: 100_000, accounts: 1000 };
const TURNS = 40;
/** Within what the same operation varies by on a machine that does other things too. */
const MOST_RATIO = 1.5;
const OVERDUE = 20;
const HOUR = 3_600_000;

/** An operation, asked again and again. */
type Ask = (turn: number) => Promise<void>;

const asksOf = (seed: Seed, customer: Person, engineer: Person): Readonly<Record<string, Ask>> => {
  const accountId = seed.accountIds[0] ?? '';
  // One ticket, also where the account has more: what a message costs depends on what was said before.
  const ticketId = seed.tickets.find((one) => one.accountId === accountId)?.ticketId ?? '';
  const wanted = { accountId, subject: 'Mail is stuck', description: 'Since this morning.', priority: 'standard' };
  const get = async (path: string) => {
    expectStatus(await engineer.get(path), 200);
  };
  return {
    open: async () => {
      expectStatus(await customer.post('/v1/tickets', wanted), 201);
    },
    message: async () => {
      const said = { body: 'We look into it.', visibility: 'public' };
      expectStatus(await engineer.post(`/v1/tickets/${ticketId}/messages`, said), 201);
    },
    get: () => get(`/v1/tickets/${ticketId}`),
    timeline: () => get(`/v1/tickets/${ticketId}/timeline`),
    queue: () => get('/v1/queues/TS1?limit=20'),
    list: async () => {
      expectStatus(await customer.get(`/v1/tickets?accountId=${accountId}&limit=20`), 200);
    },
  };
};

interface Figures {
  readonly units: number;
  readonly calls: number;
  readonly millis: readonly number[];
}

/** Through the tap, once: what it costs; past it, many times: how long it takes. */
const figuresOf = async (ask: Ask, counted: Ask, desks: readonly DeskProcess[], tap: EngineTap): Promise<Figures> => {
  const calm = () => Promise.all(desks.map((desk) => desk.calm()));
  await counted(0);
  await calm();
  tap.take();
  await counted(1);
  await calm();
  const calls = tap.take();
  const { readUnit = 0, writeUnit = 0 } = capacityOf(calls);
  const millis: number[] = [];
  for (let turn = 2; turn < TURNS + 2; turn += 1) {
    const startedAt = performance.now();
    await ask(turn);
    millis.push(performance.now() - startedAt);
  }
  await calm();
  return { units: readUnit + writeUnit, calls: calls.length, millis };
};

const seedOf = (size: Size, now: number): Seed =>
  makeSeed({ ...size, now: fromMillis(now), openedAt: (number) => now - HOUR + number, priority: 'standard' });

/** What a sweep reads, together with the clocks that it starts. */
const sweepUnits = async (desk: DeskProcess, tap: EngineTap): Promise<number> => {
  tap.take();
  await desk.invoke('lambdas/handlers/sweep.lambda.ts', { schema: 1, now: fromMillis(Date.now()) });
  await desk.calm();
  return capacityOf(tap.take()).readUnit ?? 0;
};

type Results = Readonly<Record<string, Figures>>;

const measure = async (size: Size, { progress }: Context): Promise<Results> => {
  const label = sizeLabel(size);
  progress(`${label}: seeding`);
  const desk = await startDeskProcess([], undefined, SEEDED_DESK);
  const tap = await tapEngine(desk.engine.endpoint);
  const counting = await startDeskProcess([], tap.endpoint, SEEDED_DESK);
  try {
    const client = clientOf(desk.engine.endpoint);
    const tableName = await deskTableIn(client);
    client.destroy();
    const now = Date.now();
    const seed = seedOf(size, now);
    await writeItems(desk.engine.endpoint, tableName, seed.items);
    const [accountId = ''] = seed.accountIds;
    const people = async (of: DeskProcess) =>
      asksOf(
        seed,
        await of.as({ role: 'customer', account: accountId, email: 'customer-0@example.com' }),
        await of.as({ role: 'engineer', email: 'engineer@example.com', tier: 'TS1' }),
      );
    const [plain, counted] = [await people(desk), await people(counting)];
    const results: Record<string, Figures> = {};
    for (const [name, ask] of Object.entries(plain)) {
      progress(`${label}: ${name}`);
      const other = counted[name] ?? ask;
      results[name] = await figuresOf(ask, other, [desk, counting], tap);
    }
    results['sweep, nothing overdue'] = { units: await sweepUnits(counting, tap), calls: 0, millis: [] };
    // An account each: how often tickets of one account get in each other's way is chance.
    const late = makeSeed({
      ...{ tickets: OVERDUE, accounts: OVERDUE, now: fromMillis(now - 48 * HOUR), priority: 'standard' },
      openedAt: (number) => now - 49 * HOUR + number,
    });
    await writeItems(desk.engine.endpoint, tableName, late.items);
    results[`sweep, ${String(OVERDUE)} overdue`] = { units: await sweepUnits(counting, tap), calls: 0, millis: [] };
    return results;
  } finally {
    await counting.stop();
    await tap.stop();
    await desk.stop();
  }
};

const sizeLabel = ({ tickets, accounts }: Size): string =>
  `${tickets.toLocaleString('en')} open tickets of ${accounts.toLocaleString('en')} ${accounts === 1 ? 'account' : 'accounts'}`;

/** Each operation beside itself on the small desk, and the worst of them beside the goal. */
const rowsOf = (size: Size, results: Results, small: Results): Measured[] => {
  const against = sizeLabel(SMALL);
  const rows = Object.entries(results).flatMap(([name, { units, calls, millis }]) => {
    const label = `${sizeLabel(size)}: ${name}`;
    const before = small[name] ?? { units, calls, millis };
    const told: Measured[] = [{ case: `${label}: units`, value: units, unit: 'units', beside: before.units, against }];
    if (millis.length === 0) return told;
    const beforeMillis = median(before.millis);
    const spread = spreadOf(millis.map((one) => one / beforeMillis));
    return [
      ...told,
      { case: `${label}: calls of the table`, value: calls, unit: 'calls', beside: before.calls, against },
      { case: `${label}: median`, value: median(millis), unit: 'ms', beside: beforeMillis, against, spread },
    ];
  });
  const worst = (unit: string): Measured => {
    const [first = rows[0], ...others] = rows.filter((row) => row.unit === unit);
    if (!first) throw new Error('nothing was measured');
    return others.reduce((most, row) => (growthOf(row) > growthOf(most) ? row : most), first);
  };
  return [
    ...rows,
    { ...worst('units'), case: `${sizeLabel(size)}: what costs most beside the small desk`, goal: { atMost: 1.1 } },
    { ...worst('ms'), case: `${sizeLabel(size)}: what is slowed down most`, goal: { atMost: MOST_RATIO } },
  ];
};

const growthOf = ({ value, beside = 0 }: Measured): number => (beside === 0 ? 1 : value / beside);

const run = async (context: Context): Promise<readonly Measured[]> => {
  const small = await measure(SMALL, context);
  const rows: Measured[] = [];
  for (const size of [...SIZES.slice(1), ...(context.quick ? [] : [LARGE])]) {
    rows.push(...rowsOf(size, await measure(size, context), small));
  }
  rows.push(...(await contention(context)));
  return rows;
};

export const growth: Bench = { name: 'growth', run };
