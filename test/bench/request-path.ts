/**
 * The request path of the local desk beside the bare engine: opening, a message, a ticket, a queue, with 1, 8 and 32 clients. Three
 * processes share the machine: this one loads, the desk answers, the engine stores. Both sides are asked by the same plain HTTP
 * client over connections that stay open. The bare transaction is the very one that an opening sends, its ids put in anew.
 */
import type { Bench, Context, Measured } from './bench.ts';
import { bareOpening } from './bare-opening.ts';
import { expectStatus, startDeskProcess, type DeskProcess, type Person } from './desk-process.ts';
import { figuresOf, loadInTurns, type LoadFigures, type Task } from './load.ts';
import { ratios } from './race.ts';

const CLIENTS = [1, 8, 32];
const LOAD = { rounds: 5, roundMillis: 900 };
/** The slowest percent of openings may take so many times as long as the slowest percent of bare transactions. */
const MOST_RATIO = 3;
/** Of a customer, so that none runs out of them. */
export const UNITS = 100_000;
const REQUEST = {
  subject: 'Mail is stuck',
  description: 'Nothing leaves the queue since this morning.',
  priority: 'standard',
};

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
  /** Tickets of each customer. */
  readonly tickets: string[][];
}

const openingOf = ({ customers, tickets }: Cast): Task => {
  return async (client) => {
    const customer = customers[client % customers.length];
    if (!customer) throw new Error('there is no customer');
    const answer = await customer.person.post('/v1/tickets', { accountId: customer.accountId, ...REQUEST });
    expectStatus(answer, 201);
    tickets[client]?.push((JSON.parse(answer.text) as { ticketId: string }).ticketId);
  };
};

const ticketFor = ({ tickets }: Cast, client: number, turn: number): string => {
  const own = tickets[client % tickets.length] ?? [];
  return own[turn % own.length] ?? '';
};

/** The routes that are asked, by the words of the results. */
const routesOf = (cast: Cast): Readonly<Record<string, Task>> => ({
  open: openingOf(cast),
  message: async (client, turn) => {
    const path = `/v1/tickets/${ticketFor(cast, client, turn)}/messages`;
    expectStatus(await cast.engineer.post(path, { body: 'We look into it.', visibility: 'public' }), 201);
  },
  get: async (client, turn) => {
    expectStatus(await cast.engineer.get(`/v1/tickets/${ticketFor(cast, client, turn)}`), 200);
  },
  queue: async () => {
    expectStatus(await cast.engineer.get('/v1/queues/TS1'), 200);
  },
});

const rowsOf = (name: string, clients: number, own: LoadFigures, bare: LoadFigures, rounds: number[]): Measured[] => {
  const label = `${name}, ${String(clients)} ${clients === 1 ? 'client' : 'clients'}`;
  const against = 'bare transaction';
  return [
    {
      ...{ case: `${label}: p99`, value: own.p99, unit: 'ms', beside: bare.p99, against },
      spread: [Math.min(...rounds), Math.max(...rounds)],
      ...(name === 'open' && { goal: { atMost: MOST_RATIO } }),
    },
    { case: `${label}: p50`, value: own.p50, unit: 'ms', beside: bare.p50, against },
    { case: `${label}: throughput`, value: own.perSecond, unit: 'requests/s', beside: bare.perSecond, against },
  ];
};

const measure = async (desk: DeskProcess, { progress }: Context): Promise<Measured[]> => {
  const manager = await desk.as({ role: 'manager', email: 'manager@example.com' });
  const customers: Customer[] = [];
  for (let count = 0; count < Math.max(...CLIENTS); count += 1) customers.push(await customerOn(desk, manager, count));
  const cast: Cast = {
    customers,
    engineer: await desk.as({ role: 'engineer', email: 'engineer@example.com', tier: 'TS1' }),
    tickets: customers.map(() => []),
  };
  const routes = routesOf(cast);
  for (const client of customers.keys()) await routes.open?.(client, 0);
  const bare = await bareOpening(desk.engine, customers.length);
  const rows: Measured[] = [];
  for (const clients of CLIENTS) {
    for (const [name, task] of Object.entries(routes)) {
      progress(`${name}, ${String(clients)} clients`);
      const [own = [], other = []] = await loadInTurns([task, bare.task], { clients, calm: desk.calm, ...LOAD });
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
  const desk = await startDeskProcess();
  try {
    return await measure(desk, context);
  } finally {
    await desk.stop();
  }
};

export const requestPath: Bench = { name: 'request-path', run };
