/** A mail in answer to a ticket finds it by what the desk itself wrote, and stays outside where its writer has no part in it. */
import { describe, expect, it } from 'vitest';
import { deskOfThisFile, openTicket } from '../support/desk.ts';
import { freshMessageId, mailbox, type Correspondent, type MailParts } from '../support/mail.ts';

const desk = deskOfThisFile();
const { freshCustomer, available, tickets, send } = mailbox(desk);

const ticketOf = async (id: string) => (await desk.manager.get(`/v1/tickets/${id}`)).body;
const messagesOf = async (id: string): Promise<any[]> =>
  (await desk.manager.get(`/v1/tickets/${id}/messages`)).body.items;
const typesOf = async (id: string): Promise<string[]> =>
  (await desk.manager.get(`/v1/tickets/${id}/timeline`)).body.items.map((one: any) => one.type);
const opened = async (customer: Correspondent): Promise<string> => {
  const id = await openTicket(customer);
  await desk.settled();
  return id;
};
const inThread = (id: string): MailParts => ({ headers: [`In-Reply-To: <${id}@desk.example.com>`], subject: 'Re: it' });
/** What SES called the letter about a ticket that went to somebody. */
const sesIdOf = (id: string, to: string): string =>
  desk.desk.mails().find((mail) => mail.to === to && mail.text.includes(id))!.headers['message-id']!;

let colleagues = 0;
const freshColleague = () => `uwe${String((colleagues += 1))}@example.com`;
const ts1 = { email: 'ts1@desk.example.com' };

