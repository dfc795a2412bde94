/** A mail that did nothing is answered: once, kindly, with the reason and a way out, and to nobody who did not write it. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { LARGEST_MESSAGE_BYTES } from '../../../lambdas/handlers/inbound/examine.ts';
import { commit } from '../../../lambdas/store/commit.ts';
import type { InboundMail } from '../../../lambdas/store/inbound-mails.ts';
import { openTable } from '../../../lambdas/store/table.ts';
import { customerOn, deskOfThisFile, openTicket, type Customer } from '../../support/desk.ts';
import { deliver, freshMessageId, type MailParts } from '../../support/mail.ts';

const desk = deskOfThisFile();
let writers = 0;

const freshAddress = (): string => `ann${String((writers += 1))}@example.com`;
const customerWith = (email: string, planId = 'scalix-basic', units = 0, role = 'administrator'): Promise<Customer> =>
  customerOn(desk, planId, {
    units,
    contacts: [
      { email, name: 'Ann', role },
      { email: `boss-of-${email}`, name: 'Bea', role: 'administrator' },
    ],
  });
const send = async (email: string, mail: MailParts = {}) => {
  const answer = await deliver(desk.manager, { from: `Ann <${email}>`, returnPath: email, ...mail });
  await desk.settled();
  expect(answer.status).toBe(200);
  return answer.body as { outcome: string; ticketId?: string; reason: string };
};
const mailsTo = (email: string) => desk.desk.mails().filter(({ to }) => to === email);

const record = async (inboundMail: InboundMail) => {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: desk.desk.engineEndpoint, region: 'us-east-1', credentials });
  await commit(openTable(desk.desk.blueprint.tables[0]!.name, client), { inboundMail });
  client.destroy();
};

describe('a refused mail', () => {
  it('is answered with the reason and what to do, in the thread of the mail, and marked as written by a machine', async () => {
    const email = freshAddress();
    await customerWith(email);
    const messageId = freshMessageId();
    expect(await send(email, { messageId, subject: 'Re: RE: Mail is stuck' })).toMatchObject({ outcome: 'refused' });
    const [letter, ...others] = mailsTo(email);
    expect(others).toEqual([]);
    expect(letter).toMatchObject({
      subject: 'Re: Mail is stuck',
      headers: {
        'in-reply-to': messageId,
        'auto-submitted': 'auto-generated',
        'x-auto-response-suppress': 'All',
      },
    });
    expect(letter?.text).toMatch(/^Hello Ann,/);
    expect(letter?.text).toContain('This ticket costs 10 points; 0 on hand, 10 missing.');
    expect(letter?.text).toContain(
      'We sell points in packs of 50, 110 or 180. Tell us how many you want, then simply send your mail again.',
    );
    expect(letter?.text).toContain('nothing was charged');
  });

  it('is answered once, however often it is delivered', async () => {
    const email = freshAddress();
    await customerWith(email);
    const messageId = freshMessageId();
    await Promise.all([send(email, { messageId }), send(email, { messageId })]);
    await send(email, { messageId });
    expect(mailsTo(email)).toHaveLength(1);
    await send(email);
    expect(mailsTo(email)).toHaveLength(2);
  });

  it('that is sent again, hours later or because of another reason, is answered again', async () => {
    const email = freshAddress();
    const { accountId } = await customerWith(email, 'luxsci-token-dedicated', 0);
    const mail = { messageId: freshMessageId(), recipients: ['urgent@desk.example.com'] };
    await send(email, mail);
    await desk.manager.post(`/v1/accounts/${accountId}/purchases`, { amount: 1 });
    await send(email, mail);
    expect(mailsTo(email)).toHaveLength(2);
    await desk.advance(2 * 3600);
    await send(email, mail);
    expect(mailsTo(email)).toHaveLength(3);
  });

  it('that the desk’s vendor wrote on a closed ticket is told how that ticket takes it', async () => {
    const email = freshAddress();
    await customerWith(email, 'scalix-basic', 50);
    const id = (await send(email)).ticketId ?? '';
    await desk.engineer.post(`/v1/tickets/${id}/messages`, { body: 'It is done.' });
    await desk.engineer.post(`/v1/tickets/${id}/resolve`, { summary: 'Done.' });
    await desk.engineer.post(`/v1/tickets/${id}/close`);
    const ts1 = 'ts1@desk.example.com';
    const headers = [`In-Reply-To: <${id}@desk.example.com>`];
    expect(await send(ts1, { headers })).toMatchObject({ outcome: 'refused' });
    const letter = mailsTo(ts1).findLast(({ text }) => text.includes('could not do anything'));
    expect(letter?.text).toMatch(/Reopen it[^]*\/reopen, and send your mail again/);
    expect(letter?.text).not.toContain('opens a new ticket');
  });

  it('is answered once, however often the bus brings it', async () => {
    const email = freshAddress();
    const detail = {
      ...({
        sesMessageId: `ses-${email}`,
        outcome: 'refused',
        code: 'a-new-reason',
        reason: 'It could not be.',
      } as const),
      ...{ at: '2026-03-02T15:00:00.000Z', answer: { to: email, subject: '' } },
    };
    await record(detail);
    const event = { 'detail-type': 'mail.refused', source: 'makegood.desk', time: '2026-03-02T15:00:00Z', detail };
    for (let delivered = 0; delivered < 2; delivered += 1) {
      const { failure } = await desk.desk.invoke('lambdas/handlers/notify.lambda.ts', event);
      expect(failure).toBeUndefined();
    }
    expect(mailsTo(email)).toMatchObject([
      { subject: 'Your mail to us', text: expect.stringMatching(/It could not be\.[^]*send your mail again/) },
    ]);
  });

  it.each<[string, (email: string) => Promise<unknown>, MailParts, RegExp]>([
    [
      'may not open one under its plan',
      (email) => customerWith(email, 'luxsci-token-dedicated', 20, 'user'),
      {},
      /Only account administrators[^]*can tell you what your plan includes/,
    ],
    ['is a contact of no account', () => Promise.resolve(), {}, /no contact of any account[^]*address/],
    [
      'is a contact of two accounts',
      async (email) => [await customerWith(email), await customerWith(email)],
      {},
      /several accounts[^]*POST \/v1\/tickets/,
    ],
  ])('is answered where its writer %s', async (_, given, mail, words) => {
    const email = freshAddress();
    await given(email);
    expect(await send(email, mail)).toMatchObject({ outcome: 'refused' });
    expect(mailsTo(email).map(({ text }) => text)).toEqual([expect.stringMatching(words)]);
  });

  it('tells every time in the customer’s zone', async () => {
    const email = freshAddress();
    await customerWith(email, 'severity-professional');
    expect((await send(email)).outcome).toBe('opened');
    const sent = mailsTo(email).length;
    expect(await send(email)).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(/T\d\d:\d\d:\d\d/) });
    const letter = mailsTo(email).at(-1);
    expect(mailsTo(email)).toHaveLength(sent + 1);
    expect(letter?.text).toContain('The next allowance is there from Tuesday 31 March 2026, 18:00:00 (UTC-04:00)');
    expect(letter?.text).toContain('Simply send your mail again from then on.');
  });

  it('that is too large to be read is answered where SPF vouches for the envelope, and else not', async () => {
    const email = freshAddress();
    const text = 'x'.repeat(LARGEST_MESSAGE_BYTES);
    expect(await send(email, { text, verdicts: { spf: 'FAIL' } })).toMatchObject({ outcome: 'refused' });
    expect(mailsTo(email)).toEqual([]);
    expect(await send(email, { text })).toMatchObject({ outcome: 'refused' });
    expect(mailsTo(email)).toMatchObject([
      { subject: 'Your mail to us', text: expect.stringMatching(/larger than[^]*smaller attachments/) },
    ]);
  });

  it('of an address to which mail has stopped is not answered', async () => {
    const email = freshAddress();
    await customerWith(email);
    await send(email);
    await desk.manager.post('/local/mail/bounce', { to: email, type: 'bounce' });
    await send(email);
    expect(mailsTo(email)).toHaveLength(1);
  });
});

describe('no answer', () => {
  it.each<[string, MailParts]>([
    ['an out-of-office note', { headers: ['Auto-Submitted: auto-replied'] }],
    ['a mail of a list', { headers: ['List-Id: <news.example.com>'] }],
    ['a mail without a return path', { returnPath: '' }],
    ['a mail of a desk', { headers: ['X-Makegood-Cause: mail-1'] }],
    ['spam', { verdicts: { spam: 'FAIL' } }],
    ['a virus', { verdicts: { virus: 'FAIL' } }],
    ['a mail that its domain disowns', { verdicts: { dmarc: 'FAIL', dmarcPolicy: 'REJECT' } }],
    ['a mail that nobody proves', { verdicts: { spf: 'FAIL', dkim: 'FAIL', dmarc: 'GRAY' } }],
    ['a mail of two writers', { headers: ['From: Mallory <mallory@example.net>'] }],
  ])('goes to %s', async (_, mail) => {
    const email = freshAddress();
    await customerWith(email);
    expect(['ignored', 'refused', 'quarantined']).toContain((await send(email, mail)).outcome);
    expect(mailsTo(email)).toEqual([]);
  });

  it('goes to a mail that did something, beside the letters of its ticket', async () => {
    const email = freshAddress();
    const customer = await customerWith(email, 'scalix-basic', 50);
    const administrator = await desk.as({ role: 'customer', account: customer.accountId, email });
    const id = await openTicket({ ...customer, administrator });
    await send(email, { subject: `Re: Mail is stuck [${id}]`, text: 'It is 11.4.' });
    await send(email, { subject: `Re: [${id.slice(0, -1)}0]` });
    expect(mailsTo(email).filter(({ text }) => text.includes('could not do anything'))).toEqual([]);
  });

  it('is answered by another desk: two desks that refuse each other’s letters fall silent', async () => {
    const email = freshAddress();
    await customerWith(email);
    await send(email);
    const [letter] = mailsTo(email);
    const headers = ['auto-submitted', 'x-auto-response-suppress', 'x-makegood-cause'].map(
      (name) => `${name}: ${letter?.headers[name] ?? ''}`,
    );
    const other = freshAddress();
    expect(await send(other, { headers, subject: letter!.subject })).toMatchObject({ outcome: 'ignored' });
    expect(mailsTo(other)).toEqual([]);
  });
});
