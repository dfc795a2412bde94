/** Since when a ticket is late: what the queue puts first once nothing is due on it by itself. */
import { expect, it } from 'vitest';
import { decide, type TicketCommand } from '../../lambdas/domain/ticket/commands.ts';
import { settle } from '../../lambdas/domain/ticket/settle.ts';
import { overdueSince } from '../../lambdas/domain/ticket/targets.ts';
import type { Ticket } from '../../lambdas/domain/ticket/ticket.ts';
import { accountOn, customer, engineer, having, openedOn } from '../support/records.ts';

const OPENED = '2026-03-02T15:00:00.000Z';
/** Two days later a standard ticket is to be solved, or planned. */
const SOLVED_BY = '2026-03-04T15:00:00.000Z';

const opened = (planId: string, priority: string): Ticket =>
  openedOn(having(accountOn(planId), 50), OPENED, { priority: priority as Ticket['priority'] }).ticket;
const step = (ticket: Ticket, command: TicketCommand, at: string, actor = engineer): Ticket => {
  const decision = decide(ticket, command, actor, at);
  if (!decision.ok) throw new Error(decision.refusal.message);
  return decision.ticket;
};
const answer: TicketCommand = { type: 'post-message', messageId: 'msg_1', visibility: 'public' };

it('is since a solution was due that is not there, but while the customer has the next word', () => {
  const answered = step(opened('luxsci-token-dedicated', 'standard'), answer, '2026-03-02T16:00:00.000Z');
  expect(overdueSince(answered)).toBeUndefined();
  const late = settle(answered, '2026-03-04T16:00:00.000Z').ticket;
  expect(overdueSince(late)).toBe(SOLVED_BY);
  const waiting = step(late, { type: 'pause', reason: 'The log, please.' }, '2026-03-04T17:00:00.000Z');
  expect(overdueSince(waiting)).toBeUndefined();
  const back = step(waiting, { ...answer, messageId: 'msg_2' }, '2026-03-04T18:00:00.000Z', customer);
  expect(overdueSince(back)).toBe(SOLVED_BY);
  const solved = step(back, { type: 'resolve', summary: 'Done.' }, '2026-03-04T19:00:00.000Z');
  expect(overdueSince(solved)).toBeUndefined();
});

it('is since the first of the answers that were due and did not come, and over with the answer', () => {
  const ticket = settle(opened('scalix-basic', 'normal'), '2026-03-20T00:00:00.000Z').ticket;
  expect(ticket.targets.map(({ state }) => state)).toEqual(['missed', 'missed', 'missed']);
  expect(overdueSince(ticket)).toBe(ticket.targets[0]?.endedAt);
  expect(overdueSince(step(ticket, answer, '2026-03-20T00:00:00.000Z'))).toBeUndefined();
});
