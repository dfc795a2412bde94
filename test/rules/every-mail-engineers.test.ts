/** An engineer lives in a mailbox too: the desk writes of each new ticket, and an answer to that letter is an answer to the customer. */
import { expect, it } from 'vitest';
import { deskOfThisFile, openTicket } from '../support/desk.ts';
import { mailbox } from '../support/mail.ts';

const desk = deskOfThisFile();
const { freshCustomer, send } = mailbox(desk);
const ts1 = { email: 'ts1@desk.example.com' };
const targetOf = async (id: string) => (await desk.manager.get(`/v1/tickets/${id}`)).body.targets[0];

it('AX-04 an engineer’s answer to the letter about a new ticket is the response, in time, and says what stands above its quote', async () => {
  const customer = await freshCustomer();
  const id = await openTicket(customer);
  await desk.settled();
  const letter = desk.desk.mails().find(({ to, subject }) => to === ts1.email && subject.includes(id))!;
  expect(letter.subject).toMatch(/^New at TS1: /);
  await desk.moveTo(new Date(Date.parse((await targetOf(id)).deadline) - 60_000).toISOString());
  const quote = letter.text.split('\n').map((line) => `> ${line}`);
  const mail = {
    subject: `Re: ${letter.subject}`,
    recipients: [/reply\+[^>\s]+/.exec(letter.headers['reply-to']!)![0]],
    text: ['Restart the queue.', '', 'On Mon, 2 Mar 2026, Support desk wrote:', ...quote].join('\r\n'),
  };
  expect(await send(ts1, mail)).toMatchObject({ outcome: 'replied', ticketId: id });
  expect((await desk.manager.get(`/v1/tickets/${id}/messages`)).body.items).toMatchObject([
    { author: { role: 'engineer', email: ts1.email }, visibility: 'public', body: 'Restart the queue.' },
  ]);
  expect(await targetOf(id)).toMatchObject({ kind: 'first-response', state: 'met' });
  const told = desk.desk.mails().filter(({ to, text }) => to === customer.email && text.includes('Restart the queue.'));
  expect(told).toHaveLength(1);
  expect(told[0]!.text).not.toContain('There is a new ticket');
  // The address is worth nothing in another's hands.
  expect(await send(await freshCustomer(), mail)).toMatchObject({ outcome: 'quarantined' });
});
