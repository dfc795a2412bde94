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
/** Each operation is first asked twice by the desk that counts, and goes on from there by the one that is timed. */
const COUNTED = 2;
const ASKED = TURNS + COUNTED;
/** From this number on tickets are resolved; none of them is the one that the other operations ask of. */
const RESOLVED_FROM = 100;
/** Within what the same operation varies by on a machine that does other things too. */
const MOST_RATIO = 1.5;
const OVERDUE = 20;
/** The sweep changes what it finds, so each sweep that finds something is given something anew. */
const SWEEPS = 5;
const HOUR = 3_600_000;
/** A ticket that was opened so long ago has missed its first answer, and was warned of that and no more. */
const LATE = 49 * HOUR;
const WARNED = 48 * HOUR;

/** An operation, asked again and again. */
type Ask = (turn: number) => Promise<void>;

const say = async (engineer: Person, ticketId: string): Promise<void> => {
  const said = { body: 'We look into it.', visibility: 'public' };
  expectStatus(await engineer.post(`/v1/tickets/${ticketId}/messages`, said), 201);
};

/** A ticket for each turn, because a ticket is resolved once. */
const resolvedIn = (seed: Seed, turn: number): string => seed.tickets[RESOLVED_FROM + turn]?.ticketId ?? '';

const asksOf = (seed: Seed, desk: DeskProcess, customer: Person, engineer: Person): Readonly<Record<string, Ask>> => {
  const accountId = seed.accountIds[0] ?? '';
  // One ticket, also where the account has more: what a message costs depends on what was said before.
  const ticketId = seed.tickets.find((one) => one.accountId === accountId)?.ticketId ?? '';
  const wanted = { accountId, subject: 'Mail is stuck', description: 'Since this morning.', priority: 'standard' };
  const get = async (path: string) => {
    expectStatus(await engineer.get(path), 200);
  };
  const own = async (path: string) => {
    expectStatus(await customer.get(path), 200);
  };
  const late = seed.tickets.slice(-ASKED);
  return {
    // The first of all, before any other way to settle what is overdue comes round.
    settle: (turn) =>
      desk.invoke('lambdas/handlers/settle.lambda.ts', {
        ...{ schema: 1, ticketId: late[turn]?.ticketId, generation: 1, now: fromMillis(Date.now()) },
      }),
    open: async () => {
      expectStatus(await customer.post('/v1/tickets', wanted), 201);
    },
    message: async () => {
      await say(engineer, ticketId);
    },
    resolve: async (turn) => {
      const path = `/v1/tickets/${resolvedIn(seed, turn)}/resolve`;
      expectStatus(await engineer.post(path, { summary: 'The queue was stuck.' }), 200);
    },
    get: () => get(`/v1/tickets/${ticketId}`),
    timeline: () => get(`/v1/tickets/${ticketId}/timeline`),
    queue: () => get('/v1/queues/TS1?limit=20'),
    list: () => own(`/v1/tickets?accountId=${accountId}&limit=20`),
    balance: () => own(`/v1/accounts/${accountId}/balance`),
    ledger: () => own(`/v1/accounts/${accountId}/ledger?limit=20`),
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
  for (let turn = COUNTED; turn < ASKED; turn += 1) {
    const startedAt = performance.now();
    await ask(turn);
    millis.push(performance.now() - startedAt);
  }
  await calm();
  return { units: readUnit + writeUnit, calls: calls.length, millis };
};

/** Tickets of the last hour, after which those stand that are settled: the last to be written, so that nobody settles them before. */
const seedOf = (size: Size, now: number): Seed =>
  makeSeed({
    ...{ ...size, priority: 'standard', now: fromMillis(now - WARNED) },
    openedAt: (number) => now - (number < size.tickets - ASKED ? HOUR : LATE) + number,
  });

/** One of its own account each: how often tickets of one account get in each other's way is chance. */
const overdue = (now: number): Seed =>
  makeSeed({
    ...{ tickets: OVERDUE, accounts: OVERDUE, priority: 'standard', now: fromMillis(now - WARNED) },
    openedAt: (number) => now - LATE + number,
  });

/** What a sweep reads, together with the clocks that it starts; and how long sweeps take, those clocks left out. */
const sweep = async (
  { desk, counting, tap }: Desks,
  prepare: () => Promise<void> = () => Promise.resolve(),
): Promise<Figures> => {
  const sweepBy = async (one: DeskProcess): Promise<number> => {
    await prepare();
    tap.take();
    const startedAt = performance.now();
    await one.invoke('lambdas/handlers/sweep.lambda.ts', { schema: 1, now: fromMillis(Date.now()) });
    const millis = performance.now() - startedAt;
    await Promise.all([desk.calm(), counting.calm()]);
    return millis;
  };
  await sweepBy(counting);
  const units = capacityOf(tap.take()).readUnit ?? 0;
  const millis: number[] = [];
  for (let count = 0; count < SWEEPS; count += 1) millis.push(await sweepBy(desk));
  return { units, calls: 0, millis };
};

interface Desks {
  readonly desk: DeskProcess;
  /** On the same engine, but through the tap. */
  readonly counting: DeskProcess;
  readonly tap: EngineTap;
}

type Results = Readonly<Record<string, Figures>>;

/** Nobody may resolve what nobody has answered. */
const answerAll = async (engineer: Person, seed: Seed): Promise<void> => {
  for (let turn = 0; turn < ASKED; turn += 1) await say(engineer, resolvedIn(seed, turn));
};

const measureOn = async (size: Size, desks: Desks, { progress }: Context): Promise<Results> => {
  const { desk, counting, tap } = desks;
  const label = sizeLabel(size);
  const { endpoint } = desk.engine;
  const client = clientOf(endpoint);
  const tableName = await deskTableIn(client);
  client.destroy();
  const now = Date.now();
  const seed = seedOf(size, now);
  await writeItems(endpoint, tableName, seed.items);
  const [accountId = ''] = seed.accountIds;
  const engineerOn = (of: DeskProcess) => of.as({ role: 'engineer', email: 'engineer@example.com', tier: 'TS1' });
  const asks = async (of: DeskProcess) =>
    asksOf(
      ...([seed, of] as const),
      await of.as({ role: 'customer', account: accountId, email: 'customer-0@example.com' }),
      await engineerOn(of),
    );
  const [plain, counted] = [await asks(desk), await asks(counting)];
  const results: Record<string, Figures> = {};
  for (const [name, ask] of Object.entries(plain)) {
    progress(`${label}: ${name}`);
    if (name === 'resolve') await answerAll(await engineerOn(desk), seed);
    results[name] = await figuresOf(ask, counted[name] ?? ask, [desk, counting], tap);
  }
  progress(`${label}: sweep`);
  results['sweep, nothing overdue'] = await sweep(desks);
  results[`sweep, ${String(OVERDUE)} overdue`] = await sweep(desks, () =>
    writeItems(endpoint, tableName, overdue(Date.now()).items),
  );
  return results;
};

const measure = async (size: Size, context: Context): Promise<Results> => {
  context.progress(`${sizeLabel(size)}: seeding`);
  const desk = await startDeskProcess([], undefined, SEEDED_DESK);
  const tap = await tapEngine(desk.engine.endpoint);
  const counting = await startDeskProcess([], tap.endpoint, SEEDED_DESK);
  try {
    return await measureOn(size, { desk, counting, tap }, context);
  } finally {
    await counting.stop();
    await tap.stop();
    await desk.stop();
  }
};

const sizeLabel = ({ tickets, accounts }: Size): string =>
  `${tickets.toLocaleString('en')} open tickets of ${accounts.toLocaleString('en')} ${accounts === 1 ? 'account' : 'accounts'}`;

/** Each operation beside itself on the small desk, and the worst of them, which is named, beside the goal. */
const rowsOf = (size: Size, results: Results, small: Results): Measured[] => {
  const against = sizeLabel(SMALL);
  const each = Object.entries(results).flatMap(([name, { units, calls, millis }]) => {
    const label = `${sizeLabel(size)}: ${name}`;
    const before = small[name] ?? { units, calls, millis };
    const beforeMillis = median(before.millis);
    const spread = spreadOf(millis.map((one) => one / beforeMillis));
    const rows: Measured[] = [
      { case: `${label}: units`, value: units, unit: 'units', beside: before.units, against },
      { case: `${label}: calls of the table`, value: calls, unit: 'calls', beside: before.calls, against },
      { case: `${label}: median`, value: median(millis), unit: 'ms', beside: beforeMillis, against, spread },
    ];
    return rows.filter(({ value }) => value > 0).map((row) => ({ name, row }));
  });
  const worst = (unit: string): Measured => {
    const [first, ...others] = each.filter(({ row }) => row.unit === unit);
    if (!first) throw new Error('nothing was measured');
    const { name, row } = others.reduce((most, one) => (growthOf(one.row) > growthOf(most.row) ? one : most), first);
    return { ...row, against: `${name}, ${against}` };
  };
  return [
    ...each.map(({ row }) => row),
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
