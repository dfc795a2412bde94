/** Where a proven mail belongs: which way to a ticket counts, for whom, and in which order. */
import { describe, expect, it } from 'vitest';
import { route, ticketsNamedIn, ways, type Known, type Thread, type Way } from '../../../lambdas/domain/mail/route.ts';

const known = (changes: Partial<Known> = {}): Known => ({
  accountIds: ['acc_1'],
  isStaff: false,
  threads: [],
  isMisdirected: false,
  echoesLetter: false,
  ...changes,
});
const thread = (changes: Partial<Thread> = {}): Thread => ({
  by: 'reference',
  ticketId: 'tkt_1',
  accountId: 'acc_1',
  isAssigned: false,
  holds: true,
  ...changes,
});

describe('a mail that names no ticket', () => {
  it.each<[string, Partial<Known>, object]>([
    ['of a contact opens one', {}, { outcome: 'open', accountId: 'acc_1' }],
    ['of a stranger is refused', { accountIds: [] }, { outcome: 'refused', code: 'stranger' }],
    [
      'of a contact of several accounts is refused',
      { accountIds: ['acc_1', 'acc_2'] },
      { outcome: 'refused', code: 'several-accounts' },
    ],
    ['of an engineer opens none', { accountIds: [], isStaff: true }, { outcome: 'refused', code: 'staff' }],
    ['of an engineer who is a contact opens their own', { isStaff: true }, { outcome: 'open', accountId: 'acc_1' }],
    [
      'under the title of a letter waits, whoever wrote it',
      { echoesLetter: true, accountIds: ['acc_1', 'acc_2'] },
      { outcome: 'quarantined', code: 'echoes-letter' },
    ],
    [
      'under such a title of an engineer waits',
      { echoesLetter: true, accountIds: [], isStaff: true },
      { outcome: 'quarantined', code: 'echoes-letter' },
    ],
    [
      'under such a title of a stranger is refused',
      { echoesLetter: true, accountIds: [] },
      { outcome: 'refused', code: 'stranger' },
    ],
    [
      'but went to a reply address that can’t be read waits',
      { isMisdirected: true },
      { outcome: 'quarantined', code: 'stranger-to-ticket' },
    ],
  ])('%s', (_, changes, expected) => {
    expect(route(known(changes))).toMatchObject(expected);
  });
});

describe('a mail that names a ticket', () => {
  it.each(ways)('EV-09 by %s belongs to it where that way counts, and to none where it does not', (by) => {
    const reply = { outcome: 'reply', ticketId: 'tkt_1', accountId: 'acc_1', by, as: 'customer' };
    expect(route(known({ threads: [thread({ by })] }))).toEqual(reply);
    expect(route(known({ threads: [thread({ by, holds: false })] }))).toMatchObject({ code: 'stranger-to-ticket' });
  });

  it.each(ways)('EV-09 by %s can’t be told from one that is not there, where it is somebody else’s', (by) => {
    const others = route(known({ threads: [thread({ by, accountId: 'acc_2' })] }));
    const nobodys = route(known({ threads: [thread({ by, accountId: undefined, holds: false })] }));
    expect(others).toEqual(nobodys);
    expect(others).toMatchObject({ outcome: 'quarantined', code: 'stranger-to-ticket' });
  });

  it('belongs to the first that counts, in the order of the ways', () => {
    const each = (holding: readonly Way[]): Thread[] =>
      ways.map((by, place) => thread({ by, ticketId: `tkt_${String(place)}`, holds: holding.includes(by) }));
    expect(ways.map((_, place) => route(known({ threads: each(ways.slice(place)) })))).toMatchObject(
      ways.map((by, place) => ({ by, ticketId: `tkt_${String(place)}` })),
    );
  });

  it('says which account it is about, whoever else the writer is a contact of', () => {
    const mail = known({ accountIds: ['acc_2', 'acc_1'], threads: [thread()] });
    expect(route(mail)).toMatchObject({ outcome: 'reply', accountId: 'acc_1', as: 'customer' });
  });

  it('is an engineer’s word where one of the vendor’s people or the assigned one writes, and never for a customer', () => {
    const stranger = { accountIds: [], threads: [thread()] };
    expect(route(known({ ...stranger, isStaff: true }))).toMatchObject({ as: 'staff' });
    expect(route(known({ ...stranger, threads: [thread({ isAssigned: true })] }))).toMatchObject({ as: 'staff' });
    expect(route(known({ isStaff: true, threads: [thread()] }))).toMatchObject({ as: 'customer' });
    expect(route(known(stranger))).toMatchObject({ code: 'stranger-to-ticket' });
  });
});

it('names tickets in its subject by their tags alone, the first five', () => {
  const ids = Array.from({ length: 7 }, (_, place) => `tkt_01J9ZC2M6Q4V7R8T5X3W1Y0N2${'ABCDEFG'[place]!}`);
  const [id] = ids;
  expect(ticketsNamedIn(`AW: We have your ticket: Answered [${id!}] [${id!}]`)).toEqual([id]);
  expect(ticketsNamedIn(`About ${id!} [tkt_1]`)).toEqual([]);
  expect(ticketsNamedIn(ids.map((one) => `[${one}]`).join(''))).toEqual(ids.slice(0, 5));
});
