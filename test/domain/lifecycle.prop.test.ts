import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../lambdas/domain/account/account.ts';
import { bookAdjustments } from '../../lambdas/domain/ticket/adjustments.ts';
import { outstanding, unitsIn } from '../../lambdas/domain/ticket/charge.ts';
import { decide, decideFunded, type FundedCommand, type TicketCommand } from '../../lambdas/domain/ticket/commands.ts';
import { replay } from '../../lambdas/domain/ticket/evolve.ts';
import { explain } from '../../lambdas/domain/explanation/explanation.ts';
import { availableAt, type LedgerEntry } from '../../lambdas/domain/account/ledger.ts';
import { parseSpan } from '../../lambdas/domain/time/span.ts';
import { settle } from '../../lambdas/domain/ticket/settle.ts';
import { deadlineOf, dueAt } from '../../lambdas/domain/ticket/targets.ts';
import { ticketEventSchema, type TicketEvent } from '../../lambdas/domain/ticket/ticket-event.ts';
import { ticketSchema, type Target, type Ticket } from '../../lambdas/domain/ticket/ticket.ts';
import type { Actor } from '../../lambdas/domain/vocabulary.ts';
import { explanationView } from '../../lambdas/handlers/api/contract/explanation-view.ts';
import { ruleBook } from '../../lambdas/plans/rule-book.ts';
import { accountOn, customer, engineer, having, manager, openedOn, planNamed } from '../support/records.ts';

const OPENED = '2026-03-05T20:30:00.000Z';
const HOUR = 3600;
const at = (seconds: number) => new Date(Date.parse(OPENED) + seconds * 1000).toISOString();
const START_UNITS = 30;

type Command = TicketCommand | FundedCommand;
const isFunded = (command: Command): command is FundedCommand =>
  command.type === 'classify' || command.type === 'reprioritize';

const reprioritize = fc
  .constantFrom('informational' as const, 'standard' as const, 'urgent' as const, 'emergency' as const)
  .map((priority): Command => ({ type: 'reprioritize', priority, reason: 'It turned out so.' }));
const classify = fc
  .record({
    as: fc.constantFrom('product-bug' as const, 'free' as const, 'declined' as const, 'chargeable' as const),
    refundTo: fc.constantFrom('credits' as const, 'card' as const, undefined),
  })
  .map((body): Command => ({ type: 'classify', ...body }));
const people = fc.constantFrom<Command>(
  { type: 'post-message', messageId: 'msg_1', visibility: 'public' },
  { type: 'post-message', messageId: 'msg_2', visibility: 'internal' },
  { type: 'post-message', messageId: 'msg_3', visibility: 'public', automatic: true },
  { type: 'post-message', messageId: 'msg_4', visibility: 'public', calledBack: true },
  { type: 'pause', reason: 'Which version?' },
  { type: 'plan', summary: 'A patch.', expectedBy: at(20_000 * HOUR) },
  { type: 'resolve', summary: 'Done.' },
  { type: 'call-back', phone: '+1 555 0100' },
  { type: 'close' },
  { type: 'reopen', sameProblem: true },
  { type: 'rate', score: 4 },
  { type: 'assign', engineer: 'eve@example.com' },
  { type: 'escalate', reason: 'It needs research.' },
  { type: 'note-mail-failure', to: 'ann@example.com', kind: 'bounce', reason: 'It came back.', permanent: true },
);

interface Step {
  readonly command: Command;
  readonly actor: Actor;
  readonly wait: number;
}
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    command: fc.oneof({ weight: 3, arbitrary: people }, reprioritize, classify),
    actor: fc.constantFrom(customer, engineer, manager),
    wait: fc.oneof(fc.integer({ min: 0, max: 3 * HOUR }), fc.integer({ min: 0, max: 60 * HOUR })),
  }),
  { maxLength: 12 },
);
const story = fc.record({ first: fc.constantFrom('informational', 'standard', 'urgent', 'emergency'), steps });
type Story = typeof story extends fc.Arbitrary<infer One> ? One : never;

