/**
 * The request path of the local desk beside the bare engine: opening, a message, a ticket, a queue, with 1, 8 and 32 clients. Three
 * processes share the machine: this one loads, the desk answers, the engine stores. Both sides are asked by the same plain HTTP client
 * over connections that stay open. Each operation stands beside what it does in the engine (`bare-operations.ts`): a write beside its
 * transaction alone, a read beside all that it reads.
 */
import type { Bench, Context, Measured } from './bench.ts';
import { bareOperations, type BareOperations } from './bare-operations.ts';
import { MESSAGE, OPENING } from './caught-calls.ts';
import { expectStatus, startDeskProcess, type DeskProcess, type Person } from './desk-process.ts';
import { median, spreadOf } from './figures.ts';
import { figuresOf, loadInTurns, type LoadFigures, type Task } from './load.ts';
import { ratios } from './race.ts';
import { SEEDED_DESK } from './seed.ts';

const CLIENTS = [1, 8, 32];
const LOAD = { rounds: 5, roundMillis: 900 };
/** The slowest percent of openings may take so many times as long as the slowest percent of bare transactions. */
const MOST_RATIO = 3;
/** Of a customer, so that none runs out of them. */
export const UNITS = 100_000;
/** Enough that the queue fills a page, and that the messages of one client do not all go to one ticket. */
const TICKETS_A_CLIENT = 4;

interface Customer {
  readonly accountId: string;
  readonly person: Person;
}

/** One account for each client, as if each were another customer. */
export const customerOn = async (desk: DeskProcess, manager: Person, number: number): Promise<Customer> => {
  const email = `customer-${String(number)}@example.com`;
  const wanted = {
    ...{ name: 'Example Ltd', planId: 'luxsci-token-dedicated', timeZone: 'America/New_York', region: 'US' },
    contacts: [{ email, name: 'Customer', role: 'administrator' }],
  };
  const { text } = expectStatus(await manager.post('/v1/accounts', wanted), 201);
  const { accountId } = JSON.parse(text) as { accountId: string };
  expectStatus(await manager.post(`/v1/accounts/${accountId}/purchases`, { amount: UNITS }), 201);
  return { accountId, person: await desk.as({ role: 'customer', account: accountId, email }) };
};

interface Cast {
  readonly customers: readonly Customer[];
  readonly engineer: Person;
  /** Tickets of each customer that were answered, so that a further message moves no clock. */
  readonly tickets: readonly (readonly string[])[];
}

const openFor = async ({ accountId, person }: Customer): Promise<string> => {
  const answer = expectStatus(await person.post('/v1/tickets', { accountId, ...OPENING }), 201);
  return (JSON.parse(answer.text) as { ticketId: string }).ticketId;
};

const answer = async (engineer: Person, ticketId: string): Promise<void> => {
  expectStatus(await engineer.post(`/v1/tickets/${ticketId}/messages`, MESSAGE), 201);
};

const customerFor = ({ customers }: Cast, client: number): Customer => {
  const customer = customers[client % customers.length];
  if (!customer) throw new Error('there is no customer');
  return customer;
};

const ticketFor = ({ tickets }: Cast, client: number, turn: number): string => {
  const own = tickets[client % tickets.length] ?? [];
  return own[turn % own.length] ?? '';
};

type Route = Exclude<keyof BareOperations, 'close'>;

/** The routes that are asked, by the words of the results. */
const routesOf = (cast: Cast): Readonly<Record<Route, Task>> => ({
  open: async (client) => {
    await openFor(customerFor(cast, client));
  },
  message: (client, turn) => answer(cast.engineer, ticketFor(cast, client, turn)),
  get: async (client, turn) => {
    expectStatus(await cast.engineer.get(`/v1/tickets/${ticketFor(cast, client, turn)}`), 200);
  },
  queue: async () => {
    expectStatus(await cast.engineer.get('/v1/queues/TS1'), 200);
  },
});

/** What each route is set beside. */
const AGAINST: Readonly<Record<Route, string>> = {
  open: 'its bare transaction',
  message: 'its bare transaction',
  get: 'its bare read',
  queue: 'its bare reads',
};

const rowsOf = (name: Route, clients: number, own: LoadFigures, bare: LoadFigures, rounds: number[]): Measured[] => {
  const label = `${name}, ${String(clients)} ${clients === 1 ? 'client' : 'clients'}`;
  const against = AGAINST[name];
  return [
    {
      ...{ case: `${label}: p99`, value: own.p99, unit: 'ms', beside: bare.p99, against },
      ...{ ratio: median(rounds), spread: spreadOf(rounds) },
      ...(name === 'open' && { goal: { atMost: MOST_RATIO } }),
    },
    { case: `${label}: p50`, value: own.p50, unit: 'ms', beside: bare.p50, against },
    { case: `${label}: throughput`, value: own.perSecond, unit: 'requests/s', beside: bare.perSecond, against },
  ];
};

const castOn = async (desk: DeskProcess): Promise<Cast> => {
  const manager = await desk.as({ role: 'manager', email: 'manager@example.com' });
  const engineer = await desk.as({ role: 'engineer', email: 'engineer@example.com', tier: 'TS1' });
  const customers: Customer[] = [];
  const tickets: string[][] = [];
  for (let count = 0; count < Math.max(...CLIENTS); count += 1) {
    const customer = await customerOn(desk, manager, count);
    const own: string[] = [];
    while (own.length < TICKETS_A_CLIENT) own.push(await openFor(customer));
    for (const ticketId of own) await answer(engineer, ticketId);
    customers.push(customer);
    tickets.push(own);
  }
  await desk.calm();
  return { customers, engineer, tickets };
};

const measure = async (desk: DeskProcess, { progress }: Context): Promise<Measured[]> => {
  const cast = await castOn(desk);
  const bare = await bareOperations(desk.engine, cast.customers.length, (...at) => ticketFor(cast, ...at));
  const rows: Measured[] = [];
  for (const clients of CLIENTS) {
    for (const [name, task] of Object.entries(routesOf(cast)) as [Route, Task][]) {
      progress(`${name}, ${String(clients)} clients`);
      const [own = [], other = []] = await loadInTurns([task, bare[name]], { clients, calm: desk.calm, ...LOAD });
      const rounds = ratios(
        own.map((load) => figuresOf([load]).p99),
        other.map((load) => figuresOf([load]).p99),
      );
      rows.push(...rowsOf(name, clients, figuresOf(own), figuresOf(other), rounds));
    }
  }
  bare.close();
  return rows;
};

const run = async (context: Context): Promise<readonly Measured[]> => {
  const desk = await startDeskProcess([], undefined, SEEDED_DESK);
  try {
    return await measure(desk, context);
  } finally {
    await desk.stop();
  }
};

export const requestPath: Bench = { name: 'request-path', run };
