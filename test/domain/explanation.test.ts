import { describe, expect, it } from 'vitest';
import { decide, type TicketCommand } from '../../lambdas/domain/ticket/commands.ts';
import { explain } from '../../lambdas/domain/explanation/explanation.ts';
import { settle } from '../../lambdas/domain/ticket/settle.ts';
import type { Actor } from '../../lambdas/domain/vocabulary.ts';
import type { TicketEvent } from '../../lambdas/domain/ticket/ticket-event.ts';
import { ruleBook } from '../../lambdas/plans/rule-book.ts';
import { accountOn, customer, engineer, having, openedOn, planNamed, TICKET_ID } from '../support/records.ts';

type Done = readonly [at: string, actor: Actor, command: TicketCommand];

const timeline = (start: ReturnType<typeof openedOn>, done: readonly Done[], until: string): TicketEvent[] => {
  let { ticket } = start;
  const events = [...start.events];
  for (const [at, actor, command] of done) {
    const decision = decide(ticket, command, actor, at);
    if (!decision.ok) throw new Error(decision.refusal.message);
    ({ ticket } = decision);
    events.push(...decision.events);
  }
  return [...events, ...settle(ticket, until).events];
};

/** Thursday 2 July 2026, 15:30 in New York: Friday the 3rd is a holiday, because the 4th is a Saturday. */
const BEFORE_THE_HOLIDAY = '2026-07-02T19:30:00.000Z';

describe('a deadline over a holiday', () => {
  const start = openedOn(having(accountOn('scalix-basic'), 50), BEFORE_THE_HOLIDAY);
  const { deadlines, credits, charges, escalations } = explain(
    timeline(start, [], '2026-07-06T20:00:00.000Z'),
    ruleBook,
  );

  it('shows the hours counted before and after it, and the day itself', () => {
    expect(deadlines[0]).toMatchObject({
      kind: 'first-response',
      state: 'missed',
      calendar: { name: 'business', zone: 'America/New_York', hours: 'Mon-Fri 09:00-17:00' },
      count: {
        startedAt: BEFORE_THE_HOLIDAY,
        deadline: '2026-07-06T15:30:00.000Z',
        intervals: [
          { from: BEFORE_THE_HOLIDAY, to: '2026-07-02T21:00:00.000Z', seconds: 5400 },
          { from: '2026-07-06T13:00:00.000Z', to: '2026-07-06T15:30:00.000Z', seconds: 9000 },
        ],
        pauses: [],
        countedSeconds: 14_400,
        holidays: ['2026-07-03'],
      },
    });
  });

  it('says it in sentences that can be checked with a pencil', () => {
    expect(deadlines[0]?.sentences).toEqual([
      'The plan scalix-basic (version 1) promises a first answer within 4 h for priority normal, counted on the calendar “business”: Mon-Fri 09:00-17:00, zone America/New_York. TS1 holds the promise.',
      'The clock started on Thursday 2 July 2026, 15:30:00 (UTC-04:00).',
      'Open: Thursday 2 July 2026, 15:30:00 to 17:00:00 (UTC-04:00); 1 h 30 min.',
      'Open: Monday 6 July 2026, 09:00:00 to 11:30:00 (UTC-04:00); 2 h 30 min.',
      'Holidays on which nothing was counted: Friday 3 July 2026.',
      '4 h counted, which is the promised 4 h: the deadline is Monday 6 July 2026, 11:30:00 (UTC-04:00).',
      'Nothing had kept it by then: it was missed.',
    ]);
  });

  it('explains the charge, the credit and the escalation by their rules', () => {
    expect(charges).toMatchObject([{ amount: 10, unit: 'point', source: 'scalix-support-plans' }]);
    expect(charges[0]?.rules.map(({ id }) => id)).toEqual(['SX-06', 'SX-08', 'EV-04']);
    expect(credits).toMatchObject([
      { amount: 10, cause: 'miss', to: 'units', target: 'first-response', at: '2026-07-06T15:30:00.000Z' },
    ]);
    expect(credits[0]?.rules.map(({ id }) => id)).toContain('EV-12');
    expect(credits[0]?.sentences.slice(0, 1)).toEqual([
      'A first answer was owed by Monday 6 July 2026, 11:30:00 (UTC-04:00) and did not come.',
    ]);
    expect(escalations[0]).toMatchObject({ from: 'TS1', to: 'TS2', target: 'first-response', by: { role: 'desk' } });
  });
});

