/** The main job on a whole desk: synthesized definition, template and handlers, over HTTP and under virtual time. */
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { customerOn, openTicket, deskOfThisFile } from '../support/desk.ts';

const desk = deskOfThisFile();

const ticket = async (ticketId: string) => (await desk.manager.get(`/v1/tickets/${ticketId}`)).body;
const timeline = async (ticketId: string) =>
  (await desk.manager.get(`/v1/tickets/${ticketId}/timeline`)).body.items as { type: string; at: string }[];
const types = async (ticketId: string) => (await timeline(ticketId)).map(({ type }) => type);
const available = async (accountId: string) =>
  (await desk.manager.get(`/v1/accounts/${accountId}/balance`)).body.available as number;
const entries = async (accountId: string, kind: string) =>
  (await desk.manager.get(`/v1/accounts/${accountId}/ledger`)).body.items.filter(
    (entry: { kind: string }) => entry.kind === kind,
  );
const deadline = async (ticketId: string, kind: string) =>
  (await ticket(ticketId)).targets.findLast((target: { kind: string }) => target.kind === kind).deadline as string;
const secondsAfter = (at: string, seconds: number) => new Date(Date.parse(at) + seconds * 1000).toISOString();
const mailsAbout = (ticketId: string, to = 'ann@example.com') =>
  desk.desk
    .mails()
    .filter((mail) => mail.to === to && (mail.subject.includes(ticketId) || mail.text.includes(ticketId)));
/** Every execution that a ticket has had. */
const executions = (ticketId: string) => desk.desk.executions().filter(({ name }) => name.startsWith(ticketId));

const say = (body: string, visibility = 'public') => ({ body, visibility });

describe('nobody answers', () => {
  it('pays back at the deadline to the second, climbs to TS3, and tells the managers', async () => {
    const customer = await customerOn(desk, 'scalix-basic', { units: 50 });
    const id = await openTicket(customer, { channel: 'web' });
    expect(await available(customer.accountId)).toBe(40);
    const first = await deadline(id, 'first-response');

    await desk.moveTo(secondsAfter(first, -1));
    expect(await types(id)).toEqual(['opened']);
    await desk.moveTo(secondsAfter(first, 1));
    expect(await types(id)).toEqual(['opened', 'missed', 'credited', 'escalated']);
    expect((await timeline(id)).map(({ at }) => at).slice(1)).toEqual([first, first, first]);
    expect(await ticket(id)).toMatchObject({ tier: 'TS2', status: 'open', charge: { amount: 10, credited: 10 } });
    expect(await available(customer.accountId)).toBe(50);

    await desk.moveTo(secondsAfter(await deadline(id, 'escalation'), 1));
    expect(await ticket(id)).toMatchObject({ tier: 'TS3' });
    await desk.moveTo(secondsAfter(await deadline(id, 'escalation'), 1));
    expect(await types(id)).toEqual(['opened', 'missed', 'credited', 'escalated', 'missed', 'escalated', 'missed']);
    expect(await entries(customer.accountId, 'credit')).toMatchObject([{ amount: 10, ticketId: id, at: first }]);
    expect(await available(customer.accountId)).toBe(50);
    expect(mailsAbout(id, 'managers@example.com').map(({ subject }) => subject)).toEqual([
      `Unanswered at TS3: Mail is stuck [${id}]`,
    ]);

    const mail = mailsAbout(id).find(({ subject }) => subject.startsWith('We missed a deadline'));
    const due = DateTime.fromISO(first, { zone: 'America/New_York' }).toFormat('HH:mm:ss');
    expect(mail?.text).toContain(`a first answer by Monday 2 March 2026, ${due} (UTC-05:00)`);
    expect(mail?.text).toContain('10 points, the whole charge');
    expect(mail?.text).toContain('with TS2, research and replication');
  });

  it('reminds the managers daily until somebody answers, and credits nothing more', async () => {
    const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
    const id = await openTicket(customer, { priority: 'emergency' });
    await desk.advance(4 * 86_400);
    const before = mailsAbout(id, 'managers@example.com').length;
    await desk.advance(3 * 86_400);
    expect(mailsAbout(id, 'managers@example.com').length).toBe(before + 3);
    expect((await desk.engineer.post(`/v1/tickets/${id}/messages`, say('Sorry. We are on it.'))).status).toBe(201);
    await desk.advance(3 * 86_400);
    expect(mailsAbout(id, 'managers@example.com').length).toBe(before + 3);
    expect(await entries(customer.accountId, 'credit')).toMatchObject([{ amount: 10 }]);
    expect(await available(customer.accountId)).toBe(20);
  });
});

