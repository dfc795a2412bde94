/** The simulation's judge of letters: what was kept back is on record as that, and went out only where its sender could not say so. */
import { expect, it } from 'vitest';
import { letterFaults, type LetterOptions, type Sends } from './invariants/letters.ts';
import type { Stored } from './invariants/table.ts';

const NAME = 'tkt_1-1 ann@example.com';
const AT = '2026-03-02T15:00:00.000Z';
const options = {
  ...{ now: Date.parse(AT), calm: false, last: true, managers: 'managers@example.com' },
  ...{ tiers: { TS1: [], TS2: [], TS3: [] }, engineers: new Set(), dead: new Set() },
} as unknown as LetterOptions;

const judged = (letter: { sent: boolean; withheld: string | undefined } | undefined, sends: Partial<Sends>) => {
  const actor = { role: 'customer', email: 'ann@example.com' };
  const opened = {
    type: 'opened',
    seq: 1,
    at: AT,
    recordedAt: AT,
    actor,
    tier: 'TS1',
    contact: { email: 'ann@example.com' },
  };
  const ticket = { ticketId: 'tkt_1', record: { contact: { email: 'ann@example.com' } }, events: [opened] };
  const stored = {
    tickets: new Map([['tkt_1', ticket]]),
    accounts: new Map(),
    letters: new Map(letter ? [[NAME, letter]] : []),
  } as unknown as Stored;
  return letterFaults(stored, { times: new Map(), needless: [], beside: [], unwritten: new Set(), ...sends }, options)
    .faults;
};
const once = { times: new Map([[NAME, 1]]) };
const withheld = { sent: false, withheld: 'address-stopped' };

it('is content with a letter that went out, or was kept back', () => {
  expect(judged({ sent: true, withheld: undefined }, once)).toEqual([]);
  expect(judged(withheld, {})).toEqual([]);
});

it('is content with one that went out and is told as kept back only where its sender ended before it wrote that down', () => {
  expect(judged(withheld, once)).toEqual([`the letter ${NAME} was sent 1 times and is on record`]);
  expect(judged(withheld, { ...once, unwritten: new Set([NAME]) })).toEqual([]);
});

it('misses a letter that did not go out, and one of which nothing is written', () => {
  expect(judged(undefined, {})).toEqual([`the letter ${NAME} was sent 0 times and is not on record`]);
  expect(judged(undefined, { ...once, unwritten: new Set([NAME]) })).toEqual([
    `the letter ${NAME} was sent 1 times and is not on record`,
  ]);
});
