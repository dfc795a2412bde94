/** A mail that nobody could prove waits for a manager, who lets it act or drops it, once; until then it has done nothing. */
import { describe, expect, it } from 'vitest';
import { deskOfThisFile, openTicket, type Answer } from '../support/desk.ts';
import { freshMessageId, mailbox, type Correspondent, type MailParts } from '../support/mail.ts';
import { expectRefused } from '../support/story.ts';

const desk = deskOfThisFile();
const { freshCustomer, available, tickets, send } = mailbox(desk);

const unproven: MailParts = { verdicts: { spf: 'FAIL', dkim: 'FAIL', dmarc: 'GRAY' } };

const listed = async (): Promise<any[]> => (await desk.manager.get('/v1/quarantine?limit=100')).body.items;
/** Sends a mail that is quarantined; answers its id. */
const quarantined = async (customer: { email: string }, mail: MailParts = {}): Promise<string> => {
  const before = new Set((await listed()).map(({ mailId }) => mailId));
  expect(await send(customer, { ...unproven, ...mail })).toMatchObject({ outcome: 'quarantined' });
  const [fresh, ...others] = (await listed()).filter(({ mailId }) => !before.has(mailId));
  expect(others).toEqual([]);
  return fresh.mailId as string;
};
const decide = async (mailId: string, step: 'release' | 'drop', body: object = {}): Promise<Answer> => {
  const answer = await desk.manager.post(`/v1/quarantine/${mailId}/${step}`, body);
  await desk.settled();
  return answer;
};
const isListed = async (mailId: string) => (await listed()).some((one) => one.mailId === mailId);