interface Standing {
  readonly ticket: Ticket;
  readonly account: Account;
  readonly events: readonly TicketEvent[];
  readonly entries: readonly LedgerEntry[];
  readonly elapsed: number;
}

const booked = (standing: Standing, ticket: Ticket, events: readonly TicketEvent[], elapsed: number): Standing => {
  const done = bookAdjustments(standing.account, events);
  return {
    ticket,
    account: done?.account ?? standing.account,
    events: [...standing.events, ...events],
    entries: [...standing.entries, ...(done?.entries ?? [])],
    elapsed,
  };
};

const take = (standing: Standing, { command, actor, wait }: Step): Standing => {
  const elapsed = standing.elapsed + wait;
  const { ticket, account } = standing;
  const funds = { account, priorities: planNamed('luxsci-token-dedicated').priorities };
  const decision = isFunded(command)
    ? decideFunded(ticket, command, { actor, now: at(elapsed), funds })
    : decide(ticket, command, actor, at(elapsed));
  return decision.ok ? booked(standing, decision.ticket, decision.events, elapsed) : { ...standing, elapsed };
};

/** Every standing of a story, from the opening to a long time after the last step. */
const play = ({ first, steps: all }: Story): Standing[] => {
  const account = having(accountOn('luxsci-token-dedicated'), START_UNITS);
  const opening = openedOn(account, OPENED, { priority: first as Ticket['priority'] });
  const { ticket, events } = opening;
  const standings: Standing[] = [{ ticket, account: opening.account, events, entries: [], elapsed: 0 }];
  for (const step of all) standings.push(take(standings.at(-1)!, step));
  const last = standings.at(-1)!;
  const end = last.elapsed + 3000 * HOUR;
  const settled = settle(last.ticket, at(end));
  return [...standings, booked(last, settled.ticket, settled.events, end)];
};

const sumOf = (entries: readonly LedgerEntry[], kind: LedgerEntry['kind']) =>
  entries.filter((entry) => entry.kind === kind).reduce((sum, { amount }) => sum + amount, 0);

