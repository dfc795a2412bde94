/** What people read: the words of the letters on a running desk, in both forms, and the page that a letter leads to. */
import { beforeAll, describe, expect, it } from 'vitest';
import { customerOn, deskOfThisFile, openTicket, type Customer } from '../../support/desk.ts';
import { ratingPathOf } from '../../support/mail.ts';

const desk = deskOfThisFile();
const letters = (id: string, to = 'ann@example.com') =>
  desk.desk.mails().filter((mail) => mail.to === to && mail.subject.includes(id));
const said = async (id: string, title: string, to?: string) => {
  await desk.settled();
  const letter = letters(id, to).find(({ subject }) => subject.startsWith(title));
  if (!letter) throw new Error(`no letter “${title}” about ${id}`);
  return letter;
};
/** Seconds depend on how fast the machine is. */
const text = (letter: { text: string }) => letter.text.replace(/:\d{2} \(/g, ':00 (').trim();

describe('the letters about a ticket', () => {
  let customer: Customer;
  beforeAll(async () => {
    customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 100 });
  });

  it('tell what was opened, what it cost and what to expect, as it stood at the opening', async () => {
    const id = await openTicket(customer, { priority: 'standard' });
    await desk.engineer.post(`/v1/tickets/${id}/messages`, { body: 'Hello Ann,\n\nwe are on it. <b>Eve</b>' });
    const letter = await said(id, 'We have your ticket');
    expect(text(letter)).toBe(
      [
        'Hello Ann,',
        'We received your ticket on Monday 2 March 2026, 10:00:00 (UTC-05:00). It is with TS1, the support team.',
        'It cost 1 token. Should we be late, it comes back by itself.',
        'You can expect:\n- a first answer by Tuesday 3 March 2026, 10:00:00 (UTC-05:00)\n- a solution, or a plan for one, by Wednesday 4 March 2026, 10:00:00 (UTC-05:00)',
        `Support desk\nTicket ${id}: Mail is stuck\nAnswers to this mail are added to the ticket.`,
      ].join('\n\n'),
    );
    expect(letter.html).toContain('<ul>\n<li dir="auto">a first answer by Tuesday 3 March 2026');
    expect(letter.html).not.toMatch(/<(img|script|link|style|iframe)|https?:|style=/);
    const answer = await said(id, 'An answer to your ticket');
    expect(text(answer)).toMatch(/^Hello Ann,\n\nwe are on it\. <b>Eve<\/b>\n\nSupport desk/);
    expect(answer.html).toContain('<p dir="auto">we are on it. &lt;b&gt;Eve&lt;/b&gt;</p>');
  });

  it('tell what a split cost, each ticket and all of them', async () => {
    const id = await openTicket(customer, { priority: 'urgent' });
    const problems = [
      { subject: 'Fonts', description: 'Too small.' },
      { subject: 'Bill', description: 'Too high.', priority: 'billing' },
      { subject: 'Keys', description: 'Too few.' },
    ];
    await desk.engineer.post(`/v1/tickets/${id}/split`, { problems });
    const told = text(await said(id, 'Your ticket was split'));
    expect(told).toMatch(/- tkt_\w+ “Fonts”: 3 tokens\n- tkt_\w+ “Bill”: free\n- tkt_\w+ “Keys”: 3 tokens/);
    expect(told).toContain('What it costs: 6 tokens in all, taken from your account.');
  });

  it('ask for what is missing, tell the plan, and what counts as solved', async () => {
    const id = await openTicket(customer, { priority: 'standard' });
    const step = (name: string, body: object) => desk.engineer.post(`/v1/tickets/${id}/${name}`, body);
    await step('messages', { body: 'Hello.' });
    await step('pause', { reason: 'Which release is it?' });
    expect(text(await said(id, 'We are waiting for you'))).toContain(
      'We need something from you to go on:\n\nWhich release is it?\n\nThe clock of the solution stands still until you answer.',
    );
    await customer.administrator.post(`/v1/tickets/${id}/messages`, { body: '11.' });
    await step('plan', { summary: 'A patch.', expectedBy: '2026-03-05T12:00:00+01:00' });
    expect(text(await said(id, 'The plan for your ticket'))).toContain(
      'This is how we go on:\n\nA patch.\n\nWe expect to be done by Thursday 5 March 2026, 06:00:00 (UTC-05:00).',
    );
    await step('resolve', { summary: 'It is in the queue’s settings.' });
    expect(text(await said(id, 'Your ticket is resolved'))).toContain(
      'We take your problem for solved:\n\nIt is in the queue’s settings.\n\nIf it is not, answer within 7 days',
    );
    await customer.administrator.post(`/v1/tickets/${id}/messages`, { body: 'It is not.' });
    const again = text(await said(id, 'Your ticket is open again'));
    expect(again).toContain('It costs nothing more. No further time is promised for it; we go on as soon as we can.');
  });

  it('say what is promised of a ticket that is open again, where something is', async () => {
    const id = await openTicket(customer, { priority: 'standard' });
    const step = (name: string, body: object) => desk.engineer.post(`/v1/tickets/${id}/${name}`, body);
    await step('messages', { body: 'Hello.' });
    await step('resolve', { summary: 'It is in the queue’s settings.' });
    await customer.administrator.post(`/v1/tickets/${id}/messages`, { body: 'It is not.' });
    expect(text(await said(id, 'Your ticket is open again'))).toMatch(
      /our clocks go on where they stood\.\n\nYou can expect:\n- a solution, or a plan for one, by /,
    );
  });

  it('tell staff the customer’s time, and say so', async () => {
    const id = await openTicket(customer, { priority: 'urgent' });
    await customer.administrator.post(`/v1/tickets/${id}/callback`, { phone: '+1 555 0100' });
    const call = await said(id, 'Call the customer', 'ts1@desk.example.com');
    expect(text(call)).toMatch(/It is due by Monday 2 March 2026, 10:30:\d\d \(UTC-05:00\), the customer’s time\./);
    expect(call.headers['reply-to']).toMatch(/reply\+[0-9a-z]{26}\.[a-z2-7]{20}@desk\.example\.com/);
  });

  it('carry what keeps them together and apart from people’s mail', async () => {
    const id = await openTicket(customer);
    const { headers } = await said(id, 'We have your ticket');
    expect(headers).toMatchObject({
      'auto-submitted': 'auto-generated',
      'x-auto-response-suppress': 'All',
      'x-makegood-cause': `${id}-1`,
      references: `<${id}@desk.example.com>`,
      'in-reply-to': `<${id}@desk.example.com>`,
    });
    expect(headers['reply-to']).toContain(`reply+${id.slice(4).toLowerCase()}.`);
  });
});

