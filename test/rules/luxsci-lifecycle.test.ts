/** The lifecycle rules of the token programme, on a running desk. Its business hours are 09:00 to 23:00 in New York, daily. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { emergency, expectRefused, seconds, secondsAfter, startStory, type Story } from '../support/story.ts';

let on: Story;
beforeAll(async () => {
  on = await startStory();
});
afterAll(() => on.stop());

const HOUR = 3600;
const opened = async (id: string): Promise<string> =>
  new Date(Math.floor(Date.parse((await on.ticket(id)).openedAt) / 1000) * 1000).toISOString();

const spans = [
  { rule: 'LX-05', priority: 'standard', cost: 1, response: 24 * HOUR, resolution: 48 * HOUR },
  { rule: 'LX-06', priority: 'urgent', cost: 3, response: 4 * HOUR, resolution: 24 * HOUR },
  { rule: 'LX-07', priority: 'emergency', cost: 10, response: HOUR, resolution: 4 * HOUR },
] as const;

/** To ten in the morning in New York, so that four business hours are four hours. */
const morning = async () => {
  const days = Math.ceil((Date.parse(on.now()) - Date.parse('2026-03-09T14:00:00.000Z')) / 86_400_000);
  await on.moveTo(secondsAfter('2026-03-09T14:00:00.000Z', Math.max(days, 0) * 86_400));
};

for (const { rule, priority, cost, response, resolution } of spans) {
  const asked = priority === 'emergency' ? emergency : { priority };

  it(`${rule} counts the spans of ${priority} from the request, to the second, and takes an answer just in time`, async () => {
    await morning();
    const customer = await on.luxsci();
    const id = await on.open(customer, asked);
    const from = await opened(id);
    expect(seconds(from, await on.deadline(id, 'first-response'))).toBe(response);
    expect(seconds(from, await on.deadline(id, 'resolution'))).toBe(resolution);
    await on.moveTo(await on.deadline(id, 'first-response'), -2);
    await on.say(id);
    await on.moveTo(await on.deadline(id, 'resolution'), -2);
    await on.step(id, 'resolve', { summary: 'Done.' });
    await on.desk.advance(60);
    expect((await on.ticket(id)).targets).toMatchObject([{ state: 'met' }, { state: 'met' }]);
    expect(await on.available(customer)).toBe(20 - cost);
  });

  it(`${rule} misses ${priority} a second late: begun late, and resolved late`, async () => {
    await morning();
    const customer = await on.luxsci();
    const silent = await on.open(customer, asked);
    await on.moveTo(await on.deadline(silent, 'first-response'), 1);
    expect(await on.types(silent)).toEqual(['opened', 'missed', 'credited', 'escalated']);
    expect(await on.available(customer)).toBe(20);

    await morning();
    const unsolved = await on.open(customer, asked);
    await on.say(unsolved);
    await on.moveTo(await on.deadline(unsolved, 'resolution'), -1);
    expect(await on.types(unsolved)).toEqual(['opened', 'message', 'answered']);
    await on.moveTo(await on.deadline(unsolved, 'resolution'), 1);
    expect(await on.types(unsolved)).toEqual(['opened', 'message', 'answered', 'missed', 'credited']);
    expect(await on.available(customer)).toBe(20);
  });
}

it('LX-06 counts business hours for the beginning and the wall clock for the solution', async () => {
  await morning();
  await on.desk.advance(12 * HOUR);
  const customer = await on.luxsci();
  // About 22:00: an hour today, three tomorrow from nine on.
  const id = await on.open(customer, { priority: 'urgent' });
  const from = await opened(id);
  expect(seconds(from, await on.deadline(id, 'first-response'))).toBe(14 * HOUR);
  expect(seconds(from, await on.deadline(id, 'resolution'))).toBe(24 * HOUR);
});

it('LX-09 gives every token back once, though beginning and solution are both missed', async () => {
  const customer = await on.luxsci();
  const id = await on.open(customer, emergency);
  await on.desk.advance(3 * 86_400);
  expect((await on.types(id)).filter((type) => type === 'missed').length).toBeGreaterThan(1);
  expect(await on.entries(customer, 'credit')).toMatchObject([{ amount: 10, ticketId: id }]);
  expect(await on.available(customer)).toBe(20);
  expect(await on.ticket(id)).toMatchObject({ charge: { amount: 10, credited: 10 } });
});

