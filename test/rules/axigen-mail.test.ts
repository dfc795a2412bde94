/** What the address of a mail asks for beside a ticket: a call, and the add-on that pays. */
import { describe, expect, it } from 'vitest';
import { deskOfThisFile, openTicket } from '../support/desk.ts';
import { freshMessageId, mailbox, type Correspondent, type MailParts } from '../support/mail.ts';

const desk = deskOfThisFile();
const { freshCustomer, available, tickets, send } = mailbox(desk);

const ticketOf = async (id = '') => (await desk.manager.get(`/v1/tickets/${id}`)).body;
const typesOf = async (id = ''): Promise<string[]> =>
  (await desk.manager.get(`/v1/tickets/${id}/timeline`)).body.items.map((one: any) => one.type);
const lettersTo = ({ email }: Correspondent) => desk.desk.mails().filter(({ to }) => to === email);
const textsTo = (customer: Correspondent) => lettersTo(customer).map(({ text }) => text);
const clocksOf = (id = '') =>
  desk.desk.executions().filter(({ name, status }) => name.startsWith(id) && status === 'RUNNING');

const CALL: MailParts = { recipients: ['callback@desk.example.com'], text: 'Please call me at +1 555 0100.' };
const inThread = (id: string): MailParts => ({ headers: [`In-Reply-To: <${id}@desk.example.com>`], subject: 'Re: it' });

describe('a mail that asks for a call', () => {
  it('AX-07 opens a ticket with a call-back task that has its own deadline, once, and the call costs nothing', async () => {
    const customer = await freshCustomer();
    const mail = { ...CALL, messageId: freshMessageId() };
    const answer = await send(customer, mail);
    expect(answer).toMatchObject({ outcome: 'opened' });
    expect(await send(customer, mail)).toEqual(answer);
    const ticket = await ticketOf(answer.ticketId);
    const call = ticket.targets.find(({ kind }: any) => kind === 'call-back');
    expect(ticket).toMatchObject({ channel: 'email', callBack: { phone: '+1 555 0100' }, nextDeadline: call.deadline });
    expect(call).toMatchObject({ state: 'running' });
    expect(await typesOf(answer.ticketId)).toEqual(['opened', 'call-back-requested']);
    expect(clocksOf(answer.ticketId)).toHaveLength(1);
    expect(await available(customer)).toBe(40);
    // Two events of one moment: the bus promises no order.
    const letters = lettersTo(customer).map(({ subject }) => subject);
    expect(letters.toSorted()).toEqual([
      expect.stringContaining('We have your ticket'),
      expect.stringContaining('We will call you'),
    ]);
    await desk.advance(1801);
    expect(await typesOf(answer.ticketId)).toContain('missed');
  });

  it('AX-07 finds the number in the subject too', async () => {
    const customer = await freshCustomer();
    const mail = { ...CALL, subject: 'Call +1 555 0101', text: 'It is urgent.' };
    expect((await ticketOf((await send(customer, mail)).ticketId)).callBack).toMatchObject({ phone: '+1 555 0101' });
  });

  it('AX-07 EV-04 opens and charges nothing without a number, and its writer is told what is missing', async () => {
    const customer = await freshCustomer();
    const refused = await send(customer, { ...CALL, text: 'Please call me about error 404.' });
    expect(refused).toEqual({ outcome: 'refused', reason: expect.stringContaining('no telephone number') });
    expect(await tickets(customer)).toEqual([]);
    expect(await available(customer)).toBe(50);
    expect(textsTo(customer)).toEqual([expect.stringMatching(/no telephone number[^]*send your mail again/)]);
  });

  it('AX-07 in a thread is a message on its ticket, and asks for the call', async () => {
    const customer = await freshCustomer();
    const id = await openTicket(customer);
    expect(await send(customer, { ...CALL, ...inThread(id) })).toMatchObject({ outcome: 'replied', ticketId: id });
    expect(await typesOf(id)).toEqual(['opened', 'message', 'call-back-requested']);
    expect(await available(customer)).toBe(40);
  });

  it('AX-07 in the thread of a closed ticket reopens it, with its clock', async () => {
    const customer = await freshCustomer();
    const id = await openTicket(customer);
    await customer.administrator.post(`/v1/tickets/${id}/close`);
    await desk.settled();
    expect(clocksOf(id)).toEqual([]);
    await send(customer, { ...CALL, ...inThread(id) });
    expect((await typesOf(id)).slice(-3)).toEqual(['message', 'reopened', 'call-back-requested']);
    expect(clocksOf(id)).toHaveLength(1);
  });

  it('AX-07 in a thread is never lost: where there is to be no call, its words stand, and its writer is told why', async () => {
    const customer = await freshCustomer();
    const id = await openTicket(customer);
    const without = await send(customer, { ...CALL, ...inThread(id), text: 'Please call.' });
    expect(without).toMatchObject({ outcome: 'replied', reason: expect.stringContaining('no telephone number') });
    expect(textsTo(customer)).toContainEqual(
      expect.stringMatching(/is on your ticket, but we could not arrange the call[^]*number/),
    );
    await send(customer, { ...CALL, ...inThread(id) });
    await send(customer, { ...CALL, ...inThread(id) });
    expect(textsTo(customer)).toContainEqual(expect.stringContaining('on its way already'));
    const types = ['opened', 'message', 'message', 'call-back-requested', 'message'];
    expect(await typesOf(id)).toEqual(types);
  });

  it('AX-04 that is an engineer’s answer is an answer, whatever address stands beside', async () => {
    const id = await openTicket(await freshCustomer());
    await desk.settled();
    const answer = await send({ email: 'ts1@desk.example.com' }, { ...CALL, ...inThread(id) });
    expect(answer).toMatchObject({ outcome: 'replied' });
    expect(await typesOf(id)).toEqual(['opened', 'message', 'answered']);
  });
});

