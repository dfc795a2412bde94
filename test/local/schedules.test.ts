import { describe, expect, it } from 'vitest';
import { Activity } from '../../lib/local/activity.ts';
import { DeskClock } from '../../lib/local/clock.ts';
import { Mover } from '../../lib/local/control/mover.ts';
import { Journal } from '../../lib/local/journal.ts';
import { readSchedule } from '../../lib/local/schedule-expression.ts';
import { Schedules } from '../../lib/local/schedules.ts';

const at = (text: string): number => Date.parse(text);
const START = at('2026-03-02T00:00:00Z');
const INPUT = '{"schema":1,"now":"<aws.scheduler.scheduled-time>"}';

function desk(
  expressions: [name: string, expression: string, zone?: string][],
  journal = new Journal(),
  startAt = START,
) {
  const clock = new DeskClock({ startAt });
  const activity = new Activity();
  const fired: [string, string][] = [];
  const schedules = new Schedules({
    ...{ clock, journal },
    plans: expressions.map(([name, expression, zone = 'UTC']) => ({
      ...{ name, functionArn: name, input: INPUT },
      rhythm: readSchedule(expression, zone),
    })),
    accept: (name, event) => fired.push([name, (event as { now: string }).now]),
  });
  schedules.start();
  const mover = new Mover({ clock, activity, schedules, journal });
  return { clock, activity, fired, journal, schedules, move: (to: string) => mover.move(() => at(to)) };
}

describe('schedule expressions', () => {
  it.each([
    ['rate(5 minutes)', 'UTC', '2026-03-02T00:05:00Z'],
    ['rate(1 day)', 'UTC', '2026-03-03T00:00:00Z'],
    ['cron(0 8 * * ? *)', 'Europe/Berlin', '2026-03-02T07:00:00Z'],
    ['cron(0 8 ? * 2 *)', 'UTC', '2026-03-02T08:00:00Z'],
    ['cron(0 8 ? * MON-FRI *)', 'UTC', '2026-03-02T08:00:00Z'],
    ['cron(0 6 1 * ? *)', 'UTC', '2026-04-01T06:00:00Z'],
    ['cron(15 10 ? * 6#3 *)', 'UTC', '2026-03-20T10:15:00Z'],
  ])('%s in %s is due next at %s', (expression, zone, expected) => {
    expect(new Date(readSchedule(expression, zone).next(START, START)).toISOString()).toBe(
      new Date(expected).toISOString(),
    );
  });

  it.each([
    'at(2026-01-01T00:00:00)',
    'rate(0 minutes)',
    'cron(0 8 * * ? 2027)',
    'cron(0 8 ? * 8 *)',
    'cron(0 8 LW * ? *)',
  ])('refuses %s', (expression) => {
    expect(() => readSchedule(expression, 'UTC')).toThrow(RangeError);
  });
});

describe('schedules by the desk clock', () => {
  it('fires a daily schedule once for each day on the way, with its own moment, across a change of the offset', async () => {
    const { fired, move } = desk([['daily', 'cron(0 8 * * ? *)', 'Europe/Berlin']]);
    await move('2026-03-31T00:00:00Z');
    expect(fired).toHaveLength(29);
    expect(fired[0]).toEqual(['daily', '2026-03-02T07:00:00Z']);
    expect(fired.at(-1)).toEqual(['daily', '2026-03-30T06:00:00Z']);
  });

  it('fires a frequent schedule once between two other timers, at the last moment before the second', async () => {
    const { fired, move, clock } = desk([['sweep', 'rate(5 minutes)']]);
    for (const moment of ['2026-03-02T01:01:00Z', '2026-03-02T01:02:00Z', '2026-03-02T03:00:00Z']) {
      clock.at(at(moment), 'ticket', () => void fired.push(['ticket', moment]));
    }
    await move('2026-03-02T05:03:00Z');
    expect(fired).toEqual([
      ['sweep', '2026-03-02T01:00:00Z'],
      ['ticket', '2026-03-02T01:01:00Z'],
      ['ticket', '2026-03-02T01:02:00Z'],
      ['sweep', '2026-03-02T02:55:00Z'],
      ['ticket', '2026-03-02T03:00:00Z'],
      ['sweep', '2026-03-02T05:00:00Z'],
    ]);
  });

  it('sees timers that a firing sets on the way', async () => {
    const { fired, move, clock } = desk([['sweep', 'rate(5 minutes)']]);
    clock.at(at('2026-03-02T01:00:30Z'), 'ticket', () => {
      clock.at(at('2026-03-02T02:01:00Z'), 'ticket', () => void fired.push(['ticket', '2']));
    });
    await move('2026-03-02T02:02:00Z');
    expect(fired.map(([name, moment]) => `${name} ${moment}`)).toEqual([
      'sweep 2026-03-02T01:00:00Z',
      'sweep 2026-03-02T02:00:00Z',
      'ticket 2',
    ]);
  });

  it('costs one firing, not a hundred thousand, to move an idle year', async () => {
    const { fired, move } = desk([['sweep', 'rate(5 minutes)']]);
    // The clock had ticked for some milliseconds before the schedule began.
    await move('2027-03-02T00:00:30Z');
    expect(fired).toEqual([['sweep', '2027-03-02T00:00:00Z']]);
  });

  it('catches up after a restart: a frequent schedule once, a daily one each time', async () => {
    const schedules: Parameters<typeof desk>[0] = [
      ['sweep', 'rate(5 minutes)'],
      ['daily', 'cron(0 8 * * ? *)'],
    ];
    const first = desk(schedules);
    await first.move('2026-03-02T12:00:00Z');
    first.clock.stop();
    const second = desk(schedules, first.journal, at('2026-03-05T12:02:00Z'));
    await second.move('2026-03-05T12:03:00Z');
    expect(second.fired.filter(([name]) => name === 'sweep')).toEqual([['sweep', '2026-03-05T12:00:00Z']]);
    expect(second.fired.filter(([name]) => name === 'daily').map(([, moment]) => moment)).toEqual([
      '2026-03-03T08:00:00Z',
      '2026-03-04T08:00:00Z',
      '2026-03-05T08:00:00Z',
    ]);
  });

  it('refuses to move back, and ticks on', async () => {
    const { move, clock } = desk([]);
    await expect(move('2026-03-01T00:00:00Z')).rejects.toThrow(RangeError);
    expect(clock.now()).toBeGreaterThanOrEqual(START);
  });
});
