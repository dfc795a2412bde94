/**
 * `npm run demo`: plays the desk's main job on a fresh local desk, in a week and a half of moved clock, and tells it as a story.
 * Every line it prints is read from the desk over HTTP, and what the story claims is asserted; it ends with 0 only if all held.
 */
import assert from 'node:assert/strict';
import { DateTime } from 'luxon';
import { startDesk, type Desk } from '../lib/local/desk.ts';
import { clientOf, type Client, type Json } from './client.ts';

/** Friday 6 March 2026, 15:30 in Berlin: an hour and a half before the weekend. */
const FRIDAY_AFTERNOON = '2026-03-06T14:30:00.000Z';
const ZONE = 'Europe/Berlin';

const local = (at: string): string =>
  DateTime.fromISO(at, { zone: ZONE, locale: 'en-GB' }).toFormat('ccc dd LLL HH:mm:ss');
const say = (text = ''): void => {
  console.log(text);
};
const heading = (text: string): void => {
  say(`\n${text}\n${'-'.repeat(text.length)}`);
};

class Story {
  readonly desk: Desk;
  constructor(desk: Desk) {
    this.desk = desk;
  }

  now(): string {
    return new Date(this.desk.clock.now()).toISOString();
  }
  /** One line: when, in the customer's zone, who, what. */
  tell(who: string, what: string, at = this.now()): void {
    say(`${local(at)}  ${who.padEnd(9)} ${what}`);
  }
  async moveTo(at: string): Promise<void> {
    await this.desk.moveTo(Date.parse(at));
  }
  async justAfter(at: string): Promise<void> {
    await this.moveTo(new Date(Date.parse(at) + 1000).toISOString());
  }
}

interface People {
  readonly manager: Client;
  readonly engineer: Client;
  readonly customer: Client;
  readonly accountId: string;
}

const setUp = async (story: Story): Promise<People> => {
  const { desk } = story;
  const as = async (claims: Parameters<Desk['token']>[0]) => clientOf(desk.url, await desk.token(claims));
  const manager = await as({ role: 'manager', email: 'manager@example.com' });
  const engineer = await as({ role: 'engineer', email: 'engineer@example.com', tier: 'TS1' });
  const account = await manager.post('/v1/accounts', {
    name: 'Example Books',
    planId: 'scalix-basic',
    timeZone: ZONE,
    region: 'DE-BE',
    contacts: [{ email: 'customer@example.com', name: 'Customer', role: 'administrator' }],
  });
  const accountId = String(account.accountId);
  story.tell(
    'manager',
    'creates the account Example Books on the plan scalix-basic (zone Europe/Berlin, holidays of Berlin)',
  );
  const lot = await manager.post(`/v1/accounts/${accountId}/purchases`, { amount: 50 });
  story.tell('manager', `adds a pack of 50 points, good for a year, until ${String(lot.expiresAt).slice(0, 10)}`);
  const customer = await as({ role: 'customer', account: accountId, email: 'customer@example.com' });
  return { manager, engineer, customer, accountId };
};

const balance = async ({ customer, accountId }: People): Promise<number> =>
  Number((await customer.get(`/v1/accounts/${accountId}/balance`)).available);

const deadlineOf = (ticket: Json, kind: string): string => {
  const target = (ticket.targets as Json[]).findLast((one) => one.kind === kind);
  assert.ok(target, `the ticket has no target ${kind}`);
  return String(target.deadline);
};

const request = (accountId: string, subject: string) => ({
  accountId,
  subject,
  description: `${subject}. Please help.`,
  channel: 'web',
});

const open = async (story: Story, { customer, accountId }: People, subject: string): Promise<Json> => {
  const quote = await customer.post('/v1/quotes', request(accountId, subject));
  const key = { 'idempotency-key': subject.toLowerCase().replaceAll(' ', '-') };
  const { amount, unit } = quote.charge as Json;
  story.tell(
    'customer',
    `asks for a quote: “${subject}” would cost ${String(amount)} ${String(unit)}s, answer by ${local(deadlineOf(quote, 'first-response'))}`,
  );
  const ticket = await customer.post('/v1/tickets', request(accountId, subject), key);
  const twin = await customer.post('/v1/tickets', request(accountId, subject), key);
  assert.equal(twin.ticketId, ticket.ticketId, 'the same key opened two tickets');
  assert.deepEqual((quote.charge as Json).amount, (ticket.charge as Json).amount, 'the quote said another price');
  story.tell('customer', `opens ${String(ticket.ticketId)}; sent twice by a flaky network, opened and charged once`);
  return ticket;
};

