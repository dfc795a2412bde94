import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookAdjustments } from '../../lambdas/domain/ticket/adjustments.ts';
import { addBusinessTime, businessTimeBetween } from '../../lambdas/domain/business-time.ts';
import { explain, type DeadlineExplained } from '../../lambdas/domain/explanation/explanation.ts';
import type { Plan } from '../../lambdas/domain/plan/plan.ts';
import { settle } from '../../lambdas/domain/ticket/settle.ts';
import { parseSpan } from '../../lambdas/domain/time/span.ts';
import { deadlineOf } from '../../lambdas/domain/ticket/targets.ts';
import { ruleBook } from '../../lambdas/plans/rule-book.ts';
import { explanationView } from '../../lambdas/handlers/api/contract/explanation-view.ts';
import { planNamed } from '../support/records.ts';
import { at, HOUR, play, story } from '../support/stories.ts';

/** Office hours with a resolution that stops for the customer, in hours or in days: no published plan has these together yet. */
const officePlan = (resolution: string): Plan => {
  const basic = planNamed('scalix-basic');
  const source = basic.targets[0]!.source;
  const target = { kind: 'resolution' as const, span: resolution, calendar: 'business', source };
  return { ...basic, targets: [...basic.targets, target], makeGood: ['first-response', 'resolution'] };
};

/** Stories under published and made-up terms; people act between whole seconds. */
const tale = fc
  .record({
    story,
    plan: fc.constantFrom(undefined, officePlan('PT20H'), officePlan('3BD'), officePlan('14BD')),
    millis: fc.integer({ min: 0, max: 999 }),
    later: fc.integer({ min: 0, max: 400 * HOUR }),
  })
  .map(({ story: { start, steps }, plan, millis, later }) => {
    const exact = steps.map((step) => ({ ...step, wait: step.wait + millis / 1000 }));
    const basics = { planId: 'scalix-basic', units: 50, request: {} };
    const played = play({ start: plan ? basics : start, steps: exact, ...(plan && { plan }) });
    const { ticket, events } = settle(played.ticket, at(played.elapsed + later));
    return { ...played, ticket, events: [...played.events, ...events] };
  });

const sum = (amounts: readonly number[]): number =>
  amounts.reduce((total, amount) => total + Math.round(amount * 1000), 0) / 1000;
const seconds = (stretches: readonly { seconds: number }[]) => sum(stretches.map((one) => one.seconds));
const isInDays = ({ span }: DeadlineExplained) => parseSpan(span).unit === 'business-days';

describe('the explanation of any story', () => {
  it('adds up: open hours less pauses are the span, up to the very deadline', () => {
    fc.assert(
      fc.property(tale, ({ ticket, events }) => {
        const { deadlines } = explain(events, ruleBook);
        expect(deadlines).toHaveLength(ticket.targets.length);
        for (const [place, told] of deadlines.entries()) {
          const { count } = told;
          const target = ticket.targets[place]!;
          expect(told).toMatchObject({ kind: target.kind, tier: target.tier, state: target.state });
          expect(count.deadline).toBe(deadlineOf(ticket, target) ?? null);
          expect(seconds(count.intervals)).toBe(count.openSeconds);
          expect(seconds(count.pauses)).toBe(count.pausedSeconds);
          expect(sum([count.openSeconds, -count.pausedSeconds])).toBe(count.countedSeconds);
          const span = parseSpan(told.span);
          if (span.unit === 'seconds' && count.deadline) expect(count.countedSeconds).toBe(span.seconds);
          if (span.unit === 'seconds') expect(count.countedSeconds).toBeLessThanOrEqual(span.seconds);
        }
      }),
    );
  });

  it('names the business days of a span in days, and moves it on by what was paused', () => {
    fc.assert(
      fc.property(tale, ({ ticket, events }) => {
        for (const { count, span, calendar } of explain(events, ruleBook).deadlines.filter(isInDays)) {
          const hours = ticket.terms.calendars[calendar.name]!;
          if (count.deadline === null) continue;
          const unpaused = addBusinessTime(hours, count.startedAt, span);
          const days = parseSpan(span);
          expect(count.days).toHaveLength(days.unit === 'business-days' ? days.days : -1);
          expect(Math.floor(count.countedSeconds)).toBe(businessTimeBetween(hours, count.startedAt, unpaused));
        }
      }),
    );
  });

  it('lists open hours that touch nothing else: in order, apart, and clear of every holiday', () => {
    fc.assert(
      fc.property(tale, ({ events }) => {
        for (const { count, calendar } of explain(events, ruleBook).deadlines) {
          const edges = count.intervals.flatMap(({ from, to }) => [from, to]);
          expect(edges).toEqual([...new Set(edges)].toSorted());
          expect(edges.every((edge) => edge >= count.startedAt && edge <= count.until)).toBe(true);
          const day = new Intl.DateTimeFormat('sv-SE', { timeZone: calendar.zone });
          const days = count.intervals.map(({ from }) => day.format(Date.parse(from)));
          expect(days.filter((one) => count.holidays.includes(one))).toEqual([]);
        }
      }),
    );
  });

  it('tells the charge and the credits that the ledger has', () => {
    fc.assert(
      fc.property(tale, ({ account, opening, events }) => {
        const told = explain(events, ruleBook);
        const spent =
          sum(account.lots.map((lot) => lot.remaining)) - sum(opening.account.lots.map((lot) => lot.remaining));
        expect(told.charges.map(({ amount }) => amount)).toEqual([spent]);
        expect(sum(told.charges.flatMap(({ lots }) => lots.map(({ amount }) => amount)))).toBe(spent);
        const entries = bookAdjustments(opening.account, events)?.entries ?? [];
        expect(told.credits.map(({ amount, unit, at: moment }) => ({ amount, unit, at: moment }))).toEqual(
          entries.map(({ amount, unit, at: moment }) => ({ amount, unit, at: moment })),
        );
      }),
    );
  });

  it('explains every escalation and cites a rule for everything', () => {
    fc.assert(
      fc.property(tale, ({ events }) => {
        const told = explain(events, ruleBook);
        expect(told.escalations).toHaveLength(events.filter(({ type }) => type === 'escalated').length);
        for (const one of [...told.deadlines, ...told.charges, ...told.credits, ...told.escalations]) {
          expect(one.rules.length).toBeGreaterThan(0);
          expect(one.sentences.length).toBeGreaterThan(0);
        }
        expect(explanationView.parse(JSON.parse(JSON.stringify(told)))).toEqual(told);
      }),
    );
  });
});
