/**
 * A running desk for tests, used as anybody would use it: over HTTP, with tokens of its issuer, under its own clock. It starts on
 * Monday 2 March 2026, 10:00 in New York.
 */
import { afterAll, beforeAll, inject } from 'vitest';
import { startDesk, type Desk } from '../../lib/local/desk.ts';
import { loadPrepared, type Prepared } from '../../lib/local/prepare.ts';

export const MONDAY_10_NEW_YORK = '2026-03-02T15:00:00.000Z';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Whatever JSON came, or the text of a page; the contract's own test holds every body against its schema. */
  readonly body: Body;
  /** The body of the request. */
  readonly sent?: unknown;
}
type Body = any;

export interface Person {
  readonly get: (path: string) => Promise<Answer>;
  readonly post: (path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
}

export interface TestDesk {
  readonly desk: Desk;
  readonly url: string;
  /** Somebody with a token of these claims; without claims, somebody without a token. */
  readonly as: (claims?: Parameters<Desk['token']>[0]) => Promise<Person>;
  /** Moves the clock to a moment and waits until all that follows has settled. */
  readonly moveTo: (at: string) => Promise<void>;
  /** Moves the clock by seconds. */
  readonly advance: (seconds: number) => Promise<void>;
  /** Lets what is under way come to its end, without moving the clock. */
  readonly settled: () => Promise<void>;
}

const isJson = ({ headers }: Response): boolean => headers.get('content-type')?.includes('json') ?? true;

const person = (url: string, token?: string): Person => {
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      sent: body,
      body: text === '' ? undefined : isJson(response) ? JSON.parse(text) : text,
    };
  };
  return {
    get: (path) => send('GET', path),
    post: (path, body, headers) => send('POST', path, body, headers),
  };
};

let prepared: Prepared | undefined;

/** The desk that all test files run, prepared once and read once by each process. Nobody may change it. */
export const preparedDesk = (): Prepared => (prepared ??= loadPrepared(inject('preparedDesk')));

/** A desk that runs already, as tests use it. */
export const testDeskOf = (desk: Desk): TestDesk => ({
  desk,
  url: desk.url,
  as: async (claims) => person(desk.url, claims && (await desk.token(claims))),
  moveTo: (at) => desk.moveTo(Date.parse(at)),
  advance: (seconds) => desk.moveTo(desk.clock.now() + seconds * 1000),
  settled: () => desk.activity.settled(),
});

/** Starts a desk that its caller stops. */
export const startTestDesk = async (
  startAt: string = MONDAY_10_NEW_YORK,
): Promise<TestDesk & { stop: () => Promise<void> }> => {
  const desk = await startDesk({ prepared: preparedDesk(), startAt: Date.parse(startAt) });
  return { ...testDeskOf(desk), stop: () => desk.stop() };
};

/** A desk with the vendor's people on it. */
export interface StaffedDesk extends TestDesk {
  readonly manager: Person;
  readonly engineer: Person;
}

/** One desk for all tests of a file; its fields are there once the tests run. */
export const deskOfThisFile = (startAt?: string): StaffedDesk => {
  const shared = {} as StaffedDesk & { stop: () => Promise<void> };
  beforeAll(async () => {
    const desk = await startTestDesk(startAt);
    Object.assign(shared, desk, {
      manager: await desk.as({ role: 'manager', email: 'max@example.com' }),
      engineer: await desk.as({ role: 'engineer', email: 'eve@example.com', tier: 'TS1' }),
    });
  });
  afterAll(() => shared.stop());
  return shared;
};

export interface Customer {
  readonly accountId: string;
  readonly administrator: Person;
  readonly user: Person;
}

/** An account of two contacts on a plan, with units bought. */
export const customerOn = async (
  { as }: Pick<TestDesk, 'as'>,
  planId: string,
  {
    units = 0,
    timeZone = 'America/New_York',
    region = 'US',
    ...facts
  }: { units?: number; timeZone?: string; region?: string; [fact: string]: unknown } = {},
): Promise<Customer> => {
  const manager = await as({ role: 'manager', email: 'max@example.com' });
  const contacts = [
    { email: 'ann@example.com', name: 'Ann', role: 'administrator' },
    { email: 'uwe@example.com', name: 'Uwe', role: 'user' },
  ];
  const created = await manager.post('/v1/accounts', {
    name: 'Example Ltd',
    planId,
    timeZone,
    region,
    contacts,
    ...facts,
  });
  if (created.status !== 201) throw new Error(JSON.stringify(created.body));
  const { accountId } = created.body as { accountId: string };
  if (units > 0) {
    const bought = await manager.post(`/v1/accounts/${accountId}/purchases`, { amount: units });
    if (bought.status !== 201) throw new Error(JSON.stringify(bought.body));
  }
  return {
    accountId,
    administrator: await as({ role: 'customer', account: accountId, email: 'ann@example.com' }),
    user: await as({ role: 'customer', account: accountId, email: 'uwe@example.com' }),
  };
};

/** A ticket opened over HTTP; throws where it is refused. */
export const openTicket = async (
  { accountId, administrator }: Customer,
  request: Record<string, unknown> = {},
): Promise<string> => {
  const whole = { accountId, subject: 'Mail is stuck', description: 'Nothing leaves the queue.', ...request };
  const { status, body } = await administrator.post('/v1/tickets', whole);
  if (status !== 201) throw new Error(JSON.stringify(body));
  return (body as { ticketId: string }).ticketId;
};
