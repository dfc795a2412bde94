/** What a vendor owes the people whose data a desk keeps: all of it on request, and none of it once they ask for that. */
import { beforeAll, describe, expect, it } from 'vitest';
import { deskOfThisFile, type Person } from '../support/desk.ts';
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
      letter: stored.filter((item) => item.entity?.S === 'mail' && /Canaria|canaria/.test(JSON.stringify(item))).length,
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
