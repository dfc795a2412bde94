/** The checker of `npm run kill` is held against a small history that is right, and against the same history with one thing wrong. */
import { describe, expect, it } from 'vitest';
import { Books, type Asked } from './books.ts';
import { unsettled, wrongs } from './check.ts';
import type { Kept } from './kept.ts';

const OPENED = '2026-03-02T15:00:00.000Z';
const DEADLINE = '2026-03-02T16:00:00.000Z';
const NEXT = '2026-03-02T17:00:00.000Z';
const NOW = Date.parse('2026-03-02T16:30:00.000Z');
const seconds = (at: string, more: number): number => Date.parse(at) + more * 1000;
const asked = (marker: string, kind: Asked['kind'], more: Partial<Asked> = {}): Asked => ({
  ...{ marker, kind, path: '/', body: {}, accountId: 'acc', state: 'done', sent: 1 },
  ...more,
});

/** A ticket that was opened, answered by nobody, paid back and written to by its customer. */
const right = () => {
  const books = new Books();
  books.asked.push(
    asked('m-1', 'account'),
    asked('m-2', 'purchase'),
    asked('m-3', 'ticket'),
    asked('m-4', 'message'),
    asked('m-5', 'message', { state: 'in-doubt' }),
    asked('m-6', 'event', { state: 'refused' }),
  );
  books.promised.push({ ticketId: 'tkt', kind: 'first-response', deadline: DEADLINE });
  const customer = { role: 'customer' };
  const event = (seq: number, type: string, more: object = {}) => ({
    ticketId: 'tkt',
    seq,
    type,
    at: OPENED,
    actor: customer,
    ...more,
  });
  const kept = {
    accounts: [{ accountId: 'acc', name: 'm-1', lots: [{ remaining: 40 }] }],
    entries: [
      { accountId: 'acc', kind: 'purchase', amount: 40 },
      { accountId: 'acc', kind: 'charge', amount: 10, ticketId: 'tkt' },
      { accountId: 'acc', kind: 'credit', amount: 10, ticketId: 'tkt', at: DEADLINE },
    ],
    tickets: [
      {
        ticket: {
          ...{ ticketId: 'tkt', subject: 'm-3', version: 5, credited: 10, contact: { email: 'ann@example.com' } },
          ...{ charge: { amount: 10 }, terms: { makeGood: ['first-response'] } },
        },
        ...{ generation: 0, deadlineAt: NEXT, waitUntil: NEXT },
      },
    ],
    events: [
      event(1, 'opened'),
      event(2, 'message', { visibility: 'public' }),
      event(3, 'missed', { at: DEADLINE, target: 'first-response', deadline: DEADLINE }),
      event(4, 'credited', { at: DEADLINE }),
      event(5, 'escalated', { at: DEADLINE, cause: 'miss', reason: 'late' }),
    ],
    messages: [{ ticketId: 'tkt', body: 'm-4' }],
    mailsIn: [] as { messageId: string; outcome: string }[],
    mailed: new Map<string, 'sent' | 'withheld'>([
      ['tkt-1 ann@example.com', 'sent'],
      ['tkt-3 ann@example.com', 'sent'],
    ]),
    letters: [
      { number: 1, cause: 'tkt-1', to: 'ann@example.com' },
      { number: 2, cause: 'tkt-3', to: 'Ann@example.com' },
    ],
    executions: [
      {
        name: 'tkt-0',
        status: 'RUNNING',
        position: { state: 'AwaitChangeOrDeadline', parked: { dueAt: seconds(NEXT, 1) } },
      },
    ],
    deadLetters: 0,
  };
  return { books, kept };
};
type History = ReturnType<typeof right>;

const found = ({ books, kept }: History): string[] => wrongs(kept, books, NOW);

