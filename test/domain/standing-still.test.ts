/** Promises whose time would run out while their clock stands still: at night, or at the very moment at which it stopped. */
import { describe, expect, it } from 'vitest';
import { decide, type TicketCommand } from '../../lambdas/domain/ticket/commands.ts';
import { settle } from '../../lambdas/domain/ticket/settle.ts';
import { deadlineOf } from '../../lambdas/domain/ticket/targets.ts';
import type { Ticket } from '../../lambdas/domain/ticket/ticket.ts';
import { accountOn, customer, engineer, openedOn } from '../support/records.ts';

/** Tuesday 3 March 2026, 02:38:17 in Berlin: three business days later is Friday, 02:38:17, when nobody works. */
const OPENED = '2026-03-03T01:38:17.000Z';
const DUE = '2026-03-06T01:38:17.000Z';

const after = (at: string, milliseconds: number) => new Date(Date.parse(at) + milliseconds).toISOString();
const step = (ticket: Ticket, command: TicketCommand, at: string, actor = engineer) => {
  const decision = decide(ticket, command, actor, at);
  if (!decision.ok) throw new Error(decision.refusal.message);
  return decision;
};
const answer: TicketCommand = { type: 'post-message', messageId: 'msg_1', visibility: 'public' };
const resolution = (ticket: Ticket) => {
  const target = ticket.targets.find(({ kind }) => kind === 'resolution');
  return target && { state: target.state, deadline: deadlineOf(ticket, target) };
};

/** Answered at once, then waiting for the customer from a moment on, until the customer writes. */
const waiting = (from: string, to: string) => {
  const account = accountOn('severity-gold', { timeZone: 'Europe/Berlin', region: 'DE' });
  const { ticket } = openedOn(account, OPENED, { priority: 'severity-2' });
  const answered = step(ticket, answer, after(OPENED, 60_000)).ticket;
  const paused = step(answered, { type: 'pause', reason: 'The log, please.' }, from).ticket;
  return step(paused, { ...answer, messageId: 'msg_2' }, to, customer);
};

describe('a promise that stands still when its time would run out', () => {
  it.each([
    ['at night, when no hours count', after(DUE, -1)],
    ['at the deadline itself', DUE],
  ])('stopped %s, it is due when it runs again and missed after that', (_when, from) => {
    const back = after(DUE, 540_000);
    const { ticket, events } = waiting(from, back);
    expect(events.map(({ type }) => type)).toEqual(['message', 'resumed']);
    expect(resolution(ticket)).toEqual({ state: 'running', deadline: back });
    const { events: late } = settle(ticket, after(back, 1000));
    expect(late.map(({ type, at }) => ({ type, at }))).toContainEqual({ type: 'missed', at: back });
    const moments = [...events, ...late].map(({ at }) => at);
    expect(moments).toEqual(moments.toSorted());
  });

  it('stopped after it, it was missed before', () => {
    const { ticket } = waiting(after(DUE, 1), after(DUE, 540_000));
    expect(resolution(ticket)).toEqual({ state: 'missed', deadline: DUE });
  });
});
