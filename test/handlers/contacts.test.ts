/** The people of an account come and change: who may say so, what they may do from then on, and what is kept of it. */
import { expect, it } from 'vitest';
import { MOST_CONTACTS } from '../../lambdas/domain/account/account.ts';
import { customerOn, deskOfThisFile, type Customer, type Person } from '../support/desk.ts';
import { deliver } from '../support/mail.ts';

const desk = deskOfThisFile();

const set = ({ accountId }: Customer, contact: object, by: Person = desk.manager) =>
  by.post(`/v1/accounts/${accountId}/contacts`, contact);
const eraseOnce = async (accountId: string, email: string) => {
  const { status, body } = await desk.manager.post(`/v1/accounts/${accountId}/erasures`, { email });
  expect(status).toBe(200);
  return body as { done: boolean; continueAt?: string };
};
const erase = async (accountId: string, email: string): Promise<void> => {
  for (let step = await eraseOnce(accountId, email); !step.done; step = await eraseOnce(accountId, email)) {
    if (step.continueAt !== undefined) await desk.moveTo(step.continueAt);
  }
};
const history = async ({ accountId }: Customer) =>
  (await desk.manager.get(`/v1/accounts/${accountId}/history`)).body.items as Record<string, any>[];

it('a new contact opens tickets, by HTTP and by mail, and is told of them', async () => {
  const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 1000 });
  const email = 'nora@example.com';
  const mail = () => deliver(desk.manager, { from: `Nora <${email}>`, returnPath: email });
  expect((await mail()).body.outcome).not.toBe('opened');
  const { status, body } = await set(customer, { email, name: 'Nora', role: 'administrator' });
  expect(status).toBe(200);
  expect(body.contacts.at(-1)).toEqual({ email, name: 'Nora', role: 'administrator', mail: 'ok' });
  const nora = await desk.as({ role: 'customer', account: customer.accountId, email });
  const ticket = {
    accountId: customer.accountId,
    subject: 'Stuck',
    description: 'Nothing leaves.',
    priority: 'standard',
  };
  expect((await nora.post('/v1/tickets', ticket)).status).toBe(201);
  expect((await mail()).body.outcome).toBe('opened');
  await desk.settled();
  expect(desk.desk.mails().filter(({ to }) => to === email).length).toBeGreaterThanOrEqual(2);
});

it('a role and a name change, on record, and the same again changes nothing', async () => {
  const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 1000 });
  const { contacts } = (await desk.manager.get(`/v1/accounts/${customer.accountId}`)).body;
  const { mail: _mail, ...user } = contacts.find(({ role }: { role: string }) => role === 'user');
  const ticket = {
    accountId: customer.accountId,
    subject: 'Stuck',
    description: 'Nothing leaves.',
    priority: 'standard',
  };
  expect((await customer.user.post('/v1/tickets', ticket)).status).toBe(403);
  const raised = { ...user, email: user.email.toUpperCase(), name: 'Ursula', role: 'administrator' };
  const after = await set(customer, raised);
  expect(after.body.contacts).toHaveLength(contacts.length);
  expect((await set(customer, raised)).body).toEqual(after.body);
  expect((await customer.user.post('/v1/tickets', ticket)).status).toBe(201);
  expect(await history(customer)).toMatchObject([
    {
      type: 'contact-set',
      contact: { name: 'Ursula', role: 'administrator' },
      before: user,
      actor: { role: 'manager' },
    },
  ]);
});

it('is the manager’s to say, of an account that is there, with room for so many', async () => {
  const customer = await customerOn(desk, 'scalix-basic');
  const zoe = { email: 'zoe@example.com', name: 'Zoe', role: 'user' };
  for (const by of [customer.administrator, desk.engineer]) expect((await set(customer, zoe, by)).status).toBe(403);
  for (const wrong of [
    {},
    { ...zoe, role: 'owner' },
    { ...zoe, email: 'zoe' },
    { ...zoe, name: 'a\nb' },
    { ...zoe, tier: 1 },
  ]) {
    expect((await set(customer, wrong)).status).toBe(400);
  }
  const contacts = Array.from({ length: MOST_CONTACTS }, (_, number) => ({
    ...zoe,
    email: `zoe${String(number)}@example.com`,
  }));
  const full = await customerOn(desk, 'scalix-basic', { contacts });
  expect((await set(full, zoe)).body).toMatchObject({ status: 400, most: MOST_CONTACTS });
  expect((await set(full, { ...contacts[7], name: 'Zara' })).status).toBe(200);
  expect(await history(customer)).toEqual([]);
});

