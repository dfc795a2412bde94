/**
 * What a ticket costs on AWS: everything that AWS would charge for is counted while the local desk plays a ticket's life in virtual
 * time, and priced by the list prices of `prices.ts`. Read and write units are the engine's own figures, indexes included; reading
 * the stream is free for a function. What the schedules do is counted apart, because it does not grow with tickets, and so are mails
 * and traces. Not counted: logs, metrics and alarms, and the first start of a function.
 */
import { startDesk, type Desk } from '../../lib/local/desk.ts';
import type { Around } from '../../lib/local/functions/functions.ts';
import { startEngine } from '../../lib/local/engine.ts';
import type { Bench, Context, Measured } from './bench.ts';
import { byteMonths } from './cost-bytes.ts';
import { beside, fixedOf } from './cost-poller.ts';
import { expectStatus, type Person } from './desk-process.ts';
import { median } from './figures.ts';
import { tapEngine, type EngineCall, type EngineTap } from './engine-tap.ts';
import { connectTo, type Connection } from './http.ts';
import { priceOf, type Priced, type Usage } from './prices.ts';

const MONDAY = Date.parse('2026-03-02T15:00:00.000Z');
const MOST_DOLLARS = 0.0002;
/** Of every function, as the stack sets it. */
export const GIGABYTES = 0.5;
/** What an invocation is taken to last on AWS, where each call of the table takes some milliseconds. */
export const SECONDS = 0.05;
/** The functions that work for tickets; the others are woken by schedules. */
const TICKET_FUNCTIONS = /\/(settle|dispatch|notify)\.lambda\.ts$/;
/** That a stream wakes, which passes no trace on: each of its invocations begins one. */
const STREAM_FUNCTIONS = /\/dispatch\.lambda\.ts$/;

const READS = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan', 'TransactGetItems']);

interface Capacity {
  readonly CapacityUnits: number;
}

const unitsOf = ({ output }: EngineCall): number =>
  [output.ConsumedCapacity ?? []].flat().reduce<number>((sum, one) => sum + (one as Capacity).CapacityUnits, 0);

/** The units of calls of the table. */
export const capacityOf = (calls: readonly EngineCall[]): Usage => {
  const sumOf = (wanted: readonly EngineCall[]) => wanted.reduce((sum, call) => sum + unitsOf(call), 0);
  return {
    readUnit: sumOf(calls.filter(({ operation }) => READS.has(operation))),
    writeUnit: sumOf(calls.filter(({ operation }) => !READS.has(operation))),
  };
};

/** Calls that only a clock of Step Functions makes: it parks its token, and is woken by who reads where it is parked. */
const isClocks = ({ operation, input }: EngineCall): boolean =>
  operation === 'GetItem' || (operation === 'UpdateItem' && JSON.stringify(input).includes('waitToken'));

/** How often each function ran, by its entry point, and how long, ms of real time. */
class Invocations {
  readonly #times = new Map<string, number[]>();

  readonly around: Around = async ({ plan }, run) => {
    const startedAt = performance.now();
    const result = await run();
    this.#times.set(plan.entry, [...(this.#times.get(plan.entry) ?? []), performance.now() - startedAt]);
    return result;
  };

