/** Raising a priority: what is promised from then on, by whom after a miss, and what it costs. */
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../lambdas/domain/plan/plan.ts';
import { explain } from '../../lambdas/domain/explanation/explanation.ts';
import { decideFunded } from '../../lambdas/domain/ticket/commands.ts';
import { replay } from '../../lambdas/domain/ticket/evolve.ts';
import { deadlineOf } from '../../lambdas/domain/ticket/targets.ts';
import { ticketSchema, type Ticket } from '../../lambdas/domain/ticket/ticket.ts';
import type { TicketEvent } from '../../lambdas/domain/ticket/ticket-event.ts';
import type { Priority } from '../../lambdas/domain/vocabulary.ts';
import { showTicket } from '../../lambdas/handlers/api/show.ts';
import { wordsFor } from '../../lambdas/handlers/mail/customer-words.ts';
import { momentIn } from '../../lambdas/handlers/mail/wording.ts';
import { ruleBook } from '../../lambdas/plans/rule-book.ts';
import { accountOn, customer, engineer, having, openedOn, planNamed } from '../support/records.ts';
import { answered, asked, onHand, prioritized, settled, step, story } from '../support/steps.ts';

/** Ten in the morning in New York. */
const OPENED = '2026-03-02T15:00:00.000Z';
const at = (hours: number, seconds = 0) =>
  new Date(Date.parse(OPENED) + hours * 3_600_000 + seconds * 1000).toISOString();
const opened = (priority: Priority) => openedOn(having(accountOn('luxsci-token-dedicated'), 20), OPENED, { priority });
const running = (ticket: Ticket) =>
  ticket.targets.flatMap((one) =>
    one.endedAt === undefined ? [[one.kind, one.span, deadlineOf(ticket, one) ?? 'paused']] : [],
  );
const letter = (event: TicketEvent, ticket: Ticket) => JSON.stringify(wordsFor(event, ticket));

describe('raising a ticket whose promises are over', () => {
  const missed = () => story(opened('standard'), answered(at(1)), settled(at(49)));

  it('LX-07 LX-09 promises a solution anew where it was missed, says so, and takes nothing: the ticket is free', () => {
    expect(onHand(missed())).toBe(20);
    const raised = story(missed(), prioritized('emergency', at(50)));
    expect(running(raised.ticket)).toEqual([['resolution', 'PT4H', at(54)]]);
    expect(onHand(raised)).toBe(20);
    expect(raised.ticket).toMatchObject({ priority: 'emergency', charge: { amount: 1 }, credited: 1 });
    expect(letter(raised.events.at(-1)!, raised.ticket)).toContain(momentIn('America/New_York', at(54)));
    const late = story(raised, settled(at(54, 1)));
    expect(late.events.at(-1)).toMatchObject({ type: 'missed', target: 'resolution', makeGood: 0 });
    expect(onHand(late)).toBe(20);
    const inTime = story(raised, step({ type: 'resolve', summary: 'Done.' }, engineer, at(54)), settled(at(60)));
    expect(onHand(inTime)).toBe(20);
  });

  it('LX-07 promises an answer anew where nobody at the last tier gave one', () => {
    const silent = story(opened('standard'), settled(at(100)));
    expect(running(silent.ticket)).toEqual([]);
    const raised = story(silent, prioritized('emergency', at(100)));
    expect(running(raised.ticket)).toEqual([
      ['first-response', 'PT1H', at(101)],
      ['resolution', 'PT4H', at(104)],
    ]);
    const late = story(raised, settled(at(101, 1)));
    expect(late.events.at(-1)).toMatchObject({ type: 'missed', tier: 'TS3', makeGood: 0, tellsManagers: true });
    expect(onHand(late)).toBe(20);
  });

  it('EV-06 starts no second clock beside one that runs', () => {
    const raised = story(opened('standard'), settled(at(25)), prioritized('emergency', at(26)));
    expect(running(raised.ticket)).toEqual([
      ['resolution', 'PT4H', at(30)],
      ['escalation', 'PT1H', at(27)],
    ]);
  });

  it('LX-03 takes nothing where all that the priority promises was kept already', () => {
    const plan = { type: 'plan', summary: 'A patch.', expectedBy: at(500) } as const;
    const kept = story(opened('standard'), answered(at(1)), step(plan, engineer, at(2)));
    const raised = story(kept, prioritized('emergency', at(3)));
    expect(raised.ticket).toMatchObject({ priority: 'emergency', charge: { amount: 1 }, credited: 0 });
    expect(running(raised.ticket)).toEqual([]);
    expect(onHand(raised)).toBe(19);
    const lowered = story(raised, prioritized('urgent', at(4), engineer));
    expect(lowered.ticket).toMatchObject({ priority: 'urgent', charge: { amount: 1 }, credited: 0 });
    expect(onHand(lowered)).toBe(19);
  });
});

