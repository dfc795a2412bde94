import { describe, expect, it } from 'vitest';
import { decide } from '../../lambdas/domain/ticket/commands.ts';
import { needsReminder, settle } from '../../lambdas/domain/ticket/settle.ts';
import { nextDeadline } from '../../lambdas/domain/ticket/targets.ts';
import { accountOn, customer, engineer, having, openedOn } from '../support/records.ts';

/** Thursday 5 March 2026, 15:30 in New York: half an hour and a night before four business hours are over. */
const OPENED = '2026-03-05T20:30:00.000Z';
/** 15:30 to 17:00 on Thursday, 09:00 to 11:30 on Friday. */
const FIRST = '2026-03-06T16:30:00.000Z';
/** 11:30 to 15:30 on Friday. */
const SECOND = '2026-03-06T20:30:00.000Z';
/** 15:30 to 17:00 on Friday, 09:00 to 11:30 on Monday, when summer time has begun. */
const THIRD = '2026-03-09T15:30:00.000Z';

const scalix = () => openedOn(having(accountOn('scalix-basic'), 50), OPENED);
/** What happened, without the warnings to the tier, which `warnings.test.ts` is about. */
const story = <Event extends { type: string }>(events: readonly Event[]) =>
  events.filter(({ type }) => type !== 'warned');
const types = (events: readonly { type: string }[]) => story(events).map(({ type }) => type);
const after = (at: string, seconds = 1) => new Date(Date.parse(at) + seconds * 1000).toISOString();

describe('settling a ticket that nobody answers', () => {
  it('does nothing up to and at the deadline', () => {
    expect(story(settle(scalix().ticket, FIRST).events)).toEqual([]);
  });

  it('credits the whole charge and climbs to TS2 a second later, dated at the deadline itself', () => {
    const { ticket, events } = settle(scalix().ticket, after(FIRST));
    expect(types(events)).toEqual(['missed', 'credited', 'escalated']);
    expect(story(events).map(({ at }) => at)).toEqual([FIRST, FIRST, FIRST]);
    expect(story(events)[0]).toMatchObject({
      target: 'first-response',
      deadline: FIRST,
      makeGood: 10,
      escalatesTo: 'TS2',
    });
    expect(ticket).toMatchObject({ tier: 'TS2', credited: 10, status: 'open' });
    expect(ticket.targets.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'first-response missed',
      'escalation running',
    ]);
    expect(nextDeadline(ticket)).toMatchObject({ at: SECOND, cause: 'miss' });
  });

  it('starts the same span again from the missed deadline, however late it is settled', () => {
    const late = settle(scalix().ticket, after(THIRD, 3 * 86_400));
    const prompt = [FIRST, SECOND, THIRD].reduce(
      (ticket, deadline) => settle(ticket, after(deadline)).ticket,
      scalix().ticket,
    );
    expect(late.ticket).toEqual(prompt);
    expect(types(late.events)).toEqual(['missed', 'credited', 'escalated', 'missed', 'escalated', 'missed']);
    expect(late.events.filter(({ type }) => type === 'missed').map(({ at }) => at)).toEqual([FIRST, SECOND, THIRD]);
  });

  it('tells the managers once TS3 is missed, and has nothing left that time alone would cause', () => {
    const { ticket, events } = settle(scalix().ticket, after(THIRD));
    expect(events.at(-1)).toMatchObject({ type: 'missed', tier: 'TS3', tellsManagers: true, makeGood: 0 });
    expect(nextDeadline(ticket)).toBeUndefined();
    expect(needsReminder(ticket, THIRD)).toBe(false);
    expect(needsReminder(ticket, after(THIRD, 86_400))).toBe(true);
    const answer = decide(
      ticket,
      { type: 'post-message', messageId: 'msg_1', visibility: 'public' },
      engineer,
      after(THIRD, 90_000),
    );
    if (!answer.ok) throw new Error(answer.refusal.message);
    expect(needsReminder(answer.ticket, after(THIRD, 172_800))).toBe(false);
  });
});

describe('what a miss gives back', () => {
  const luxsci = (priority: 'standard' | 'emergency' | 'informational') =>
    openedOn(having(accountOn('luxsci-token-dedicated'), 20), OPENED, { priority }).ticket;

  it('credits once, though first response and resolution are both missed', () => {
    const { ticket, events } = settle(luxsci('emergency'), after(OPENED, 30 * 86_400));
    expect(events.filter(({ type }) => type === 'credited')).toHaveLength(1);
    expect(events.filter((event) => event.type === 'missed').map(({ target, tier }) => `${target} ${tier}`)).toEqual([
      'first-response TS1',
      'escalation TS2',
      'escalation TS3',
      'resolution TS3',
    ]);
    expect(ticket.credited).toBe(10);
  });

  it('credits a missed resolution where the answer was in time, and does not climb for it', () => {
    const answered = decide(
      luxsci('standard'),
      { type: 'post-message', messageId: 'msg_1', visibility: 'public' },
      engineer,
      after(OPENED, 60),
    );
    if (!answered.ok) throw new Error(answered.refusal.message);
    const { ticket, events } = settle(answered.ticket, after(OPENED, 48 * 3600 + 1));
    expect(types(events)).toEqual(['missed', 'credited']);
    expect(ticket).toMatchObject({ tier: 'TS1', credited: 1 });
  });

  it('writes no credit of nothing for a ticket that was free', () => {
    const { events } = settle(luxsci('informational'), after(OPENED, 30 * 86_400));
    expect(types(events)).toEqual(['missed', 'escalated', 'missed', 'escalated', 'missed']);
  });

  it('gives nothing where the plan names no make-good', () => {
    const { ticket } = scalix();
    const without = { ...ticket, terms: { ...ticket.terms, makeGood: [] } };
    expect(types(settle(without, after(FIRST)).events)).toEqual(['missed', 'escalated']);
  });
});

describe('closing by itself', () => {
  it('closes a resolved ticket seven days later, and never one that was opened again', () => {
    let { ticket } = scalix();
    for (const command of [
      { type: 'post-message', messageId: 'msg_1', visibility: 'public' },
      { type: 'resolve', summary: 'Done.' },
    ] as const) {
      const decision = decide(ticket, command, engineer, after(OPENED, 60));
      if (!decision.ok) throw new Error(decision.refusal.message);
      ({ ticket } = decision);
    }
    const week = after(OPENED, 60 + 7 * 86_400);
    expect(settle(ticket, week).events).toEqual([]);
    expect(settle(ticket, after(week)).events).toMatchObject([{ type: 'closed', cause: 'time', at: week }]);
    const again = decide(ticket, { type: 'post-message', messageId: 'msg_2', visibility: 'public' }, customer, week);
    if (!again.ok) throw new Error(again.refusal.message);
    expect(types(again.events)).toEqual(['message', 'reopened']);
    expect(settle(again.ticket, after(week, 86_400)).events).toEqual([]);
  });
});
