/** Correcting a severity, by the rules themselves: terms as the severity programme has them, on a plan of this test. */
import { expect, it } from 'vitest';
import { decide, decideFunded } from '../../lambdas/domain/ticket/commands.ts';
import { open } from '../../lambdas/domain/opening/opening.ts';
import type { Plan, TargetRule } from '../../lambdas/domain/plan/plan.ts';
import { deadlineOf } from '../../lambdas/domain/ticket/targets.ts';
import type { Ticket } from '../../lambdas/domain/ticket/ticket.ts';
import type { Actor, Priority } from '../../lambdas/domain/vocabulary.ts';
import { explain } from '../../lambdas/domain/explanation/explanation.ts';
import { wordsFor } from '../../lambdas/handlers/mail/customer-words.ts';
import { ruleBook } from '../../lambdas/plans/rule-book.ts';
import { holidaysOf } from '../../lambdas/plans/holidays/holidays.ts';
import { accountOn, customer, engineer, having, manager, openedOn, planNamed, TICKET_ID } from '../support/records.ts';
import { answered, settled, step, story } from '../support/steps.ts';

/** Monday 2 March 2026, 10:00 in Berlin. */
const OPENED = '2026-03-02T09:00:00.000Z';

const target = (kind: TargetRule['kind'], priority: Priority, span: string): TargetRule => ({
  kind,
  priorities: [priority],
  span,
  calendar: 'business',
  source: 'made-up',
});
const office = planNamed('scalix-basic').calendars.business!;
const base = planNamed('luxsci-token-dedicated');
const plan: Plan = {
  ...base,
  planId: 'made-up-severity',
  priorities: ['severity-1', 'severity-2', 'severity-3', 'severity-4'],
  defaultPriority: 'severity-4',
  charges: [{ amount: 1, source: 'made-up' }],
  calendars: { business: { ...office, zone: 'Europe/Berlin', holidays: 'none' } },
  targets: [
    target('first-response', 'severity-1', 'PT8H'),
    target('resolution', 'severity-1', 'PT16H'),
    target('first-response', 'severity-3', 'PT24H'),
    target('resolution', 'severity-3', '7BD'),
    target('first-response', 'severity-4', 'PT24H'),
  ],
};

const account = having(accountOn('luxsci-token-dedicated', { timeZone: 'Europe/Berlin', region: 'DE' }), 4);
const opened = (priority: Priority): Ticket => {
  const context = { account, plan, actor: customer, now: OPENED, holidaysOf };
  const opening = open(context, { subject: 'Down', description: 'Down.', channel: 'email', priority }, TICKET_ID);
  if (!opening.ok) throw new Error(opening.refusal.message);
  return opening.ticket;
};
const correct = (ticket: Ticket, priority: Priority, actor: Actor, now: string) =>
  decideFunded(
    ticket,
    { type: 'reprioritize', priority, reason: 'One user is affected.' },
    { actor, now, funds: { account, priorities: plan.priorities } },
  );
const corrected = (...asked: Parameters<typeof correct>): Ticket => {
  const decision = correct(...asked);
  if (!decision.ok) throw new Error(decision.refusal.message);
  expect(decision.events.map(({ type }) => type)).toEqual(['reprioritized']);
  expect(decision.events[0]).toMatchObject({
    reason: 'One user is affected.',
    actor: asked[2],
    drawn: [],
    returned: 0,
  });
  return decision.ticket;
};
const LATER = '2026-03-02T10:00:00.000Z';
const running = (ticket: Ticket, wanted: TargetRule['kind']) =>
  ticket.targets.filter(({ kind, state }) => kind === wanted && state === 'running');
const deadlines = (ticket: Ticket) => ticket.targets.map((one) => [one.kind, deadlineOf(ticket, one)]);