describe('a raise by staff', () => {
  const raise = (authorizedCharge?: number) =>
    ({
      type: 'reprioritize',
      priority: 'emergency',
      reason: 'Their shop is down.',
      ...(authorizedCharge !== undefined && { authorizedCharge }),
    }) as const;

  it('LX-02 promises more and takes nothing: the customer sets what is paid', () => {
    const raised = story(opened('standard'), step(raise(), engineer, at(2)));
    expect(running(raised.ticket)[0]).toEqual(['first-response', 'PT1H', at(3)]);
    expect(raised.ticket).toMatchObject({ priority: 'emergency', charge: { amount: 1 } });
    expect(onHand(raised)).toBe(19);
    expect(letter(raised.events.at(-1)!, raised.ticket)).toContain('It costs you nothing more.');
    expect(story(raised, settled(at(3, 1))).ticket.credited).toBe(1);
  });

  it('LX-02 takes what the customer has agreed to, on the record, and never another sum', () => {
    const agreed = story(opened('standard'), step(raise(10), engineer, at(2)));
    expect(onHand(agreed)).toBe(10);
    expect(agreed.events.at(-1)).toMatchObject({ type: 'reprioritized', statements: { authorizedCharge: 10 } });
    for (const other of [9, 0, 15]) {
      const refused = asked(opened('standard'), raise(other), { actor: engineer, now: at(2) });
      expect(refused).toMatchObject({
        ok: false,
        refusal: { code: 'not-entitled', facts: { authorizedCharge: 10, unit: 'token' } },
      });
    }
  });
});

describe('a raise to what has to be mission critical', () => {
  const raise = (missionCritical?: boolean) =>
    ({ type: 'reprioritize', priority: 'emergency', reason: 'Down.', missionCritical }) as const;

  it('LX-16 is refused to whoever says that it is not', () => {
    const refused = asked(opened('standard'), raise(false), { actor: customer, now: at(1) });
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'not-entitled' } });
    expect(asked(opened('standard'), raise(), { actor: customer, now: at(1) }).ok).toBe(true);
    const said = story(opened('standard'), step(raise(true), customer, at(1)));
    expect(said.events.at(-1)).toMatchObject({ statements: { missionCritical: true } });
  });

  it('has to be said in so many words where the plan asks for them', () => {
    const before = opened('standard');
    const plan = planNamed('luxsci-token-dedicated');
    const strict: Plan = {
      ...plan,
      conditions: plan.conditions.map((one) => (one.needs === 'mission-critical' ? { ...one, stated: true } : one)),
    };
    const funds = { account: before.account, priorities: plan.priorities, plan: strict };
    const decided = (command: ReturnType<typeof raise>) =>
      decideFunded(before.ticket, command, { actor: customer, now: at(1), funds }).ok;
    expect([decided(raise()), decided(raise(true))]).toEqual([false, true]);
  });
});

describe('a ticket that is lowered and raised again', () => {
  it('EV-06 LX-10 gets no later deadline than it had: an emergency is due when it was due before', () => {
    const before = opened('emergency');
    const demoted = story(before, prioritized('urgent', at(0, 3570), engineer));
    const again = story(demoted, prioritized('emergency', at(0, 3571)));
    expect(running(again.ticket)).toEqual(running(before.ticket));
    expect(onHand(again)).toBe(10);
    expect(story(again, settled(at(1, 1))).ticket).toMatchObject({ credited: 10, tier: 'TS2' });
    const told = explain(again.events, ruleBook).deadlines;
    expect(told.filter(({ replacedAt }) => replacedAt === undefined)).toMatchObject([
      { kind: 'first-response', priority: 'emergency', count: { deadline: at(1) } },
      { kind: 'resolution', priority: 'emergency', count: { deadline: at(4) } },
    ]);
    expect(told).toHaveLength(6);
  });

  it('EV-06 remembers each promise once, however often it is lowered and raised', () => {
    const toAndFro = [1, 2, 3, 4, 5].flatMap((minutes) => [
      prioritized('informational', at(0, 60 * minutes)),
      prioritized('emergency', at(0, 60 * minutes + 30)),
    ]);
    const again = story(opened('emergency'), ...toAndFro);
    expect(running(again.ticket)).toEqual([
      ['first-response', 'PT1H', at(1)],
      ['resolution', 'PT4H', at(4)],
    ]);
    const remembered = again.ticket.withdrawn?.map(({ kind, priority }) => `${priority} ${kind}`);
    expect(remembered).toEqual(['emergency first-response', 'emergency resolution', 'informational first-response']);
    const later = story(again, prioritized('urgent', at(3)), prioritized('standard', at(5)));
    expect(new Set(later.ticket.withdrawn?.map(({ priority }) => priority))).toEqual(
      new Set(['urgent', 'informational']),
    );
  });

  it('EV-06 keeps to what a lower priority had promised, too', () => {
    const lowered = story(opened('urgent'), prioritized('standard', at(3.5)));
    const raised = story(lowered, prioritized('emergency', at(3.6)));
    expect(running(raised.ticket)[0]).toEqual(['first-response', 'PT4H', at(4)]);
    const told = explain(raised.events, ruleBook).deadlines.findLast(({ kind }) => kind === 'first-response');
    expect(told).toMatchObject({ priority: 'urgent', count: { deadline: at(4) } });
  });

  it('EV-06 gives the span from the raise where the old deadline is past by then, and brings back a promise that was dropped', () => {
    const lowered = story(opened('emergency'), prioritized('informational', at(0.5)));
    expect(running(lowered.ticket).map(([kind]) => kind)).toEqual(['first-response']);
    const raised = story(lowered, prioritized('emergency', at(2)));
    expect(running(raised.ticket)).toEqual([
      ['first-response', 'PT1H', at(3)],
      ['resolution', 'PT4H', at(4)],
    ]);
    expect(ticketSchema.parse(raised.ticket)).toEqual(raised.ticket);
    expect(showTicket(raised.ticket)).not.toHaveProperty('withdrawn');
  });
});