describe('a deadline with a pause', () => {
  const answer: TicketCommand = { type: 'post-message', messageId: 'msg_1', visibility: 'public' };
  const note: TicketCommand = { type: 'post-message', messageId: 'msg_2', visibility: 'internal' };
  const start = openedOn(having(accountOn('luxsci-token-dedicated'), 20), '2026-03-02T15:00:00.000Z', {
    priority: 'standard',
  });
  const events = timeline(
    start,
    [
      ['2026-03-02T16:00:00.250Z', engineer, answer],
      ['2026-03-02T16:00:01.000Z', engineer, note],
      ['2026-03-02T17:00:00.500Z', engineer, { type: 'pause', reason: 'Which version?' }],
      ['2026-03-03T17:00:00.750Z', customer, answer],
    ],
    '2026-03-03T17:00:01.000Z',
  );
  const { deadlines } = explain(events, ruleBook);

  it('takes out of the resolution what the desk waited, to the millisecond', () => {
    expect(deadlines[1]?.count).toMatchObject({
      deadline: '2026-03-05T15:00:00.250Z',
      pauses: [{ from: '2026-03-02T17:00:00.500Z', to: '2026-03-03T17:00:00.750Z', seconds: 86_400.25 }],
      openSeconds: 259_200.25,
      pausedSeconds: 86_400.25,
      countedSeconds: 172_800,
    });
    expect(deadlines[1]?.sentences).toContain(
      '72 h 0.250 s open less 24 h 0.250 s standing still is 48 h counted, which is the promised 48 h: the deadline is Thursday 5 March 2026, 10:00:00.250 (UTC-05:00).',
    );
  });

  it('takes nothing out of the answer, says so, and tells when it was kept', () => {
    expect(deadlines[0]).toMatchObject({ state: 'met', usedSeconds: 3600.25, count: { pauses: [] } });
    expect(deadlines[0]?.sentences.slice(-3)[0]).toBe(
      'Waiting for you does not stop this clock, so nothing was taken out for that.',
    );
    expect(deadlines[0]?.sentences.at(-1)).toBe(
      'It was kept on Monday 2 March 2026, 11:00:00.250 (UTC-05:00), after 1 h 0.250 s of counted time.',
    );
  });

  it('has a clock that stands still while the desk waits', () => {
    const waiting = explain(events.slice(0, -2), ruleBook).deadlines[1];
    expect(waiting).toMatchObject({ state: 'paused', count: { deadline: null, until: '2026-03-02T17:00:00.500Z' } });
    expect(waiting?.sentences.at(-1)).toBe('The clock stands still.');
  });
});

describe('a promise that a plan kept while the desk waited', () => {
  const answer: TicketCommand = { type: 'post-message', messageId: 'msg_1', visibility: 'public' };
  const start = openedOn(having(accountOn('luxsci-token-dedicated'), 20), '2026-03-02T15:00:00.000Z', {
    priority: 'standard',
  });
  const planned: readonly Done[] = [
    ['2026-03-02T16:00:00.000Z', engineer, answer],
    ['2026-03-02T17:00:00.000Z', engineer, { type: 'pause', reason: 'Which version?' }],
    [
      '2026-03-05T15:00:00.000Z',
      engineer,
      { type: 'plan', summary: 'Patch it.', expectedBy: '2026-03-09T12:00:00.000Z' },
    ],
  ];
  const told = (done: readonly Done[]) =>
    explain(timeline(start, done, done.at(-1)?.[0] ?? ''), ruleBook).deadlines.find(
      ({ kind }) => kind === 'resolution',
    );

  it('was kept before its deadline: the wait counts up to the plan', () => {
    expect(told(planned)).toMatchObject({
      state: 'met',
      usedSeconds: 7200,
      count: {
        deadline: '2026-03-07T13:00:00.000Z',
        pauses: [{ from: '2026-03-02T17:00:00.000Z', to: '2026-03-05T15:00:00.000Z', seconds: 252_000 }],
        countedSeconds: 172_800,
      },
    });
  });

  it('is explained alike when the customer has answered long after', () => {
    expect(told([...planned, ['2026-03-10T15:00:00.000Z', customer, answer]])).toEqual(told(planned));
  });
});

