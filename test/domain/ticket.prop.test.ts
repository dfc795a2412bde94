import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookAdjustments } from '../../lambdas/domain/ticket/adjustments.ts';
import { replay } from '../../lambdas/domain/ticket/evolve.ts';
import { availableAt } from '../../lambdas/domain/account/ledger.ts';
import { settle } from '../../lambdas/domain/ticket/settle.ts';
import { ticketEventSchema } from '../../lambdas/domain/ticket/ticket-event.ts';
import { ticketSchema } from '../../lambdas/domain/ticket/ticket.ts';
import { at, HOUR, play, story } from '../support/stories.ts';

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
