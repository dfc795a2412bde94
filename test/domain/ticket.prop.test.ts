import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookAdjustments } from '../../lambdas/domain/adjustments.ts';
import { decide, type TicketCommand } from '../../lambdas/domain/commands.ts';
import { replay } from '../../lambdas/domain/evolve.ts';
import { availableAt } from '../../lambdas/domain/ledger.ts';
import { settle } from '../../lambdas/domain/settle.ts';
import type { Ticket } from '../../lambdas/domain/ticket.ts';
import type { TicketEvent } from '../../lambdas/domain/ticket-event.ts';
import type { Actor } from '../../lambdas/domain/vocabulary.ts';
import { ticketEventSchema } from '../../lambdas/domain/ticket-event.ts';
import { ticketSchema } from '../../lambdas/domain/ticket.ts';
import { accountOn, customer, engineer, having, openedOn } from '../support/records.ts';

const OPENED = '2026-03-05T20:30:00.000Z';
const at = (seconds: number) => new Date(Date.parse(OPENED) + seconds * 1000).toISOString();
const HOUR = 3600;

interface Step {
  readonly command: TicketCommand;
  readonly actor: Actor;
  readonly wait: number;
}

const command: fc.Arbitrary<TicketCommand> = fc.oneof(
  fc.constantFrom<TicketCommand>(
    { type: 'post-message', messageId: 'msg_1', visibility: 'public' },
    { type: 'post-message', messageId: 'msg_2', visibility: 'internal' },
    { type: 'pause', reason: 'Which version?' },
    { type: 'resolve', summary: 'Done.' },
    { type: 'close' },
    { type: 'plan', summary: 'A patch.', expectedBy: at(10_000 * HOUR) },
  ),
);
const step: fc.Arbitrary<Step> = fc.record({
  command,
  actor: fc.constantFrom(customer, engineer),
  wait: fc.integer({ min: 0, max: 60 * HOUR }),
});

/** A ticket on either plan, with any priority, and what people do to it. */
const story = fc.record({
  start: fc.constantFrom(
    { planId: 'scalix-basic', units: 50, request: {} },
    { planId: 'luxsci-token-dedicated', units: 20, request: { priority: 'standard' as const } },
    { planId: 'luxsci-token-dedicated', units: 20, request: { priority: 'urgent' as const } },
    { planId: 'luxsci-token-dedicated', units: 20, request: { priority: 'emergency' as const } },
    { planId: 'luxsci-token-dedicated', units: 20, request: { priority: 'informational' as const } },
  ),
  steps: fc.array(step, { maxLength: 8 }),
});

const play = ({
  start,
  steps,
}: {
  start: { planId: string; units: number; request: object };
  steps: readonly Step[];
}) => {
  const account = having(accountOn(start.planId), start.units);
  const opening = openedOn(account, OPENED, start.request);
  let ticket: Ticket = opening.ticket;
  const events: TicketEvent[] = [...opening.events];
  let elapsed = 0;
  for (const { command: wish, actor, wait } of steps) {
    elapsed += wait;
    const decision = decide(ticket, wish, actor, at(elapsed));
    if (!decision.ok) continue;
    ({ ticket } = decision);
    events.push(...decision.events);
  }
  return { account, opening, ticket, events, elapsed };
};

describe('any story of a ticket', () => {
  it('replays from its timeline to the stored ticket, and both fit their schemas', () => {
    fc.assert(
      fc.property(story, (one) => {
        const { ticket, events } = play(one);
        expect(replay(events)).toEqual(ticket);
        expect(ticketSchema.parse(JSON.parse(JSON.stringify(ticket)))).toEqual(ticket);
        expect(events.map((event) => ticketEventSchema.parse(event))).toEqual(events);
      }),
    );
  });

  it('credits the whole charge or nothing, once, and only after a miss', () => {
    fc.assert(
      fc.property(story, (one) => {
        const { account, opening, ticket, events, elapsed } = play(one);
        const settled = settle(ticket, at(elapsed + 3000 * HOUR));
        const all = [...events, ...settled.events];
        const credits = all.filter((event) => event.type === 'credited');
        expect(credits.length).toBeLessThanOrEqual(1);
        expect(settled.ticket.credited).toBe(credits[0]?.amount ?? 0);
        if (credits[0]) expect(credits[0].amount).toBe(ticket.charge.amount);
        if (ticket.charge.amount > 0) expect(credits.length === 1).toBe(all.some(({ type }) => type === 'missed'));
        const booked = bookAdjustments(opening.account, all);
        const end = at(elapsed + 3000 * HOUR);
        if (booked) expect(availableAt(booked.account.lots, end)).toBe(availableAt(account.lots, end));
      }),
    );
  });

  it('comes out the same whenever, and however often, timers fire in between', () => {
    fc.assert(
      fc.property(story, fc.array(fc.integer({ min: 0, max: 3000 * HOUR }), { maxLength: 6 }), (one, wakes) => {
        const { ticket, elapsed } = play(one);
        const end = at(elapsed + 3000 * HOUR);
        const moments = wakes.toSorted((a, b) => a - b).map((seconds) => at(elapsed + seconds));
        const woken = moments.reduce((standing, moment) => settle(standing, moment).ticket, ticket);
        expect(settle(woken, end).ticket).toEqual(settle(ticket, end).ticket);
      }),
    );
  });

  it('never goes back in time', () => {
    fc.assert(
      fc.property(story, (one) => {
        const moments = play(one).events.map((event) => event.at);
        expect(moments).toEqual(moments.toSorted());
      }),
    );
  });
});