/** What is done to the history, and what the checker has to say of it. */
const tampered: readonly [string, (history: History) => unknown, RegExp][] = [
  [
    'a message that was acknowledged is gone',
    ({ kept }) => kept.messages.pop(),
    /message m-4 is done and stands there 0 times/,
  ],
  [
    'a message stands there twice',
    ({ kept }) => kept.messages.push(kept.messages[0]!),
    /m-4 is done and stands there 2 times/,
  ],
  [
    'one in doubt stands there twice',
    ({ kept }) => kept.messages.push(...[1, 2].map(() => ({ ticketId: 'tkt', body: 'm-5' }))),
    /m-5 is in-doubt and stands there 2 times/,
  ],
  [
    'what was refused was done',
    ({ kept }) => Object.assign(kept.events[4]!, { reason: 'm-6' }),
    /event m-6 is refused and stands there 1 times/,
  ],
  ['a ticket is gone', ({ kept }) => kept.tickets.pop(), /ticket m-3 is done and stands there 0 times/],
  [
    'a mail that was accepted is gone',
    ({ books }) => books.asked.push(asked('m-7', 'mailed-ticket', { bySmtp: { from: '', raw: '' } })),
    /m-7 by SMTP is done/,
  ],
  ['a purchase was booked twice', ({ kept }) => kept.entries.push(kept.entries[0]!), /acc has 2 purchases, not 1 to 1/],
  [
    'a ticket was charged twice',
    ({ kept }) => kept.entries.push(kept.entries[1]!),
    /tkt costs 10 and was charged 2 times, 20 in all/,
  ],
  ['a charge is gone', ({ kept }) => kept.entries.splice(1, 1), /tkt costs 10 and was charged 0 times/],
  [
    'a ticket was charged that is not there',
    ({ kept }) => kept.entries.push({ accountId: 'acc', kind: 'charge', amount: 1, ticketId: 'other' }),
    /other was charged and is not there/,
  ],
  [
    'the lots hold what no entry tells of',
    ({ kept }) => Object.assign(kept.accounts[0]!, { lots: [{ remaining: 41 }] }),
    /acc has 41 units in lots and 40 by its ledger/,
  ],
  ['a credit is gone', ({ kept }) => kept.entries.pop(), /0 of 10 came back in 0 credits/],
  ['a credit was given twice', ({ kept }) => kept.entries.push(kept.entries[2]!), /20 of 10 came back in 2 credits/],
  [
    'a credit is dated late',
    ({ kept }) => Object.assign(kept.entries[2]!, { at: NEXT }),
    /was credited at .*, not at its deadline/,
  ],
  [
    'one deadline was missed twice',
    ({ kept }) => kept.events.push({ ...kept.events[2]!, seq: 6 }),
    /tkt missed one deadline twice/,
  ],
  [
    'a passed promise is no miss',
    ({ kept }) => Object.assign(kept.events[2]!, { type: 'warned' }),
    /was answered never, and missed it 0 times/,
  ],
  [
    'an answer in time is a miss',
    ({ kept }) => Object.assign(kept.events[1]!, { type: 'answered' }),
    /was answered .*, and missed it 1 times/,
  ],
  ['an event is gone', ({ kept }) => kept.events.splice(1, 1), /tkt is at version 5 and has the events 1, 3, 4, 5/],
  ['a clock is gone', ({ kept }) => kept.executions.pop(), /tkt is open and has no clock that waits/],
  [
    'a clock has failed',
    ({ kept }) => Object.assign(kept.executions[0]!, { status: 'FAILED' }),
    /the clock tkt-0 has FAILED/,
  ],
  [
    'a clock waits for another deadline',
    ({ kept }) => Object.assign(kept.tickets[0]!, { waitUntil: DEADLINE }),
    /its clock waits for 2026-03-02T16:00/,
  ],
  [
    'a clock rings too late',
    ({ kept }) => Object.assign(kept.executions[0]!.position.parked, { dueAt: seconds(NEXT, 60) }),
    /tkt is due at .* until/,
  ],
  [
    'a closed ticket has a clock',
    ({ kept }) => Object.assign(kept.tickets[0]!, { deadlineAt: undefined }),
    /tkt is closed and has a clock/,
  ],
  [
    'a clock runs for no ticket',
    ({ kept }) => kept.executions.push({ ...kept.executions[0]!, name: 'other-0' }),
    /the clock other-0 runs for no ticket/,
  ],
  [
    'what is due is not settled',
    ({ kept }) => Object.assign(kept.tickets[0]!, { deadlineAt: DEADLINE }),
    /was due at .* and is not settled/,
  ],
  [
    'a letter is lost',
    ({ kept }) => (kept.letters.pop(), kept.mailed.delete('tkt-3 ann@example.com')),
    /the letter tkt-3 ann@example.com is lost/,
  ],
  [
    'a letter went twice',
    ({ kept }) => kept.letters.push({ number: 3, cause: 'tkt-1', to: 'ann@example.com' }),
    /the letter tkt-1 ann@example.com went out 2 times/,
  ],
  [
    'a letter has no record',
    ({ kept }) => kept.mailed.delete('tkt-1 ann@example.com'),
    /the letter tkt-1 ann@example.com has no record/,
  ],
  [
    'a letter on record never went',
    ({ kept }) => kept.letters.shift(),
    /the letter tkt-1 ann@example.com is on record and never went out/,
  ],
  ['there is a dead letter', ({ kept }) => Object.assign(kept, { deadLetters: 1 }), /there are 1 dead letters/],
];

describe('the checker', () => {
  it('finds nothing wrong with a history that is right, nor where a kill fell between a letter and its record', () => {
    const history = right();
    expect(found(history)).toEqual([]);
    history.kept.letters.push({ number: 3, cause: 'tkt-1', to: 'ann@example.com' });
    history.books.excused.set('tkt-1 ann@example.com', 1);
    expect(found(history)).toEqual([]);
    expect(unsettled(history.kept as Kept, NOW)).toEqual([]);
    history.kept.letters.push({ number: 4, cause: 'tkt-1', to: 'ts1@example.com' });
    expect(found(history)).toEqual(['the letter tkt-1 ts1@example.com has no record']);
    history.books.excused.set('tkt-1 ts1@example.com', 1);
    expect(found(history)).toEqual([]);
    history.kept.mailed.delete('tkt-1 ann@example.com');
    expect(found(history)).toEqual(['the letter tkt-1 ann@example.com has no record']);
  });

  it.each(tampered)('finds that %s', (_what, tamper, says) => {
    const history = right();
    tamper(history);
    expect(found(history).join('\n')).toMatch(says);
  });
});