it('two at once both come in', async () => {
  const customer = await customerOn(desk, 'scalix-basic');
  const emails = ['ida@example.com', 'ivo@example.com'];
  await Promise.all(emails.map((email) => set(customer, { email, name: 'I', role: 'user' })));
  const { contacts } = (await desk.manager.get(`/v1/accounts/${customer.accountId}`)).body;
  expect(contacts.map(({ email }: { email: string }) => email)).toEqual(expect.arrayContaining(emails));
});

it('who is being erased comes back once that is over, and nothing of who they were', async () => {
  const customer = await customerOn(desk, 'scalix-basic');
  const kim = { email: 'kim@example.com', name: 'Kim Canaria', role: 'user' };
  await set(customer, kim);
  await set(customer, { ...kim, name: 'Kim Canaria-Smith' });
  expect((await eraseOnce(customer.accountId, kim.email)).done).toBe(false);
  expect((await set(customer, kim)).body).toMatchObject({ status: 409, type: 'urn:makegood:problem:wrong-state' });
  await erase(customer.accountId, kim.email);
  expect(JSON.stringify(await history(customer))).not.toMatch(/canaria|kim@/i);
  expect((await set(customer, kim)).status).toBe(200);
  expect((await history(customer)).at(-1)).toMatchObject({ type: 'contact-set', contact: kim });
});

it('erased, leaves who opens a closed ticket again to read its letters, and of a category what names nobody', async () => {
  const customer = await customerOn(desk, 'luxsci-token-dedicated', {
    units: 50,
    contacts: [
      { email: 'kim@example.com', name: 'Kim Quux', role: 'administrator' },
      { email: 'max.quux@example.com', name: 'Max', role: 'administrator' },
    ],
  });
  const { accountId } = customer;
  const [kim, max] = [
    await desk.as({ role: 'customer', account: accountId, email: 'kim@example.com' }),
    await desk.as({ role: 'customer', account: accountId, email: 'max.quux@example.com' }),
  ];
  const opening = {
    accountId,
    subject: 'Stuck',
    description: 'Mine.',
    category: 'Laptop of Kim Quux',
    priority: 'standard',
  };
  const path = `/v1/tickets/${String((await kim.post('/v1/tickets', opening)).body.ticketId)}`;
  await desk.engineer.post(`${path}/messages`, { body: 'We look.' });
  await desk.engineer.post(`${path}/resolve`, { summary: 'Done.' });
  await desk.engineer.post(`${path}/close`, {});
  await erase(accountId, 'kim@example.com');
  expect((await max.get(path)).body).toMatchObject({
    status: 'closed',
    category: 'Laptop of [erased]',
    followers: [],
  });
  expect((await max.post(`${path}/reopen`, { sameProblem: true })).body.followers).toEqual(['max.quux@example.com']);
  await desk.engineer.post(`${path}/messages`, { body: 'We look again.' });
  await desk.settled();
  const read = desk.desk
    .mails()
    .filter(({ to, text }) => to === 'max.quux@example.com' && text.includes('We look again.'));
  expect(read).toHaveLength(1);
});

it('an address out of the ordinary is mailed, exported and erased as any other', async () => {
  const customer = await customerOn(desk, 'scalix-basic', { units: 50 });
  const [email, neighbour] = ['r&d=!$%*^{}~/ann@example.xn--p1ai', 'ann@example.xn--p1ai'];
  for (const one of [email, neighbour]) {
    expect((await set(customer, { email: one, name: 'Nora', role: 'user' })).status).toBe(200);
  }
  expect((await deliver(desk.manager, { from: `Nora <${email}>`, returnPath: email })).body.outcome).toBe('opened');
  await desk.settled();
  expect(desk.desk.mails().some(({ to }) => to === email)).toBe(true);
  const kept = async () => {
    let text = '';
    for (let cursor = ''; ;) {
      const { body } = await desk.manager.get(`/v1/accounts/${customer.accountId}/export?limit=20${cursor}`);
      text += JSON.stringify(body.items);
      if (body.next === undefined) return text;
      cursor = `&cursor=${String(body.next)}`;
    }
  };
  const before = (await kept()).split(email).length;
  expect(before).toBeGreaterThan(5);
  await erase(customer.accountId, neighbour);
  expect((await kept()).split(email)).toHaveLength(before);
  await erase(customer.accountId, email);
  expect(await kept()).not.toContain(email);
});
