/**
 * What engineers are told of their work, on a running desk: who hears of what, and who does not. How an answer to such a letter comes back
 * to the ticket stands with the rules of mail.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { customerOn, deskOfThisFile, openTicket, type Customer, type Person } from '../../support/desk.ts';
import { deliver } from '../../support/mail.ts';

const desk = deskOfThisFile();
const [ts1, ts2, ts3] = ['ts1@desk.example.com', 'ts2@desk.example.com', 'ts3@desk.example.com'];
const MANAGERS = 'managers@example.com';
const ANSWER =
  'To answer the customer, answer this letter from the address that it was sent to: what you write above the quote is a public message on the ticket.';

const about = (id: string) => desk.desk.mails().filter(({ subject }) => subject.includes(id));
/** What was sent about a ticket to everybody but its customer, as `reader: title`. */
const inside = (id: string): string[] =>
  about(id)
    .filter(({ to }) => !['ann@example.com', 'uwe@example.com'].includes(to))
    .map(({ to, subject }) => `${to}: ${subject.split(': ')[0]!}`);
const letter = (id: string, to: string, title: string) => {
  const found = about(id).filter((mail) => mail.to === to && mail.subject.startsWith(title));
  expect(found).toHaveLength(1);
  return found[0]!;
};
/** Seconds depend on how fast the machine is. */
const text = (one: { text: string }) => one.text.replace(/:\d{2} \(/g, ':00 (').trim();

const opened = async (customer: Customer, request: object = {}): Promise<string> => {
  const id = await openTicket(customer, { priority: 'urgent', ...request });
  await desk.settled();
  return id;
};
const step = async (id: string, name: string, body: object = {}, who: Person = desk.engineer) => {
  const answer = await who.post(`/v1/tickets/${id}/${name}`, body);
  expect(answer.status).toBeLessThan(300);
  await desk.settled();
  return answer.body;
};

let customer: Customer;
beforeAll(async () => {
  customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 300 });
});

describe('a new ticket', () => {
  it('is told to its tier: for whom it is, how urgent, what is promised by when, what it is about, how to answer', async () => {
    const id = await opened(customer, { description: 'Nothing leaves the queue.\n\nSince <b>nine</b>.' });
    const told = letter(id, ts1, 'New at TS1');
    expect(told.subject).toBe(`New at TS1: Mail is stuck [${id}]`);
    expect(text(told)).toBe(
      [
        `There is a new ticket ${id} (“Mail is stuck”, urgent). It is for Ann.`,
        'The customer is promised, in the customer’s time:\n- a first answer by Monday 2 March 2026, 14:00:00 (UTC-05:00)\n- a solution, or a plan for one, by Tuesday 3 March 2026, 10:00:00 (UTC-05:00)',
        'This is the problem, in the customer’s words:',
        'Nothing leaves the queue.',
        'Since <b>nine</b>.',
        ANSWER,
        'Support desk',
      ].join('\n\n'),
    );
    expect(told.html).toContain('Since &lt;b&gt;nine&lt;/b&gt;.');
    expect(told.headers['reply-to']).toContain(`reply+${id.slice(4).toLowerCase()}.`);
    expect(inside(id)).toEqual([`${ts1}: New at TS1`]);
  });

  it('is told with as much of its description as a letter holds', async () => {
    const long = await opened(customer, { description: 'word '.repeat(3_000) });
    const { text: told } = letter(long, ts1, 'New at TS1');
    expect(told.length).toBeLessThan(5_000);
    expect(told).toContain('\n[It goes on; the whole text is on the ticket.]\n');
  });

  it('that was split off another is told as such', async () => {
    const id = await opened(customer);
    const { splitInto } = await step(id, 'split', { problems: [{ subject: 'Fonts', description: 'Too small.' }] });
    const part = (splitInto as string[])[0]!;
    expect(text(letter(part, ts1, 'New at TS1'))).toContain(
      `There is a new ticket ${part} (“Fonts”, urgent). It is for Ann. It was split off ticket ${id}.`,
    );
    expect(text(letter(part, ts1, 'New at TS1'))).toContain('This is the problem:\n\nToo small.');
  });

  it('is no news to who opened it, in whatever case their address is written', async () => {
    const byPhone = { priority: 'emergency', channel: 'phone', contact: 'ann@example.com', authorizedCharge: 10 };
    const request = { ...byPhone, missionCritical: true, subject: 'Mail is stuck', description: 'She called.' };
    const tier = await desk.as({ role: 'engineer', email: 'TS1@desk.example.com', tier: 'TS1' });
    const { body, status } = await tier.post('/v1/tickets', { ...request, accountId: customer.accountId });
    expect(status, JSON.stringify(body)).toBe(201);
    await desk.settled();
    expect(about(body.ticketId).map(({ to }) => to)).toEqual(['ann@example.com']);
    const other = await desk.engineer.post('/v1/tickets', { ...request, accountId: customer.accountId });
    await desk.settled();
    expect(inside(other.body.ticketId)).toEqual([`${ts1}: New at TS1`]);
  });
});

