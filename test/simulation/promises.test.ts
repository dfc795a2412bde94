/** The simulation's judge of promises, on tickets that the rules made: what is as it should be is no fault, and what is not is one. */
import { expect, it } from 'vitest';
import { decide, type TicketCommand } from '../../lambdas/domain/ticket/commands.ts';
import type { Ticket } from '../../lambdas/domain/ticket/ticket.ts';
import type { TicketEvent } from '../../lambdas/domain/ticket/ticket-event.ts';
import type { Actor } from '../../lambdas/domain/vocabulary.ts';
import { accountOn, customer, engineer, having, openedOn } from '../support/records.ts';
import { promiseFaults } from './invariants/promises.ts';
import type { Stored } from './invariants/table.ts';

/** The solution is due two days later. */
const OPENED = '2026-03-02T15:00:00.000Z';

const afterwards = (...done: readonly (readonly [string, Actor, TicketCommand])[]) => {
  const opening = openedOn(having(accountOn('luxsci-token-dedicated'), 20), OPENED, { priority: 'standard' });
  let { ticket } = opening;
  const events: TicketEvent[] = [...opening.events];
  for (const [at, actor, command] of done) {
    const decision = decide(ticket, command, actor, at);
    if (!decision.ok) throw new Error(decision.refusal.message);
    ({ ticket } = decision);
    events.push(...decision.events);
  }
  return { ticket, events };
};
const faultsOf = ({ ticket, events }: { ticket: Ticket; events: readonly TicketEvent[] }, now: string): string[] => {
  const items = { ticketId: ticket.ticketId, record: ticket, events };
  const stored = { tickets: new Map([[ticket.ticketId, items]]) } as unknown as Stored;
  return promiseFaults(stored, { now: Date.parse(now), graceMs: 0, clocksLive: false });
};
const waiting = [
  ['2026-03-02T16:00:00.000Z', engineer, { type: 'post-message', messageId: 'msg_1', visibility: 'public' }],
  ['2026-03-03T15:00:00.000Z', engineer, { type: 'pause', reason: 'Which version?' }],
] as const;

it('a promise whose clock stood still when its ticket was closed, after the moment at which it would have been due', () => {
  const closed = afterwards(...waiting, ['2026-03-07T15:00:00.000Z', customer, { type: 'close' }]);
  expect(closed.ticket.targets.map(({ state }) => state)).toEqual(['met', 'paused']);
  expect(faultsOf(closed, '2026-03-08T15:00:00.000Z')).toEqual([]);
});

it('a promise that stood still for too short a time to be still open', () => {
  const closed = afterwards(...waiting, ['2026-03-07T15:00:00.000Z', customer, { type: 'close' }]);
  const late = { ...closed.ticket, pauses: [{ from: '2026-03-05T15:00:00.000Z' }] };
  expect(faultsOf({ ...closed, ticket: late }, '2026-03-08T15:00:00.000Z')).toEqual([
    expect.stringContaining('is paused since 2026-03-07T15:00:00.000Z'),
  ]);
});

it('a promise that nobody has kept, nor written down as missed', () => {
  expect(faultsOf(afterwards(), '2026-03-10T15:00:00.000Z')).toHaveLength(2);
});