it('LX-10 demotes an emergency that is none: deadlines of an urgent ticket, and the difference back', async () => {
  await morning();
  const customer = await on.luxsci();
  const id = await on.open(customer, emergency);
  const from = await opened(id);
  await on.desk.advance(1800);
  const { status, body } = await on.step(id, 'reprioritize', { priority: 'urgent', reason: 'Not mission critical.' });
  expect(status).toBe(200);
  expect(body).toMatchObject({ priority: 'urgent', charge: { amount: 3, credited: 0 } });
  expect(seconds(from, await on.deadline(id, 'first-response'))).toBe(4 * HOUR);
  expect(seconds(from, await on.deadline(id, 'resolution'))).toBe(24 * HOUR);
  expect(await on.available(customer)).toBe(17);
  expect(await on.entries(customer, 'credit')).toMatchObject([{ amount: 7, ticketId: id, reason: 'priority lowered' }]);
  expect((await on.timeline(id)).at(-2)).toMatchObject({ type: 'reprioritized', from: 'emergency', to: 'urgent' });
  expect(on.mails(id).at(-1)?.text).toContain('What it costs: 3 tokens; the difference of 7 tokens is on your account');
  await on.moveTo(await on.deadline(id, 'first-response'), 1);
  expect((await on.entries(customer, 'credit')).map(({ amount }) => amount)).toEqual([7, 3]);
  expect(await on.available(customer)).toBe(20);
});

it('LX-10 leaves every other lowering to the customer, and that only until it is answered', async () => {
  await morning();
  const customer = await on.luxsci();
  const id = await on.open(customer, { priority: 'urgent' });
  const lower = { priority: 'standard', reason: 'It can wait.' };
  expectRefused(await on.step(id, 'reprioritize', lower), 403, 'forbidden');
  expect((await on.step(id, 'reprioritize', lower, customer.administrator)).body).toMatchObject({
    priority: 'standard',
    charge: { amount: 1 },
  });
  expect(await on.available(customer)).toBe(19);
  await on.say(id);
  const lowest = { priority: 'informational', reason: 'Just asking.' };
  expectRefused(await on.step(id, 'reprioritize', lowest, customer.administrator), 409, 'wrong-state');
});

it('LX-03 lowers nothing that was planned at its priority: a plan keeps the promise as an answer does', async () => {
  await morning();
  const customer = await on.luxsci();
  const id = await on.open(customer, emergency);
  await on.step(id, 'plan', { summary: 'A patch.', expectedBy: '2030-01-01T00:00:00.000Z' });
  const lowest = { priority: 'informational', reason: 'Just asking.' };
  expectRefused(await on.step(id, 'reprioritize', lowest, customer.administrator), 409, 'wrong-state');
  expect(await on.available(customer)).toBe(10);
});

it('LX-09 leaves the price of what was late as it was, so that nothing is told less than came back', async () => {
  await morning();
  const customer = await on.luxsci();
  const id = await on.open(customer, emergency);
  await on.moveTo(await on.deadline(id, 'first-response'), 1);
  const demoted = await on.step(id, 'reprioritize', { priority: 'urgent', reason: 'Not mission critical.' });
  expect(demoted.body).toMatchObject({ priority: 'urgent', charge: { amount: 10, credited: 10 } });
  expect((await on.entries(customer, 'credit')).map(({ amount }) => amount)).toEqual([10]);
});

it('LX-02 splits nothing off at a higher price than the ticket’s own without the customer’s word', async () => {
  const customer = await on.luxsci();
  const id = await on.open(customer, { priority: 'standard' });
  const part = { subject: 'A part', description: 'Another problem.', priority: 'emergency' };
  const split = (problem: object) => on.step(id, 'split', { problems: [problem] });
  for (const problem of [part, { ...part, authorizedCharge: 3 }]) {
    const refused = await split(problem);
    expectRefused(refused, 403, 'not-entitled');
    expect(refused.body).toMatchObject({ authorizedCharge: 10, unit: 'token' });
  }
  expect(await on.available(customer)).toBe(19);
  const { body } = await split({ ...part, authorizedCharge: 10 });
  expect(await on.ticket(body.splitInto[0])).toMatchObject({
    charge: { amount: 10 },
    statements: { authorizedCharge: 10 },
  });
  expect((await split({ ...part, priority: 'standard' })).status).toBe(200);
  expect(await on.available(customer)).toBe(8);
});

it('LX-12 lets administrators alone change a priority under tokens, downwards too', async () => {
  const customer = await on.luxsci();
  const id = await on.open(customer, { priority: 'urgent' });
  for (const priority of ['standard', 'emergency'])
    expectRefused(await on.step(id, 'reprioritize', { priority, reason: 'So.' }, customer.user), 403, 'not-entitled');
  expect(await on.ticket(id)).toMatchObject({ priority: 'urgent', charge: { amount: 3, credited: 0 } });
});