describe('a ticket that climbs', () => {
  it('after a miss is told to the tier that has it now, with the miss and by when it owes the answer; to nobody twice', async () => {
    const id = await opened(customer, { priority: 'standard' });
    const target = async (kind: string) =>
      (await desk.manager.get(`/v1/tickets/${id}`)).body.targets.findLast((one: any) => one.kind === kind);
    const { deadline } = await target('first-response');
    await desk.moveTo(new Date(Date.parse(deadline) + 1000).toISOString());
    const told = letter(id, ts2, 'Now at TS2');
    expect(text(told)).toMatch(
      /^You now have ticket tkt_\w+ \(“Mail is stuck”, standard\)\. It is for Ann\.\n\nWhy: TS1 owed a first answer by Tuesday 3 March 2026, 10:\d\d:00 \(UTC-05:00\), the customer’s time, and gave none\.\n\nThe customer is promised, in the customer’s time:\n- a solution, or a plan for one, by Wednesday 4 March [^\n]+\n- an answer by Wednesday 4 March 2026, 10:\d\d:00 \(UTC-05:00\)\n\nThis is the problem, in the customer’s words:\n\nNothing leaves the queue\.\n\nTo answer/,
    );
    expect(inside(id)).toEqual([`${ts1}: New at TS1`, `${ts1}: An answer is due soon`, `${ts2}: Now at TS2`]);
    const again = await target('escalation');
    await desk.moveTo(new Date(Date.parse(again.deadline) + 1000).toISOString());
    expect(text(letter(id, ts3, 'Now at TS3'))).toContain('Why: TS2 owed an answer by Wednesday 4 March 2026');
    const last = await target('escalation');
    await desk.moveTo(new Date(Date.parse(last.deadline) + 1000).toISOString());
    expect(inside(id).slice(-3)).toEqual([
      `${ts3}: Now at TS3`,
      `${ts3}: An answer is due soon`,
      `${MANAGERS}: Unanswered at TS3`,
    ]);
  });

  it('by hand is told with who handed it over and why, and not to who did it', async () => {
    const id = await opened(customer);
    await step(id, 'escalate', { reason: 'It needs replication.' });
    const told = text(letter(id, ts2, 'Now at TS2'));
    expect(told).toContain('Why: eve@example.com handed it over: It needs replication.');
    expect(told).toMatch(/- a first answer by .* March 2026/);
    const tier = await desk.as({ role: 'engineer', email: 'TS3@desk.example.com', tier: 'TS3' });
    await step(id, 'escalate', { reason: 'I take it.' }, tier);
    expect(inside(id)).toEqual([`${ts1}: New at TS1`, `${ts2}: Now at TS2`]);
  });
});

