/** What the report of a month tells of tickets from before it, and which ratings it counts (rule AX-10). */
import { describe, expect, it } from 'vitest';
import { isForMonth, reportOf, type ReportInput } from '../../lambdas/domain/report/report.ts';
import { monthBounds } from '../../lambdas/domain/time/month.ts';
import { accountOn, customer, engineer, having, manager, openedOn, type Opened } from '../support/records.ts';
import { answered, step, story, type Step } from '../support/steps.ts';

const march = monthBounds('2026-03', 'America/New_York');
const account = having(accountOn('luxsci-token-dedicated'), 20);

const openedAt = (now: string, ...steps: readonly Step[]): Opened =>
  story(openedOn(account, now, { priority: 'standard' }), ...steps);
const solved = (now: string) => step({ type: 'resolve', summary: 'Done.' }, engineer, now);
const closed = (now: string) => step({ type: 'close' }, engineer, now);
const reopened = (now: string) => step({ type: 'reopen', sameProblem: true }, customer, now);
const rated = (score: number, now: string) => step({ type: 'rate', score }, customer, now);
const declined = (now: string) => step({ type: 'classify', as: 'declined', reason: 'Not ours.' }, manager, now);

const endOfFebruary = [solved('2026-02-27T16:00:00.000Z'), closed('2026-02-28T16:00:00.000Z')];

describe('the report of a month is for a ticket from before it', () => {
  it.each([
    ['that is open', []],
    ['that was solved in it', [solved('2026-03-04T16:00:00.000Z')]],
    ['that was closed the moment it began', [solved('2026-02-28T16:00:00.000Z'), closed(march.from)]],
    ['that was declined in it', [declined('2026-03-01T16:00:00.000Z')]],
    ['that was closed before and rated in it', [...endOfFebruary, rated(2, '2026-03-01T16:00:00.000Z')]],
    ['that was closed before and reopened in it', [...endOfFebruary, reopened('2026-03-30T16:00:00.000Z')]],
  ])('%s', (_what, steps) => {
    const { ticket } = openedAt('2026-02-20T15:00:00.000Z', answered('2026-02-20T16:00:00.000Z'), ...steps);
    expect(isForMonth(ticket, march)).toBe(true);
  });

  it.each([
    ['closed before', endOfFebruary],
    ['declined before', [declined('2026-02-28T16:00:00.000Z')]],
    ['closed before and rated after it', [...endOfFebruary, rated(2, march.to)]],
    ['closed all of it and reopened later', [...endOfFebruary, reopened('2026-04-02T16:00:00.000Z')]],
  ])('but not for one that was %s', (_what, steps) => {
    const { ticket } = openedAt('2026-02-20T15:00:00.000Z', answered('2026-02-20T16:00:00.000Z'), ...steps);
    expect(isForMonth(ticket, march)).toBe(false);
  });
});

describe('the report of a month', () => {
  const told = ({ ticket, events }: Opened) => ({ ticket, timeline: events });
  const input = (tickets: readonly Opened[], earlier: readonly Opened[] = []): ReportInput => ({
    ...{ account, unit: 'token', addOns: [], month: '2026-03', now: '2026-04-01T12:00:00.000Z', entries: [] },
    ...{ tickets: tickets.map(told), earlier: earlier.map(told), truncated: false },
  });
  const done = openedAt(
    '2026-03-02T15:00:00.000Z',
    ...[answered('2026-03-02T16:00:00.000Z'), solved('2026-03-02T17:00:00.000Z'), closed('2026-03-02T18:00:00.000Z')],
  );

  it('tells how long earlier tickets took, and counts nothing of them but the rating', () => {
    const before = openedAt(
      '2026-02-20T15:00:00.000Z',
      ...[answered('2026-02-20T16:00:00.000Z'), solved('2026-03-02T15:00:00.000Z'), closed('2026-03-02T16:00:00.000Z')],
      rated(1, '2026-03-03T15:00:00.000Z'),
    );
    const alone = reportOf(input([story(done, rated(4, '2026-03-04T15:00:00.000Z'))]));
    const both = reportOf(input([story(done, rated(4, '2026-03-04T15:00:00.000Z'))], [before]));
    expect(alone).toMatchObject({ earlier: [], satisfaction: { average: 4, ratings: 1 } });
    expect(both).toEqual({ ...alone, earlier: both.earlier, satisfaction: { average: 2.5, ratings: 2 } });
    expect(both.earlier).toMatchObject([
      { solution: { seconds: 10 * 86_400, promise: { state: 'missed' } }, rating: { score: 1 } },
    ]);
  });

  it('counts a rating in the month in which it was given', () => {
    const late = story(done, rated(4, march.to));
    expect(reportOf(input([late])).satisfaction).toEqual({ average: null, ratings: 0 });
    expect(reportOf({ ...input([], [late]), month: '2026-04' }).satisfaction).toEqual({ average: 4, ratings: 1 });
  });
});
