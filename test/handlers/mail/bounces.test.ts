/** Mail that does not arrive: it stops, everybody who should know can see it, and a manager can let it go again. */
import { describe, expect, it } from 'vitest';
import { customerOn, deskOfThisFile, openTicket, type Customer } from '../../support/desk.ts';

const desk = deskOfThisFile();
let accounts = 0;

const freshCustomer = async (): Promise<Customer & { email: string }> => {
  const email = `ann${String((accounts += 1))}@example.com`;
  const contacts = [{ email, name: 'Ann', role: 'administrator' }];
  const customer = await customerOn(desk, 'scalix-basic', { units: 50, contacts });
  return {
    ...customer,
    email,
    administrator: await desk.as({ role: 'customer', account: customer.accountId, email }),
  };
};
const ticketOf = async (customer: Customer): Promise<string> => {
  const id = await openTicket(customer);
  await desk.settled();
  return id;
};
const fail = async (to: string, type: string) => {
  const answer = await desk.manager.post('/local/mail/bounce', { to, type });
  expect(answer.status).toBe(200);
  return answer.body as { messageId: string };
};
const mailsTo = (email: string) => desk.desk.mails().filter(({ to }) => to === email);
const answer = async (ticketId: string) => {
  await desk.engineer.post(`/v1/tickets/${ticketId}/messages`, { body: 'Which release?' });
  await desk.settled();
};
const contactOf = async ({ accountId }: Customer) =>
  (await desk.manager.get(`/v1/accounts/${accountId}`)).body.contacts[0];
const failures = async (ticketId: string, reader = desk.engineer) =>
  (await reader.get(`/v1/tickets/${ticketId}/timeline`)).body.items.filter((one: any) => one.type === 'mail-failed');
const lift = (email: string, headers?: Record<string, string>, by = desk.manager) =>
  by.post('/v1/mail-stops/lift', { email, reason: 'The mailbox works again.' }, headers);

describe('a contact whose mail bounces for good', () => {
  it('gets no more mail, visibly, until a manager lifts the stop', async () => {
    const customer = await freshCustomer();
    const { email, accountId } = customer;
    const id = await ticketOf(customer);
    expect(await contactOf(customer)).toEqual({ email, name: 'Ann', role: 'administrator', mail: 'ok' });
    const sent = mailsTo(email).length;
    expect(sent).toBeGreaterThan(0);
    await fail(email, 'bounce');

    await answer(id);
    expect(mailsTo(email)).toHaveLength(sent);
    const stop = { since: expect.any(String), reason: expect.stringContaining('550 5.1.1 user unknown') };
    expect(await contactOf(customer)).toMatchObject({ mail: 'bounced', mailStop: stop });
    const [failure, ...others] = await failures(id);
    expect(others).toEqual([]);
    expect(failure).toMatchObject({ to: email, kind: 'bounce', permanent: true, actor: { role: 'desk' } });
    expect(await failures(id, customer.administrator)).toEqual([failure]);
    const { items } = (await desk.engineer.get('/v1/mail-stops')).body;
    expect(items).toContainEqual({ email, state: 'bounced', ...stop, accounts: [accountId] });

    expect(await lift(email)).toMatchObject({ status: 200, body: { email, mail: 'ok', accounts: [accountId] } });
    expect(await contactOf(customer)).toEqual({ email, name: 'Ann', role: 'administrator', mail: 'ok' });
    await answer(id);
    expect(mailsTo(email)).toHaveLength(sent + 1);
  });

  it('keeps every promise and every point of its ticket as it was', async () => {
    const customer = await freshCustomer();
    const id = await ticketOf(customer);
    const shown = async () => [
      (await desk.manager.get(`/v1/tickets/${id}`)).body,
      (await desk.manager.get(`/v1/accounts/${customer.accountId}/balance`)).body,
      (await desk.manager.get(`/v1/accounts/${customer.accountId}/ledger`)).body,
    ];
    const before = await shown();
    await fail(customer.email, 'bounce');
    expect(await shown()).toEqual(before);
    await desk.advance(5 * 3600);
    const { items } = (await desk.manager.get(`/v1/tickets/${id}/timeline`)).body;
    expect(items.map(({ type }: any) => type)).toEqual(['opened', 'mail-failed', 'missed', 'credited', 'escalated']);
  });

  it('is noted once, however often SNS delivers what SES says', async () => {
    const customer = await freshCustomer();
    const id = await ticketOf(customer);
    await Promise.all([fail(customer.email, 'bounce'), fail(customer.email, 'bounce')]);
    await fail(customer.email, 'bounce');
    expect(await failures(id)).toHaveLength(1);
    await lift(customer.email);
    await fail(customer.email, 'bounce');
    expect(await contactOf(customer)).toMatchObject({ mail: 'ok' });
    expect(await failures(id)).toHaveLength(1);
    expect(desk.desk.deadLetters()).toEqual([]);
  });
});

