import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startDesk } from '../../lib/local/desk.ts';
import type { Desk, DeskOptions } from '../../lib/local/desk.ts';
import { PROJECT_ROOT } from '../../lib/local/project-root.ts';
import { preparedDesk } from '../support/desk.ts';

const START = Date.parse('2026-03-02T15:00:00Z');
const start = (options: DeskOptions = {}) => startDesk({ prepared: preparedDesk(), startAt: START, ...options });

async function send(
  desk: Pick<Desk, 'url'>,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const response = await fetch(desk.url + path, {
    ...{ method, headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** An account with units and one open ticket; answers the ticket's id. */
async function openTicket(desk: Desk): Promise<string> {
  const manager = { authorization: `Bearer ${await desk.token({ role: 'manager', email: 'max@example.com' })}` };
  const contacts = [{ email: 'ann@example.com', name: 'Ann', role: 'administrator' }];
  const newAccount = {
    name: 'Example Ltd',
    planId: 'luxsci-token-dedicated',
    timeZone: 'America/New_York',
    region: 'US',
    contacts,
  };
  const { body: account } = await send(desk, 'POST', '/v1/accounts', newAccount, {
    ...manager,
    'idempotency-key': 'account',
  });
  const accountId = String(account.accountId);
  await send(
    desk,
    'POST',
    `/v1/accounts/${accountId}/purchases`,
    { amount: 10 },
    { ...manager, 'idempotency-key': 'purchase' },
  );
  const customer = {
    authorization: `Bearer ${await desk.token({ role: 'customer', account: accountId, email: 'ann@example.com' })}`,
  };
  const request = { accountId, subject: 'Mail is stuck', description: 'Nothing leaves the queue.' };
  const { status, body } = await send(desk, 'POST', '/v1/tickets', request, {
    ...customer,
    'idempotency-key': 'ticket',
  });
  expect([status, body]).toEqual([201, expect.objectContaining({ status: 'open' })]);
  await desk.activity.settled();
  return String(body.ticketId);
}

async function ticketOf(desk: Desk, ticketId: string) {
  const headers = { authorization: `Bearer ${await desk.token({ role: 'manager', email: 'max@example.com' })}` };
  return (await send(desk, 'GET', `/v1/tickets/${ticketId}`, undefined, headers)).body;
}

describe('the routes that exist on this machine only', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await start();
  });
  afterAll(() => desk.stop());

  it('give tokens that the API takes', async () => {
    const { status, body } = await send(desk, 'POST', '/local/token', { role: 'manager', email: 'max@example.com' });
    expect(status).toBe(200);
    const headers = { authorization: `Bearer ${String(body.token)}` };
    expect((await send(desk, 'GET', '/v1/plans', undefined, headers)).status).toBe(200);
    expect((await send(desk, 'GET', '/v1/plans')).status).toBe(401);
  });

  it.each([
    [{ role: 'admin' }],
    [{ role: 'engineer', tier: 'TS4' }],
    [{ role: 'manager', sub: 'x' }],
    ['no json'],
    [[]],
  ])('refuse a token for %j', async (body) => {
    expect(await send(desk, 'POST', '/local/token', body)).toMatchObject({
      status: 400,
      body: { type: expect.stringMatching(/validation$/) as string },
    });
  });

  it('move the clock to a moment and by a duration, and say where it is', async () => {
    expect(await send(desk, 'POST', '/local/clock', { to: '2026-03-02T16:30:00+01:00' })).toMatchObject({
      body: { now: '2026-03-02T15:30:00.000Z' },
    });
    await send(desk, 'POST', '/local/clock', { advance: 'PT4H' });
    const { body } = await send(desk, 'GET', '/local/clock');
    expect(String(body.now)).toMatch(/^2026-03-02T19:30:0/);
  });

  it.each([
    [{ to: '2026-03-01T00:00:00Z' }],
    [{ to: '2026-13-01T00:00:00Z' }],
    [{ to: '2026-06-01' }],
    [{ to: '2999-01-01T00:00:00Z' }],
    [{ advance: '4 hours' }],
    [{ advance: '-PT4H' }],
    [{ advance: 'PT-4H' }],
    [{ advance: 'P' }],
    [{ to: '2026-06-01T00:00:00Z', advance: 'PT1H' }],
    [{}],
  ])('refuse to move the clock by %j', async (body) => {
    const before = desk.clock.now();
    expect((await send(desk, 'POST', '/local/clock', body)).status).toBe(400);
    expect(desk.clock.now() - before).toBeLessThan(60_000);
  });

  it('are not for pages from elsewhere, and nothing else lies beside them', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect((await send(desk, 'POST', '/local/clock', { advance: 'PT1H' }, headers)).status).toBe(403);
    expect((await send(desk, 'GET', '/local/nothing')).status).toBe(404);
    expect((await send(desk, 'GET', '/local/token')).status).toBe(404);
  });

  it('show the mail on a page', async () => {
    const response = await fetch(`${desk.url}/local`);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(await response.text()).toContain('<h1>');
  });
});

