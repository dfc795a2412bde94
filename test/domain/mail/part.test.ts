/** Who takes part in a ticket, who follows it, and what a mail asks for beside its words. */
import { describe, expect, it } from 'vitest';
import {
  isAssignedTo,
  isStaffAddress,
  staffActor,
  takesPart,
  toBeTold,
  workersToTell,
} from '../../../lambdas/domain/mail/part.ts';
import { addOnFor, asksForCall, priorityFor, ratingIn } from '../../../lambdas/domain/mail/request.ts';
import { catalogue } from '../../../lambdas/plans/catalogue.ts';
import { joining, MOST_FOLLOWERS } from '../../../lambdas/domain/ticket/followers.ts';
import { accountOn, having, openedOn } from '../../support/records.ts';

const account = having(accountOn('scalix-basic'), 50);
const opening = openedOn(account, '2026-03-02T15:00:00.000Z', { copied: ['UWE@example.com', 'eve@example.net'] });
const ticket = { ...opening.ticket, assignee: 'Eve@Example.com' };

describe('followers', () => {
  it('are those contacts of the account who were written to along with the desk', () => {
    expect(opening.ticket.followers).toEqual(['uwe@example.com']);
    expect(opening.events[0]).toMatchObject({ type: 'opened', followers: ['uwe@example.com'] });
  });

  it('join once, are at most so many, and are never its contact or a stranger', () => {
    const contacts = Array.from({ length: 30 }, (_, place) => ({
      ...{ email: `c${String(place)}@example.com`, name: 'C', role: 'user' as const },
    }));
    const many = { ...account, contacts: [...account.contacts, ...contacts] };
    const addresses = ['ann@example.com', 'eve@example.net', ...contacts.map(({ email }) => email.toUpperCase())];
    const of = { contact: 'Ann@example.com', followers: ['c0@example.com'] };
    const joined = joining(many, [...addresses, ...addresses], of);
    expect(joined).toHaveLength(MOST_FOLLOWERS - 1);
    expect(joined[0]).toBe('c1@example.com');
    expect(joining(many, addresses, { ...of, followers: joined.concat('c0@example.com') })).toEqual([]);
  });
});

describe('a part in a ticket', () => {
  it.each([
    ['its contact', 'ANN@example.com', true],
    ['a follower', 'uwe@example.com', true],
    ['the engineer that it is assigned to', 'eve@example.com', true],
    ['a colleague who has done nothing', 'cleo@example.com', false],
  ])('has %s: %s', (_, address, has) => {
    expect(takesPart(ticket, [], address)).toBe(has);
  });

  it('has who wrote on it or opened it, and nobody who merely did something else', () => {
    const about = { ticketId: ticket.ticketId, accountId: ticket.accountId, seq: 2, at: ticket.openedAt };
    const by = {
      ...about,
      recordedAt: ticket.openedAt,
      actor: { role: 'customer', email: 'Cleo@example.com' },
    } as const;
    const wrote = { ...by, type: 'message', messageId: 'msg_1', visibility: 'public' } as const;
    const rated = { ...by, type: 'rated', score: 5 } as const;
    expect(takesPart(ticket, [wrote], 'cleo@example.com')).toBe(true);
    expect(takesPart(ticket, [rated], 'cleo@example.com')).toBe(false);
  });
});