describe('somebody answers', () => {
  it('meets the target, credits nothing, goes on to the resolution, and ends: at most 8 transitions', async () => {
    const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
    const id = await openTicket(customer, { priority: 'standard' });
    await desk.advance(3600);
    expect((await desk.engineer.post(`/v1/tickets/${id}/messages`, say('Looking at it.'))).status).toBe(201);
    await desk.settled();
    expect(await ticket(id)).toMatchObject({ nextDeadline: await deadline(id, 'resolution') });
    await desk.advance(3600);
    expect((await desk.engineer.post(`/v1/tickets/${id}/resolve`, { summary: 'The queue runs.' })).status).toBe(200);
    await desk.settled();
    await desk.advance(3600);
    expect((await customer.administrator.post(`/v1/tickets/${id}/close`, {})).body).toMatchObject({ status: 'closed' });
    await desk.settled();
    const [execution, ...more] = executions(id);
    expect(more).toEqual([]);
    expect(execution).toMatchObject({ status: 'SUCCEEDED' });
    expect(execution!.transitions).toBe(4);
    expect(await types(id)).toEqual(['opened', 'message', 'answered', 'resolved', 'closed']);
    expect(await available(customer.accountId)).toBe(19);
    expect(mailsAbout(id).map(({ subject }) => subject.split(':')[0])).toEqual([
      'We have your ticket',
      'An answer to your ticket',
      'Your ticket is resolved',
      'Your ticket is closed',
    ]);
  });

  it.each([
    ['at once, perhaps before the first wait was parked', undefined],
    ['an hour before its deadline, after the warning', -3600],
  ])('takes at most 8 transitions when it is answered %s and closes by itself', async (_, beforeDeadline) => {
    const customer = await customerOn(desk, 'scalix-basic', { units: 50 });
    const id = await openTicket(customer);
    if (beforeDeadline) await desk.moveTo(secondsAfter(await deadline(id, 'first-response'), beforeDeadline));
    await desk.engineer.post(`/v1/tickets/${id}/messages`, say('Looking at it.'));
    await desk.settled();
    await desk.engineer.post(`/v1/tickets/${id}/resolve`, { summary: 'Done.' });
    await desk.advance(7 * 86_400 + 2);
    expect(await ticket(id)).toMatchObject({ status: 'closed' });
    expect(executions(id)).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(executions(id)[0]!.transitions).toBeLessThanOrEqual(8);
  });

  it('is not woken by what moves no deadline', async () => {
    const customer = await customerOn(desk, 'scalix-basic', { units: 50 });
    const id = await openTicket(customer);
    await Promise.all(
      [1, 2, 3].map((n) => customer.administrator.post(`/v1/tickets/${id}/messages`, { body: `${n}` })),
    );
    await desk.settled();
    expect(executions(id)).toMatchObject([{ status: 'RUNNING', transitions: 1 }]);
  });

  it('adds at most 4 transitions for each miss, its warning included', async () => {
    const customer = await customerOn(desk, 'scalix-basic', { units: 50 });
    const id = await openTicket(customer);
    await desk.settled();
    let counted = executions(id)[0]!.transitions;
    for (const kind of ['first-response', 'escalation', 'escalation']) {
      await desk.moveTo(secondsAfter(await deadline(id, kind), 1));
      const { transitions } = executions(id)[0]!;
      expect(transitions - counted).toBe(4);
      counted = transitions;
    }
  });

  it('wins up to the deadline, and a second after it finds the miss settled first', async () => {
    const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
    const onTime = await openTicket(customer, { priority: 'emergency' });
    await desk.moveTo(secondsAfter(await deadline(onTime, 'first-response'), -2));
    await desk.engineer.post(`/v1/tickets/${onTime}/messages`, say('Here.'));
    expect(await types(onTime)).toEqual(['opened', 'message', 'answered']);
    await desk.advance(10);
    expect(await ticket(onTime)).toMatchObject({ tier: 'TS1', charge: { credited: 0 } });

    const late = await openTicket(customer, { priority: 'emergency' });
    await desk.moveTo(secondsAfter(await deadline(late, 'first-response'), 1));
    await desk.engineer.post(`/v1/tickets/${late}/messages`, say('Here.'));
    expect(await types(late)).toEqual(['opened', 'missed', 'credited', 'escalated', 'message', 'answered']);
    expect(await ticket(late)).toMatchObject({ tier: 'TS2', charge: { credited: 10 } });
  });

  it('is not an internal note, which customers never see', async () => {
    const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
    const id = await openTicket(customer, { priority: 'emergency' });
    const note = await desk.engineer.post(`/v1/tickets/${id}/messages`, say('The customer broke it.', 'internal'));
    expect(note.status).toBe(201);
    const seen = await customer.administrator.get(`/v1/tickets/${id}/messages`);
    const events = await customer.administrator.get(`/v1/tickets/${id}/timeline`);
    expect(seen.body.items).toEqual([]);
    expect(events.body.items.map(({ type }: { type: string }) => type)).toEqual(['opened']);
    expect((await desk.engineer.get(`/v1/tickets/${id}/messages`)).body.items).toHaveLength(1);
    await desk.advance(3602);
    expect(await types(id)).toContain('missed');
    expect(desk.desk.mails().filter(({ text }) => text.includes('The customer broke it.'))).toEqual([]);
  });
});

