/**
 * Two desks whose contacts are each other's addresses, joined by a postman who carries every mail of one to the other: what they
 * write to each other ends by itself, also over a postman who loses what machines say of themselves.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startDesk } from '../../lib/local/desk.ts';
import type { Prepared } from '../../lib/local/prepare.ts';
import { customerOn, MONDAY_10_NEW_YORK, preparedDesk, testDeskOf, type Person } from '../support/desk.ts';
import { deliver, GOOD } from '../support/mail.ts';

/** The same stack for another domain. */
const preparedFor = (domain: string): Prepared => {
  const prepared = preparedDesk();
  const template: unknown = JSON.parse(JSON.stringify(prepared.template).replaceAll('desk.example.com', domain));
  return { ...prepared, template };
};

interface Correspondent {
  readonly domain: string;
  readonly manager: Person;
  readonly accountId: string;
  readonly folder: string;
  readonly settled: () => Promise<void>;
  /** How many of its mails the postman has taken. */
  carried: number;
}

const deskFor = async (domain: string, contact: string): Promise<Correspondent> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'makegood-'));
  const desk = await startDesk({
    ...{ prepared: preparedFor(domain), startAt: Date.parse(MONDAY_10_NEW_YORK), dataDir },
  });
  onTestFinished(async () => {
    await desk.stop();
    rmSync(dataDir, { recursive: true });
  });
  const { as, settled } = testDeskOf(desk);
  const contacts = [{ email: contact, name: 'The other desk', role: 'administrator' }];
  const { accountId } = await customerOn({ as }, 'scalix-basic', { units: 50, contacts });
  const manager = await as({ role: 'manager', email: 'max@example.com' });
  return { domain, manager, accountId, settled, folder: join(dataDir, 'mail'), carried: 0 };
};

const FROM_MACHINES = /^(?:auto-submitted|x-auto-response-suppress|x-makegood-[a-z-]+|precedence)\s*:/i;
const withoutMarks = (raw: string): string => {
  const [head = '', ...body] = raw.split(/\r?\n\r?\n/);
  const lines = head.split(/\r?\n(?![ \t])/).filter((line) => !FROM_MACHINES.test(line));
  return [lines.join('\r\n'), ...body].join('\r\n\r\n');
};

/** Carries what a desk has written to the other since the last round; answers what became of each. */
const carry = async (from: Correspondent, to: Correspondent, transform: (raw: string) => string): Promise<string[]> => {
  const outcomes: string[] = [];
  const files = readdirSync(from.folder).toSorted().slice(from.carried);
  from.carried += files.length;
  for (const file of files) {
    const raw = transform(readFileSync(join(from.folder, file), 'latin1'));
    const recipient = new RegExp(`^To:.*?([^\\s<]+@${to.domain})`, 'im').exec(raw)?.[1];
    if (recipient === undefined) continue;
    const envelope = { from: `support@${from.domain}`, recipients: [recipient] };
    const arrival = { raw, encoding: 'latin1', envelope, verdicts: GOOD };
    const { status, body } = await to.manager.post('/local/mail/inbound', arrival);
    expect(status).toBe(200);
    outcomes.push(body.outcome as string);
  }
  await to.settled();
  await from.settled();
  return outcomes;
};

const MOST_ROUNDS = 10;

const exchange = async (transform: (raw: string) => string) => {
  const [ours, theirs] = ['desk.example.com', 'desk.example.net'] as const;
  const [one, other] = [await deskFor(ours, `support@${theirs}`), await deskFor(theirs, `support@${ours}`)];
  const first = await deliver(one.manager, { from: `support@${theirs}`, returnPath: `support@${theirs}` });
  expect(first.body).toMatchObject({ outcome: 'opened' });
  const { ticketId } = first.body as { ticketId: string };
  await one.settled();
  // One more letter beside the one that says that the ticket is open.
  await one.manager.post(`/v1/tickets/${ticketId}/escalate`, { reason: 'It needs research.' });
  await one.settled();
  const outcomes: string[] = [];
  let rounds = 0;
  for (let moved = 1; moved > 0 && rounds < MOST_ROUNDS; rounds += 1) {
    const carried = [...(await carry(one, other, transform)), ...(await carry(other, one, transform))];
    moved = carried.length;
    outcomes.push(...carried);
  }
  const balances = await Promise.all(
    [one, other].map(
      async ({ manager, accountId }) => (await manager.get(`/v1/accounts/${accountId}/balance`)).body.available,
    ),
  );
  return { rounds, outcomes, balances };
};

it.each<[string, (raw: string) => string]>([
  ['fall silent', (raw) => raw],
  ['do so over a postman who loses what machines say of themselves', withoutMarks],
])(
  'EV-10 two desks that write to each other %s, and only the one mail of a person is paid for',
  async (_, transform) => {
    const { rounds, outcomes, balances } = await exchange(transform);
    expect(rounds).toBeLessThan(MOST_ROUNDS);
    expect(outcomes.length).toBeGreaterThanOrEqual(2);
    expect(outcomes.length).toBeLessThan(10);
    expect(outcomes).not.toContain('opened');
    expect(balances).toEqual([40, 50]);
  },
);