describe('a customer’s answer', () => {
  it('EV-09 finds its ticket by the desk’s own id, by that of SES, or by the tag of the subject', async () => {
    const customer = await freshCustomer();
    const id = await opened(customer);
    const sesId = sesIdOf(id, customer.email);
    expect(sesId).toMatch(/amazonses\.com>$/);
    for (const mail of [
      inThread(id),
      { headers: [`References: <x@example.net> <${id}@desk.example.com> <y@example.net>`], subject: 'Re: it' },
      { headers: [`References: <x@example.net>`, `In-Reply-To: ${sesId}`], subject: 'Re: it' },
      { subject: `Re: We have your ticket [${id}]` },
    ]) {
      expect(await send(customer, mail)).toMatchObject({ outcome: 'replied', ticketId: id });
    }
    expect(await messagesOf(id)).toHaveLength(4);
    expect(await tickets(customer)).toHaveLength(1);
    expect(await available(customer)).toBe(40);
  });

  it('EV-09 of a colleague is taken in the thread, and by the tag alone only once they take part', async () => {
    const email = freshColleague();
    const customer = await freshCustomer('scalix-basic', 50, [email]);
    const id = await opened(customer);
    const tagged = { subject: `Fwd: We have your ticket [${id}]` };
    expect(await send({ email }, tagged)).toMatchObject({ outcome: 'quarantined' });
    expect(await send({ email }, inThread(id))).toMatchObject({ outcome: 'replied', ticketId: id });
    expect(await send({ email }, tagged)).toMatchObject({ outcome: 'replied', ticketId: id });
    expect((await ticketOf(id)).followers).toEqual([email]);
  });

  it.each<[string, (id: string, sesId: string) => MailParts]>([
    ['by the desk’s own id', (id) => inThread(id)],
    ['by the id of SES', (_, sesId) => ({ headers: [`In-Reply-To: ${sesId}`] })],
    ['by the tag', (id) => ({ subject: `[${id}]` })],
    [
      'by a reply address that nobody signed',
      (id) => ({ recipients: [`reply+${id.slice(4).toLowerCase()}.${'a'.repeat(20)}@desk.example.com`] }),
    ],
  ])('EV-09 of a stranger to the ticket waits for a manager: %s', async (_, mailFor) => {
    const customer = await freshCustomer();
    const other = await freshCustomer();
    const id = await opened(customer);
    const mail = mailFor(id, sesIdOf(id, customer.email));
    const reason = 'The mail names a ticket in which its writer does not take part.';
    expect(await send(other, mail)).toEqual({ outcome: 'quarantined', reason });
    expect(await send({ email: 'mallory@example.net' }, mail)).toEqual({ outcome: 'quarantined', reason });
    expect(await messagesOf(id)).toEqual([]);
    expect(await tickets(other)).toEqual([]);
    expect([await available(customer), await available(other)]).toEqual([40, 50]);
  });

  it('EV-02 resumes a paused clock and reopens what was resolved', async () => {
    const customer = await freshCustomer();
    const id = await opened(customer);
    await desk.engineer.post(`/v1/tickets/${id}/messages`, { body: 'Which release?' });
    await desk.engineer.post(`/v1/tickets/${id}/pause`, { reason: 'We wait for the release.' });
    await send(customer, inThread(id));
    expect((await ticketOf(id)).status).toBe('open');
    await desk.engineer.post(`/v1/tickets/${id}/resolve`, { summary: 'Done.' });
    await send(customer, inThread(id));
    expect((await ticketOf(id)).status).toBe('open');
    expect(await typesOf(id)).toEqual(
      expect.arrayContaining(['opened', 'paused', 'message', 'resumed', 'resolved', 'reopened']),
    );
  });

  it('SX-17 reopens a closed ticket free of charge, with its clock, and after ninety days is told to open a new one', async () => {
    const customer = await freshCustomer();
    const id = await opened(customer);
    await customer.administrator.post(`/v1/tickets/${id}/close`);
    await desk.settled();
    expect(await send(customer, { ...inThread(id), text: 'It is back.' })).toMatchObject({ outcome: 'replied' });
    expect(await ticketOf(id)).toMatchObject({ status: 'open', nextDeadline: expect.any(String) });
    expect((await typesOf(id)).slice(-2)).toEqual(['message', 'reopened']);
    expect(
      desk.desk.executions().filter(({ name, status }) => name.startsWith(id) && status === 'RUNNING'),
    ).toHaveLength(1);
    await customer.administrator.post(`/v1/tickets/${id}/close`);
    await desk.advance(91 * 86_400);
    const late = await send(customer, inThread(id));
    expect(late).toEqual({ outcome: 'refused', reason: expect.stringMatching(/90 days.*new ticket/) });
    expect((await ticketOf(id)).status).toBe('closed');
    expect(await tickets(customer)).toHaveLength(1);
  });

  it('SX-16 to a declined ticket is told only what is possible: a new one', async () => {
    const customer = await freshCustomer();
    const id = await opened(customer);
    await desk.engineer.post(`/v1/tickets/${id}/classify`, { as: 'declined', reason: 'Ask your integrator.' });
    const reopening = await customer.administrator.post(`/v1/tickets/${id}/reopen`, { sameProblem: true });
    expect(reopening.status).toBe(409);
    expect(await send(customer, inThread(id))).toEqual({
      outcome: 'refused',
      reason: 'The ticket is declined: it takes no more messages. Open a new one.',
    });
  });

  it('AX-12 that is a number from one to five rates a closed ticket and leaves it closed', async () => {
    const customer = await freshCustomer();
    const id = await opened(customer);
    await customer.administrator.post(`/v1/tickets/${id}/close`);
    const answer = await send(customer, { ...inThread(id), text: '5\r\n\r\nSwift, thank you!' });
    expect(answer).toMatchObject({ outcome: 'replied', ticketId: id });
    expect(await ticketOf(id)).toMatchObject({ status: 'closed', rating: { score: 5, comment: 'Swift, thank you!' } });
  });

  it('EV-10 with somebody else’s Message-ID is a mail of its own; two deliveries at once are one', async () => {
    const [one, other] = [await freshCustomer(), await freshCustomer()];
    const mail = { messageId: freshMessageId() };
    const first = await send(one, mail);
    expect(await send(other, mail)).toMatchObject({ outcome: 'opened' });
    const twice = { messageId: freshMessageId() };
    const both = await Promise.all([send(one, twice), send(one, twice), send(one, twice)]);
    expect(new Set(both.map(({ ticketId }) => ticketId)).size).toBe(1);
    expect(both[0].ticketId).not.toBe(first.ticketId);
    expect([await available(one), await available(other)]).toEqual([30, 40]);
  });

  it('EV-10 that is sent again months later, as whoever has a copy of a signed mail can, does nothing again', async () => {
    const customer = await freshCustomer();
    const mail = { messageId: freshMessageId() };
    const first = await send(customer, mail);
    await desk.advance(60 * 86_400);
    expect(await send(customer, mail)).toEqual(first);
    expect(await tickets(customer)).toHaveLength(1);
  });

  it('EV-02 of a machine neither resumes a clock nor reopens a ticket', async () => {
    const customer = await freshCustomer();
    const id = await opened(customer);
    await desk.engineer.post(`/v1/tickets/${id}/messages`, { body: 'Which release?' });
    await desk.engineer.post(`/v1/tickets/${id}/pause`, { reason: 'We wait for the release.' });
    const machine = { headers: [...inThread(id).headers!, 'Auto-Submitted: auto-replied'] };
    expect(await send(customer, machine)).toMatchObject({ outcome: 'ignored' });
    expect((await ticketOf(id)).status).toBe('waiting');
    expect(await messagesOf(id)).toHaveLength(1);
  });
});

