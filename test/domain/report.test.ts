import { describe, expect, it } from 'vitest';
import { bookAdjustments } from '../../lambdas/domain/ticket/adjustments.ts';
import { explain } from '../../lambdas/domain/explanation/explanation.ts';
import { decide, decideFunded, type TicketCommand } from '../../lambdas/domain/ticket/commands.ts';
import { firstWorkingDay, isMonth, monthBounds } from '../../lambdas/domain/time/month.ts';
import { reportDue } from '../../lambdas/domain/report/report-due.ts';
import { reportOf, type ReportInput } from '../../lambdas/domain/report/report.ts';
import { settle } from '../../lambdas/domain/ticket/settle.ts';
import type { TicketEvent } from '../../lambdas/domain/ticket/ticket-event.ts';
import type { Actor } from '../../lambdas/domain/vocabulary.ts';
import { holidaysOf } from '../../lambdas/plans/holidays/holidays.ts';
import { ruleBook } from '../../lambdas/plans/rule-book.ts';
import { tellCharge, tellPerformance, tellUnitsLeft } from '../../lambdas/handlers/report/told.ts';
import { accountOn, customer, engineer, having, manager, openedOn } from '../support/records.ts';

describe('a month', () => {
  it.each([
    ['2026-03', 'America/New_York', '2026-03-01T05:00:00.000Z', '2026-04-01T04:00:00.000Z'],
    ['2026-12', 'Pacific/Auckland', '2026-11-30T11:00:00.000Z', '2026-12-31T11:00:00.000Z'],
    ['2028-02', 'Etc/UTC', '2028-02-01T00:00:00.000Z', '2028-03-01T00:00:00.000Z'],
    // Summer time ends within the month.
    ['2026-10', 'Asia/Beirut', '2026-09-30T21:00:00.000Z', '2026-10-31T22:00:00.000Z'],
  ])('%s in %s begins and ends at local midnight', (month, zone, from, to) => {
    expect(monthBounds(month, zone)).toEqual({ from, to });
  });

  it.each(['2026-13', '2026-00', '2026-3', '1989-12', '2026-03-01', ''])('is not %j', (text) => {
    expect(isMonth(text)).toBe(false);
  });

  it.each([
    ['2026-04', 'US', '2026-04-01'],
    ['2026-03', 'US', '2026-03-02'],
    ['2026-01', 'US', '2026-01-02'],
    ['2027-01', 'US', '2027-01-04'],
    ['2026-05', 'DE-BY', '2026-05-04'],
    ['2026-05', 'US', '2026-05-01'],
  ])('%s has its first working day in %s on %s', (month, region, day) => {
    const year = Number(month.slice(0, 4));
    expect(firstWorkingDay(month, holidaysOf(region, year, year))).toBe(day);
  });
});

describe('a report is due', () => {
  const entitled = { monthlyReport: true as const };
  const berlin = { timeZone: 'Europe/Berlin', region: 'DE-BY', createdAt: '2026-01-05T12:00:00.000Z' };

  it.each([
    ['2026-05-03T21:59:59.000Z', undefined, 'a second before the day begins'],
    ['2026-05-03T22:00:00.000Z', '2026-04', 'as the first working day begins, after a holiday and a weekend'],
    ['2026-05-11T12:00:00.000Z', '2026-04', 'a week late'],
    ['2026-05-11T22:00:00.000Z', undefined, 'more than a week late'],
  ])('at %s: %s, %s', (now, month, _why) => {
    expect(reportDue(berlin, entitled, now, holidaysOf)).toBe(month);
  });

  it('by the account’s own clock', () => {
    const moment = '2026-04-01T02:00:00.000Z';
    expect(reportDue(berlin, entitled, moment, holidaysOf)).toBe('2026-03');
    const newYork = { ...berlin, timeZone: 'America/New_York', region: 'US' };
    expect(reportDue(newYork, entitled, moment, holidaysOf)).toBeUndefined();
  });

  it('not under a plan that does not promise it, nor before there was a customer', () => {
    expect(reportDue(berlin, {}, '2026-05-04T12:00:00.000Z', holidaysOf)).toBeUndefined();
    const young = { ...berlin, createdAt: '2026-05-01T00:00:00.000Z' };
    expect(reportDue(young, entitled, '2026-05-04T12:00:00.000Z', holidaysOf)).toBeUndefined();
  });

  it('to the last month in which the term ran, and then no more', () => {
    const now = '2026-05-04T12:00:00.000Z';
    const until = (endsAt: string, renews = false) => {
      const subscription = { startedAt: '2025-04-10T10:00:00.000Z', terms: 1, endsAt, renews };
      return reportDue({ ...berlin, subscription }, entitled, now, holidaysOf);
    };
    expect(until('2026-04-10T10:00:00.000Z')).toBe('2026-04');
    expect(until('2026-03-31T22:00:00.000Z')).toBeUndefined();
    expect(until('2026-03-31T22:00:00.000Z', true)).toBe('2026-04');
  });
});