describe('a ticket that is raised and lowered again', () => {
  it('LX-10 gets the deadlines that a raise to where it ends would have given', () => {
    for (const [from, hour] of [
      ['informational', 30],
      ['billing', 30],
      ['standard', 2],
      ['standard', 22],
    ] as const) {
      const demoted = story(
        opened(from),
        prioritized('emergency', at(hour)),
        prioritized('urgent', at(hour, 300), engineer),
      );
      const direct = story(opened(from), prioritized('urgent', at(hour)));
      expect(running(demoted.ticket), from).toEqual(running(direct.ticket));
      expect(onHand(demoted)).toBe(onHand(direct));
    }
  });

  it('LX-10 has its own promises again where it ends as it began, with what was told about them', () => {
    const before = story(opened('standard'), settled(at(20)));
    expect(before.events.at(-1)).toMatchObject({ type: 'warned', target: 'first-response' });
    const again = story(before, prioritized('emergency', at(22)), prioritized('standard', at(22, 300)));
    expect(again.ticket.targets).toEqual(before.ticket.targets);
    expect(onHand(again)).toBe(onHand(before));
  });

  it('LX-10 counts from its opening where it ends below where it began', () => {
    const lowered = story(opened('urgent'), prioritized('emergency', at(1)), prioritized('standard', at(1, 300)));
    expect(running(lowered.ticket)).toEqual(running(story(opened('standard')).ticket));
  });

  it('LX-10 lowers a solution that was promised after an answer, too', () => {
    const demoted = story(
      opened('standard'),
      answered(at(1)),
      prioritized('emergency', at(20)),
      prioritized('urgent', at(20, 300), engineer),
    );
    expect(running(demoted.ticket)).toEqual([['resolution', 'PT24H', at(44)]]);
  });

  it('EV-08 is explained by the priority that promises each', () => {
    const demoted = story(
      opened('informational'),
      prioritized('emergency', at(30)),
      prioritized('urgent', at(30, 300), engineer),
    );
    const told = explain(demoted.events, ruleBook).deadlines.filter(({ replacedAt }) => replacedAt === undefined);
    expect(told).toMatchObject([
      { kind: 'first-response', priority: 'urgent', span: 'PT4H' },
      { kind: 'resolution', priority: 'urgent', span: 'PT24H', count: { deadline: at(54) } },
    ]);
  });
});

describe('a raise that left the old deadline, because it was sooner', () => {
  const raised = () => story(opened('standard'), prioritized('urgent', at(23.5)));

  it('EV-12 LX-06 owes the answer at the next tier within the span of the present priority', () => {
    expect(running(raised().ticket)[0]).toEqual(['first-response', 'PT24H', at(24)]);
    const late = story(raised(), settled(at(24, 1)));
    expect(late.events.at(-1)).toMatchObject({ type: 'escalated', again: { span: 'PT4H', calendar: 'business' } });
    expect(running(late.ticket).at(-1)).toEqual(['escalation', 'PT4H', at(28)]);
  });

  it('EV-08 explains each span by the priority that promises it', () => {
    const late = story(raised(), settled(at(24, 1)));
    const told = explain(late.events, ruleBook).deadlines;
    const [first, again] = [told.find(({ kind }) => kind === 'first-response')!, told.at(-1)!];
    expect(first).toMatchObject({ priority: 'standard', span: 'PT24H' });
    expect(again).toMatchObject({ kind: 'escalation', priority: 'urgent', span: 'PT4H' });
    expect(again.count).toMatchObject({ deadline: at(28), countedSeconds: 4 * 3600 });
    expect(again.sentences[0]).toContain('within 4 h for priority urgent');
    expect(again.rules.map(({ id }) => id)).toContain('LX-06');
  });

  it('EV-08 replays a timeline in which the old span started again, and explains it as the old promise', () => {
    const { events } = story(raised(), settled(at(24, 1)));
    const old = events.map((event) =>
      event.type === 'escalated' ? { ...event, again: { span: 'PT24H', calendar: 'around-the-clock' } } : event,
    );
    expect(running(replay(old)!).at(-1)).toEqual(['escalation', 'PT24H', at(48)]);
    const again = explain(old, ruleBook).deadlines.at(-1)!;
    expect(again).toMatchObject({ priority: 'standard', span: 'PT24H', count: { deadline: at(48) } });
  });
});