describe('an engineer’s answer by mail', () => {
  it('AX-04 in a thread is the response, a public message in the name of the tier', async () => {
    const customer = await freshCustomer();
    const id = await opened(customer);
    const mail = { ...inThread(id), text: 'Restart the queue.' };
    expect(await send(ts1, mail)).toMatchObject({ outcome: 'replied', ticketId: id });
    const [message] = await messagesOf(id);
    expect(message).toMatchObject({
      author: { role: 'engineer', tier: 'TS1', email: ts1.email },
      visibility: 'public',
      body: 'Restart the queue.',
    });
    expect((await ticketOf(id)).targets[0]).toMatchObject({ kind: 'first-response', state: 'met' });
    expect(
      desk.desk.mails().filter(({ to, text }) => to === customer.email && text.includes('Restart the queue.')),
    ).toHaveLength(1);
  });

  it.each<[string, string, MailParts]>([
    ['has no text', 'neither text nor a file', { text: '' }],
    ['has a quote alone', 'nothing but what it quotes', { text: '> Nothing leaves the queue.' }],
    ['is sealed', 'can’t be read', { text: '-----BEGIN PGP MESSAGE-----\r\n\r\nhQEM\r\n-----END PGP MESSAGE-----' }],
  ])(
    'AX-04 that %s is no response: its writer is told, its customer is not, and the miss is made good',
    async (...row) => {
      const [, reason, mail] = row;
      const customer = await freshCustomer('luxsci-token-dedicated', 20);
      const id = await openTicket(customer, { priority: 'urgent' });
      await desk.settled();
      const letters = desk.desk.mails().length;
      const answer = await send(ts1, { ...inThread(id), ...mail });
      expect(answer).toEqual({ outcome: 'quarantined', reason: expect.stringContaining(reason) });
      expect(await messagesOf(id)).toEqual([]);
      expect((await ticketOf(id)).answeredAt).toBeUndefined();
      const told = desk.desk.mails().slice(letters);
      expect(told.map(({ to }) => to)).toEqual([ts1.email]);
      expect(told[0]?.text).toContain('it is not on the ticket, and its customer has not been told of it');
      expect(told[0]?.text).toContain('Please answer again');
      await desk.advance(2 * 86_400);
      expect(await typesOf(id)).toContain('missed');
      expect(await available(customer)).toBe(20);
    },
  );

  it('AX-04 that is a sign or a calendar’s is no response and waits for nobody; a customer’s mail needs no words', async () => {
    const customer = await freshCustomer();
    const id = await opened(customer);
    const thread = inThread(id);
    const sign = { ...thread, text: '👍', headers: [...thread.headers!, 'Content-Disposition: reaction'] };
    expect(await send(ts1, sign)).toMatchObject({ outcome: 'ignored' });
    expect(await send(customer, sign)).toMatchObject({ outcome: 'ignored' });
    expect((await ticketOf(id)).answeredAt).toBeUndefined();
    await desk.engineer.post(`/v1/tickets/${id}/messages`, { body: 'Which release?' });
    await desk.engineer.post(`/v1/tickets/${id}/pause`, { reason: 'We wait for the release.' });
    expect(await send(customer, { ...thread, text: '' })).toMatchObject({ outcome: 'replied' });
    expect((await ticketOf(id)).status).toBe('open');
  });

  it('EV-10 that is forged answers nothing', async () => {
    const customer = await freshCustomer();
    const id = await opened(customer);
    const forged = { ...inThread(id), verdicts: { spf: 'FAIL', dkim: 'FAIL', dmarc: 'GRAY' } };
    expect(await send(ts1, forged)).toMatchObject({ outcome: 'quarantined' });
    expect((await ticketOf(id)).answeredAt).toBeUndefined();
  });

  it('LX-09 after the deadline finds the miss settled first', async () => {
    const customer = await freshCustomer('luxsci-token-dedicated', 20);
    const id = await openTicket(customer, { priority: 'urgent' });
    await desk.settled();
    await desk.advance(2 * 86_400);
    await send(ts1, inThread(id));
    const types = await typesOf(id);
    expect(types.indexOf('missed')).toBeGreaterThan(0);
    expect(types.indexOf('missed')).toBeLessThan(types.indexOf('message'));
    expect(await available(customer)).toBe(20);
  });

  it('of the one whom the ticket is assigned to counts, whatever their address', async () => {
    const customer = await freshCustomer();
    const id = await opened(customer);
    const eve = { email: 'eve@example.org' };
    expect(await send(eve, inThread(id))).toMatchObject({ outcome: 'quarantined' });
    await desk.engineer.post(`/v1/tickets/${id}/assign`, { engineer: eve.email });
    expect(await send(eve, { subject: `[${id}]` })).toMatchObject({ outcome: 'replied' });
    expect((await ticketOf(id)).answeredAt).toBeDefined();
  });

  it('outside a thread opens nothing for anybody', async () => {
    expect(await send(ts1)).toEqual({ outcome: 'refused', reason: expect.stringContaining('opens none') });
  });
});