it('LX-13 lets no customer make of a called-in emergency what the telephone does not take; staff demote it', async () => {
  const customer = await on.luxsci();
  const { accountId } = customer;
  const call = { channel: 'phone', priority: 'emergency', authorizedCharge: 10, missionCritical: true };
  const request = { accountId, subject: 'Down', description: 'Down.', contact: 'ann@example.com' };
  const atOpening = await on.engineer.post('/v1/tickets', { ...request, ...call, priority: 'informational' });
  const { ticketId } = (await on.engineer.post('/v1/tickets', { ...request, ...call })).body;
  const lower = (priority: string, who = customer.administrator) =>
    on.step(ticketId, 'reprioritize', { priority, reason: 'Not so bad.' }, who);
  const refused = await lower('informational');
  expectRefused(refused, 403, 'not-entitled');
  expect(refused.body).toMatchObject({ detail: atOpening.body.detail, priorities: ['emergency'] });
  expect(await on.available(customer)).toBe(10);
  expect((await lower('urgent', on.engineer)).body).toMatchObject({ priority: 'urgent', charge: { amount: 3 } });
  expectRefused(await lower('standard'), 403, 'not-entitled');
  expect((await lower('emergency')).status).toBe(200);
  expect(await on.available(customer)).toBe(10);
});

it('LX-13 splits a called-in emergency: another one at the price that was agreed to, the less pressing ones in writing', async () => {
  const customer = await on.luxsci(21);
  const { accountId } = customer;
  const call = { channel: 'phone', priority: 'emergency', authorizedCharge: 10, missionCritical: true };
  const request = { accountId, subject: 'Down', description: 'Down.', contact: 'ann@example.com' };
  const { ticketId } = (await on.engineer.post('/v1/tickets', { ...request, ...call })).body;
  const problem = { subject: 'A part', description: 'Another problem.' };
  const problems = [{ ...problem, priority: 'standard' }, problem];
  const { status, body } = await on.step(ticketId, 'split', { problems });
  expect([status, body.detail]).toEqual([200, undefined]);
  const [written, called] = await Promise.all((body.splitInto as string[]).map((id) => on.ticket(id)));
  expect(written).toMatchObject({ channel: 'email', priority: 'standard', charge: { amount: 1 } });
  expect(called).toMatchObject({ channel: 'phone', priority: 'emergency', charge: { amount: 10 } });
});

it('LX-11 gives the tokens of a free issue back, and a manager has the last word', async () => {
  const customer = await on.luxsci();
  const id = await on.open(customer, { priority: 'standard' });
  expect((await on.step(id, 'classify', { as: 'free', reason: 'A fault on our side.' })).body).toMatchObject({
    charge: { amount: 1, credited: 1 },
  });
  expect(await on.available(customer)).toBe(20);
  expectRefused(await on.step(id, 'classify', { as: 'chargeable' }), 403, 'forbidden');
  const last = await on.step(id, 'classify', { as: 'chargeable', reason: 'A question of use.' }, on.manager);
  expect(last.body).toMatchObject({ charge: { amount: 1, credited: 0 }, classification: { as: 'chargeable' } });
  expect(await on.available(customer)).toBe(19);
  expectRefused(await on.step(id, 'classify', { as: 'free' }), 403, 'forbidden');
  expect((await on.step(id, 'classify', { as: 'free' }, on.manager)).status).toBe(200);
  expect(await on.available(customer)).toBe(20);
  expect((await on.timeline(id)).filter(({ type }) => type === 'classified').map(({ actor }) => actor)).toMatchObject([
    { role: 'engineer', email: 'eve@example.com' },
    { role: 'manager', email: 'max@example.com' },
    { role: 'manager', email: 'max@example.com' },
  ]);
});

it('LX-15 takes a recorded plan for a solution', async () => {
  const customer = await on.luxsci();
  const id = await on.open(customer, emergency);
  await on.say(id);
  await on.moveTo(await on.deadline(id, 'resolution'), -2);
  const expectedBy = secondsAfter(on.now(), 86_400).replace(/\.\d{3}Z$/, '.000Z');
  const planned = { summary: 'A new server tomorrow.', expectedBy };
  expect((await on.step(id, 'plan', planned, on.manager)).body).toMatchObject({ plan: planned });
  expect(await on.target(id, 'resolution')).toMatchObject({ state: 'met' });
  await on.desk.advance(2 * 86_400);
  expect(await on.types(id)).toEqual(['opened', 'message', 'answered', 'planned']);
  expect(await on.available(customer)).toBe(10);
});