describe('the page that rates a closed ticket', () => {
  let customer: Customer;
  let id: string;
  let path: string;
  const page = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
  const form = { ...page, 'content-type': 'application/x-www-form-urlencoded' };
  const get = (at: string, headers: Record<string, string> = page) => fetch(`${desk.url}${at}`, { headers });
  const post = (at: string, body: string, headers: Record<string, string> = form) =>
    fetch(`${desk.url}${at}`, { method: 'POST', headers, body });
  const ratings = async () =>
    (await desk.manager.get(`/v1/tickets/${id}/timeline?limit=100`)).body.items.filter(
      (one: any) => one.type === 'rated',
    );
  beforeAll(async () => {
    customer = await customerOn(desk, 'scalix-basic', { units: 180 });
    id = await openTicket(customer, { subject: 'Fonts <script>alert(1)</script>' });
    await desk.engineer.post(`/v1/tickets/${id}/messages`, { body: 'Done.' });
    await customer.administrator.post(`/v1/tickets/${id}/close`);
    path = await ratingPathOf(desk, id);
  });

  it('changes nothing however often it is opened, as scanners of mail do', async () => {
    for (let opened = 0; opened < 5; opened += 1) {
      const answer = await get(path);
      expect(answer.status).toBe(200);
      const html = await answer.text();
      expect(html).toContain('<form method="post"');
      expect(html).toContain('Fonts &lt;script&gt;');
      expect(html).not.toMatch(/<script|https?:\/\/|onclick|reply\+/);
      expect(html).not.toContain(path.split('/').at(-1));
    }
    for (const method of ['HEAD', 'OPTIONS', 'PUT', 'DELETE']) {
      expect((await fetch(`${desk.url}${path}`, { method })).status).toBeGreaterThanOrEqual(400);
    }
    expect(await ratings()).toEqual([]);
  });

  it('can be shown by a browser only as it is: no script, no frame, no cache, no address given away', async () => {
    const { headers } = await get(path);
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'$/,
    );
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex, nofollow',
    });
  });

  it('can be used without seeing it: a language, a heading, and a label for each field', async () => {
    const html = await (await get(path)).text();
    expect(html).toMatch(/<html lang="en">[^]*<title>Rate our help<\/title>[^]*<main>\s*<h1>Rate our help<\/h1>/);
    expect(html).toContain('<legend>How satisfied are you with our help?</legend>');
    const fields = [...html.matchAll(/<(?:input|textarea)[^>]* id="([^"]+)"/g)].map(([, field]) => field);
    const labels = [...html.matchAll(/<label for="([^"]+)"/g)].map(([, field]) => field);
    expect(fields).toHaveLength(6);
    expect(labels.toSorted()).toEqual(fields.toSorted());
  });

  it('writes the rating when its form is sent, as its contact', async () => {
    const sent = await post(path, 'score=4&comment=Swift+%26+kind%0D%0Abut+late');
    expect(sent.status).toBe(200);
    expect(await sent.text()).toContain('You rated our help 4 of 5.');
    expect(await ratings()).toMatchObject([
      { score: 4, comment: 'Swift & kind\r\nbut late', actor: { role: 'customer', email: 'ann@example.com' } },
    ]);
    expect(await (await get(path)).text()).toContain('You rated it 4 of 5 before.');
    const json = await post(path, JSON.stringify({ score: 2 }), { 'content-type': 'application/json' });
    expect(json.status).toBe(200);
    expect((await desk.manager.get(`/v1/tickets/${id}`)).body.rating).toMatchObject({ score: 2 });
    expect((await post(path, 'score=5&comment=')).status).toBe(200);
  });

  it('answers the same to the same key, page and headers', async () => {
    const key = { ...form, 'idempotency-key': 'rating-1' };
    const before = (await ratings()).length as number;
    const [one, two] = [await post(path, 'score=3', key), await post(path, 'score=3', key)];
    expect(await two.text()).toBe(await one.text());
    expect(two.headers.get('idempotency-replayed')).toBe('true');
    expect(two.headers.get('content-security-policy')).toBe(one.headers.get('content-security-policy'));
    expect(await ratings()).toHaveLength(before + 1);
    expect((await post(path, 'score=4', key)).status).toBe(422);
  });

  it.each(['score=6', 'score=0', 'score=', '', 'score=4&admin=1', 'score=four', '{"score":4}'])(
    'refuses the form “%s”, and writes nothing',
    async (body) => {
      const before = (await ratings()).length as number;
      const answer = await post(path, body);
      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(await ratings()).toHaveLength(before);
    },
  );

  it('is there for nobody who makes an address up', async () => {
    const [start, token = ''] = [path.slice(0, path.lastIndexOf('/')), path.split('/').at(-1)];
    const other = await openTicket(customer);
    const forged = [
      `${start}/x`,
      `${start}/${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}`,
      `${start}/${other.slice(4).toLowerCase()}${token.slice(26)}`,
      `${start}/${encodeURIComponent('<script>alert(1)</script>')}`,
    ];
    for (const at of forged) {
      expect((await get(at)).status).toBe(404);
      const answer = await post(at, 'score=1');
      expect(answer.status).toBe(404);
      expect(await answer.text()).not.toContain('<script');
    }
    const problem = await get(`${start}/x`, { accept: 'application/json' });
    expect(problem.headers.get('content-type')).toBe('application/problem+json');
  });

  it('rates nothing while the ticket is open again', async () => {
    await customer.administrator.post(`/v1/tickets/${id}/reopen`, { sameProblem: true });
    const before = (await ratings()).length as number;
    expect((await get(path)).status).toBe(409);
    const answer = await post(path, 'score=1');
    expect([answer.status, await answer.text()]).toEqual([
      409,
      expect.stringContaining('it can be rated once it is closed'),
    ]);
    expect(await ratings()).toHaveLength(before);
  });
});

