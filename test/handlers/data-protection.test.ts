/** What a vendor owes the people whose data a desk keeps: all of it on request, and none of it once they ask for that. */
import { DynamoDBClient, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { pseudonymOf } from '../../lambdas/domain/account/erased.ts';
import { replay } from '../../lambdas/domain/ticket/evolve.ts';
import { eraseFromTicket } from '../../lambdas/store/erase-ticket.ts';
import { readAccount, readEvent, readLedgerEntry, readTicket } from '../../lambdas/store/items.ts';
import { openTable } from '../../lambdas/store/table.ts';
import { customerOn, deskOfThisFile, type Customer, type Person } from '../support/desk.ts';
import { manager } from '../support/records.ts';
import { live, tracesOf, type Life } from '../support/person.ts';
import { storedItems } from '../support/stored.ts';

const desk = deskOfThisFile();
let life: Life;
beforeAll(async () => {
  life = await live(desk, tracesOf('Canaria'));
}, 60_000);

interface Entry {
  readonly kind: string;
  readonly [part: string]: any;
}

const exportOf = async (who: Person, limit: number): Promise<Entry[]> => {
  const path = `/v1/accounts/${life.accountId}/export?limit=${String(limit)}`;
  const entries: Entry[] = [];
  let next = '';
  do {
    const { status, body } = await who.get(`${path}${next}`);
    expect(status).toBe(200);
    expect(body.items.length).toBeLessThanOrEqual(limit + 1);
    entries.push(...body.items);
    next = body.next ? `&cursor=${String(body.next)}` : '';
  } while (next !== '');
  return entries;
};
const countOf = (entries: readonly Entry[]) => {
  const counts: Record<string, number> = {};
  for (const { kind } of entries) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

describe('an export', () => {
  it('has every record of the account once, however it is cut into pages', async () => {
    const whole = await exportOf(desk.manager, 100);
    expect(await exportOf(desk.manager, 7)).toEqual(whole);
    const stored = (await storedItems(desk.desk)).map((item) => JSON.parse(item));
    const isContact = (address: string) => [life.email, life.colleagueEmail].includes(address);
    const inTable = (entity: string) => stored.filter((item) => item.entity?.S === entity).length;
    expect(countOf(whole)).toEqual({
      account: 1,
      'ledger-entry': inTable('ledger-entry'),
      'account-event': inTable('account-event'),
      ticket: inTable('ticket'),
      // Nobody was warned, so all events are on the timeline.
      event: inTable('event'),
      message: inTable('message'),
      'whole-text': inTable('full-text'),
      mail: inTable('correspondence'),
      letter: stored.filter(({ entity, pk }) => entity?.S === 'mail' && isContact(pk.S.slice('MAILBOX#'.length)))
        .length,
    });
  });

  it('shows texts, files, mails in and out, and a stop of mail, to the administrator too; but nothing internal', async () => {
    const all = await exportOf(desk.manager, 100);
    const own = await exportOf(life.person, 100);
    const internal = 'Canaria Quux is nice.';
    expect(JSON.stringify(all)).toContain(internal);
    expect(JSON.stringify(own)).not.toContain(internal);
    expect(all.length - own.length).toBe(2);
    const text = JSON.stringify(own);
    for (const trace of [life.word, life.phone, `${life.word}.log`, 'att_1_1']) expect(text).toContain(trace);
    for (const secret of ['sesMessageId', 'waitToken', 'idempotency', '"version"']) expect(text).not.toContain(secret);
    const [{ account, balance }] = own as [Entry];
    expect(account.contacts[0]).toMatchObject({ email: life.email, mail: 'bounced', mailStop: expect.anything() });
    expect(balance.available).toBe(20);
    expect(
      own
        .filter(({ kind, mail }) => kind === 'mail' && mail.wrote)
        .map(({ mail }) => mail.outcome)
        .toSorted(),
    ).toEqual(['opened', 'replied', 'quarantined', 'refused', 'ignored', 'opened'].toSorted());
    expect(own.filter(({ kind, letter }) => kind === 'letter' && letter.withheld !== undefined)).not.toEqual([]);
  });

  it('is bound to whoever asked for its first page', async () => {
    const path = `/v1/accounts/${life.accountId}/export?limit=1`;
    const { body } = await desk.manager.get(path);
    expect((await life.person.get(`${path}&cursor=${String(body.next)}`)).status).toBe(400);
    expect((await life.colleague.get(path)).body).toMatchObject({
      status: 403,
      type: 'urn:makegood:problem:forbidden',
    });
  });
});

const clientOf = () =>
  new DynamoDBClient({
    endpoint: desk.desk.engineEndpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

type Stored = Record<string, AttributeValue>;
const stored = async (): Promise<Stored[]> => (await storedItems(desk.desk)).map((item) => JSON.parse(item) as Stored);
const plain = (item: Stored) => unmarshall(item);

/** Each ticket's timeline gives the ticket; answers how many there were. */
const replayed = async (): Promise<number> => {
  const items = (await stored()).map(plain);
  const tickets = items.filter(({ entity }) => entity === 'ticket');
  for (const ticket of tickets) {
    const events = items.filter(({ entity, pk }) => entity === 'event' && pk === ticket.pk).map(readEvent);
    const inOrder = events.toSorted((a, b) => a.seq - b.seq);
    expect(inOrder.map(({ seq }) => seq)).toEqual(inOrder.map((_event, place) => place + 1));
    expect(replay(inOrder)).toEqual(readTicket(ticket));
    expect(ticket.version).toBe(inOrder.length);
  }
  return tickets.length;
};

/** The account's ledger and what stays of its tickets' histories, without people and words. */
const wholeOf = async (accountId: string) => {
  const items = (await stored()).map(plain);
  const ledger = items.filter(({ entity, pk }) => entity === 'ledger-entry' && pk === `ACCOUNT#${accountId}`);
  const events = items.filter(({ entity }) => entity === 'event').map(readEvent);
  const lots = readAccount(items.find(({ pk, sk }) => pk === `ACCOUNT#${accountId}` && sk === 'ACCOUNT')!).lots;
  return {
    ledger: Object.fromEntries(
      ledger.map(readLedgerEntry).map(({ actor: { role }, ...entry }) => [entry.entryId, { ...entry, role }]),
    ),
    lots,
    history: Object.fromEntries(
      events
        .filter((event) => event.accountId === accountId && event.type !== 'contact-erased')
        .map(({ ticketId, seq, type, at, recordedAt, actor: { role } }) => [
          `${ticketId}-${String(seq)}`,
          { type, at, recordedAt, role },
        ]),
    ),
    charges: Object.fromEntries(
      events.flatMap((event) =>
        event.type === 'opened' && event.accountId === accountId ? [[event.ticketId, event.charge]] : [],
      ),
    ),
  };
};

/** Lines where a trace of a person stands: keys, texts, whatever. */
const tracesIn = async ({ email, name, phone, word }: Life): Promise<string[]> => {
  const texts = [...(await storedItems(desk.desk)), ...desk.desk.objects().map((bytes) => bytes.toString('latin1'))];
  const trace = new RegExp([email, name, phone.replace('+', '\\+'), word].join('|'), 'i');
  return texts.filter((text) => trace.test(text)).map((text) => text.slice(0, 300));
};

/** Sends the call until it is done, and moves the clock where it asks for that; answers the last answer. */
const erase = async ({ accountId, email }: { accountId: string; email: string }) => {
  for (let calls = 1; ; calls += 1) {
    const { status, body } = await desk.manager.post(`/v1/accounts/${accountId}/erasures`, { email });
    expect([status, calls < 60]).toEqual([200, true]);
    if (body.continueAt) await desk.moveTo(body.continueAt);
    if (body.done) return body;
  }
};

describe('an erasure', () => {
  it('leaves no trace of the person, and the ledger and every history whole', async () => {
    const before = await wholeOf(life.accountId);
    const letters = desk.desk.mails().length;
    expect((await tracesIn(life)).length).toBeGreaterThan(40);
    const { contact } = await erase(life);
    await desk.settled();
    expect(await tracesIn(life)).toEqual([]);
    expect(await wholeOf(life.accountId)).toEqual(before);
    expect(await replayed()).toBeGreaterThan(2);
    const { items } = (await desk.manager.get(`/v1/accounts/${life.accountId}/history`)).body;
    expect(items.at(-1)).toMatchObject({ type: 'contact-erased', contact, actor: { role: 'manager' } });
    const { body: ledger } = await desk.manager.get(`/v1/accounts/${life.accountId}/ledger`);
    const sum = ledger.items.reduce(
      (all: number, { kind, amount }: { kind: string; amount: number }) => all + (kind === 'charge' ? -amount : amount),
      0,
    );
    expect((await desk.manager.get(`/v1/accounts/${life.accountId}/balance`)).body.available).toBe(sum);
    const sent = desk.desk.mails().slice(letters);
    expect(sent.filter(({ to, subject }) => to === life.email || subject.includes(life.word))).toEqual([]);
    expect(desk.desk.deadLetters()).toEqual([]);
  });

  it('lets work on an open ticket go on: those of the account who are left read its letters', async () => {
    const ticket = (await desk.engineer.get(`/v1/tickets/${life.openId}`)).body;
    expect(ticket).toMatchObject({ status: 'open', subject: '[erased]', contact: { name: '[erased]' } });
    expect(ticket.contact.email).toMatch(/^erased-/);
    const split = { problems: [{ subject: 'Fonts', description: 'Too small.' }], quoteOnly: true };
    for (const [step, body] of [
      ['messages', { body: 'We called.', calledBack: true }],
      ['split', split],
      ['resolve', { summary: 'Done.' }],
      ['close', {}],
    ] as const) {
      expect([step, (await desk.engineer.post(`/v1/tickets/${life.openId}/${step}`, body)).status]).toEqual([
        step,
        step === 'messages' ? 201 : 200,
      ]);
    }
    await desk.settled();
    const read = desk.desk.mails().filter(({ subject }) => subject.includes(life.openId));
    expect(read.at(-1)).toMatchObject({
      to: life.colleagueEmail,
      subject: expect.stringMatching(/^Your ticket is closed: \[erased\]/),
    });
    expect(await tracesIn(life)).toEqual([]);
    expect(await replayed()).toBeGreaterThan(2);
  });

  it('is not undone by what comes again or late: a bounce of an old letter, a mail, a link, the same call', async () => {
    const feedback = {
      eventType: 'Bounce',
      bounce: { bounceType: 'Permanent', bouncedRecipients: [{ emailAddress: life.email }] },
      mail: {
        messageId: '0100-late',
        timestamp: '2026-03-02T15:00:00.000Z',
        destination: [life.email],
        headers: [{ name: 'X-Makegood-Cause', value: `${life.openId}-1` }],
      },
    };
    const Sns = { Message: JSON.stringify(feedback), Timestamp: '2026-03-02T15:00:10.000Z' };
    const taken = await desk.desk.invoke('lambdas/handlers/mail-events.lambda.ts', { Records: [{ Sns }] });
    expect(taken.failure).toBeUndefined();
    expect(await tracesIn(life)).toEqual([]);
    const again = await desk.manager.post(`/v1/accounts/${life.accountId}/erasures`, { email: life.email });
    expect(again.body).toMatchObject({ done: false, traces: 0 });
    expect(await erase(life)).toMatchObject({ done: true, traces: 0 });
    expect(await tracesIn(life)).toEqual([]);
  });

  it('of an address that two accounts have leaves the other’s alone', async () => {
    const contacts = [{ email: 'shara@example.com', name: 'Shara Quux', role: 'administrator' }];
    const [one, other] = [
      await customerOn(desk, 'scalix-basic', { units: 50, contacts }),
      await customerOn(desk, 'scalix-basic', { units: 50, contacts }),
    ];
    const open = async ({ accountId }: Customer): Promise<string> => {
      const person = await desk.as({ role: 'customer', account: accountId, email: 'shara@example.com' });
      const { body } = await person.post('/v1/tickets', {
        accountId,
        subject: 'Stuck',
        description: 'Shara Quux here.',
      });
      return body.ticketId as string;
    };
    const [ticketId, otherId] = [await open(one), await open(other)];
    await desk.settled();
    const others = (await storedItems(desk.desk)).filter(
      (item) => item.includes(other.accountId) || item.includes(otherId),
    );
    await erase({ accountId: one.accountId, email: 'shara@example.com' });
    const now = await storedItems(desk.desk);
    expect(now).toEqual(expect.arrayContaining(others));
    expect(
      now.filter(
        (item) =>
          item.includes('hara') &&
          !item.includes('mail-hour') &&
          (item.includes(one.accountId) || item.includes(ticketId)),
      ),
    ).toEqual([]);
    expect(now.filter((item) => item.includes('MAILBOX#shara') && item.includes(otherId))).not.toEqual([]);
  });

  it('that breaks off after any of its writes is finished by the next try, and every history replays in between', async () => {
    const another = await live(desk, tracesOf('Dorothea'));
    const client = clientOf();
    onTestFinished(() => {
      client.destroy();
    });
    const table = openTable(desk.desk.blueprint.tables[0]!.name, client);
    let written = 0;
    table.client.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          const done = await next(args);
          if (/Transact|Update|Put|Delete/.test(commandName) && (written += 1) % 2 === 1) throw new Error('crashed');
          return done;
        },
      { step: 'initialize' },
    );
    const nothing = () => Promise.resolve();
    const person = { ...another, pseudonym: pseudonymOf('01J9ZC2M6Q4V7R8T5X3W1Y0N2K') };
    const now = new Date(desk.desk.clock.now()).toISOString();
    const work = {
      table,
      objects: { removeMail: nothing, removeFiles: nothing },
      person,
      actor: manager,
      now,
      heirs: [],
    };
    for (const ticketId of [another.openId, another.closedId, another.followedId]) {
      let crashes = 0;
      written = 0;
      while (
        await eraseFromTicket(work, ticketId).then(
          () => false,
          () => true,
        )
      ) {
        crashes += 1;
        expect(crashes).toBeLessThan(20);
        await replayed();
      }
      expect(crashes).toBeGreaterThan(0);
      const ofTicket = (await storedItems(desk.desk)).filter((item) => item.includes(`"S":"TICKET#${ticketId}"`));
      expect(ofTicket.filter((item) => /dorothea|555 08/i.test(item))).toEqual([]);
    }
  });
});
