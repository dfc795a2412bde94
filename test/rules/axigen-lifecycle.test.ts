/** The lifecycle rules of the pack programme, on a running desk; they hold in every programme, so any plan will do. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { customerOn } from '../support/desk.ts';
import { emergency, expectRefused, seconds, startStory, type Story } from '../support/story.ts';

let on: Story;
beforeAll(async () => {
  on = await startStory();
});
afterAll(() => on.stop());

it('AX-04 is not answered by an acknowledgement, a note or a machine, only by a person’s public word', async () => {
  const customer = await on.luxsci();
  const id = await on.open(customer, emergency);
  expect(on.mails(id).map(({ subject }) => subject)).toEqual([expect.stringContaining('We have your ticket')]);
  await on.say(id, { body: 'Looks like the queue.', visibility: 'internal' });
  await on.say(id, { body: 'Thank you, we are out of office.', automatic: true });
  expect(on.mails(id).at(-1)?.text).toContain('out of office');
  expect(await on.target(id, 'first-response')).toMatchObject({ state: 'running' });
  expect((await on.ticket(id)).answeredAt).toBeUndefined();
  expectRefused(await on.say(id, {}, on.manager), 403, 'forbidden');
  for (const body of [' \n', '\u00a0', '\u200b\u200d']) expectRefused(await on.say(id, { body }), 400, 'validation');
  expect(await on.target(id, 'first-response')).toMatchObject({ state: 'running' });
  await on.say(id);
  expect(await on.target(id, 'first-response')).toMatchObject({ state: 'met' });
});

it('AX-07 calls back at once: a task with its own deadline, on the tier’s desk, done when it is reported', async () => {
  const customer = await on.luxsci();
  const id = await on.open(customer, emergency);
  const asked = await on.step(id, 'callback', { phone: '+1 555 0100', ticketId: id }, customer.user);
  expect(asked.body).toMatchObject({ callBack: { phone: '+1 555 0100' }, charge: { amount: 10 } });
  const { state, deadline } = await on.target(id, 'call-back');
  expect(state).toBe('running');
  expect(seconds(on.now(), deadline!)).toBeGreaterThan(1795);
  expect(seconds(on.now(), deadline!)).toBeLessThanOrEqual(1800);
  expect((await on.engineer.get('/v1/queues/TS1')).body.items[0]).toMatchObject({
    ticketId: id,
    nextDeadline: deadline,
  });
  expect(on.mails(id, 'ts1@desk.example.com').at(-1)).toMatchObject({
    subject: expect.stringContaining('Call the customer'),
    text: expect.stringContaining('+1 555 0100'),
  });
  expectRefused(await on.step(id, 'callback', { phone: '+1 555 0100' }, customer.user), 409, 'wrong-state');
  // Writing is not calling.
  await on.say(id);
  expectRefused(await on.step(id, 'resolve', { summary: 'Done.' }), 409, 'wrong-state');
  await on.say(id, { body: 'I called you.', calledBack: true });
  expect(await on.target(id, 'call-back')).toMatchObject({ state: 'met' });
  expect((await on.step(id, 'resolve', { summary: 'Done.' })).status).toBe(200);
});

it('AX-07 tells customer and managers of a call that was not made; it is free, so nothing comes back', async () => {
  const customer = await on.luxsci();
  const id = await on.open(customer, emergency);
  await on.say(id);
  await on.step(id, 'callback', { phone: '+1 555 0100' }, customer.user);
  await on.moveTo(await on.deadline(id, 'call-back'), 1);
  expect(await on.types(id)).toEqual(['opened', 'message', 'answered', 'call-back-requested', 'missed']);
  expect(await on.ticket(id)).toMatchObject({ tier: 'TS1', charge: { credited: 0 } });
  expect(on.mails(id).at(-1)?.text).toContain('we promised you a call by');
  expect(on.mails(id, 'managers@example.com').at(-1)?.subject).toContain('A call-back was missed');

  // It is owed all the same, and its making is on record.
  await on.say(id, { body: 'We look into it.' });
  expectRefused(await on.step(id, 'resolve', { summary: 'Done.' }), 409, 'wrong-state');
  await on.say(id, { body: 'I have called you.', calledBack: true });
  expect((await on.timeline(id)).at(-1)).toMatchObject({ type: 'message', calledBack: true });
  expect((await on.ticket(id)).callBack).toMatchObject({ phone: '+1 555 0100', madeAt: expect.any(String) });
  expect(await on.target(id, 'call-back')).toMatchObject({ state: 'missed' });
  expect((await on.step(id, 'resolve', { summary: 'Done.' })).status).toBe(200);
});

it('AX-08 hands over one tier at a time, with who, when and why', async () => {
  const customer = await on.luxsci();
  const id = await on.open(customer, { priority: 'standard' });
  const promised = await on.deadline(id, 'first-response');
  expect((await on.step(id, 'escalate', { reason: 'It needs replication.' })).body).toMatchObject({ tier: 'TS2' });
  const [, handedOver] = await on.timeline(id);
  expect(handedOver).toMatchObject({
    type: 'escalated',
    from: 'TS1',
    to: 'TS2',
    reason: 'It needs replication.',
    actor: { role: 'engineer', email: 'eve@example.com', tier: 'TS1' },
  });
  expect(Math.abs(seconds(handedOver!.at, on.now()))).toBeLessThan(5);
  expect((await on.engineer.get('/v1/queues/TS2')).body.items.map((one: any) => one.ticketId)).toContain(id);
  // The new tier takes the running span over as it stands: nobody gains time.
  expect(await on.target(id, 'first-response')).toMatchObject({ tier: 'TS2', state: 'running', deadline: promised });
  expect(on.mails(id).at(-1)?.text).toContain('with TS2, research and replication. Why: It needs replication.');
  expect((await on.step(id, 'escalate', { reason: 'A patch.' }, on.manager)).body).toMatchObject({ tier: 'TS3' });
  expectRefused(await on.step(id, 'escalate', { reason: 'Higher!' }), 409, 'wrong-state');
  expectRefused(await on.step(id, 'escalate', { reason: 'Faster!' }, customer.administrator), 403, 'forbidden');
  await on.moveTo(promised, 1);
  expect((await on.timeline(id)).at(-2)).toMatchObject({ type: 'missed', tier: 'TS3', tellsManagers: true });
});

it('AX-08 explains a hand-over with what each tier does, and with which team', async () => {
  const id = await on.open(await customerOn(on.desk, 'axigen-golive'));
  await on.step(id, 'escalate', { reason: 'It needs replication.' });
  await on.moveTo(await on.deadline(id, 'first-response'), 1);
  const { escalations } = (await on.manager.get(`/v1/tickets/${id}/explanation`)).body;
  expect(escalations.map(({ to }: { to: string }) => to)).toEqual(['TS2', 'TS3']);
  for (const { rules } of escalations) {
    const says = JSON.stringify(rules.filter((one: { id: string }) => one.id === 'AX-08'));
    expect(says).toMatch(/TS1 is .*local partner.*TS2 .*beta-testing team.*TS3 .*development team/);
  }
});

it('AX-08 keeps who works on it', async () => {
  const customer = await on.luxsci();
  const id = await on.open(customer);
  const given = await on.step(id, 'assign', { engineer: 'eve@example.com' }, on.manager);
  expect(given.body).toMatchObject({ assignee: 'eve@example.com' });
  expect((await on.timeline(id)).at(-1)).toMatchObject({ type: 'assigned', engineer: 'eve@example.com' });
});

it('AX-09 climbs by itself when an answer is late, and tells the support manager at TS3', async () => {
  const customer = await on.luxsci();
  const id = await on.open(customer, emergency);
  for (const [kind, tier] of [
    ['first-response', 'TS2'],
    ['escalation', 'TS3'],
  ] as const) {
    await on.moveTo(await on.deadline(id, kind), 1);
    expect(await on.ticket(id)).toMatchObject({ tier });
  }
  expect(on.mails(id, 'managers@example.com')).toEqual([]);
  await on.moveTo(await on.deadline(id, 'escalation'), 1);
  expect(await on.ticket(id)).toMatchObject({ tier: 'TS3' });
  expect(on.mails(id, 'managers@example.com')).toMatchObject([
    { subject: expect.stringContaining('Unanswered at TS3') },
  ]);
});

it('AX-12 asks how satisfied the customer is when a ticket is closed, and keeps the answer', async () => {
  const customer = await on.luxsci();
  const id = await on.open(customer);
  expectRefused(await on.step(id, 'rating', { score: 5 }, customer.user), 409, 'wrong-state');
  await on.say(id);
  await on.step(id, 'resolve', { summary: 'Done.' });
  await on.desk.advance(7 * 86_400 + 2);
  expect(on.mails(id).at(-1)?.text).toContain('How satisfied are you with our help?');
  expect((await on.step(id, 'rating', { score: 2, comment: 'Slow.' }, customer.user)).body).toMatchObject({
    rating: { score: 2, comment: 'Slow.' },
  });
  await on.step(id, 'rating', { score: 4 }, customer.user);
  expect((await on.ticket(id)).rating).toMatchObject({ score: 4 });
  expect((await on.types(id)).slice(-2)).toEqual(['rated', 'rated']);
  for (const score of [0, 6, 2.5])
    expectRefused(await on.step(id, 'rating', { score }, customer.user), 400, 'validation');
  expectRefused(await on.step(id, 'rating', { score: 5 }), 403, 'forbidden');
});