  /** Of the functions that work for tickets, the API left out; or of those of them that a pattern names. */
  forTickets(entries = TICKET_FUNCTIONS): number {
    return [...this.#times].filter(([entry]) => entries.test(entry)).flatMap(([, times]) => times).length;
  }

  median(): number {
    return median([...this.#times.values()].flat());
  }
}

interface Stage {
  readonly desk: Desk;
  readonly invocations: Invocations;
  readonly tap: EngineTap;
  readonly connection: Connection;
  readonly customer: Person;
  readonly engineer: Person;
  readonly accountId: string;
}

/** A ticket's life: `act` counts as a request, `until` lets time pass the next deadline. */
interface Life {
  readonly act: (who: Person, step: string, body: unknown) => Promise<void>;
  readonly untilMissed: () => Promise<void>;
}
type Scenario = (life: Life, stage: Stage) => Promise<void>;

const answered: Scenario = async ({ act }, { engineer }) => {
  await act(engineer, 'messages', { body: 'We found it.', visibility: 'public' });
  await act(engineer, 'resolve', { summary: 'The queue was stuck.' });
  await act(engineer, 'close', {});
};
const afterMisses =
  (misses: number): Scenario =>
  async (life, stage) => {
    for (let missed = 0; missed < misses; missed += 1) await life.untilMissed();
    await answered(life, stage);
  };
/** The life that the goal is about. */
const IN_TIME = 'answered in time';
const scenarios: Readonly<Record<string, Scenario>> = {
  [IN_TIME]: answered,
  'missed once': afterMisses(1),
  'missed to TS3': afterMisses(3),
};

const MONTHS_A_YEAR = 12;

/**
 * Traces that X-Ray records of a ticket. A function that nothing handed a trace begins one, the first request of each second and 5 % of
 * the others, which at a desk's rates is nearly all of them (Lambda developer guide, X-Ray; the rate can't be set).
 */
export interface Traces {
  /** Where whatever is set off joins the trace of what set it off: requests and batches of the stream. */
  readonly least: number;
  /** Where every invocation and every execution begins its own. */
  readonly most: number;
}

export interface Counted {
  /** What the ticket took, its bytes kept for a month. */
  readonly usage: Usage;
  /** GB-months of its bytes in a year; what is forgotten earlier counts until then. */
  readonly yearOfGigabytes: number;
  readonly traces: Traces;
  /** What a poller in place of the tickets' clocks would spare. */
  readonly clocks: Usage;
}

const play = async (scenario: Scenario, stage: Stage): Promise<Counted> => {
  const { desk, tap, invocations, customer, engineer, accountId } = stage;
  const kept = () => Promise.all([byteMonths(desk, 1), byteMonths(desk, MONTHS_A_YEAR)]);
  const [monthBefore, yearBefore] = await kept();
  const [ranBefore, mailsBefore] = [invocations.forTickets(), desk.mails().length];
  const batchesBefore = invocations.forTickets(STREAM_FUNCTIONS);
  const calls: EngineCall[] = [];
  let requests = 0;
  tap.take();
  /** What a schedule asks is a query, and nothing here is. */
  const settle = async (): Promise<void> => {
    await desk.activity.settled();
    calls.push(...tap.take().filter(({ operation }) => operation !== 'Query'));
  };
  const request = { accountId, subject: 'Mail is stuck', description: 'Since this morning.', priority: 'urgent' };
  const { ticketId } = JSON.parse(expectStatus(await customer.post('/v1/tickets', request), 201).text) as {
    ticketId: string;
  };
  requests += 1;
  await settle();
  const look = async (): Promise<{ targets: { kind: string; state: string; deadline: string }[] }> => {
    const { text } = await engineer.get(`/v1/tickets/${ticketId}`);
    tap.take();
    return JSON.parse(text) as Awaited<ReturnType<typeof look>>;
  };
  const life: Life = {
    act: async (who, step, body) => {
      await desk.moveTo(desk.clock.now() + 60_000);
      const { status, text } = await who.post(`/v1/tickets/${ticketId}/${step}`, body);
      if (status >= 300) throw new Error(text);
      requests += 1;
      await settle();
    },
    untilMissed: async () => {
      const { targets } = await look();
      const next = targets.find(({ kind, state }) => kind !== 'resolution' && state === 'running');
      await desk.moveTo(Date.parse(next?.deadline ?? '') + 1000);
      await settle();
    },
  };
  await scenario(life, stage);
  const { text } = await engineer.get(`/v1/tickets/${ticketId}/timeline?limit=100`);
  const events = (JSON.parse(text) as { items: unknown[] }).items.length;
  const ran = invocations.forTickets() - ranBefore + requests;
  const executions = desk.executions().filter(({ name }) => name.startsWith(ticketId));
  const transitions = executions.reduce((sum, one) => sum + one.transitions, 0);
  const [month, year] = await kept();
  return {
    usage: {
      ...capacityOf(calls),
      ...{ stateTransition: transitions, httpRequest: requests, busEvent: events },
      ...{ invocation: ran, gigabyteSecond: ran * GIGABYTES * SECONDS },
      mail: desk.mails().length - mailsBefore,
      gigabyteMonth: (month - monthBefore) * 1e-9,
    },
    yearOfGigabytes: (year - yearBefore) * 1e-9,
    traces: {
      least: requests + invocations.forTickets(STREAM_FUNCTIONS) - batchesBefore,
      most: ran + executions.length,
    },
    clocks: { ...capacityOf(calls.filter(isClocks)), stateTransition: transitions },
  };
};

const WORDS: Readonly<Record<Priced, string>> = {
  stateTransition: 'state transitions',
  writeUnit: 'write units',
  readUnit: 'read units',
  invocation: 'invocations',
  gigabyteSecond: 'GB-seconds',
  httpRequest: 'HTTP requests',
  busEvent: 'events',
  scheduledInvocation: 'scheduled invocations',
  mail: 'mails',
  trace: 'traces',
  gigabyteMonth: 'GB-months',
};

/** What a ticket costs with its traces, beside what it costs without them. */
const traceRows = (name: string, { traces }: Counted, without: number): Measured[] =>
  (['least', 'most'] as const).map((bound) => ({
    case: `${name}: a ticket without mail, with at ${bound} ${String(traces[bound])} traces, kept for a month`,
    value: without + priceOf({ trace: traces[bound] }),
    unit: '$',
    beside: without,
    against: 'without traces',
  }));

const rowsOf = (name: string, counted: Counted, goal: boolean): Measured[] => {
  const { usage, yearOfGigabytes } = counted;
  const { mail = 0, ...withoutMail } = usage;
  const month = priceOf(withoutMail);
  const year = priceOf({ ...withoutMail, gigabyteMonth: yearOfGigabytes });
  const most = goal && { goal: { atMost: MOST_DOLLARS } };
  return [
    { case: `${name}: a ticket without mail, kept for a month`, value: month, unit: '$', ...most },
    { case: `${name}: a ticket without mail, kept for a year`, value: year, unit: '$', ...most },
    { case: `${name}: its ${String(mail)} mails`, value: priceOf({ mail }), unit: '$' },
    ...traceRows(name, counted, month),
    ...Object.entries(withoutMail).map(([what, value]) => ({
      case: `${name}: ${WORDS[what as Priced]}`,
      value,
      unit: `for $${priceOf({ [what]: value }).toPrecision(2)}`,
    })),
  ];
};

const onStage = async (desk: Desk, tap: EngineTap, invocations: Invocations): Promise<Stage> => {
  const connection = connectTo(desk.url);
  const as = async (bearer: Parameters<Desk['token']>[0]): Promise<Person> => {
    const headers = { authorization: `Bearer ${await desk.token(bearer)}` };
    return {
      get: (path) => connection.get(path, headers),
      post: (path, body) => connection.post(path, JSON.stringify(body), headers),
    };
  };
  const manager = await as({ role: 'manager', email: 'manager@example.com' });
  const email = 'customer@example.com';
  const account = {
    ...{ name: 'Example Ltd', planId: 'luxsci-token-dedicated', timeZone: 'America/New_York', region: 'US' },
    contacts: [{ email, name: 'Customer', role: 'administrator' }],
  };
  const { accountId } = JSON.parse(expectStatus(await manager.post('/v1/accounts', account), 201).text) as {
    accountId: string;
  };
  expectStatus(await manager.post(`/v1/accounts/${accountId}/purchases`, { amount: 1000 }), 201);
  await desk.activity.settled();
  return {
    ...{ desk, tap, invocations, connection, accountId },
    customer: await as({ role: 'customer', account: accountId, email }),
    engineer: await as({ role: 'engineer', email: 'engineer@example.com', tier: 'TS1' }),
  };
};

const measure = async (stage: Stage, { progress }: Context): Promise<Measured[]> => {
  const { desk, tap, invocations } = stage;
  const rows: Measured[] = [];
  const counts: Record<string, Counted> = {};
  for (const [name, scenario] of Object.entries(scenarios)) {
    progress(name);
    const counted = await play(scenario, stage);
    rows.push(...rowsOf(name, counted, name === IN_TIME));
    counts[name] = counted;
  }
  const sweep = await fixedOf(desk, tap);
  for (const [name, counted] of Object.entries(counts)) rows.push(...beside(name, counted, sweep));
  rows.push({ case: 'an invocation here, median', value: invocations.median(), unit: 'ms' });
  stage.connection.close();
  return rows;
};

const run = async (context: Context): Promise<readonly Measured[]> => {
  const engine = await startEngine();
  const tap = await tapEngine(engine.endpoint);
  const invocations = new Invocations();
  const desk = await startDesk({
    engineEndpoint: tap.endpoint,
    startAt: MONDAY,
    environment: { MAKEGOOD_LOG_LEVEL: 'ERROR' },
    around: invocations.around,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  try {
    return await measure(await onStage(desk, tap, invocations), context);
  } finally {
    await desk.stop();
    await tap.stop();
    await engine.stop();
  }
};

export const cost: Bench = { name: 'cost', run };
