/** Mail spends points, so a mail acts only where its writer is proven; and however often it comes, it acts once. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deskOfThisFile, openTicket, type Customer } from '../support/desk.ts';
import { freshMessageId, mailbox, type MailParts } from '../support/mail.ts';

const desk = deskOfThisFile();
const { freshCustomer, available, tickets, send } = mailbox(desk);

describe('a mail whose writer is not proven', () => {
  it.each<[string, string, MailParts]>([
    ['is forged: SPF and DKIM fail', 'quarantined', { verdicts: { spf: 'FAIL', dkim: 'FAIL', dmarc: 'GRAY' } }],
    ['is forged, and a wrong word says that DMARC passes', 'quarantined', { verdicts: { spf: 'FAIL', dkim: 'GRAY' } }],
    ['fails DMARC', 'quarantined', { verdicts: { dmarc: 'FAIL', dmarcPolicy: 'NONE' } }],
    ['fails DMARC, and is to be rejected', 'refused', { verdicts: { dmarc: 'fail', dmarcPolicy: 'reject' } }],
    ['is spam', 'refused', { verdicts: { spam: 'FAIL' } }],
    ['has a virus', 'refused', { verdicts: { virus: 'FAIL' } }],
    ['was not scanned for viruses', 'quarantined', { verdicts: { virus: 'PROCESSING_FAILED' } }],
    ['was not scanned for spam', 'quarantined', { verdicts: { spam: 'GRAY' } }],
    ['has no verdict of a scan at all', 'quarantined', { verdicts: { virus: undefined } }],
    [
      'was sent over a server of another domain',
      'quarantined',
      { verdicts: { dmarc: 'GRAY', dkim: 'GRAY' }, returnPath: 'mallory@example.net' },
    ],
    [
      'was signed by another domain',
      'quarantined',
      {
        verdicts: { dmarc: 'GRAY', spf: 'GRAY' },
        headers: ['DKIM-Signature: v=1; d=example.com; b=x', 'DKIM-Signature: v=1; d=example.net; b=x'],
      },
    ],
  ])('EV-10 opens nothing and spends nothing when it %s', async (_, outcome, mail) => {
    const customer = await freshCustomer();
    const answer = await send(customer, mail);
    expect(answer).toEqual({ outcome, reason: expect.stringMatching(/^[A-Z].{15,}\.$/) });
    expect(await tickets(customer)).toEqual([]);
    expect(await available(customer)).toBe(50);
  });

  it('EV-10 opens nothing when it names two writers, in one header or in two', async () => {
    const customer = await freshCustomer();
    for (const mail of [
      { from: `Ann <${customer.email}>, Mallory <mallory@example.net>` },
      { headers: [`From: Mallory <mallory@example.net>`] },
      { from: `"Ann <x" <mallory@example.net>, "y> Ann" <${customer.email}>` },
    ]) {
      expect(await send(customer, mail)).toMatchObject({ outcome: 'refused' });
    }
    expect(await tickets(customer)).toEqual([]);
    expect(await available(customer)).toBe(50);
  });

  it('EV-10 opens nothing for a stranger, whatever name stands before the address', async () => {
    const customer = await freshCustomer();
    const from = `"${customer.email}" <mallory@example.net>`;
    const answer = await send(customer, { from, returnPath: 'mallory@example.net' });
    expect(answer).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('no contact') });
    expect(await tickets(customer)).toEqual([]);
    expect(await available(customer)).toBe(50);
  });

  it('EV-10 does not stand in the way of the real one with the same id', async () => {
    const customer = await freshCustomer();
    const messageId = freshMessageId();
    await send(customer, { messageId, verdicts: { spf: 'FAIL', dkim: 'FAIL', dmarc: 'FAIL' } });
    expect(await send(customer, { messageId })).toMatchObject({ outcome: 'opened' });
    expect(await available(customer)).toBe(40);
  });
});

const word = fc.constantFrom('PASS', 'FAIL', 'GRAY', 'PROCESSING_FAILED', undefined);
const anyVerdicts = fc.record({
  ...{ spf: word, dkim: word, dmarc: word },
  // Mostly clean, so that the checks of the writer are what decides.
  spam: fc.oneof({ weight: 4, arbitrary: fc.constant('PASS') }, word),
  virus: fc.oneof({ weight: 4, arbitrary: fc.constant('PASS') }, word),
  dmarcPolicy: fc.constantFrom('NONE', 'QUARANTINE', 'REJECT', undefined),
});

it('EV-10 a mail changes a balance where its writer is proven, and never otherwise, whatever was found about it', async () => {
  const run = async (verdicts: Record<string, string | undefined>, isOwnServer: boolean) => {
    const customer = await freshCustomer();
    const { spf, dkim, dmarc, spam, virus } = verdicts;
    const scanned = spam === 'PASS' && virus === 'PASS';
    const proven = dmarc === 'PASS' ? [spf, dkim].includes('PASS') : dmarc === 'GRAY' && spf === 'PASS' && isOwnServer;
    const { outcome } = await send(customer, { verdicts, ...(!isOwnServer && { returnPath: 'mallory@example.net' }) });
    expect(outcome === 'opened').toBe(scanned && proven);
    expect(await available(customer)).toBe(scanned && proven ? 40 : 50);
  };
  await fc.assert(fc.asyncProperty(anyVerdicts, fc.boolean(), run), { numRuns: 60 });
});

describe('a mail of a proven contact', () => {
  it('EV-10 opens a ticket by mail and is charged once, however often it is delivered', async () => {
    const customer = await freshCustomer();
    const messageId = freshMessageId();
    const first = await send(customer, { messageId });
    expect(first).toMatchObject({ outcome: 'opened', ticketId: expect.stringMatching(/^tkt_/) });
    expect(await send(customer, { messageId })).toEqual(first);
    const again = await Promise.all([send(customer, { messageId }), send(customer, { messageId })]);
    expect(again).toEqual([first, first]);
    expect((await tickets(customer)).map(({ ticketId }) => ticketId)).toEqual([first.ticketId]);
    expect(await available(customer)).toBe(40);
    const { body } = await customer.administrator.get(`/v1/tickets/${first.ticketId}`);
    expect(body).toMatchObject({
      subject: 'Mail is stuck',
      description: 'Nothing leaves the queue.',
      channel: 'email',
      contact: { email: customer.email },
    });
  });

  it('EV-10 counts as proven by SPF or DKIM for its own domain where the domain has no DMARC', async () => {
    const customer = await freshCustomer();
    const bySpf = await send(customer, { verdicts: { dmarc: 'GRAY', dkim: 'GRAY' } });
    const signed = {
      headers: ['DKIM-Signature: v=1; a=x; d=example.com; b=x'],
      verdicts: { dmarc: 'GRAY', spf: 'FAIL' },
    };
    expect([bySpf.outcome, (await send(customer, signed)).outcome]).toEqual(['opened', 'opened']);
    expect(await available(customer)).toBe(30);
  });

  it.each([
    ['a tag that no verifier knows', 'v=1; D=example.com; d=example.net; b=x'],
    ['two domains', 'v=1; d=example.com; d=example.net; b=x'],
    ['the same in the other order', 'v=1; d=example.net; D=example.com; b=x'],
    ['a domain and more', 'v=1; d=example.com example.net; b=x'],
  ])('EV-10 is not proven by a signature of somebody else’s that names its domain in %s', async (_how, signature) => {
    const customer = await freshCustomer();
    const forged = {
      ...{ headers: [`DKIM-Signature: ${signature}`], returnPath: 'mallory@example.net' },
      verdicts: { dmarc: 'GRAY', spf: 'PASS', dkim: 'PASS' },
    };
    expect(await send(customer, forged)).toMatchObject({ outcome: 'quarantined' });
    expect(await available(customer)).toBe(50);
  });

  it('takes the priority from the address that it was sent to, where the plan has it, and else its default', async () => {
    const customer = await freshCustomer('luxsci-token-dedicated', 20);
    const priorityAt = async (...recipients: string[]) => {
      const { ticketId, reason } = await send(customer, { recipients });
      return ticketId ? (await desk.manager.get(`/v1/tickets/${ticketId}`)).body.priority : reason;
    };
    expect(await priorityAt('support@desk.example.com', 'URGENT@desk.example.com')).toBe('urgent');
    expect(await priorityAt('severity-1@desk.example.com')).toBe('standard');
    expect(await priorityAt('urgent@example.net', 'support@desk.example.com')).toBe('standard');
  });

  it('EV-10 is refused with the reason, and charged nothing, when the units do not suffice', async () => {
    const customer = await freshCustomer();
    for (let opened = 0; opened < 5; opened += 1) expect(await send(customer)).toMatchObject({ outcome: 'opened' });
    const messageId = freshMessageId();
    const refused = await send(customer, { messageId });
    expect(refused).toEqual({ outcome: 'refused', reason: expect.stringMatching(/point/) });
    expect(await tickets(customer)).toHaveLength(5);
  });

  it('EV-03 SX-10 that was refused can be sent again as it is: once there are units it acts, and then never again', async () => {
    const customer = await freshCustomer('scalix-basic', 0);
    const mail = { messageId: freshMessageId() };
    const refused = await send(customer, mail);
    expect(refused).toEqual({ outcome: 'refused', reason: expect.stringMatching(/point/) });
    expect(await send(customer, mail)).toEqual(refused);
    await desk.manager.post(`/v1/accounts/${customer.accountId}/purchases`, { amount: 50 });
    const again = await Promise.all([send(customer, mail), send(customer, mail), send(customer, mail)]);
    expect(again.map(({ outcome }) => outcome)).toEqual(['opened', 'opened', 'opened']);
    expect(new Set(again.map(({ ticketId }) => ticketId)).size).toBe(1);
    expect(await available(customer)).toBe(40);
    await desk.advance(86_400);
    expect(await send(customer, mail)).toEqual(again[0]);
    expect(await tickets(customer)).toHaveLength(1);
  });

  it('EV-10 that no account knew acts once its writer is a contact, and can be sent again as it is', async () => {
    const stranger = { email: 'newcomer@example.com' };
    const mail = { messageId: freshMessageId() };
    expect(await send(stranger, mail)).toMatchObject({ outcome: 'refused' });
    await freshCustomer('scalix-basic', 50, [stranger.email]);
    expect(await send(stranger, mail)).toMatchObject({ outcome: 'opened' });
  });

  it.each<[string, MailParts]>([
    ['an out-of-office note', { headers: ['Auto-Submitted: auto-replied'] }],
    ['a bulk mail', { headers: ['Precedence: bulk'] }],
    ['a mail of a list', { headers: ['List-Id: <news.example.com>'] }],
    ['a mail without a return path', { returnPath: '' }],
    ['a mail of the desk itself', { headers: ['X-Makegood-Cause: tkt_1-1'] }],
    ['a report of a mail server', { headers: ['Content-Type: multipart/report; report-type=delivery-status'] }],
  ])('EV-10 never charges %s', async (_, mail) => {
    const customer = await freshCustomer();
    expect(await send(customer, mail)).toMatchObject({ outcome: 'ignored' });
    expect(await tickets(customer)).toEqual([]);
    expect(await available(customer)).toBe(50);
  });
});

it('EV-10 a machine that answers letters under their titles alone opens nothing, however often it does', async () => {
  const customer = await freshCustomer();
  const { ticketId } = await send(customer);
  const [letter] = desk.desk.mails().filter(({ to }) => to === customer.email);
  const subject = `AW: ${letter!.subject.replace(` [${ticketId!}]`, '')}`;
  for (let sent = 0; sent < 3; sent += 1) {
    const answer = await send(customer, { subject, text: 'I will answer next week.' });
    expect(answer).toEqual({ outcome: 'quarantined', reason: expect.stringContaining('subject of a letter') });
  }
  expect(await tickets(customer)).toHaveLength(1);
  expect(await available(customer)).toBe(40);
  const { items } = (await desk.manager.get('/v1/quarantine?limit=100')).body;
  const { mailId } = items.find(({ code }: any) => code === 'echoes-letter');
  const released = await desk.manager.post(`/v1/quarantine/${mailId}/release`, { reason: 'She wrote it herself.' });
  expect(released.body).toMatchObject({ outcome: 'opened' });
});

describe('an answer by mail', () => {
  const waiting = async (customer: Customer): Promise<string> => {
    const id = await openTicket(customer);
    await desk.engineer.post(`/v1/tickets/${id}/messages`, { body: 'Which release?' });
    await desk.engineer.post(`/v1/tickets/${id}/pause`, { reason: 'We wait for the release.' });
    await desk.settled();
    expect((await desk.manager.get(`/v1/tickets/${id}`)).body.status).toBe('waiting');
    return id;
  };
  const statusOf = async (id: string) => (await desk.manager.get(`/v1/tickets/${id}`)).body.status;

  it('EV-10 of a proven contact resumes the clock, once, and costs nothing', async () => {
    const customer = await freshCustomer();
    const id = await waiting(customer);
    const mail = { subject: `Re: Mail is stuck [${id}]`, text: 'It is 11.4.', messageId: freshMessageId() };
    const answer = await send(customer, mail);
    expect(answer).toMatchObject({ outcome: 'replied', ticketId: id });
    expect(await send(customer, mail)).toEqual(answer);
    expect(await statusOf(id)).toBe('open');
    const { body } = await desk.manager.get(`/v1/tickets/${id}/messages`);
    expect(body.items.map((one: any) => [one.author.role, one.body])).toEqual([
      ['engineer', 'Which release?'],
      ['customer', 'It is 11.4.'],
    ]);
    expect(await available(customer)).toBe(40);
  });

  it('EV-10 of anybody else does nothing: a stranger, another customer, a forger', async () => {
    const customer = await freshCustomer();
    const other = await freshCustomer();
    const id = await waiting(customer);
    const subject = `Re: Mail is stuck [${id}]`;
    const stranger = { email: 'mallory@example.net' };
    for (const answer of [
      await send(stranger, { subject }),
      await send(other, { subject }),
      await send(customer, { subject, verdicts: { spf: 'FAIL', dkim: 'FAIL', dmarc: 'GRAY' } }),
    ]) {
      expect(answer).toEqual({ outcome: 'quarantined', reason: expect.any(String) });
    }
    expect(await statusOf(id)).toBe('waiting');
    expect((await desk.manager.get(`/v1/tickets/${id}/messages`)).body.items).toHaveLength(1);
    expect(await tickets(other)).toEqual([]);
    expect(await available(other)).toBe(50);
  });
});
