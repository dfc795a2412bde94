/**
 * One contact's life on a desk, by every way in which a desk can come to know somebody: what is exported, and what an erasure must find.
 */
import { expect } from 'vitest';
import { customerOn, type Customer, type Person, type StaffedDesk } from './desk.ts';
import { deliver, deliverRaw, rawMailWithFiles } from './mail.ts';

/** Words that stand for the person and for nothing else, so that a search for them finds every trace. */
export interface Traces {
  readonly email: string;
  readonly name: string;
  readonly phone: string;
  /** A word that the person alone writes. */
  readonly word: string;
}

export const tracesOf = (name: string): Traces => {
  const lower = name.toLowerCase();
  return {
    email: `${lower}@example.com`,
    name: `${name} Quux`,
    phone: `+49 30 555 0${String(name.length)}${String(name.charCodeAt(0))}`,
    word: `zyzzyva${lower}`,
  };
};

export interface Life extends Customer, Traces {
  readonly person: Person;
  readonly colleague: Person;
  readonly colleagueEmail: string;
  /** Open, and opened over HTTP. */
  readonly openId: string;
  /** Closed and rated, and opened by a mail with a file. */
  readonly closedId: string;
  /** The colleague's, which the person follows. */
  readonly followedId: string;
}

const must = ({ status, body }: { status: number; body: any }): any => {
  if (status >= 300) throw new Error(JSON.stringify(body));
  return body;
};

const contactsOf = ({ email, name }: Traces, colleagueEmail: string) => [
  { email, name, role: 'administrator' },
  { email: colleagueEmail, name: 'Uwe', role: 'user' },
];

const overHttp = async (desk: StaffedDesk, life: Omit<Life, 'openId' | 'closedId' | 'followedId'>): Promise<string> => {
  const { person, accountId, name, email, phone, word } = life;
  const request = { accountId, subject: `${word} is stuck`, description: `${word}: call me at ${phone}. ${name}` };
  const { ticketId } = must(await person.post('/v1/tickets', request, { 'idempotency-key': `open-${email}` }));
  const path = `/v1/tickets/${String(ticketId)}`;
  must(
    await desk.engineer.post(
      `${path}/messages`,
      { body: `Hello ${name}, we write to ${email}.` },
      { 'idempotency-key': `hello-${accountId}` },
    ),
  );
  must(await desk.engineer.post(`${path}/messages`, { body: `${name} is nice.`, visibility: 'internal' }));
  must(await person.post(`${path}/messages`, { body: `Yes, ${word}.` }, { 'idempotency-key': `yes-${accountId}` }));
  must(await person.post(`${path}/callback`, { phone }));
  must(await desk.engineer.post(`${path}/escalate`, { reason: `${name} is in a hurry.` }));
  must(await person.post(`/v1/accounts/${accountId}/remote-access`, { granted: true, note: `${word} only` }));
  must(
    await desk.engineer.post(`/v1/accounts/${accountId}/remote-sessions`, { purpose: `To help ${name}.`, ticketId }),
  );
  return String(ticketId);
};

const byMail = async (desk: StaffedDesk, { email, name, word }: Traces): Promise<string> => {
  const from = `${name} <${email}>`;
  const text = `See the file, ${word}.\n\nOn Mon, 2 Mar 2026 at 10:05, ${name} <${email}> wrote:\n> ${word}\n`;
  const files = [{ filename: `${word}.log`, content: `${word} ${email}` }];
  const raw = await rawMailWithFiles({ from, subject: `${word} by mail`, text }, files);
  const { ticketId } = must(await deliverRaw(desk.manager, raw, email));
  await desk.settled();
  const answer = await rawMailWithFiles({ from, subject: `Re: [${String(ticketId)}]`, text }, files);
  must(await deliverRaw(desk.manager, answer, email));
  const path = `/v1/tickets/${String(ticketId)}`;
  must(await desk.engineer.post(`${path}/messages`, { body: 'We look into it.' }));
  must(await desk.engineer.post(`${path}/resolve`, { summary: `${name} had no power.` }));
  return String(ticketId);
};

/** Mails that did nothing: one in quarantine, one refused unread, one by a machine. */
const inVain = async (desk: StaffedDesk, { email, name, word }: Traces): Promise<void> => {
  const mail = { from: `${name} <${email}>`, returnPath: email, text: word };
  const outcomes = [
    ['quarantined', { ...mail, verdicts: { dmarc: 'FAIL' } }],
    ['refused', { ...mail, verdicts: { spam: 'FAIL' } }],
    ['ignored', { ...mail, headers: ['Auto-Submitted: auto-replied'] }],
  ] as const;
  for (const [outcome, one] of outcomes) expect(must(await deliver(desk.manager, one)).outcome).toBe(outcome);
};

let lives = 0;

/** Plays the whole life; the desk has settled when it is over. */
export const live = async (desk: StaffedDesk, traces: Traces): Promise<Life> => {
  const { email, name, word } = traces;
  const colleagueEmail = `uwe${String((lives += 1))}@example.com`;
  const customer = await customerOn(desk, 'scalix-basic', { units: 50, contacts: contactsOf(traces, colleagueEmail) });
  const { accountId } = customer;
  const [person, colleague] = await Promise.all(
    [email, colleagueEmail].map((one) => desk.as({ role: 'customer', account: accountId, email: one })),
  );
  const life = { ...customer, ...traces, person: person!, colleague: colleague!, colleagueEmail };
  const openId = await overHttp(desk, life);
  const closedId = await byMail(desk, traces);
  must(await life.person.post(`/v1/tickets/${closedId}/close`, {}));
  must(await life.person.post(`/v1/tickets/${closedId}/rating`, { score: 4, comment: word }));
  const copied = {
    from: `Uwe <${colleagueEmail}>`,
    returnPath: colleagueEmail,
    to: `support@desk.example.com, ${email}`,
  };
  const { ticketId: followedId } = must(await deliver(desk.manager, { ...copied, text: `Ask ${name}.` }));
  must(await desk.engineer.post(`/v1/tickets/${String(followedId)}/messages`, { body: 'On it.' }));
  await desk.settled();
  must(await desk.manager.post('/local/mail/bounce', { to: email, type: 'bounce' }));
  await desk.settled();
  must(await desk.engineer.post(`/v1/tickets/${openId}/messages`, { body: 'This one is kept back.' }));
  await inVain(desk, traces);
  await desk.settled();
  return { ...life, openId, closedId, followedId: String(followedId) };
};