describe('a mail of an engineer’s', () => {
  it('AX-04 that only sends the letter back, below headers that begin with the date, is no answer', async () => {
    const id = await openTicket(await freshCustomer());
    await desk.settled();
    const head =
      'Gesendet: Montag, 2. März 2026\r\nVon: "Support desk" <support@desk.example.com>\r\nAn: ts1@desk.example.com';
    const text = `\r\n${head}\r\nBetreff: New at TS1\r\n\r\nThere is a new ticket.`;
    const answer = await send({ email: 'ts1@desk.example.com' }, { text, ...inThread(id) });
    expect(answer).toMatchObject({
      outcome: 'quarantined',
      reason: expect.stringContaining('nothing but what it quotes'),
    });
    expect(await typesOf(id)).toEqual(['opened']);
  });
});

describe('a mail to the name of an add-on', () => {
  const GOLD: MailParts = { recipients: ['axigen-gold@desk.example.com'] };
  const buy = (customer: Correspondent, amount: number) =>
    desk.manager.post(`/v1/accounts/${customer.accountId}/purchases`, { amount, addOn: 'axigen-gold' });
  const goldOf = async ({ accountId }: Correspondent) =>
    (await desk.manager.get(`/v1/accounts/${accountId}/balance`)).body.addOns?.[0]?.available;
  const spanOf = ({ openedAt, targets }: any) => (Date.parse(targets[0].deadline) - Date.parse(openedAt)) / 3_600_000;

  it('AX-03 AX-06 opens a Gold ticket, due in 3 h and paid with its incidents, until they are used up', async () => {
    const customer = await freshCustomer('axigen-premium', 0);
    await buy(customer, 1);
    const quote = {
      accountId: customer.accountId,
      subject: 'x',
      description: 'y',
      channel: 'email',
      addOn: 'axigen-gold',
    };
    expect((await customer.administrator.post('/v1/quotes', quote)).body.charge).toEqual({
      unit: 'incident',
      amount: 1,
    });
    const ticket = await ticketOf((await send(customer, GOLD)).ticketId);
    expect(ticket).toMatchObject({ planId: 'axigen-gold', channel: 'email', charge: { unit: 'incident', amount: 1 } });
    expect(spanOf(ticket)).toBeCloseTo(3, 2);
    expect(await goldOf(customer)).toBe(0);
    const mail = { ...GOLD, messageId: freshMessageId() };
    expect(await send(customer, mail)).toEqual({ outcome: 'refused', reason: expect.stringContaining('1 missing') });
    expect(await tickets(customer)).toHaveLength(1);
    await buy(customer, 1);
    expect(await send(customer, mail)).toMatchObject({ outcome: 'opened' });
    expect(spanOf(await ticketOf((await send(customer)).ticketId))).toBeCloseTo(6, 2);
  });

  it('AX-06 AX-07 asks for a call under it where both are named', async () => {
    const customer = await freshCustomer('axigen-premium', 0);
    await buy(customer, 1);
    const both = { ...CALL, recipients: [...CALL.recipients!, ...GOLD.recipients!] };
    expect(await ticketOf((await send(customer, both)).ticketId)).toMatchObject({
      ...{ planId: 'axigen-gold', callBack: { phone: '+1 555 0100' } },
    });
  });

  it.each(['axigen-first', 'luxsci-token-dedicated'])(
    'AX-06 opens nothing on %s, which has no Gold',
    async (planId) => {
      const customer = await freshCustomer(planId, planId.startsWith('axigen') ? 0 : 20);
      expect(await send(customer, GOLD)).toEqual({
        ...{ outcome: 'refused', reason: expect.stringContaining('has no add-on axigen-gold') },
      });
      expect(await tickets(customer)).toEqual([]);
    },
  );
});
