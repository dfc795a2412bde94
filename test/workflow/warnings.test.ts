/** Warnings before a miss, on a whole desk: to the tier, in the hours of the promise, once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emergency, secondsAfter, startStory, type Story } from '../support/story.ts';

let on: Story;
beforeAll(async () => {
  on = await startStory();
});
afterAll(() => on.stop());

const warnings = (id: string, tier: string) =>
  on.mails(id, `${tier}@desk.example.com`).filter(({ subject }) => subject.startsWith('An answer is due soon'));

describe('a tier', () => {
  it('is warned at three quarters of its span, once, and the next tier for its own', async () => {
    const customer = await on.luxsci();
    const id = await on.open(customer, emergency);
    await on.step(id, 'assign', { engineer: 'eve@example.com' });
    const first = await on.deadline(id, 'first-response');
    await on.moveTo(first, -15 * 60);
    expect(warnings(id, 'ts1')).toEqual([]);
    await on.moveTo(first, -15 * 60 + 2);
    expect(warnings(id, 'ts1')).toHaveLength(1);
    expect(warnings(id, 'ts1')[0]!.text).toContain('assigned to eve@example.com');
    await on.moveTo(first, -1);
    expect(warnings(id, 'ts1')).toHaveLength(1);
    await on.moveTo(await on.deadline(id, 'first-response'), 1);
    expect(warnings(id, 'ts2')).toEqual([]);
    await on.moveTo(await on.deadline(id, 'escalation'), -60);
    expect(warnings(id, 'ts2')).toHaveLength(1);
    expect(warnings(id, 'ts1')).toHaveLength(1);
  });

  it('is not warned of what is answered, and no warning stands on the timeline or goes to the customer', async () => {
    const customer = await on.luxsci();
    const answered = await on.open(customer, emergency);
    await on.say(answered);
    const late = await on.open(customer, emergency);
    await on.moveTo(await on.deadline(late, 'first-response'), -1);
    expect(warnings(answered, 'ts1')).toEqual([]);
    expect(warnings(late, 'ts1')).toHaveLength(1);
    expect(await on.types(late)).toEqual(['opened']);
    expect((await customer.user.get(`/v1/tickets/${late}/timeline`)).body.items).toHaveLength(1);
    expect(on.mails(late).map(({ subject }) => subject.split(':')[0])).toEqual(['We have your ticket']);
    expect((await on.ticket(late)).nextDeadline).toBe(await on.deadline(late, 'first-response'));
  });

  it('is warned within the office hours of an office-hours promise only', async () => {
    // Wednesday 14:00 in New York: three of four hours are over at closing time.
    await on.moveTo('2026-03-11T18:00:00.000Z');
    const customer = await on.scalix();
    const id = await on.open(customer);
    await on.moveTo('2026-03-12T12:59:58.000Z');
    expect(warnings(id, 'ts1')).toEqual([]);
    await on.moveTo('2026-03-12T13:02:00.000Z');
    expect(warnings(id, 'ts1')).toHaveLength(1);
    await on.moveTo(await on.deadline(id, 'first-response'), 1);
    expect(warnings(id, 'ts1')).toHaveLength(1);
  });

  it('is queued by what it owes, not by when it is warned', async () => {
    const customer = await on.luxsci();
    const far = await on.open(customer, { priority: 'urgent' });
    await on.desk.advance(200 * 60);
    const near = await on.open(customer, { ...emergency });
    await on.desk.advance(20 * 60);
    // The far one falls due in twenty minutes and was warned of; the near one is warned of in 25 and due in 40.
    const queue = (await on.engineer.get('/v1/queues/TS1?limit=100')).body.items.map((one: any) => one.ticketId);
    expect(queue.filter((id: string) => id === far || id === near)).toEqual([far, near]);
    expect(
      secondsAfter(await on.deadline(far, 'first-response'), 0) < (await on.deadline(near, 'first-response')),
    ).toBe(true);
  });
});
