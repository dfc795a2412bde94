/** How the vendor's people find an account: all of them page by page, or those of a person by address. */
import { beforeAll, expect, it } from 'vitest';
import { deskOfThisFile } from '../support/desk.ts';

const desk = deskOfThisFile();

interface Page {
  readonly items: readonly {
    readonly accountId: string;
    readonly name: string;
    readonly contacts: readonly object[];
  }[];
  readonly next?: string;
}

let created = 0;
/** A second after the one before. */
const create = async (...emails: readonly string[]): Promise<string> => {
  await desk.advance(1);
  const { status, body } = await desk.manager.post('/v1/accounts', {
    ...{
      name: `Example ${String((created += 1))}`,
      planId: 'scalix-basic',
      timeZone: 'Europe/Berlin',
      region: 'DE-BY',
    },
    contacts: emails.map((email) => ({ email, name: 'Ann', role: 'user' })),
  });
  expect(status).toBe(201);
  return String(body.accountId);
};

const ask = async (query: Readonly<Record<string, string>>, by = desk.manager): Promise<Page> => {
  const { status, body } = await by.get(`/v1/accounts?${new URLSearchParams(query).toString()}`);
  expect([status, body.detail]).toEqual([200, undefined]);
  return body as Page;
};
const idsOf = ({ items }: Page): string[] => items.map(({ accountId }) => accountId);
const found = async (email: string): Promise<string[]> => idsOf(await ask({ email }, desk.engineer));

/** All pages, with something done between each two. */
const walk = async (
  query: Readonly<Record<string, string>>,
  between: () => Promise<unknown> = () => Promise.resolve(),
) => {
  const ids: string[] = [];
  let page = await ask(query);
  for (ids.push(...idsOf(page)); page.next !== undefined; ids.push(...idsOf(page))) {
    await between();
    page = await ask({ ...query, cursor: page.next });
  }
  return ids;
};

let both: string[];
beforeAll(async () => {
  const first = await create('ann@example.com', 'uwe@example.com');
  const second = await create('ann@example.com');
  await create('bea@example.com');
  both = [second, first];
});

it('all of them are listed newest first, each once and none lost, while others come', async () => {
  const there = idsOf(await ask({ limit: '100' }));
  const added: string[] = [];
  const seen = await walk({ limit: '1' }, async () => added.push(await create('new@example.com')));
  expect(there.length).toBeGreaterThanOrEqual(3);
  expect(seen).toEqual(there);
  expect(added).toHaveLength(there.length - 1);
  expect(await walk({ limit: '2' })).toEqual([...added.toReversed(), ...there]);
});

it('a person’s are found by address in any case, by an engineer too, and nobody else’s', async () => {
  expect(await found('Ann@Example.com')).toEqual(both);
  expect(await found('uwe@example.com')).toEqual([both[1]]);
  for (const other of ['nn@example.com', 'joann@example.com', 'ann@example.co']) expect(await found(other)).toEqual([]);
});

it('a person of many accounts has them in pages', async () => {
  const email = `${'x'.repeat(64)}@${`${'y'.repeat(61)}.`.repeat(3)}com`;
  expect(email.length).toBeGreaterThan(250);
  const ids = [await create(email), await create('new@example.com', email), await create(email)];
  expect(await walk({ email, limit: '1' })).toEqual(ids.toReversed());
});

it('each is shown as it was written last', async () => {
  const accountId = await create('ida@example.com');
  await desk.manager.post(`/v1/accounts/${accountId}/contacts`, {
    ...{ email: 'ivo@example.com', name: 'Ivo', role: 'administrator' },
  });
  const [account] = (await ask({ email: 'ivo@example.com' })).items;
  expect(account).toEqual({
    ...{
      accountId,
      name: `Example ${String(created)}`,
      planId: 'scalix-basic',
      timeZone: 'Europe/Berlin',
      region: 'DE-BY',
    },
    contacts: [
      { email: 'ida@example.com', name: 'Ann', role: 'user' },
      { email: 'ivo@example.com', name: 'Ivo', role: 'administrator' },
    ],
    createdAt: expect.stringMatching(/^2026-/) as string,
  });
  expect((await ask({ limit: '1' })).items).toEqual([account]);
});

it('who is erased is found no more, from the first call on', async () => {
  const accountId = await create('kim@example.com', 'kit@example.com');
  expect(await found('kim@example.com')).toEqual([accountId]);
  await desk.manager.post(`/v1/accounts/${accountId}/erasures`, { email: 'kim@example.com' });
  expect(await found('kim@example.com')).toEqual([]);
  expect(await found('kit@example.com')).toEqual([accountId]);
});

it('a cursor is good for the list that gave it out, and what is no address is refused', async () => {
  const { next: ofAll = '' } = await ask({ limit: '1' });
  const { next: ofAnn = '' } = await ask({ limit: '1', email: 'ann@example.com' });
  const wrong: readonly Record<string, string>[] = [
    { email: 'ann@example.com', cursor: ofAll },
    { email: 'uwe@example.com', cursor: ofAnn },
    { cursor: ofAnn },
    { email: 'ann' },
    { email: '' },
    { name: 'Example' },
  ];
  for (const query of wrong) {
    const { status, body } = await desk.manager.get(`/v1/accounts?${new URLSearchParams(query).toString()}`);
    expect([query, status, body.type]).toEqual([query, 400, 'urn:makegood:problem:validation']);
  }
});

it('a customer is refused, with their own address too', async () => {
  const ann = await desk.as({ role: 'customer', account: both[0]!, email: 'ann@example.com' });
  for (const query of ['', '?email=ann@example.com']) expect((await ann.get(`/v1/accounts${query}`)).status).toBe(403);
});