describe('any mix of misses, priorities, findings and reopenings', () => {
  it('neither makes nor loses a unit, and gives nothing back twice', () => {
    fc.assert(
      fc.property(story, (one) => {
        const standings = play(one);
        const price = standings[0]!.ticket.charge.amount;
        for (const { ticket, account, entries, elapsed } of standings) {
          const out = outstanding(ticket);
          expect(out).toBeGreaterThanOrEqual(0);
          expect(ticket.credited).toBeGreaterThanOrEqual(0);
          expect(unitsIn(ticket.charge.draws)).toBe(out);
          const [charged, credited, refunded] = (['charge', 'credit', 'refund-request'] as const).map((kind) =>
            sumOf(entries, kind),
          );
          expect(price + charged! - credited! - refunded!).toBe(out);
          expect(availableAt(account.lots, at(elapsed)) + out + refunded!).toBe(START_UNITS);
          for (const lot of account.lots) expect(lot.remaining).toBeGreaterThanOrEqual(0);
        }
        const ids = standings.at(-1)!.entries.map(({ entryId }) => entryId);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 400 },
    );
  });

  it('replays from its timeline to the stored ticket, and both fit their schemas', () => {
    fc.assert(
      fc.property(story, (one) => {
        const { ticket, events } = play(one).at(-1)!;
        expect(replay(events)).toEqual(ticket);
        expect(ticketSchema.parse(JSON.parse(JSON.stringify(ticket)))).toEqual(ticket);
        expect(events.map((event) => ticketEventSchema.parse(event))).toEqual(events);
        const moments = events.map((event) => event.at);
        expect(moments).toEqual(moments.toSorted());
      }),
      { numRuns: 200 },
    );
  });

  it('comes out the same whenever, and however often, timers fire in between', () => {
    fc.assert(
      fc.property(story, fc.array(fc.integer({ min: 0, max: 3000 * HOUR }), { maxLength: 6 }), (one, wakes) => {
        const { ticket, elapsed } = play(one).at(-2)!;
        const end = at(elapsed + 3000 * HOUR);
        const moments = wakes.toSorted((a, b) => a - b).map((seconds) => at(elapsed + seconds));
        const woken = moments.reduce((standing, moment) => settle(standing, moment).ticket, ticket);
        expect(settle(woken, end).ticket).toEqual(settle(ticket, end).ticket);
      }),
      { numRuns: 200 },
    );
  });

  it('never lets a raise make a deadline that is past, nor one that is later than before', () => {
    const rank = ['informational', 'billing', 'standard', 'urgent', 'emergency'];
    const running = ({ targets }: Ticket): Target[] => targets.filter(({ endedAt }) => endedAt === undefined);
    let raises = 0;
    fc.assert(
      fc.property(story, (one) => {
        const { events } = play(one).at(-1)!;
        for (const [place, event] of events.entries()) {
          if (event.type !== 'reprioritized' || rank.indexOf(event.to) < rank.indexOf(event.from)) continue;
          raises += 1;
          const asOfNow = (ticket: Ticket): Ticket => ({
            ...ticket,
            pauses: ticket.pauses.map(({ from, to = event.at }) => ({ from, to })),
          });
          const before = asOfNow(replay(events.slice(0, place))!);
          const after = asOfNow(replay(events.slice(0, place + 1))!);
          for (const target of running(after)) {
            const due = dueAt(after, target);
            expect(due >= event.at).toBe(true);
            const was = running(before).find(({ kind }) => kind === target.kind);
            if (was) expect(due <= dueAt(before, was)).toBe(true);
          }
        }
      }),
      { numRuns: 400 },
    );
    expect(raises).toBeGreaterThan(20);
  });
});

describe('the explanation of any such mix', () => {
  const sum = (amounts: readonly number[]) => amounts.reduce((total, one) => total + Math.round(one * 1000), 0) / 1000;

  it('has every promise of the ticket, and its sums reach the very deadline', () => {
    fc.assert(
      fc.property(story, (one) => {
        for (const { ticket, events } of play(one)) {
          const { deadlines } = explain(events, ruleBook);
          const standing = deadlines.filter(({ replacedAt }) => replacedAt === undefined);
          expect(
            standing.map(({ kind, tier, state, count }) => [kind, tier, state, count.deadline]).toSorted(),
          ).toEqual(
            ticket.targets.map((one) => [one.kind, one.tier, one.state, deadlineOf(ticket, one) ?? null]).toSorted(),
          );
          for (const { span, count } of deadlines) {
            expect(sum(count.intervals.map(({ seconds }) => seconds))).toBe(count.openSeconds);
            expect(sum(count.pauses.map(({ seconds }) => seconds))).toBe(count.pausedSeconds);
            expect(sum([count.openSeconds, -count.pausedSeconds])).toBe(count.countedSeconds);
            const budget = parseSpan(span);
            if (budget.unit === 'seconds' && count.deadline) expect(count.countedSeconds).toBe(budget.seconds);
          }
        }
      }),
    );
  });

  it('tells of every unit what the ledger tells', () => {
    fc.assert(
      fc.property(story, (one) => {
        const { events, entries } = play(one).at(-1)!;
        const told = explain(events, ruleBook);
        const inLedger = (...kinds: LedgerEntry['kind'][]) =>
          entries.filter(({ kind }) => kinds.includes(kind)).map(({ at: moment, amount }) => [moment, amount]);
        expect(told.charges.slice(1).map(({ at: moment, amount }) => [moment, amount])).toEqual(inLedger('charge'));
        expect(told.credits.map(({ at: moment, amount }) => [moment, amount])).toEqual(
          inLedger('credit', 'refund-request'),
        );
        for (const part of [...told.deadlines, ...told.charges, ...told.credits, ...told.escalations])
          expect(part.rules.length).toBeGreaterThan(0);
        expect(explanationView.parse(JSON.parse(JSON.stringify(told)))).toEqual(told);
      }),
    );
  });
});