describe('the letters about units', () => {
  const about = (to: string, title: string) =>
    desk.desk.mails().filter((mail) => mail.to === to && mail.subject.startsWith(title));
  const contactsOf = (name: string) => [
    { email: `${name}@example.com`, name: 'Ada', role: 'administrator' },
    { email: `user-${name}@example.com`, name: 'Uwe', role: 'user' },
  ];
  const customerNamed = async (name: string): Promise<Customer> => {
    const customer = await customerOn(desk, 'scalix-basic', { units: 50, contacts: contactsOf(name) });
    const email = `${name}@example.com`;
    return { ...customer, administrator: await desk.as({ role: 'customer', account: customer.accountId, email }) };
  };

  it('tell the administrators once that too few are left, and again once more came and were spent', async () => {
    const customer = await customerNamed('low');
    const low = () => about('low@example.com', 'Too few points for another ticket');
    for (let opened = 0; opened < 4; opened += 1) await openTicket(customer);
    await desk.settled();
    expect(low()).toEqual([]);
    const last = await openTicket(customer);
    await desk.settled();
    expect(low()).toHaveLength(1);
    expect(text(low()[0]!)).toBe(
      [
        'Hello Ada,',
        'There are no points left on the account of Example Ltd. A ticket usually costs 10 points: another one of that kind can’t be opened until more come.',
        'We sell points in packs of 50, 110 or 180. Tell us how many you want.',
        'Tickets that are open go on as they are. You are told this once, until more come.',
        'Support desk',
      ].join('\n\n'),
    );
    expect(low()[0]!.headers).not.toHaveProperty('references');
    expect(about('user-low@example.com', 'Too few')).toEqual([]);
    // What comes back fills the account up, too.
    await desk.engineer.post(`/v1/tickets/${last}/messages`, { body: 'Hello.' });
    await desk.manager.post(`/v1/tickets/${last}/classify`, { as: 'product-bug' });
    await desk.settled();
    expect(low()).toHaveLength(1);
    await openTicket(customer);
    await desk.settled();
    expect(low()).toHaveLength(2);
    await desk.manager.post(`/v1/accounts/${customer.accountId}/purchases`, { amount: 50 });
    for (let opened = 0; opened < 5; opened += 1) await openTicket(customer);
    await desk.settled();
    expect(low()).toHaveLength(3);
  });

  it('tell 30 and 7 days before units expire, once each, in the account’s zone, whatever the daily run misses or repeats', async () => {
    const facts = { timeZone: 'Europe/Berlin', region: 'DE', contacts: contactsOf('expiring') };
    await customerOn(desk, 'scalix-basic', { units: 50, ...facts });
    await customerOn(desk, 'severity-gold', { contacts: contactsOf('month') });
    const told = () => about('expiring@example.com', '50 points will expire soon').length;
    const run = async (day: string) => {
      const now = `${day}T20:00:00.000Z`;
      const { failure } = await desk.desk.invoke('lambdas/handlers/renew.lambda.ts', { schema: 1, now });
      expect(failure).toBeUndefined();
      return told();
    };
    // The points are of the second of March, in the afternoon.
    expect(await run('2027-01-30')).toBe(0);
    expect(await run('2027-02-01')).toBe(1);
    expect(await run('2027-02-01')).toBe(1);
    expect(await run('2027-02-02')).toBe(1);
    expect(await run('2027-02-22')).toBe(1);
    expect(await run('2027-02-25')).toBe(2);
    expect(await run('2027-02-26')).toBe(2);
    const [first] = about('expiring@example.com', '50 points will expire soon');
    expect(text(first!)).toMatch(
      /50 points on the account of Example Ltd expire on Tuesday 2 March 2027, 16:0\d:00 \(UTC\+01:00\)\. From then on they can’t be spent\./,
    );
    expect(desk.desk.mails().filter(({ to, subject }) => to.includes('month') && subject.includes('expire'))).toEqual(
      [],
    );
    expect(about('user-expiring@example.com', '50 points')).toEqual([]);
  });
});