describe('a customer’s word', () => {
  it('goes to the tier while nobody has the ticket, and to its engineer once somebody has', async () => {
    const id = await opened(customer);
    await step(id, 'messages', { body: 'It is version 11.\n\nUwe' }, customer.user);
    const told = text(letter(id, ts1, 'Your customer wrote'));
    expect(told).toMatch(
      /^uwe@example\.com wrote on ticket tkt_\w+ \(“Mail is stuck”, urgent\):\n\nIt is version 11\.\n\nUwe\n\nThe customer is promised, in the customer’s time:\n- a first answer/,
    );
    expect(told).toContain(ANSWER);
    await step(id, 'assign', { engineer: 'tom@example.com' });
    await step(id, 'messages', { body: 'Still stuck.' }, customer.administrator);
    expect(text(letter(id, 'tom@example.com', 'Your customer wrote'))).toMatch(
      /^Ann wrote on ticket tkt_\w+ [^\n]+:\n\nStill stuck\./,
    );
    expect(inside(id)).toEqual([
      `${ts1}: New at TS1`,
      `${ts1}: Your customer wrote`,
      'tom@example.com: Assigned to you',
      'tom@example.com: Your customer wrote',
    ]);
  });

  it('by mail is told with how many files it brought; by a machine it is told to nobody', async () => {
    const id = await opened(customer);
    const boundary = 'Content-Type: multipart/mixed; boundary=b';
    const parts = ['--b', 'Content-Type: text/plain', '', 'See the log.', '--b'];
    const file = [
      'Content-Type: text/plain; name=a.log',
      'Content-Disposition: attachment; filename=a.log',
      '',
      'x',
      '--b--',
    ];
    const raw = [
      'From: ann@example.com',
      `Subject: Re: [${id}]`,
      'Message-ID: <files-1@mail.example.com>',
      boundary,
      '',
    ];
    const verdicts = { spf: 'PASS', dkim: 'PASS', dmarc: 'PASS', spam: 'PASS', virus: 'PASS' };
    const envelope = { from: 'ann@example.com', recipients: ['support@desk.example.com'] };
    const came = await desk.manager.post('/local/mail/inbound', {
      ...{ raw: [...raw, ...parts, ...file].join('\r\n'), envelope, verdicts },
    });
    expect(came.body).toMatchObject({ outcome: 'replied', ticketId: id });
    await desk.settled();
    expect(text(letter(id, ts1, 'Your customer wrote'))).toContain(
      'See the log.\n\n1 file came with it, kept with the ticket.',
    );
    await step(id, 'messages', { body: 'I am away.', automatic: true }, customer.administrator);
    await deliver(desk.manager, { subject: `[${id}]`, headers: ['Auto-Submitted: auto-replied'] });
    await desk.settled();
    expect(inside(id)).toEqual([`${ts1}: New at TS1`, `${ts1}: Your customer wrote`]);
  });

  it('by mail is told with where the rest of it is, where not all of it is shown', async () => {
    const { body: by } = await deliver(desk.manager, {
      text: 'Nothing leaves the queue.\r\n\r\n-- \r\nAnn\r\nExample Ltd',
    });
    const id = by.ticketId as string;
    const quote = 'On Mon, Mar 2, 2026 at 10:05 AM, Support wrote:\r\n> Which release?';
    await deliver(desk.manager, { subject: `Re: [${id}]`, text: `It is 11.4.\r\n\r\n${quote}` });
    await deliver(desk.manager, { subject: `Re: [${id}]`, text: 'On Debian.' });
    await desk.settled();
    const rest = (seq: number) =>
      `The mail says more, such as what it quotes: GET /v1/tickets/${id}/messages/${String(seq)}/text.`;
    expect(text(letter(id, ts1, 'New at TS1'))).toContain(`Nothing leaves the queue.\n\n${rest(1)}\n\n`);
    const told = about(id).filter(({ subject }) => subject.startsWith('Your customer wrote'));
    expect(told).toHaveLength(2);
    expect(told[0]!.text).toContain(`It is 11.4.\n\n${rest(2)}\n\n`);
    expect(told[1]!.text).not.toContain('The mail says more');
  });

  it('that opens a ticket again is told once, with the message where there is one', async () => {
    const id = await opened(customer);
    await step(id, 'messages', { body: 'Hello.' });
    await step(id, 'resolve', { summary: 'Done.' });
    await step(id, 'messages', { body: 'It is not.' }, customer.administrator);
    await step(id, 'resolve', { summary: 'Done now.' });
    await step(id, 'reopen', { sameProblem: true }, customer.administrator);
    expect(inside(id)).toEqual([
      `${ts1}: New at TS1`,
      `${ts1}: Your customer wrote`,
      `${ts1}: Your customer reopened the ticket`,
    ]);
    const told = text(letter(id, ts1, 'Your customer reopened'));
    expect(told).toMatch(/^The ticket tkt_\w+ \(“Mail is stuck”, urgent\) was resolved and is open again: /);
    expect(told).toMatch(/- a solution, or a plan for one, by /);
    await step(id, 'resolve', { summary: 'Done at last.' });
    await step(id, 'reopen', { sameProblem: true });
    expect(inside(id)).toHaveLength(3);
  });

  it('is no engineer’s: what they write, publicly or not, is told to none of them', async () => {
    const id = await opened(customer);
    await step(id, 'assign', { engineer: 'tom@example.com' });
    await step(id, 'messages', { body: 'We look at it.' });
    await step(id, 'messages', { body: 'She is right.', visibility: 'internal' });
    expect(inside(id)).toEqual([`${ts1}: New at TS1`, 'tom@example.com: Assigned to you']);
  });
});

describe('an assignment', () => {
  it('is told to whom it is made, unless they made it', async () => {
    const id = await opened(customer);
    await step(id, 'assign', { engineer: 'Eve@Example.com' });
    expect(inside(id)).toEqual([`${ts1}: New at TS1`]);
    await step(id, 'assign', { engineer: 'tom@example.com' }, desk.manager);
    expect(text(letter(id, 'tom@example.com', 'Assigned to you'))).toMatch(
      /^max@example\.com has assigned ticket tkt_\w+ \(“Mail is stuck”, urgent\) to you\. It is for Ann\.\n\nThe customer is promised/,
    );
  });

  it('to a name that is no address, or to somebody of the customer, is told to nobody, and the tier stays the one that hears', async () => {
    for (const engineer of ['Eve of the night shift', 'ann@example.com']) {
      const id = await opened(customer);
      await step(id, 'assign', { engineer });
      await step(id, 'messages', { body: 'Hello?' }, customer.user);
      expect(inside(id)).toEqual([`${ts1}: New at TS1`, `${ts1}: Your customer wrote`]);
      expect(about(id).filter(({ to }) => to === 'ann@example.com')).toHaveLength(1);
    }
    expect(desk.desk.deadLetters()).toEqual([]);
  });
});