describe('the vendor’s people', () => {
  const staff = {
    tiers: { TS1: ['ts1@example.com', 'both@example.com'], TS2: ['both@example.com', 'ts2@example.com'], TS3: [] },
    managers: ['max@example.com', 'ts2@example.com'],
  };

  it.each([
    ['TS1@example.com', { role: 'engineer', tier: 'TS1' }],
    ['both@example.com', { role: 'engineer', tier: 'TS1' }],
    ['ts2@example.com', { role: 'engineer', tier: 'TS2' }],
    ['max@example.com', { role: 'manager' }],
    ['eve@example.com', { role: 'engineer', tier: 'TS1' }],
  ])('write as who they are: %s', (email, expected) => {
    expect(staffActor(staff, ticket, email)).toEqual({ ...expected, email });
  });

  it('write for the ticket’s own tier where they belong to several', () => {
    expect(staffActor(staff, { ...ticket, tier: 'TS2' }, 'both@example.com')).toMatchObject({ tier: 'TS2' });
  });

  it('hear of a customer’s word as who works on the ticket, and of nothing that they did themselves', () => {
    const by = { role: 'customer', email: 'ann@example.com' } as const;
    expect(workersToTell(staff, ticket, by)).toEqual(['Eve@Example.com']);
    const nobodys = ['Eve of the night', 'a@example.com, b@example.com', '\u202eeve@example.com', 'eve..x@example.com'];
    for (const assignee of [undefined, 'UWE@example.com', ...nobodys]) {
      expect(workersToTell(staff, { ...ticket, assignee }, by)).toEqual(staff.tiers.TS1);
    }
    expect(workersToTell(staff, { ...ticket, assignee: undefined, tier: 'TS3' }, by)).toEqual([]);
    const addresses = ['a@example.com', 'A@Example.com', 'Both@example.com', 'ann@example.com'];
    expect(toBeTold(addresses, ticket, { role: 'engineer', email: 'both@example.com' })).toEqual(['a@example.com']);
  });

  it('are known by their addresses, and nobody else by a likeness', () => {
    expect(
      ['ts2@example.com', 'MAX@example.com', 'ts3@example.com', ''].map((one) => isStaffAddress(staff, one)),
    ).toEqual([true, true, false, false]);
    expect(isAssignedTo({ ...ticket, assignee: undefined }, '')).toBe(false);
  });
});

describe('what a mail asks for', () => {
  it.each([
    [['urgent@desk.example.com'], 'urgent'],
    [['urgent+night@desk.example.com'], 'urgent'],
    [['support+urgent@desk.example.com'], undefined],
    [['support@desk.example.com', 'emergency@desk.example.com'], 'emergency'],
    [['severity-1@desk.example.com'], undefined],
    [['urgently@desk.example.com'], undefined],
    [[], undefined],
  ])('is a priority by the address: %j is %s', (recipients, expected) => {
    expect(priorityFor(recipients, ['standard', 'urgent', 'emergency'])).toBe(expected);
  });

  it.each([
    [['axigen-gold@desk.example.com'], 'axigen-premium', 'axigen-gold'],
    [['support@desk.example.com', 'axigen-gold+night@desk.example.com'], 'axigen-premium', 'axigen-gold'],
    [['axigen-gold@desk.example.com'], 'scalix-basic', 'axigen-gold'],
    [['axigen-premium@desk.example.com'], 'axigen-premium', undefined],
    [['support@desk.example.com'], 'axigen-premium', undefined],
  ])('is an add-on by the address: %j is, on %s, %s', (recipients, planId, expected) => {
    expect(addOnFor(recipients, catalogue.values(), planId)).toBe(expected);
  });

  it('is of two add-ons the one that goes with the plan', () => {
    const gold = catalogue.get('axigen-gold')!;
    const other = { ...gold, planId: 'other-gold', addOnTo: ['other-plan'] };
    const recipients = ['other-gold@desk.example.com', 'axigen-gold@desk.example.com'];
    expect(addOnFor(recipients, [other, gold], 'axigen-premium')).toBe('axigen-gold');
    expect(addOnFor(recipients, [other, gold], 'other-plan')).toBe('other-gold');
  });

  it.each([
    [['callback@desk.example.com'], true],
    [['support@desk.example.com', 'callback+now@desk.example.com'], true],
    [['callbacks@desk.example.com'], false],
    [['support+callback@desk.example.com'], false],
  ])('is a call by the address: %j is %s', (recipients, expected) => {
    expect(asksForCall(recipients)).toBe(expected);
  });

  it.each([
    ['5', { score: 5 }],
    [' 4/5 \nGood work.', { score: 4, comment: 'Good work.' }],
    ['1!', { score: 1 }],
    ['5 times it failed again.', undefined],
    ['6', undefined],
    ['55', undefined],
    ['Still broken.\n5', undefined],
  ])('is a rating where a number stands alone: %j', (text, expected) => {
    expect(ratingIn(text)).toEqual(expected);
  });
});