describe('an event of SNS', () => {
  const eventFor = (email: string, changes: object = {}) => {
    const { messageId, sentAt, headers } = mailsTo(email).at(-1)!;
    const mail = {
      ...{ messageId, timestamp: sentAt, destination: [email] },
      headers: [{ name: 'X-Makegood-Cause', value: headers['x-makegood-cause'] }],
    };
    const bounce = { bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients: [{ emailAddress: email }] };
    const Message = JSON.stringify({ eventType: 'Bounce', bounce, mail });
    const Timestamp = new Date(desk.desk.clock.now()).toISOString();
    return { Records: [{ EventSource: 'aws:sns', Sns: { Type: 'Notification', Message, Timestamp, ...changes } }] };
  };
  const invoke = async (event: unknown) =>
    (await desk.desk.invoke('lambdas/handlers/mail-events.lambda.ts', event)).failure;

  it('that is delivered twice, at once or after the stop was lifted, has its effect once', async () => {
    const customer = await freshCustomer();
    const { email } = customer;
    const id = await ticketOf(customer);
    const event = eventFor(email);
    expect(await Promise.all([invoke(event), invoke(event)])).toEqual([undefined, undefined]);
    expect(await failures(id)).toHaveLength(1);
    expect(await contactOf(customer)).toMatchObject({ mail: 'bounced' });
    await lift(email);
    expect(await invoke(event)).toBeUndefined();
    expect(await failures(id)).toHaveLength(1);
    expect(await contactOf(customer)).toMatchObject({ mail: 'ok' });
  });

  it('may be SES’s own test of the topic; anything else that can’t be read fails aloud', async () => {
    const customer = await freshCustomer();
    await ticketOf(customer);
    const Message = 'Successfully validated SNS topic for Amazon SES event publishing.';
    expect(await invoke(eventFor(customer.email, { Message }))).toBeUndefined();
    expect(await invoke(eventFor(customer.email, { Message: '{"eventType":"Bounce"}' }))).toBeDefined();
    expect(await contactOf(customer)).toMatchObject({ mail: 'ok' });
  });
});

describe('other failures', () => {
  it('a complaint stops mail, and a bounce that comes after it makes no less of it', async () => {
    const customer = await freshCustomer();
    const id = await ticketOf(customer);
    await fail(customer.email, 'complaint');
    await fail(customer.email, 'bounce');
    expect(await contactOf(customer)).toMatchObject({ mail: 'complained' });
    const sent = mailsTo(customer.email).length;
    await answer(id);
    expect(mailsTo(customer.email)).toHaveLength(sent);
    expect((await failures(id)).map(({ kind }: any) => kind)).toEqual(['complaint', 'bounce']);
  });

  it('a transient one is noted, and mail goes on', async () => {
    const customer = await freshCustomer();
    const id = await ticketOf(customer);
    await fail(customer.email, 'transient');
    expect(await contactOf(customer)).toMatchObject({ mail: 'ok' });
    expect(await failures(id)).toMatchObject([{ kind: 'transient', permanent: false }]);
    const sent = mailsTo(customer.email).length;
    await answer(id);
    expect(mailsTo(customer.email)).toHaveLength(sent + 1);
  });

  it('of mail to a tier is shown to the vendor’s people and to no customer', async () => {
    const customer = await freshCustomer();
    const id = await ticketOf(customer);
    await customer.administrator.post(`/v1/tickets/${id}/callback`, { phone: '+1 555 0100' });
    await desk.settled();
    await fail('ts1@desk.example.com', 'bounce');
    expect(await failures(id)).toMatchObject([{ to: 'ts1@desk.example.com' }]);
    expect(await failures(id, customer.administrator)).toEqual([]);
    const { items } = (await desk.manager.get('/v1/mail-stops')).body;
    expect(items).toContainEqual(expect.objectContaining({ email: 'ts1@desk.example.com', accounts: [] }));
    expect(await lift('ts1@desk.example.com')).toMatchObject({ status: 200, body: { accounts: [] } });
  });
});

describe('lifting a stop', () => {
  it('is in the history of each account that has the contact, once under one key', async () => {
    const customer = await freshCustomer();
    await ticketOf(customer);
    await fail(customer.email, 'complaint');
    const key = { 'idempotency-key': `lift-${customer.email}` };
    const first = await lift(customer.email.toUpperCase(), key);
    const again = await lift(customer.email.toUpperCase(), key);
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body).toEqual(first.body);
    const { items } = (await customer.administrator.get(`/v1/accounts/${customer.accountId}/history`)).body;
    expect(items).toMatchObject([
      {
        ...{ type: 'mail-resumed', email: customer.email, reason: 'The mailbox works again.' },
        ...{ stopped: { state: 'complained' }, actor: { role: 'manager', email: 'max@example.com' } },
      },
    ]);
  });

  it('needs a stop, and a manager', async () => {
    const customer = await freshCustomer();
    expect(await lift(customer.email)).toMatchObject({ status: 409, body: { mail: 'ok' } });
    expect((await lift('nobody@example.com')).status).toBe(409);
    expect((await lift(customer.email, {}, desk.engineer)).status).toBe(403);
    expect((await lift(customer.email, {}, customer.administrator)).status).toBe(403);
    expect((await customer.administrator.get('/v1/mail-stops')).status).toBe(403);
    expect((await desk.manager.post('/v1/mail-stops/lift', { email: 'no address' })).status).toBe(400);
  });
});