describe('a ticket that was closed while the desk waited', () => {
  it('stopped the clock of the answer when it was closed, and that of the solution when the wait began', () => {
    const start = openedOn(having(accountOn('luxsci-token-dedicated'), 20), '2026-03-02T15:00:00.000Z', {
      priority: 'standard',
    });
    const done: readonly Done[] = [
      ['2026-03-02T16:00:00.000Z', engineer, { type: 'pause', reason: 'Which version?' }],
      ['2026-03-02T19:00:00.000Z', customer, { type: 'close' }],
    ];
    const { deadlines } = explain(timeline(start, done, '2026-03-02T19:00:00.000Z'), ruleBook);
    expect(deadlines.map(({ kind, count }) => [kind, count.until, count.countedSeconds])).toEqual([
      ['first-response', '2026-03-02T19:00:00.000Z', 4 * 3600],
      ['resolution', '2026-03-02T16:00:00.000Z', 3600],
    ]);
  });
});

describe('a plan that gives nothing back for a late answer, and aims at a solution', () => {
  const plan = {
    ...planNamed('severity-enterprise'),
    makeGood: [],
    targets: planNamed('severity-enterprise').targets.map((target) =>
      target.kind === 'resolution' ? { ...target, guaranteed: false as const } : target,
    ),
  };
  const start = openedOn(accountOn('severity-enterprise'), '2026-03-02T15:00:00.000Z', {}, plan);
  const { deadlines, credits, escalations } = explain(timeline(start, [], '2026-03-12T15:00:00.000Z'), ruleBook);

  it('is explained by rules that promise no units', () => {
    expect(credits).toEqual([]);
    expect(escalations.length).toBeGreaterThan(0);
    for (const { rules } of escalations) {
      expect(rules.map(({ says }) => says)).toEqual([
        'A missed promise gives the whole charge back where the plan says so, and nothing is credited twice; a missed answer moves the ticket up one tier and starts the same span again there.',
      ]);
    }
  });

  it('calls an aim no promise', () => {
    const solution = deadlines.find(({ kind }) => kind === 'resolution');
    expect(solution?.sentences.join(' ')).toContain('That is the 14 business days aimed at');
    expect(solution?.sentences.join(' ')).not.toContain('the promised');
  });
});

describe('a deadline in business days', () => {
  it('names the days', () => {
    const basic = planNamed('scalix-basic');
    const resolution = {
      kind: 'resolution' as const,
      span: '3BD',
      calendar: 'business',
      source: 'scalix-support-plans',
    };
    const plan = { ...basic, targets: [resolution] };
    const start = openedOn(having(accountOn('scalix-basic'), 50), BEFORE_THE_HOLIDAY, {}, plan);
    const [deadline] = explain(start.events, ruleBook).deadlines;
    expect(deadline?.count).toMatchObject({
      deadline: '2026-07-08T19:30:00.000Z',
      days: ['2026-07-06', '2026-07-07', '2026-07-08'],
    });
    expect(deadline?.sentences).toContain(
      'Business days counted after the day of the start: Monday 6 July 2026; Tuesday 7 July 2026; Wednesday 8 July 2026. That is the promised 3 business days, at the same time of day: the deadline is Wednesday 8 July 2026, 15:30:00 (UTC-04:00).',
    );
  });
});

it('tells the hours of single days where they lie in the time of a promise, and of no other', () => {
  const basic = planNamed('scalix-basic');
  const exceptions = {
    '2026-12-24': [['09:00', '12:00'] as [string, string]],
    '2026-12-28': [],
    '2026-12-31': [['09:00', '12:00'] as [string, string]],
  };
  const plan = { ...basic, calendars: { business: { ...basic.calendars.business!, exceptions } } };
  const { events } = openedOn(having(accountOn('scalix-basic'), 50), '2026-12-24T15:00:00.000Z', {}, plan);
  const [deadline] = explain(events, ruleBook).deadlines;
  expect(deadline?.count.deadline).toBe('2026-12-29T16:00:00.000Z');
  expect(deadline?.calendar.hours).toBe(
    'Mon-Fri 09:00-17:00; on Thursday 24 December 2026 09:00-12:00; on Monday 28 December 2026 closed',
  );
  expect(deadline?.sentences[0]).toContain(deadline!.calendar.hours);
});