it('SV-08 corrects a severity that was too high: the deadlines are those of the right one from the opening', () => {
  const ticket = corrected(opened('severity-1'), 'severity-3', engineer, '2026-03-02T11:00:00.000Z');
  expect(ticket).toMatchObject({ priority: 'severity-3', charge: { amount: 1 }, credited: 0 });
  expect(deadlines(ticket)).toEqual([
    ['first-response', '2026-03-05T09:00:00.000Z'],
    ['resolution', '2026-03-11T09:00:00.000Z'],
  ]);
});

it('SV-08 corrects a severity that was too low: nothing is due in the past, and nothing later than before', () => {
  const ticket = corrected(opened('severity-4'), 'severity-1', manager, '2026-03-04T10:00:00.000Z');
  // Of the 24 hours seven are left, which is less than the eight of severity 1; the solution is promised from now on.
  expect(deadlines(ticket)).toEqual([
    ['first-response', '2026-03-05T09:00:00.000Z'],
    ['resolution', '2026-03-06T10:00:00.000Z'],
  ]);
  const early = corrected(opened('severity-4'), 'severity-1', engineer, '2026-03-02T11:00:00.000Z');
  expect(deadlines(early)[0]).toEqual(['first-response', '2026-03-03T11:00:00.000Z']);
});

it('SV-08 leaves the correction to engineers: the opener answers the definitions', () => {
  for (const priority of ['severity-1', 'severity-3'] as const) {
    const refused = correct(opened('severity-4'), priority, customer, '2026-03-02T11:00:00.000Z');
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'forbidden' } });
  }
});

it('SV-08 drops the promise of a solution where the right severity has none', () => {
  const ticket = corrected(opened('severity-1'), 'severity-4', engineer, '2026-03-02T11:00:00.000Z');
  expect(deadlines(ticket)).toEqual([['first-response', '2026-03-05T09:00:00.000Z']]);
  const answer = { type: 'post-message', messageId: 'msg_1', visibility: 'public' } as const;
  expect(decide(ticket, answer, engineer, '2026-03-03T11:00:00.000Z')).toMatchObject({ ok: true });
});

it('SV-03 SV-04 SV-05 owes a solution: a plan for one is told, and keeps no resolution', () => {
  for (const [planId, priority] of [
    ['severity-gold', 'severity-1'],
    ['severity-enterprise', 'severity-2'],
    ['severity-gold', 'severity-3'],
  ] as const) {
    const gold = accountOn(planId, { timeZone: 'Europe/Berlin', region: 'DE' });
    const first = openedOn(gold, OPENED, { priority });
    const [owed] = running(first.ticket, 'resolution');
    expect(JSON.stringify(wordsFor(first.events[0]!, first.ticket))).toContain('"a solution by ');
    const told = step({ type: 'plan', summary: 'A patch.', expectedBy: '2026-12-01T00:00:00.000Z' }, engineer, LATER);
    const planned = story(first, answered('2026-03-02T09:30:00.000Z'), told);
    expect(planned.events.at(-1)).toMatchObject({ type: 'planned' });
    expect(planned.events.at(-1)).not.toHaveProperty('met');
    expect(running(planned.ticket, 'resolution')).toEqual([owed]);
    const again = step({ type: 'reopen', sameProblem: true }, customer, '2026-03-02T14:00:00.000Z');
    const solved = story(planned, step({ type: 'resolve', summary: 'Done.' }, engineer, '2026-03-02T13:00:00.000Z'));
    expect(running(solved.ticket, 'resolution')).toEqual([]);
    expect(running(story(solved, again).ticket, 'resolution')).toEqual([owed]);
    const missed = story(planned, settled('2026-11-01T00:00:00.000Z'));
    expect(missed.events).toContainEqual(expect.objectContaining({ type: 'missed', target: 'resolution' }));
    const [explained] = explain(missed.events, ruleBook).deadlines.filter(({ kind }) => kind === 'resolution');
    expect(explained?.sentences[0]).toMatch(/promises a resolution within /);
  }
});