/** Nobody answers: each tier misses in turn, and the points come back at the first miss. */
const nobodyAnswers = async (story: Story, people: People): Promise<string> => {
  const { customer } = people;
  const { ticketId } = await open(story, people, 'Calendar invitations vanish');
  const path = `/v1/tickets/${String(ticketId)}`;
  assert.equal(await balance(people), 40);
  story.tell('desk', 'points on hand: 40');
  for (const [kind, tier, next] of [
    ['first-response', 'TS1', 'TS2'],
    ['escalation', 'TS2', 'TS3'],
    ['escalation', 'TS3', undefined],
  ] as const) {
    const deadline = deadlineOf(await customer.get(path), kind);
    await story.justAfter(deadline);
    const ticket = await customer.get(path);
    assert.equal(ticket.tier, next ?? 'TS3');
    assert.equal((ticket.charge as Json).credited, 10, 'the charge did not come back');
    story.tell(
      'desk',
      `${tier} has missed the ${kind} deadline${next ? `; the ticket climbs to ${next}` : '; nobody is left above, the managers are told'}`,
      deadline,
    );
    if (tier === 'TS1')
      story.tell(
        'desk',
        `10 points come back by themselves; points on hand: ${String(await balance(people))}`,
        deadline,
      );
  }
  assert.equal(await balance(people), 50);
  const ledger = (await customer.get(`/v1/accounts/${people.accountId}/ledger`)).items as Json[];
  assert.deepEqual(
    ledger.map(({ kind, amount }) => [kind, amount]),
    [
      ['purchase', 50],
      ['charge', 10],
      ['credit', 10],
    ],
  );
  say('\nThe ledger:');
  for (const { at, kind, amount, reason } of ledger)
    say(`  ${local(String(at))}  ${String(kind).padEnd(8)} ${String(amount).padStart(3)}  ${String(reason)}`);
  const mails = story.desk.mails();
  const apology = mails.find(({ to, subject }) => to === 'customer@example.com' && subject.startsWith('We missed'));
  assert.ok(apology, 'the customer was not told');
  assert.equal(mails.filter(({ subject }) => subject.startsWith('Unanswered at TS3')).length, 1);
  say(`\nThe customer's mail:\n  Subject: ${apology.subject}\n${apology.text.trim().replaceAll(/^/gm, '  | ')}`);
  return String(ticketId);
};

/** Somebody answers in time: nothing comes back, and the ticket ends. */
const somebodyAnswers = async (story: Story, people: People): Promise<void> => {
  const { customer, engineer } = people;
  const { ticketId } = await open(story, people, 'Index is slow');
  const path = `/v1/tickets/${String(ticketId)}`;
  await story.moveTo(new Date(story.desk.clock.now() + 2 * 3_600_000).toISOString());
  await engineer.post(`${path}/messages`, { body: 'Looks like a queue.', visibility: 'internal' });
  story.tell('engineer', 'notes something internally, which answers nothing and no customer sees');
  assert.deepEqual((await customer.get(`${path}/messages`)).items, []);
  await engineer.post(`${path}/messages`, { body: 'Please run the attached check and tell us what it prints.' });
  await engineer.post(`${path}/pause`, { reason: 'Tell us what the check prints.' });
  story.tell('engineer', 'answers in time: the target is met. Waits for the customer');
  await story.moveTo(new Date(story.desk.clock.now() + 20 * 3_600_000).toISOString());
  await customer.post(`${path}/messages`, { body: 'It prints 42.' });
  story.tell('customer', 'answers; the ticket is with the desk again');
  await engineer.post(`${path}/resolve`, { summary: 'The index was rebuilt.' });
  story.tell('engineer', 'resolves the ticket');
  await story.moveTo(new Date(story.desk.clock.now() + 8 * 86_400_000).toISOString());
  const ticket = await customer.get(path);
  assert.equal(ticket.status, 'closed');
  assert.equal((ticket.charge as Json).credited, 0);
  assert.deepEqual(
    (ticket.targets as Json[]).map(({ state }) => state),
    ['met'],
  );
  story.tell('desk', 'closes it seven days after it was resolved', String(ticket.closedAt));
  assert.equal(await balance(people), 40);
  story.tell('desk', 'nothing is credited for a promise that was kept; points on hand: 40');
};

/** What an accountant of the customer asks for: what the next one would cost, why the points came back, and the month on a page. */
const lookBack = async (story: Story, { customer, accountId }: People, missed: string): Promise<void> => {
  const quote = await customer.post('/v1/quotes', { ...request(accountId, 'Fonts are too small'), channel: 'phone' });
  const charge = quote.charge as Json;
  assert.deepEqual(charge, { unit: 'point', amount: 30 });
  story.tell(
    'customer',
    `asks what a call would cost: ${String(charge.amount)} points, answer by ${local(deadlineOf(quote, 'first-response'))}`,
  );
  const { deadlines, credits } = await customer.get(`/v1/tickets/${missed}/explanation`);
  const sentences = [(deadlines as Json[])[0], (credits as Json[])[0]].flatMap((one) => one?.sentences as string[]);
  assert.ok(sentences.length > 2, 'nothing was explained');
  say(`\nWhy the points of the first ticket came back:\n${sentences.map((sentence) => `  | ${sentence}`).join('\n')}`);
  const month = await customer.get(`/v1/accounts/${accountId}/reports/2026-03`);
  assert.equal((month.incidents as Json[]).length, 2);
  say(`\nThe service report of the month, with charts: GET /v1/accounts/${accountId}/reports/2026-03/page`);
};

const main = async (): Promise<void> => {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  say('Makegood: a support desk that pays back when it is late. Times are the customer’s, in Berlin.');
  const desk = await startDesk({ startAt: Date.parse(FRIDAY_AFTERNOON) });
  try {
    const story = new Story(desk);
    heading('A customer buys points');
    const people = await setUp(story);
    heading('Nobody answers');
    const missed = await nobodyAnswers(story, people);
    heading('Somebody answers');
    await somebodyAnswers(story, people);
    heading('Looking back');
    await lookBack(story, people, missed);
    say('\nAll of it held. Start a desk of your own with: npm start');
  } finally {
    await desk.stop();
  }
};

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