it('says nothing of the next opening for business days, which keep the time of day of their start', () => {
  const account = accountOn('severity-gold', { timeZone: 'Europe/Berlin', region: 'DE' });
  /** A Saturday, 10:13 in Berlin. */
  const { events } = openedOn(account, '2026-03-07T09:13:00.000Z', { priority: 'severity-2', channel: 'email' });
  const [answer, resolution] = explain(events, ruleBook).deadlines;
  expect(answer?.sentences[1]).toBe(
    'The clock started on Saturday 7 March 2026, 10:13:00 (UTC+01:00). That was outside these hours, so time counted from Monday 9 March 2026, 09:00:00 (UTC+01:00) on.',
  );
  expect(resolution?.span).toBe('3BD');
  expect(resolution?.sentences[1]).toBe('The clock started on Saturday 7 March 2026, 10:13:00 (UTC+01:00).');
  expect(resolution?.count.deadline).toBe('2026-03-11T09:13:00.000Z');
});

it('cites a rule of the programme for the answer that the per-incident plan promises', () => {
  const { events } = openedOn(having(accountOn('scalix-incident'), 50), BEFORE_THE_HOLIDAY);
  expect(explain(events, ruleBook).deadlines[0]?.rules.map(({ id }) => id)).toEqual(['SX-21', 'EV-01']);
});

describe('a call back', () => {
  const sentence = (planId: string, request: Parameters<typeof openedOn>[2]) => {
    const start = openedOn(
      accountOn(planId, { timeZone: 'Europe/Berlin', region: 'DE' }),
      '2026-03-09T09:00:00.000Z',
      request,
    );
    const asked: Done = ['2026-03-09T10:00:00.000Z', customer, { type: 'call-back', phone: '+49 30 12345' }];
    return explain(timeline(start, [asked], asked[0]), ruleBook).deadlines.at(-1)?.sentences[0];
  };

  it('is the desk’s own aim where the programme promises none', () => {
    expect(sentence('severity-gold', { priority: 'severity-1', channel: 'email' })).toMatch(
      /^No plan promises a call back; the desk's own aim is to call within 30 min, counted on the calendar /,
    );
  });

  it('is promised at once by AXIGEN, and given half an hour by the desk', () => {
    expect(sentence('axigen-premium', {})).toMatch(
      /^The plan axigen-premium \(version \d+\) promises a call back at once and names no time; the desk gives it 30 min, counted on /,
    );
  });
});

it('explains where a credit went when the units it came from have expired', () => {
  const account = having(accountOn('scalix-basic'), 50, '2025-07-06T15:00:00.000Z');
  const { credits } = explain(
    timeline(openedOn(account, BEFORE_THE_HOLIDAY), [], '2026-07-06T20:00:00.000Z'),
    ruleBook,
  );
  const [from] = account.lots;
  const lotId = `lot_${TICKET_ID.slice('tkt_'.length)}-4`;
  expect(credits[0]?.lots).toEqual([
    { lotId, amount: 10, expiresAt: '2026-08-05T15:30:00.000Z', replaces: [from?.lotId] },
  ]);
  expect(credits[0]?.sentences.at(-1)).toBe(
    `Given back: 10 points in a new lot ${lotId}, because the lot they had come from (${from?.lotId ?? ''}) had expired; good until Wednesday 5 August 2026, 11:30:00 (UTC-04:00).`,
  );
});

it('explains a plan that no rule names by the terms of the ticket', () => {
  const account = having(accountOn('scalix-basic'), 50);
  const plan = { ...planNamed('scalix-basic'), planId: 'somebody-else' };
  const { deadlines, charges } = explain(openedOn(account, BEFORE_THE_HOLIDAY, {}, plan).events, ruleBook);
  expect(deadlines[0]?.rules.map(({ id }) => id)).toEqual(['EV-01']);
  expect(charges[0]?.sentences[0]).toContain('The plan somebody-else (version 1) charges 10 points');
});
