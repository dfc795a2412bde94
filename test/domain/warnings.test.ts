import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addBusinessTime, isOpenAt } from '../../lambdas/domain/business-time.ts';
import type { Calendar } from '../../lambdas/domain/time/calendar.ts';
import { decide, decideFunded } from '../../lambdas/domain/ticket/commands.ts';
import { settle } from '../../lambdas/domain/ticket/settle.ts';
import { nextDeadline, nextWake } from '../../lambdas/domain/ticket/targets.ts';
import { warningAt } from '../../lambdas/domain/ticket/warnings.ts';
import { alwaysOpen } from '../support/calendars.ts';
import { accountOn, customer, engineer, having, openedOn, planNamed } from '../support/records.ts';

const office: Calendar = {
  ...alwaysOpen('America/New_York'),
  weekly: {
    mon: [['09:00', '17:00']],
    tue: [['09:00', '17:00']],
    wed: [
      ['09:00', '12:00'],
      ['13:00', '17:00'],
    ],
    thu: [['09:00', '17:00']],
    fri: [['09:00', '17:00']],
    sat: [],
    sun: [],
  },
};
const warning = (calendar: Calendar, startedAt: string, span: string) =>
  warningAt(calendar, { startedAt, deadline: addBusinessTime(calendar, startedAt, span), closures: [] });

describe('a warning', () => {
  it('comes at three quarters of the span, in the hours of its calendar', () => {
    expect(warning(alwaysOpen(), '2026-03-02T15:00:00.000Z', 'PT1H')).toBe('2026-03-02T15:45:00.000Z');
    expect(warning(office, '2026-03-02T15:00:00.000Z', 'PT4H')).toBe('2026-03-02T18:00:00.000Z');
    // Friday 16:00, four hours: one on Friday, and two on Monday, when summer time has begun.
    expect(warning(office, '2026-03-06T21:00:00.000Z', 'PT4H')).toBe('2026-03-09T15:00:00.000Z');
    expect(warning(office, '2026-03-02T15:00:00.000Z', '2BD')).toBe('2026-03-03T19:00:00.000Z');
  });

  it('waits for the next opening where the office closes within the minute', () => {
    expect(warning(office, '2026-03-02T19:00:00.000Z', 'PT4H')).toBe('2026-03-03T14:00:00.000Z');
    expect(warning(office, '2026-03-02T18:59:30.000Z', 'PT4H')).toBe('2026-03-03T14:00:00.000Z');
    expect(warning(office, '2026-03-02T18:58:00.000Z', 'PT4H')).toBe('2026-03-02T21:58:00.000Z');
    // Over the midday break of a Wednesday, too.
    expect(warning(office, '2026-03-04T14:00:00.000Z', 'PT4H')).toBe('2026-03-04T18:00:00.000Z');
  });

  it('is left out where no moment is left for it', () => {
    expect(warning(office, '2026-03-02T21:59:00.000Z', 'PT40S')).toBeUndefined();
    expect(warning(alwaysOpen(), '2026-03-02T15:00:00.000Z', 'PT0S')).toBeUndefined();
  });

  it('always lies in the hours, after the start and before the deadline', () => {
    const start = fc
      .integer({ min: 0, max: 30 * 86_400 })
      .map((s) => new Date(Date.UTC(2026, 2, 1) + s * 1000).toISOString());
    fc.assert(
      fc.property(start, fc.integer({ min: 1, max: 40 * 3600 }), (startedAt, span) => {
        const deadline = addBusinessTime(office, startedAt, { unit: 'seconds', seconds: span });
        const at = warningAt(office, { startedAt, deadline, closures: [] });
        if (at === undefined) return;
        expect(isOpenAt(office, at)).toBe(true);
        expect(isOpenAt(office, new Date(Date.parse(at) + 30_000).toISOString())).toBe(true);
        expect(at >= startedAt && at < deadline).toBe(true);
      }),
    );
  });
});

describe('the warning of a ticket', () => {
  const OPENED = '2026-03-02T15:00:00.000Z';
  const at = (minutes: number, seconds = 0) =>
    new Date(Date.parse(OPENED) + minutes * 60_000 + seconds * 1000).toISOString();
  const fresh = () =>
    openedOn(having(accountOn('luxsci-token-dedicated'), 20), OPENED, { priority: 'emergency' }).ticket;
  const warnings = (events: readonly { type: string }[]) => events.filter(({ type }) => type === 'warned');

  it('wakes the clock, but sorts no queue', () => {
    expect(nextWake(fresh())).toMatchObject({ at: at(45), cause: 'warn' });
    expect(nextDeadline(fresh())).toMatchObject({ at: at(60), cause: 'miss' });
  });

  it('is written once for each span, and for none that was answered before', () => {
    const { ticket, events } = settle(fresh(), at(45, 1));
    expect(events).toMatchObject([
      { type: 'warned', at: at(45), tier: 'TS1', deadline: at(60), target: 'first-response' },
    ]);
    expect(settle(ticket, at(59)).events).toEqual([]);
    expect(nextWake(ticket)).toMatchObject({ at: at(60), cause: 'miss' });
    expect(warnings(settle(ticket, at(60 * 30)).events)).toMatchObject([
      { at: at(60 + 45), tier: 'TS2', target: 'escalation' },
      { at: at(120 + 45), tier: 'TS3', target: 'escalation' },
    ]);
    const answer = { type: 'post-message', messageId: 'msg_1', visibility: 'public' } as const;
    const answered = decide(fresh(), answer, engineer, at(44));
    if (!answered.ok) throw new Error(answered.refusal.message);
    expect(warnings(settle(answered.ticket, at(60 * 30)).events)).toEqual([]);
  });
});

describe('a warning that a new priority has put behind', () => {
  it('is due at once: the timeline never goes back', () => {
    const account = having(accountOn('luxsci-token-dedicated'), 20);
    const opening = openedOn(account, '2026-03-02T15:00:00.000Z', { priority: 'emergency' });
    const { priorities } = planNamed('luxsci-token-dedicated');
    let { ticket } = opening;
    const moments: string[] = [];
    // Three quarters of the hour are over after 45 minutes: lowered before, and raised after that to the hour that it had.
    for (const [minutes, priority] of [
      [40, 'urgent'],
      [50, 'emergency'],
    ] as const) {
      const now = new Date(Date.parse('2026-03-02T15:00:00.000Z') + minutes * 60_000).toISOString();
      const command = { type: 'reprioritize', priority, reason: 'It turned out so.' } as const;
      const decision = decideFunded(ticket, command, {
        actor: customer,
        now,
        funds: { account: opening.account, priorities },
      });
      if (!decision.ok) throw new Error(decision.refusal.message);
      ({ ticket } = decision);
      moments.push(...decision.events.map(({ at }) => at));
    }
    const later = settle(ticket, '2026-03-02T15:55:00.000Z');
    moments.push(...later.events.map(({ at }) => at));
    expect(later.events.map(({ type }) => type)).toContain('warned');
    expect(moments).toEqual(moments.toSorted());
  });
});