describe('waiting for the customer', () => {
  it('stops the resolution clock only, and runs again from the customer’s answer', async () => {
    const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
    const id = await openTicket(customer, { priority: 'standard' });
    await desk.engineer.post(`/v1/tickets/${id}/messages`, say('Which version?'));
    const promised = await deadline(id, 'resolution');
    await desk.advance(3600);
    const paused = await desk.engineer.post(`/v1/tickets/${id}/pause`, { reason: 'Tell us your version.' });
    expect(paused.body).toMatchObject({ status: 'waiting' });
    expect(paused.body.targets).toMatchObject([{ state: 'met' }, { state: 'paused', deadline: null }]);
    await desk.advance(40 * 86_400);
    expect(await types(id)).not.toContain('missed');
    const before = desk.desk.clock.now();
    await customer.administrator.post(`/v1/tickets/${id}/messages`, say('12.5'));
    expect(await ticket(id)).toMatchObject({ status: 'open' });
    const moved = Date.parse(await deadline(id, 'resolution')) - Date.parse(promised);
    expect(Math.abs(moved - 40 * 86_400_000)).toBeLessThanOrEqual(desk.desk.clock.now() - before + 2000);
    await desk.moveTo(secondsAfter(await deadline(id, 'resolution'), 1));
    expect((await types(id)).slice(-2)).toEqual(['missed', 'credited']);
    expect(executions(id)).toMatchObject([{ status: 'RUNNING' }]);
  });

  it('does not stop a response that is owed', async () => {
    const customer = await customerOn(desk, 'luxsci-token-dedicated', { units: 20 });
    const id = await openTicket(customer, { priority: 'emergency' });
    await desk.engineer.post(`/v1/tickets/${id}/pause`, { reason: 'Buying time.' });
    await desk.advance(3602);
    expect(await ticket(id)).toMatchObject({ tier: 'TS2', charge: { credited: 10 }, status: 'waiting' });
  });
});
