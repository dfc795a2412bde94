/** What a customer may do to a ticket again and again keeps its record small: one that holds no more could not be settled any more. */
import { describe, expect, it } from 'vitest';
import { decide, type TicketCommand } from '../../lambdas/domain/ticket/commands.ts';
import { reopenableUntil } from '../../lambdas/domain/ticket/command-end.ts';
import type { Ticket } from '../../lambdas/domain/ticket/ticket.ts';
import { accountOn, customer, engineer, openedOn } from '../support/records.ts';

const OPENED = '2026-03-02T15:00:00.000Z';
const at = (minutes: number) => new Date(Date.parse(OPENED) + minutes * 60_000).toISOString();
const opened = () => openedOn(accountOn('luxsci-flat-users'), OPENED).ticket;
/** An item of the table may have 400 kB. */
const MOST_BYTES = 60_000;

const CLOSE: TicketCommand = { type: 'close' };
const REOPEN: TicketCommand = { type: 'reopen', sameProblem: true };
const CALL: TicketCommand = { type: 'call-back', phone: '+49 30 1234567' };
const CALLED: TicketCommand = { type: 'post-message', messageId: 'msg_1', visibility: 'public', calledBack: true };

/** One command after the other, a minute apart, until one is refused. */
const again = (ticket: Ticket, turns: readonly (readonly [TicketCommand, typeof customer])[]) => {
  let now = ticket;
  for (let minute = 1; minute <= 1000; minute += 1) {
    const [command, actor] = turns[(minute - 1) % turns.length]!;
    const decision = decide(now, command, actor, at(minute));
    if (!decision.ok) return { ticket: now, refusal: decision.refusal };
    now = decision.ticket;
  }
  throw new Error('nothing was ever refused');
};
const bytesOf = (ticket: Ticket): number => JSON.stringify(ticket).length;

describe('a ticket', () => {
  it('is closed and reopened a hundred times and no more, and its letter promises no other', () => {
    const { ticket, refusal } = again(opened(), [
      [CLOSE, customer],
      [REOPEN, customer],
    ]);
    expect(refusal).toMatchObject({ code: 'wrong-state', message: expect.stringContaining('reopened 100 times') });
    expect(ticket.status).toBe('closed');
    expect(reopenableUntil(ticket)).toBeUndefined();
    expect(bytesOf(ticket)).toBeLessThan(MOST_BYTES);
    const written = { type: 'post-message', messageId: 'msg_2', visibility: 'public', sameProblem: true } as const;
    expect(decide(ticket, written, customer, at(2000)).ok).toBe(false);
  });

  it('brings a hundred calls and no more', () => {
    const { ticket, refusal } = again(opened(), [
      [CALL, customer],
      [CALLED, engineer],
    ]);
    expect(refusal).toMatchObject({ code: 'wrong-state', message: expect.stringContaining('100 call-backs') });
    expect(bytesOf(ticket)).toBeLessThan(MOST_BYTES);
  });
});
