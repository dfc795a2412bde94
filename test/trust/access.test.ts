/** Every operation, called by everybody, on their own account and on another's, held against the table that was written by hand. */
import { beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../../lambdas/handlers/api/operations.ts';
import { customerOn, deskOfThisFile, openTicket, type Answer, type Customer, type Person } from '../support/desk.ts';
import { deliver, deliverRaw, rawMailWithFiles } from '../support/mail.ts';
import { newAmong, storedItems } from '../support/stored.ts';
import { access, callers, type Caller, type Row, type TicketState } from './access-table.ts';

const desk = deskOfThisFile();
const TOKENS = 'luxsci-token-dedicated';
const NOWHERE = {
  accountId: 'acc_01J9ZC2M6Q4V7R8T5X3W1Y0N2Z',
  ticketId: 'tkt_01J9ZC2M6Q4V7R8T5X3W1Y0N2Z',
  mailId: 'none',
};

const accounts: Record<string, { own: Customer; other: Customer }> = {};
let people: Record<string, Person[]> = {};
let outsiders: [name: string, person: Person, status: number][] = [];

beforeAll(async () => {
  for (const [plan, units] of [
    [TOKENS, 100_000],
    ['scalix-platinum', 0],
  ] as const) {
    accounts[plan] = { own: await customerOn(desk, plan, { units }), other: await customerOn(desk, plan, { units }) };
  }
  const email = 'eve@example.com';
  const { accountId } = accounts[TOKENS]!.own;
  people = {
    manager: [
      desk.manager,
      await desk.as({ role: 'manager' }),
      await desk.as({ role: 'manager', account: accounts[TOKENS]!.other.accountId, tier: 'TS1' }),
    ],
    engineer: [
      ...(await Promise.all(['TS1', 'TS2', 'TS3'].map((tier) => desk.as({ role: 'engineer', email, tier })))),
      await desk.as({ role: 'engineer', email }),
      await desk.as({ role: 'engineer', email, tier: 'TS9', account: accounts[TOKENS]!.other.accountId }),
    ],
  };
  outsiders = [
    ['without a token', await desk.as(), 401],
    ['without a role', await desk.as({ account: accountId, email: 'ann@example.com' } as never), 403],
    ['of a role that is none', await desk.as({ role: 'administrator', account: accountId, tier: 'TS3' }), 403],
    ['of two roles at once', await desk.as({ role: 'customer manager', account: accountId }), 403],
    ['a customer of no account', await desk.as({ role: 'customer', email: 'ann@example.com', tier: 'TS3' }), 403],
  ];
});

/** Everyone of a kind: each engineer's tier, a stranger as administrator and as user. */
const everyOne = (caller: Caller, plan: string): readonly Person[] => {
  const { own, other } = accounts[plan]!;
  if (caller === 'administrator' || caller === 'user') return [own[caller]];
  return caller === 'stranger' ? [other.administrator, other.user] : people[caller]!;
};

/** Oldest first, so the latest stands on the last page. */
const latestInQuarantine = async (): Promise<string> => {
  let page = (await desk.manager.get('/v1/quarantine?limit=100')).body;
  while (page.next) page = (await desk.manager.get(`/v1/quarantine?limit=100&cursor=${String(page.next)}`)).body;
  return page.items.at(-1).mailId;
};

const bring: Record<TicketState, (ticketId: string) => Promise<unknown>> = {
  open: () => Promise.resolve(),
  answered: (ticketId) => desk.engineer.post(`/v1/tickets/${ticketId}/messages`, { body: 'We look into it.' }),
  resolved: async (ticketId) => {
    await bring.answered(ticketId);
    await desk.engineer.post(`/v1/tickets/${ticketId}/resolve`, { summary: 'Done.' });
  },
  mailed: async (ticketId) => {
    const files = [{ filename: 'queue.log', content: 'stuck' }];
    const text = 'See the file.\n\nOn Monday somebody wrote:\n> Hello.\n';
    const answer = await deliverRaw(desk.manager, await rawMailWithFiles({ subject: `[${ticketId}]`, text }, files));
    expect(answer.body).toMatchObject({ outcome: 'replied' });
  },
  quarantined: async (ticketId) => {
    const answer = await deliver(desk.manager, { subject: `[${ticketId}]`, verdicts: { dmarc: 'FAIL' } });
    expect(answer.body).toMatchObject({ outcome: 'quarantined' });
  },
  bounced: async () => {
    await desk.manager.post('/v1/mail-stops/lift', { email: 'ann@example.com' });
    // What comes back of letters from before a lift stops nothing, and no address gets more than so many letters an hour.
    await desk.advance(3600);
    await openTicket(accounts[TOKENS]!.own);
    await desk.settled();
    expect((await desk.manager.post('/local/mail/bounce', { to: 'ann@example.com', type: 'bounce' })).status).toBe(200);
  },
  closed: (ticketId) => accounts[TOKENS]!.own.administrator.post(`/v1/tickets/${ticketId}/close`, {}),
};

const idsFor = async ({ on, plan = TOKENS }: Row): Promise<typeof NOWHERE> => {
  const { own } = accounts[plan]!;
  if (!on) return { ...NOWHERE, accountId: own.accountId };
  const ticketId = await openTicket(own);
  await bring[on](ticketId);
  return {
    accountId: own.accountId,
    ticketId,
    mailId: on === 'quarantined' ? await latestInQuarantine() : NOWHERE.mailId,
  };
};

let standing: { readonly row: Row; readonly ids: typeof NOWHERE } | undefined;

/** The same as before for a row, as long as nobody has changed it: most of who calls may not, or only looks. */
const sameIdsFor = async (row: Row): Promise<typeof NOWHERE> => {
  if (standing?.row !== row) standing = { row, ids: await idsFor(row) };
  return standing.ids;
};

const pathsOf = ({ call }: Row): readonly string[] => (typeof call.path === 'string' ? [call.path] : call.path);

const play = async (person: Person, { call }: Row, path: string, ids: typeof NOWHERE): Promise<Answer> => {
  const filled = (text: string) =>
    text.replace(/\{(accountId|ticketId|mailId)\}/g, (_, name: keyof typeof NOWHERE) => ids[name]);
  if (call.body === undefined) return person.get(filled(path));
  const answer = await person.post(filled(path), filled(JSON.stringify(call.body)));
  if (answer.status < 300) standing = undefined;
  return answer;
};

const verdictOf = ({ status, body }: Answer): string => {
  if (status === 200 || status === 201) return 'yes';
  const type = String(body?.type);
  if (status === 403) return type.endsWith(':forbidden') ? 'no' : type.endsWith(':not-entitled') ? 'plan' : type;
  return status === 404 && type.endsWith(':not-found') ? 'hidden' : `${String(status)} ${JSON.stringify(body)}`;
};

const rows = Object.entries(access).filter(([, row]) => !row.byLink);

it('has a row for each operation, and none for an operation that is not there', () => {
  expect(Object.keys(access).toSorted()).toEqual(operations.map(({ operationId }) => operationId).toSorted());
});

it.each(rows)('%s stands at the path that its row names', (operationId, row) => {
  const { method, path } = operations.find((one) => one.operationId === operationId)!;
  const pattern = new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`);
  for (const one of pathsOf(row)) expect(one.split('?')[0]).toMatch(pattern);
  expect(method).toBe(row.call.body === undefined ? 'GET' : 'POST');
});

// First, while the table is small: it is read whole before and after.
describe.each(rows)('%s', (_operationId, row) => {
  it('tells outsiders nothing, and changes nothing for whom it refuses', async () => {
    const ids = await idsFor(row);
    await desk.settled();
    const before = await storedItems(desk.desk);
    for (const path of pathsOf(row)) {
      for (const [name, person, status] of outsiders) {
        const answer = await play(person, row, path, ids);
        expect([name, answer.status]).toEqual([name, row.open ? 200 : status]);
        if (!row.open) expect(Object.keys(answer.body).toSorted()).toEqual(['detail', 'status', 'title', 'type']);
      }
      for (const caller of callers.filter((one) => row.may[one] !== 'yes')) {
        for (const person of everyOne(caller, row.plan ?? TOKENS)) await play(person, row, path, ids);
      }
    }
    expect(newAmong(await storedItems(desk.desk), before)).toEqual([]);
  });
});

describe.each(rows)('%s', (_operationId, row) => {
  it.each(callers)('is for the %s as the table says', async (caller) => {
    for (const person of everyOne(caller, row.plan ?? TOKENS)) {
      for (const path of pathsOf(row)) {
        const answer = await play(person, row, path, await sameIdsFor(row));
        expect(verdictOf(answer)).toBe(row.may[caller]);
      }
    }
  });

  it.runIf(row.may.stranger === 'hidden')('shows strangers the same as where there is nothing', async () => {
    const ids = await sameIdsFor(row);
    for (const stranger of everyOne('stranger', row.plan ?? TOKENS)) {
      for (const path of pathsOf(row)) {
        const [theirs, nothing] = [await play(stranger, row, path, ids), await play(stranger, row, path, NOWHERE)];
        expect({ status: theirs.status, body: theirs.body }).toEqual({ status: nothing.status, body: nothing.body });
      }
    }
  });
});
