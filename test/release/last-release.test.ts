/**
 * A deployment meets what the last release left: its records, its events in flight, and executions that go on by its definition. All of
 * it was written down by that release (`capture.ts`) and is played here to today's functions. The trap: a fixture that is captured again
 * to make a test pass proves nothing.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replay } from '../../lambdas/domain/ticket/evolve.ts';
import { mailedEvents } from '../../lambdas/handlers/mail/letters.ts';
import { executionName, waitSchema } from '../../lambdas/domain/wait.ts';
import { readEvent, readTicket } from '../../lambdas/store/items.ts';
import { Activity } from '../../lib/local/activity.ts';
import { startDesk, type Desk } from '../../lib/local/desk.ts';
import { Journal } from '../../lib/local/journal.ts';
import { dynamoDbIntegration } from '../../lib/local/states/dynamodb.ts';
import { StateMachines } from '../../lib/local/states/service.ts';
import { readTemplate } from '../../lib/local/template/blueprint.ts';
import { preparedDesk, testDeskOf, type Person, type TestDesk } from '../support/desk.ts';

interface Fixture {
  readonly capturedAt: string;
  readonly accounts: Readonly<Record<'tokens' | 'points', string>>;
  readonly tickets: Readonly<
    Record<'over' | 'missed' | 'waiting' | 'again' | 'changed' | 'part' | 'stopped' | 'mailed' | 'running', string>
  >;
  readonly items: readonly Record<string, AttributeValue>[];
  readonly waits: readonly { readonly ticketId: string; readonly generation: number; readonly open: boolean }[];
  readonly settleRequest: { readonly ticketId: string };
  readonly busEntries: readonly { Source: string; DetailType: string; Time: number; Detail: string }[];
  /** What woke functions that no event of a ticket wakes. */
  readonly wakings: readonly { readonly entry: string; readonly event: Readonly<Record<string, unknown>> }[];
  readonly definition: unknown;
}
const path = join(import.meta.dirname, '..', 'fixtures', 'last-release.generated.json');
const last = JSON.parse(readFileSync(path, 'utf8')) as Fixture;
const { tickets, accounts } = last;
const SETTLE = 'lambdas/handlers/settle.lambda.ts';
const NOTIFY = 'lambdas/handlers/notify.lambda.ts';
const SWEEP = 'lambdas/handlers/sweep.lambda.ts';
const INBOUND = 'lambdas/handlers/inbound.lambda.ts';
const MAIL_EVENTS = 'lambdas/handlers/mail-events.lambda.ts';

/** Today's desk, but for the definition that its state machine starts executions with. */
const withLastDefinition = () => {
  const prepared = preparedDesk();
  const template = structuredClone(prepared.template) as {
    Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
  };
  const machine = Object.values(template.Resources).find(({ Type }) => Type === 'AWS::StepFunctions::StateMachine');
  machine!.Properties.DefinitionString = last.definition;
  return { ...prepared, template };
};

let running: Desk;
let desk: TestDesk;
let manager: Person;
let engineer: Person;

const storeItems = async (): Promise<void> => {
  const name = running.blueprint.tables[0]!.name;
  for (let first = 0; first < last.items.length; first += 25) {
    const requests = last.items.slice(first, first + 25).map((Item) => ({ PutRequest: { Item } }));
    await running.tables('BatchWriteItem', { RequestItems: { [name]: requests } });
  }
};

beforeAll(async () => {
  running = await startDesk({ prepared: withLastDefinition(), startAt: Date.parse(last.capturedAt) });
  desk = testDeskOf(running);
  manager = await desk.as({ role: 'manager', email: 'max@example.com' });
  engineer = await desk.as({ role: 'engineer', email: 'eve@example.com', tier: 'TS1' });
  await storeItems();
  // Any call makes the stream look for what was written.
  await manager.get('/v1/plans');
  await desk.settled();
});
afterAll(() => running.stop());

const credits = async () =>
  (await manager.get(`/v1/accounts/${accounts.tokens}/ledger?limit=100`)).body.items.filter(
    ({ kind, ticketId }: { kind: string; ticketId: string }) => kind === 'credit' && ticketId === tickets.running,
  );
const executionsOf = (ticketId: string) => running.executions().filter(({ name }) => name.startsWith(ticketId));