describe('those who are written to along with the desk', () => {
  it('EV-09 follow the ticket where they are contacts of its account: they get its letters and may answer', async () => {
    const [uwe, ina] = [freshColleague(), freshColleague()];
    const customer = await freshCustomer('scalix-basic', 50, [uwe, ina]);
    const to = `support@desk.example.com, Uwe <${uwe}>`;
    const { ticketId: id } = await send(customer, { to, headers: ['Cc: Mallory <mallory@example.net>'] });
    expect((await ticketOf(id!)).followers).toEqual([uwe]);
    await send(customer, { ...inThread(id!), headers: [...inThread(id!).headers!, `Cc: ${ina}, ${uwe}`] });
    expect((await ticketOf(id!)).followers).toEqual([uwe, ina]);
    await desk.engineer.post(`/v1/tickets/${id!}/messages`, { body: 'We look into it.' });
    await desk.settled();
    const readers = desk.desk.mails().filter(({ text }) => text.includes('We look into it.'));
    expect(readers.map(({ to: reader }) => reader)).toEqual([customer.email, uwe, ina]);
    expect(await send({ email: ina }, { subject: `Re: [${id!}]` })).toMatchObject({ outcome: 'replied' });
    const asUwe = await desk.as({ role: 'customer', account: customer.accountId, email: uwe });
    expect((await asUwe.get(`/v1/tickets/${id!}`)).body.followers).toEqual([uwe, ina]);
    expect(desk.desk.mails().filter(({ to: reader }) => reader === 'mallory@example.net')).toEqual([]);
  });
});

describe('a new mail', () => {
  it('LX-12 SX-18 AX-02 opens only what its writer may open by mail', async () => {
    const email = freshColleague();
    const customer = await freshCustomer('luxsci-token-dedicated', 20, [email]);
    expect(await send({ email })).toEqual({ outcome: 'refused', reason: expect.stringContaining('administrators') });
    expect(await tickets(customer)).toEqual([]);
    const community = await freshCustomer('scalix-basic', 50);
    await desk.manager.post(`/v1/accounts/${community.accountId}/facts`, { edition: 'community' });
    expect(await send(community)).toMatchObject({ outcome: 'opened' });
    expect(await send(await freshCustomer('axigen-basic', 0))).toMatchObject({ outcome: 'opened' });
  });

  it('SV-01 without answers about the harm has the severity that the plan names, and is one of its incidents', async () => {
    const customer = await freshCustomer('severity-enterprise', 0);
    const { ticketId: one } = await send(customer);
    const { ticketId: other } = await send(customer, { recipients: ['severity-1+mail@desk.example.com'] });
    expect([(await ticketOf(one!)).priority, (await ticketOf(other!)).priority]).toEqual(['severity-3', 'severity-1']);
    expect(await send(customer)).toMatchObject({ outcome: 'refused' });
  });

  it('of a contact of several accounts is refused, and their answer in a thread is not', async () => {
    const email = freshColleague();
    const [one] = [await freshCustomer('scalix-basic', 50, [email]), await freshCustomer('scalix-basic', 50, [email])];
    expect(await send({ email })).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('several') });
    const id = await opened(one);
    expect(await send({ email }, inThread(id))).toMatchObject({ outcome: 'replied', ticketId: id });
  });
});
