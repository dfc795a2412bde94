/** The simulation's judge of promises, on tickets that the rules made: what is as it should be is no fault, and what is not is one. */
import { expect, it } from 'vitest';
import { accountOn, customer, engineer, having, openedOn, type Opened } from '../support/records.ts';
import { answered, settled, step, story } from '../support/steps.ts';
import { promiseFaults } from './invariants/promises.ts';
import type { Stored } from './invariants/table.ts';

/** The solution is due two days later. */
const OPENED = '2026-03-02T15:00:00.000Z';

const opened = () => openedOn(having(accountOn('luxsci-token-dedicated'), 20), OPENED, { priority: 'standard' });
const NONE: ReadonlyMap<string, number> = new Map();
const faultsOf = (
  { ticket, events }: Pick<Opened, 'ticket' | 'events'>,
  now: string,
  mailsHandedOver = NONE,
): string[] => {
  const items = { ticketId: ticket.ticketId, record: ticket, events };
  const stored = { tickets: new Map([[ticket.ticketId, items]]) } as unknown as Stored;
  return promiseFaults(stored, { now: Date.parse(now), graceMs: 0, clocksLive: false, mailsHandedOver });
};
const closedWhileWaiting = () =>
  story(
    opened(),
    answered('2026-03-02T16:00:00.000Z'),
    step({ type: 'pause', reason: 'Which version?' }, engineer, '2026-03-03T15:00:00.000Z'),
    step({ type: 'close' }, customer, '2026-03-07T15:00:00.000Z'),
  );

it('a promise whose clock stood still when its ticket was closed, after the moment at which it would have been due', () => {
  const closed = closedWhileWaiting();
  expect(closed.ticket.targets.map(({ state }) => state)).toEqual(['met', 'paused']);
  expect(faultsOf(closed, '2026-03-08T15:00:00.000Z')).toEqual([]);
});

it('a promise that stood still for too short a time to be still open', () => {
  const closed = closedWhileWaiting();
  const late = { ...closed.ticket, pauses: [{ from: '2026-03-05T15:00:00.000Z' }] };
  expect(faultsOf({ ...closed, ticket: late }, '2026-03-08T15:00:00.000Z')).toEqual([
    expect.stringContaining('is paused since 2026-03-07T15:00:00.000Z'),
  ]);
});

it('a promise that nobody has kept, nor written down as missed', () => {
  expect(faultsOf(opened(), '2026-03-10T15:00:00.000Z')).toHaveLength(2);
});

it('a miss that was written late, but for a ticket of a mail that lay in a dead-letter queue until then', () => {
  const writtenAt = '2026-03-12T10:00:00.000Z';
  const written = story(opened(), settled(writtenAt));
  const [first, ...others] = written.events;
  const byMail = { ...written, events: [{ ...first!, mail: { sesMessageId: 'ses-1', shortened: false } }, ...others] };
  const late = [expect.stringMatching(/event \d+ was late: .* written at 2026-03-12T10:00:00\.000Z/)];
  expect(faultsOf(byMail, writtenAt)).toEqual(expect.arrayContaining(late));
  expect(faultsOf(byMail, writtenAt, new Map([['ses-1', Date.parse(writtenAt)]]))).toEqual([]);
  expect(faultsOf(byMail, writtenAt, new Map([['ses-1', Date.parse('2026-03-05T10:00:00.000Z')]]))).toEqual(
    expect.arrayContaining(late),
  );
});