describe('a quarantined mail', () => {
  it('is shown to managers alone, with what it claims, what was found and the beginning of its text', async () => {
    const customer = await freshCustomer();
    const mailId = await quarantined(customer, { text: 'x'.repeat(30_000), returnPath: 'mallory@example.net' });
    const { body } = await desk.manager.get(`/v1/quarantine/${mailId}`);
    expect(body).toMatchObject({
      mailId,
      outcome: 'quarantined',
      code: 'unauthenticated',
      returnPath: 'mallory@example.net',
      recipients: ['support@desk.example.com'],
      verdicts: { spf: 'fail', dkim: 'fail', dmarc: 'gray', spam: 'pass', virus: 'pass' },
      content: { from: [customer.email], subject: 'Mail is stuck', preview: expect.stringMatching(/^x{1000}/) },
    });
    expect(body.content.preview.length).toBeLessThanOrEqual(2000);
    for (const path of ['', `/${mailId}`]) {
      expectRefused(await desk.engineer.get(`/v1/quarantine${path}`), 403, 'forbidden');
      expectRefused(await customer.administrator.get(`/v1/quarantine${path}`), 403, 'forbidden');
    }
    for (const step of ['release', 'drop']) {
      expectRefused(await desk.engineer.post(`/v1/quarantine/${mailId}/${step}`, {}), 403, 'forbidden');
    }
    expect(await isListed(mailId)).toBe(true);
  });

  it('is listed oldest first, page by page', async () => {
    const customer = await freshCustomer();
    const ids = [];
    for (let sent = 0; sent < 3; sent += 1) {
      ids.push(await quarantined(customer));
      await desk.advance(60);
    }
    const all: string[] = [];
    let next: string | undefined = '';
    while (next !== undefined) {
      const query: string = next === '' ? '' : `&cursor=${next}`;
      const { body } = await desk.manager.get(`/v1/quarantine?limit=1${query}`);
      all.push(...body.items.map(({ mailId }: any) => mailId));
      next = body.next;
    }
    expect(all.slice(-3)).toEqual(ids);
    expect(new Set(all).size).toBe(all.length);
  });

  it('EV-10 opens its ticket when a manager releases it, at that moment, once, and on record by whom', async () => {
    const customer = await freshCustomer();
    const mailId = await quarantined(customer);
    expect(await available(customer)).toBe(50);
    await desk.advance(3600);
    const now = new Date(desk.desk.clock.now()).toISOString();
    const { status, body } = await decide(mailId, 'release', { reason: 'She called.' });
    expect([status, body.outcome]).toEqual([200, 'opened']);
    expect(body.decision).toMatchObject({
      action: 'released',
      by: { role: 'manager', email: 'max@example.com' },
      reason: 'She called.',
      quarantinedFor: 'unauthenticated',
    });
    const { body: ticket } = await customer.administrator.get(`/v1/tickets/${body.ticketId as string}`);
    expect(ticket).toMatchObject({ channel: 'email', contact: { email: customer.email } });
    expect(ticket.openedAt >= now).toBe(true);
    for (const step of ['release', 'drop'] as const) expectRefused(await decide(mailId, step), 409, 'wrong-state');
    expect(await available(customer)).toBe(40);
    expect(await isListed(mailId)).toBe(false);
    expect((await desk.manager.get(`/v1/quarantine/${mailId}`)).body.outcome).toBe('opened');
  });

  it('EV-10 acts once, however many managers release or drop it at the same time', async () => {
    const customer = await freshCustomer();
    const mailId = await quarantined(customer);
    const steps = ['release', 'drop', 'release', 'release'] as const;
    const answers = await Promise.all(steps.map((step) => decide(mailId, step)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409]);
    const released = answers.some(({ status, body }) => status === 200 && body.outcome === 'opened');
    expect(await available(customer)).toBe(released ? 40 : 50);
  });

  it('EV-10 that was dropped never acts', async () => {
    const customer = await freshCustomer();
    const mailId = await quarantined(customer);
    const { body } = await decide(mailId, 'drop', { reason: 'A forgery.' });
    expect(body).toMatchObject({ outcome: 'dropped', decision: { action: 'dropped', reason: 'A forgery.' } });
    expectRefused(await decide(mailId, 'release'), 409, 'wrong-state');
    expect(await tickets(customer)).toEqual([]);
    expect(await available(customer)).toBe(50);
    expect(await isListed(mailId)).toBe(false);
  });

  it('gives one answer to a request that is sent twice under its key', async () => {
    const customer = await freshCustomer();
    const path = `/v1/quarantine/${await quarantined(customer)}/release`;
    const key = { 'idempotency-key': 'release-1' };
    const first = await desk.manager.post(path, {}, key);
    expect((await desk.manager.post(path, {}, key)).body).toEqual(first.body);
    expect(await available(customer)).toBe(40);
  });

  it('EV-10 whose very mail came again and was proven does nothing more when it is released', async () => {
    const customer = await freshCustomer();
    const messageId = freshMessageId();
    const mailId = await quarantined(customer, { messageId });
    const { ticketId } = await send(customer, { messageId });
    const again = await decide(mailId, 'release');
    expectRefused(again, 409, 'wrong-state');
    expect(again.body.ticketId).toBe(ticketId);
    expect(await available(customer)).toBe(40);
    const other = freshMessageId();
    await decide(await quarantined(customer, { messageId: other }), 'release');
    expect(await send(customer, { messageId: other })).toMatchObject({ outcome: 'opened' });
    expect(await available(customer)).toBe(30);
  });

  it('answers its ticket when it is released, and resumes the clock', async () => {
    const customer = await freshCustomer();
    const id = await openTicket(customer);
    await desk.engineer.post(`/v1/tickets/${id}/pause`, { reason: 'Which release?' });
    const mailId = await quarantined(customer, { subject: `Re: [${id}]`, text: 'It is 11.4.' });
    expect((await desk.manager.get(`/v1/tickets/${id}`)).body.status).toBe('waiting');
    expect((await decide(mailId, 'release')).body).toMatchObject({ outcome: 'replied', ticketId: id });
    expect((await desk.manager.get(`/v1/tickets/${id}`)).body.status).toBe('open');
  });

  it.each<[string, number, string, (customer: Correspondent) => Promise<string>]>([
    [
      'of a machine',
      409,
      'wrong-state',
      (customer) => quarantined(customer, { headers: ['Auto-Submitted: auto-replied'] }),
    ],
    ['of a stranger', 409, 'wrong-state', () => quarantined({ email: 'mallory@example.net' })],
    [
      'about another customer’s ticket',
      409,
      'wrong-state',
      async (customer) => quarantined(customer, { subject: `[${await openTicket(await freshCustomer())}]` }),
    ],
    [
      'that the units do not suffice for',
      402,
      'insufficient-credit',
      async () => quarantined(await freshCustomer('scalix-basic', 0)),
    ],
    [
      'that can’t be read',
      409,
      'wrong-state',
      (customer) => quarantined(customer, { verdicts: {}, headers: [`X: ${'x'.repeat(2_000_000)}`] }),
    ],
  ])('EV-10 %s stays where it is when it is released, and its manager reads why', async (_, status, code, make) => {
    const customer = await freshCustomer();
    const mailId = await make(customer);
    const answer = await decide(mailId, 'release');
    expectRefused(answer, status, code);
    expect(answer.body.detail).toMatch(/^[A-Z].{15,}/);
    expect(await isListed(mailId)).toBe(true);
    expect(await available(customer)).toBe(50);
    expect((await decide(mailId, 'drop')).status).toBe(200);
  });

  it('that is none is not found, nor one that was never quarantined', async () => {
    const { ticketId } = await send(await freshCustomer());
    for (const mailId of ['0'.repeat(40), ticketId!]) {
      expectRefused(await desk.manager.get(`/v1/quarantine/${mailId}`), 404, 'not-found');
      expectRefused(await decide(mailId, 'release'), 404, 'not-found');
    }
    expectRefused(await desk.manager.get('/v1/quarantine/a%20b'), 400, 'validation');
  });
});