describe('the report of a month', () => {
  const say = (visibility: 'public' | 'internal') => ({
    type: 'post-message' as const,
    messageId: 'msg_1',
    visibility,
  });
  const story = (
    priority: 'standard' | 'emergency',
    openedAt: string,
    done: readonly (readonly [string, Actor, TicketCommand])[],
  ) => {
    const account = having(accountOn('luxsci-token-dedicated'), 20);
    const opening = openedOn(account, openedAt, { priority });
    let { ticket } = opening;
    const timeline: TicketEvent[] = [...opening.events];
    for (const [at, actor, command] of done) {
      const decision = decide(ticket, command, actor, at);
      if (!decision.ok) throw new Error(decision.refusal.message);
      ({ ticket } = decision);
      timeline.push(...decision.events);
    }
    return { opening, ticket, timeline };
  };
  const helper: Actor = { role: 'engineer', email: 'ned@example.com', tier: 'TS2' };
  const kept = story('standard', '2026-03-02T15:00:00.000Z', [
    ['2026-03-02T15:30:00.000Z', helper, say('internal')],
    ['2026-03-02T16:00:00.000Z', engineer, say('public')],
    ['2026-03-02T17:00:00.000Z', engineer, { type: 'pause', reason: 'Which version?' }],
    ['2026-03-02T19:00:00.000Z', customer, say('public')],
    ['2026-03-02T20:00:00.000Z', engineer, { type: 'resolve', summary: 'Done.' }],
  ]);
  const opened = story('emergency', '2026-03-05T15:00:00.000Z', []);
  const late = settle(opened.ticket, '2026-03-05T20:00:00.000Z');
  const entries = [...opened.opening.entries, ...(bookAdjustments(opened.opening.account, late.events)?.entries ?? [])];
  const rating = { score: 4, comment: 'Quick.', at: '2026-03-03T09:00:00.000Z' };
  const input: ReportInput = {
    account: { ...opened.opening.account, facts: { tam: { name: 'Tom', email: 'tom@example.com' } } },
    unit: 'token',
    addOns: [],
    month: '2026-03',
    now: '2026-03-31T12:00:00.000Z',
    tickets: [
      { ticket: { ...kept.ticket, rating }, timeline: kept.timeline },
      { ticket: late.ticket, timeline: [...opened.timeline, ...late.events] },
    ],
    earlier: [],
    truncated: false,
    entries,
  };
  const report = reportOf(input);

  it('tells how long answer and solution took, waiting taken out, beside what was promised', () => {
    expect(report.incidents[0]).toMatchObject({
      answer: { seconds: 3600, promise: { state: 'met', seconds: 86_400 } },
      solution: { seconds: 3 * 3600, promise: { state: 'met', seconds: 172_800 } },
    });
    expect(report.incidents[1]).toMatchObject({
      answer: { at: null, seconds: null, promise: { state: 'missed', seconds: 3600 } },
      credited: 10,
    });
    expect(report.answers).toEqual({ kept: 1, missed: 1, open: 0, withoutPromise: 0 });
  });

  it('judges a ticket by the promise that was broken, whatever was promised after that', () => {
    const all = settle(story('standard', '2026-03-06T15:00:00.000Z', []).ticket, '2026-03-15T15:00:00.000Z');
    const raised = decideFunded(
      all.ticket,
      { type: 'reprioritize', priority: 'emergency', reason: 'It is down.' },
      {
        ...{ actor: engineer, now: '2026-03-15T15:00:00.000Z' },
        funds: { account: input.account, priorities: ['emergency'] },
      },
    );
    if (!raised.ok) throw new Error(raised.refusal.message);
    const solved = [say('public'), { type: 'resolve', summary: 'Done.' } as const].reduce((ticket, command) => {
      const decision = decide(ticket, command, engineer, '2026-03-15T15:10:00.000Z');
      if (!decision.ok) throw new Error(decision.refusal.message);
      return decision.ticket;
    }, raised.ticket);
    expect(solved.targets.filter(({ state }) => state === 'met').map(({ kind }) => kind)).toContain('resolution');
    const { answers, solutions, incidents } = reportOf({ ...input, tickets: [{ ticket: solved, timeline: [] }] });
    expect([answers, solutions]).toMatchObject([
      { kept: 0, missed: 1 },
      { kept: 0, missed: 1 },
    ]);
    expect(incidents[0]?.solution.seconds).toBeGreaterThan(9 * 86_400 - 3600);
  });

  it('counts a ticket that was closed before anybody answered as one without a promise, and not as open', () => {
    const closed = story('standard', '2026-03-06T15:00:00.000Z', [
      ['2026-03-06T15:10:00.000Z', customer, { type: 'close' }],
    ]);
    const { answers, incidents } = reportOf({
      ...input,
      tickets: [{ ticket: closed.ticket, timeline: closed.timeline }],
    });
    expect(closed.ticket.status).toBe('closed');
    expect(answers).toEqual({ kept: 0, missed: 0, open: 0, withoutPromise: 1 });
    expect(tellPerformance(incidents[0]!.answer, 'not answered')).toBe('not answered, ended before it was due');
  });

  it('tells what was not done within the time that was promised', () => {
    expect(tellPerformance(report.incidents[1]!.answer, 'not answered')).toBe('not answered within 1 h, missed');
    expect(tellPerformance(report.incidents[0]!.answer, 'not answered')).toBe('1 h of 24 h, kept');
  });

  it('tells a promise in business days as it was given, also where its hours are none: from Sunday to Monday early', () => {
    const { ticket } = openedOn(accountOn('severity-enterprise'), '2026-03-01T04:00:00.000Z', {
      priority: 'severity-2',
    });
    const given = ticket.terms.targets.map((one) => (one.span === '7BD' ? { ...one, span: '1BD' } : one));
    const targets = ticket.targets.map((one) => (one.span === '7BD' ? { ...one, span: '1BD' } : one));
    const soon = { ...ticket, terms: { ...ticket.terms, targets: given }, targets };
    const of = (one: typeof ticket) =>
      reportOf({ ...input, tickets: [{ ticket: settle(one, input.now).ticket, timeline: [] }] }).incidents[0]!.solution;
    expect(of(soon).promise).toMatchObject({ seconds: 0, businessDays: 1 });
    expect(tellPerformance(of(soon), 'not solved')).toBe('not solved within 1 business day, missed');
    expect(tellPerformance(of(ticket), 'not solved')).toBe('not solved within 7 business days, missed');
    expect(report.incidents[0]?.solution.promise).not.toHaveProperty('businessDays');
  });

  it('shows a price that went back to a card apart from what came back to the account', () => {
    const funds = { account: input.account, priorities: [] };
    const decision = decideFunded(
      kept.ticket,
      { type: 'classify', as: 'product-bug', refundTo: 'card' },
      { actor: manager, now: '2026-03-03T15:00:00.000Z', funds },
    );
    if (!decision.ok) throw new Error(decision.refusal.message);
    const { incidents } = reportOf({ ...input, tickets: [{ ticket: decision.ticket, timeline: [] }] });
    expect(incidents[0]).toMatchObject({ charged: 1, credited: 0, refunded: 1 });
    expect(tellCharge(incidents[0]!)).toEqual(['1 charged', '0 credited', '1 refunded to the card']);
    expect(report.incidents[1]).not.toHaveProperty('refunded');
  });

  it('does not say of tickets without number that none is left', () => {
    expect(tellUnitsLeft(report)).toContain('tokens left on');
    const unlimited = tellUnitsLeft(reportOf({ ...input, unlimited: true }));
    expect(unlimited).not.toContain('left on');
    expect(unlimited).toContain('tickets of your plan are not limited in number');
  });

  it('names who was erased once, and not who erased them', () => {
    const contact = 'erased-01J9ZC2M6Q4V7R8T5X3W1Y0N2K';
    const ticket = { ...kept.ticket, contact: { email: contact, name: '[erased]' } };
    const timeline = kept.timeline.map((event) =>
      event.actor.role === 'customer' ? { ...event, actor: { ...event.actor, email: contact } } : event,
    );
    const erasure = { ...kept.timeline[0]!, type: 'contact-erased', actor: manager, contact } as unknown as TicketEvent;
    const { incidents } = reportOf({ ...input, tickets: [{ ticket, timeline: [...timeline, erasure] }] });
    expect(incidents[0]?.people).toEqual([
      { name: '[erased]', role: 'contact' },
      { name: 'eve', role: 'engineer', tier: 'TS1' },
    ]);
  });

  it('takes what two stretches share out of the time to solve once', () => {
    const reopened = story('standard', '2026-03-02T15:00:00.000Z', [
      ['2026-03-02T16:00:00.000Z', engineer, say('public')],
      // Resolved until it was reopened, and closed for the better part of that.
      ['2026-03-02T17:00:00.000Z', engineer, { type: 'resolve', summary: 'Done.' }],
      ['2026-03-02T18:00:00.000Z', engineer, { type: 'close' }],
      ['2026-03-03T12:00:00.000Z', customer, { type: 'reopen', sameProblem: true }],
      // Closed while the desk waited.
      ['2026-03-03T13:00:00.000Z', engineer, { type: 'pause', reason: 'Which version?' }],
      ['2026-03-03T14:00:00.000Z', customer, { type: 'close' }],
      ['2026-03-05T13:00:00.000Z', customer, { type: 'reopen', sameProblem: true }],
      ['2026-03-05T14:00:00.000Z', engineer, { type: 'resolve', summary: 'Done at last.' }],
    ]);
    const { incidents } = reportOf({ ...input, tickets: [reopened] });
    expect(incidents[0]?.solution.seconds).toBe(4 * 3600);
    const told = explain(reopened.timeline, ruleBook).deadlines.find(({ kind }) => kind === 'resolution');
    expect(told?.usedSeconds).toBe(4 * 3600);
  });

  it('tells when the first answer came, and not the call that was made later', () => {
    const called = story('standard', '2026-03-02T15:00:00.000Z', [
      ['2026-03-02T16:00:00.000Z', engineer, say('public')],
      ['2026-03-03T16:00:00.000Z', customer, { type: 'call-back', phone: '+1 555 0100' }],
      ['2026-03-03T16:10:00.000Z', engineer, { ...say('public'), calledBack: true }],
    ]);
    const { incidents } = reportOf({ ...input, tickets: [called] });
    expect(incidents[0]?.answer).toMatchObject({ at: '2026-03-02T16:00:00.000Z', seconds: 3600 });
  });

  it('says that a plan kept a promise, where the solution took longer than promised', () => {
    const planned = story('standard', '2026-03-02T15:00:00.000Z', [
      ['2026-03-02T16:00:00.000Z', engineer, say('public')],
      [
        '2026-03-03T15:00:00.000Z',
        engineer,
        { type: 'plan', summary: 'Patch it.', expectedBy: '2026-03-06T12:00:00.000Z' },
      ],
      ['2026-03-05T15:00:00.000Z', engineer, { type: 'pause', reason: 'Does it run?' }],
      ['2026-03-05T17:00:00.000Z', customer, say('public')],
      ['2026-03-05T18:00:00.000Z', engineer, { type: 'resolve', summary: 'Done.' }],
    ]);
    const { incidents } = reportOf({ ...input, tickets: [planned] });
    expect(incidents[0]?.solution).toMatchObject({
      seconds: 73 * 3600,
      promise: { state: 'met', seconds: 48 * 3600, plannedAt: '2026-03-03T15:00:00.000Z' },
    });
    expect(report.incidents[0]?.solution.promise).not.toHaveProperty('plannedAt');
  });

  it('tells what is left of the plan’s own units and of each add-on apart', () => {
    const bought = { source: 'purchase' as const, amount: 5, acquiredAt: '2026-01-05T12:00:00.000Z' };
    const lots = [
      { ...bought, lotId: 'lot_1', remaining: 5 },
      { ...bought, lotId: 'lot_2', remaining: 4, addOn: 'axigen-gold' },
    ];
    const addOns = ['axigen-gold'];
    const { units } = reportOf({ ...input, addOns, account: { ...input.account, lots } });
    expect(units).toMatchObject({ left: 5, addOns: [{ planId: 'axigen-gold', left: 4 }] });
    const subscription = { startedAt: input.account.createdAt, terms: 1, endsAt: input.now, renews: false };
    const lapsed = reportOf({ ...input, addOns, account: { ...input.account, lots, subscription } });
    expect(lapsed.units).toMatchObject({ left: 0, addOns: [{ planId: 'axigen-gold', left: 0 }] });
    const without = reportOf({ ...input, addOns: [], account: { ...input.account, lots } });
    expect(without.units).toMatchObject({ left: 5, addOns: [{ planId: 'axigen-gold', left: 0 }] });
  });

  it('names who took part, engineers without their address, and nobody of an internal note', () => {
    expect(report.incidents[0]?.people).toEqual([
      { name: 'Ann', role: 'contact' },
      { name: 'eve', role: 'engineer', tier: 'TS1' },
    ]);
    expect(JSON.stringify(report)).not.toContain('@example.com');
  });

  it('counts units by the ledger, and satisfaction by the ratings given', () => {
    expect(report.units).toEqual({
      unit: 'token',
      used: 10,
      credited: 10,
      left: 10,
      days: [{ on: '2026-03-05', used: 10, credited: 10 }],
    });
    expect(report.satisfaction).toEqual({ average: 4, ratings: 1 });
    expect(report).toMatchObject({ complete: false, manager: { name: 'Tom' } });
    expect(report.byPriority).toEqual([
      { priority: 'standard', incidents: 1 },
      { priority: 'emergency', incidents: 1 },
    ]);
  });
});