/** A ticket is opened, its tier is warned, the deadline is missed and the next tier has it. */
const TOLD = [
  ...['ann@example.com', 'ts1@desk.example.com'],
  'ts1@desk.example.com',
  ...['ann@example.com', 'ts2@desk.example.com'],
];

describe('a desk from the synthesized stack', () => {
  it('settles a missed deadline to the second while the clock is moved, and tells the customer', async () => {
    const desk = await start();
    onTestFinished(() => desk.stop());
    const ticketId = await openTicket(desk);
    expect(desk.executions()).toMatchObject([{ status: 'RUNNING', position: { state: 'AwaitChangeOrDeadline' } }]);
    const deadline = Date.parse(String((await ticketOf(desk, ticketId)).nextDeadline));
    await desk.moveTo(deadline - 1000);
    expect(await ticketOf(desk, ticketId)).toMatchObject({ tier: 'TS1' });
    await desk.moveTo(deadline + 1000);
    expect(await ticketOf(desk, ticketId)).toMatchObject({ tier: 'TS2' });
    expect(desk.mails().map(({ to }) => to)).toEqual(TOLD);
    expect(await send(desk, 'GET', '/local/executions')).toMatchObject({ body: [{ status: 'RUNNING' }] });
    expect(desk.deadLetters()).toEqual([]);
  });

  it('loses nothing when it is restarted, and settles at the start what fell due meanwhile', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'makegood-desk-'));
    const first = await start({ dataDir });
    onTestFinished(() => {
      rmSync(dataDir, { recursive: true });
    });
    const ticketId = await openTicket(first);
    const token = await first.token({ role: 'manager', email: 'max@example.com' });
    const deadline = Date.parse(String((await ticketOf(first, ticketId)).nextDeadline));
    await first.moveTo(deadline - 3_600_000);
    await first.stop();
    // As if it had been down for two hours: the clock is kept as its distance from the machine's.
    const kept = deadline + 3_600_000 - Date.now();
    appendFileSync(join(dataDir, 'journal.jsonl'), `${JSON.stringify(['clock', kept])}\n`);
    const second = await start({ dataDir });
    onTestFinished(() => second.stop());
    expect((await send(second, 'GET', '/v1/plans', undefined, { authorization: `Bearer ${token}` })).status).toBe(200);
    const { body } = await send(second, 'GET', `/v1/tickets/${ticketId}`, undefined, {
      authorization: `Bearer ${token}`,
    });
    expect(body).toMatchObject({ tier: 'TS2', charge: { credited: 1 } });
    const told = second.mails().map(({ to }) => to);
    expect(second.executions()).toMatchObject([{ status: 'RUNNING', position: { state: 'AwaitChangeOrDeadline' } }]);
    expect(told).toEqual(TOLD);
    expect(readdirSync(join(dataDir, 'mail'))).toHaveLength(TOLD.length);
  });
});

describe('npm start', () => {
  const run = (environment: Record<string, string>) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'bin/desk.ts'], {
      cwd: PROJECT_ROOT,
      env: { ...process.env, DATA_DIR: '', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text));
    return { child, printed: () => printed };
  };

  it('prints one line of JSON when it is ready, and ends cleanly when it is told to', async () => {
    const { child } = run({ PORT: '0', SMTP_PORT: '0' });
    const output: string[] = [];
    const lines = createInterface({ input: child.stdout }).on('line', (line) => output.push(line));
    await once(lines, 'line');
    const ready = JSON.parse(output[0]!) as { ready: boolean; url: string };
    expect(ready).toEqual({
      ready: true,
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
      smtp: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string,
    });
    expect((await send(ready, 'GET', '/local/clock')).status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(output).toHaveLength(1);
  });

  it('says what is wrong with its settings, and ends', async () => {
    for (const [name, value] of [
      ['PORT', 'abc'],
      ['SMTP_PORT', '70000'],
      ['SMTP_VERDICTS', 'fail'],
    ] as const) {
      const { child, printed } = run({ [name]: value });
      expect(await once(child, 'exit')).toEqual([1, null]);
      expect(printed()).toContain(name);
    }
  });
});