describe("the last release's records", () => {
  it('are read by every call that shows them', async () => {
    const ofTicket = Object.values(tickets).flatMap((id) =>
      ['', '/timeline', '/messages', '/explanation'].map((part) => `/v1/tickets/${id}${part}`),
    );
    const ofAccount = Object.values(accounts).flatMap((id) =>
      ['', '/balance', '/ledger', '/reports/2026-03'].map((part) => `/v1/accounts/${id}${part}`),
    );
    const lists = [`/v1/tickets?accountId=${accounts.tokens}`, '/v1/queues/TS1', '/v1/quarantine'];
    for (const call of [...ofTicket, ...ofAccount, ...lists]) {
      expect({ call, status: (await manager.get(call)).status }).toEqual({ call, status: 200 });
    }
  });

  it('give the stored ticket when its timeline is replayed by the rules of today', () => {
    const items = last.items.map((item) => unmarshall(item));
    for (const ticketId of Object.values(tickets)) {
      const own = items.filter(({ pk }) => pk === `TICKET#${ticketId}`);
      const events = own.filter(({ entity }) => entity === 'event').map(readEvent);
      expect(replay(events)).toEqual(readTicket(own.find(({ entity }) => entity === 'ticket')!));
    }
  });

  it('answer a request that was sent to the last release and is sent again', async () => {
    const customer = await desk.as({ role: 'customer', account: accounts.points, email: 'ann@example.com' });
    const request = { accountId: accounts.points, subject: 'Mail is stuck', description: 'Nothing leaves the queue.' };
    const again = await customer.post('/v1/tickets', request, { 'idempotency-key': 'scalix-basic{}' });
    expect(again).toMatchObject({ status: 201, body: { ticketId: tickets.waiting } });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('pass from the stream through dispatch, which starts a clock for each opening and for what was opened again', () => {
    expect(running.deadLetters()).toEqual([]);
    for (const ticketId of Object.values(tickets)) {
      const clocks = executionsOf(ticketId).map(({ name }) => name);
      const generations = ticketId === tickets.again ? [0, 1] : [0];
      expect(clocks.toSorted()).toEqual(generations.map((generation) => executionName(ticketId, generation)));
    }
  });
});

/** Letters that it has on record, by cause and reader. */
const written = last.items.flatMap((item) => {
  const { pk, sk } = unmarshall(item) as { pk: string; sk: string };
  return sk.startsWith('LETTER#') ? [`${sk.slice('LETTER#'.length)} ${pk.slice('MAILBOX#'.length)}`] : [];
});
/** Whom it told nothing of their work, as today's desk does. */
const ENGINEERS = ['eve@example.com', ...['ts1', 'ts2', 'ts3'].map((tier) => `${tier}@desk.example.com`)];

describe("the last release's messages", () => {
  it('are events of every kind that a letter can come of', () => {
    const types = new Set(last.busEntries.map(({ DetailType }) => DetailType));
    expect(mailedEvents.filter((type) => !types.has(`ticket.${type}`))).toEqual([]);
  });

  it.each(last.busEntries.map((entry) => [entry.DetailType, entry] as const))(
    'are taken from the bus by notify, which sends no letter again, and no other to its customers: %s',
    async (_type, { Source: source, DetailType, Time, Detail }) => {
      const event = { version: '0', id: 'e', source, time: new Date(Time * 1000).toISOString() };
      const taken = await running.invoke(NOTIFY, { ...event, 'detail-type': DetailType, detail: JSON.parse(Detail) });
      expect(taken.failure).toBeUndefined();
      const sent = running.mails().map(({ to, headers }) => `${headers['x-makegood-cause']!} ${to}`);
      expect(sent.filter((name) => written.includes(name))).toEqual([]);
      expect(running.mails().filter(({ to }) => !ENGINEERS.includes(to))).toEqual([]);
    },
  );

  it('are waits that the definition of today waits by', async () => {
    const [machine] = readTemplate(preparedDesk().template).stateMachines;
    const activity = new Activity();
    const machines = new StateMachines({
      ...{ clock: running.clock, activity, journal: new Journal(), machines: [machine!] },
      integrations: {
        dynamodb: dynamoDbIntegration(running.tables),
        invokeFunction: async (_arn, request) =>
          ((await running.invoke(SETTLE, request)) as { payload: unknown }).payload,
      },
    });
    // One ticket is left to the execution that the last definition waits by: one token is parked on a ticket at a time.
    const waits = last.waits.filter(({ ticketId }) => ticketId !== tickets.running);
    const nameOf = ({ ticketId, generation }: (typeof waits)[number]) => executionName(ticketId, generation);
    for (const wait of waits) {
      machines.startExecution({ stateMachineArn: machine!.arn, name: nameOf(wait), input: JSON.stringify(wait) });
      expect(waitSchema.parse(wait)).toEqual(wait);
    }
    await activity.settled();
    const ended = machines.listExecutions(machine!.arn).map(({ name, status }) => [name, status]);
    const former = executionName(tickets.again, 0);
    const goesOn = (wait: (typeof waits)[number]) => wait.open && nameOf(wait) !== former;
    expect(Object.fromEntries(ended)).toEqual(
      Object.fromEntries(waits.map((wait) => [nameOf(wait), goesOn(wait) ? 'RUNNING' : 'SUCCEEDED'])),
    );
  });

  it('are requests that settle answers with all that the last definition reads', async () => {
    expect(await running.invoke(SETTLE, last.settleRequest)).toMatchObject({
      payload: {
        schema: 1,
        ticketId: last.settleRequest.ticketId,
        generation: 0,
        open: true,
        deadlineAt: expect.any(String),
      },
    });
  });
});

describe('an execution that goes on by the last definition', () => {
  it('has a passed deadline settled by the functions of today, once and at its moment', async () => {
    const [target] = (await manager.get(`/v1/tickets/${tickets.running}`)).body.targets;
    await desk.moveTo(new Date(Date.parse(target.deadline) + 5_000).toISOString());
    expect(await credits()).toMatchObject([{ at: target.deadline }]);
    expect((await manager.get(`/v1/tickets/${tickets.missed}`)).body).toMatchObject({ tier: 'TS3' });
  });

  it('is woken by an answer and ends with its ticket', async () => {
    const steps: [string, object][] = [
      ['messages', { body: 'Here.', visibility: 'public' }],
      ['resolve', { summary: 'It runs.' }],
      ['close', {}],
    ];
    for (const [step, body] of steps) {
      expect((await engineer.post(`/v1/tickets/${tickets.running}/${step}`, body)).status).toBeLessThan(300);
    }
    await desk.settled();
    expect(executionsOf(tickets.running)).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(running.deadLetters()).toEqual([]);
    expect(running.executions().filter(({ status }) => !['RUNNING', 'SUCCEEDED'].includes(status))).toEqual([]);
  });
});

/** The desk's clock stands later than any of them by now, as it does where a message was late. */
describe('what woke a function of the last release', () => {
  const wakingsOf = (entry: string) => last.wakings.filter((one) => one.entry === entry).map(({ event }) => event);
  const isOfTheBus = (event: object) => 'source' in event;
  const taken = async (entry: string, event: unknown): Promise<any> => {
    const { failure, payload } = (await running.invoke(entry, event)) as { failure?: unknown; payload?: unknown };
    expect([entry, failure]).toEqual([entry, undefined]);
    await desk.settled();
    return payload;
  };

  it.each(['sweep', 'remind', 'renew', 'report'])('by the clock wakes %s', async (name) => {
    const entry = `lambdas/handlers/${name}.lambda.ts`;
    const scheduled = wakingsOf(entry).filter((event) => !isOfTheBus(event));
    expect(scheduled).toHaveLength(1);
    await taken(entry, scheduled[0]);
  });

  it('tells of a clock that died, whose ticket gets the next one', async () => {
    const [died] = wakingsOf(SWEEP).filter(isOfTheBus);
    expect(await taken(SWEEP, died)).toEqual({ restarted: 1 });
    expect(executionsOf(tickets.stopped)).toContainEqual(
      expect.objectContaining({ name: executionName(tickets.stopped, 1), status: 'RUNNING' }),
    );
  });

  it('tells of letters that failed: once, and for good it stops mail', async () => {
    const failures = async () =>
      (await manager.get(`/v1/tickets/${tickets.mailed}/timeline`)).body.items.flatMap(
        ({ type, kind }: { type: string; kind: string }) => (type === 'mail-failed' ? [kind] : []),
      );
    expect(await failures()).toEqual(['transient']);
    for (const event of wakingsOf(MAIL_EVENTS)) await taken(MAIL_EVENTS, event);
    expect(await failures()).toEqual(['transient', 'bounce', 'complaint']);
    expect((await manager.get('/v1/mail-stops')).body.items).toMatchObject([{ state: 'complained' }]);
  });

  it('brings mails, which did all that they do', async () => {
    const outcomes = [];
    for (const event of wakingsOf(INBOUND)) outcomes.push(await taken(INBOUND, event));
    expect(outcomes).toMatchObject([
      { outcome: 'refused' },
      { outcome: 'quarantined' },
      { outcome: 'opened', ticketId: tickets.mailed },
    ]);
    expect((await manager.get(`/v1/tickets/${tickets.mailed}/timeline`)).body.items[0]).toMatchObject({ seq: 1 });
    expect(running.deadLetters()).toEqual([]);
  });
});
