/** Letters to engineers by themselves: which are made of an event that comes late, and what makes two of one event one. */
import { describe, expect, it } from 'vitest';
import type { TicketEvent } from '../../../lambdas/domain/ticket/ticket-event.ts';
import { lettersFor } from '../../../lambdas/handlers/mail/letters.ts';
import { accountOn, customer, having, manager, openedOn } from '../../support/records.ts';

describe('a letter to engineers', () => {
  const account = having(accountOn('scalix-basic'), 50);
  const { ticket, events } = openedOn(account, '2026-03-02T15:00:00.000Z');
  const [opening] = events;
  const addresses = {
    managers: ['max@example.com'],
    tiers: { TS1: ['ts1@example.com', 'TS1@example.com'], TS2: [], TS3: [] },
  };
  const context = { ...addresses, ticket, deskName: 'Support desk' };
  const readers = (event: TicketEvent, changes: Partial<typeof ticket> = {}, more: object = {}) =>
    lettersFor(event, { ...context, ...more, ticket: { ...ticket, ...changes } })
      .filter(({ title }) => title !== 'We have your ticket')
      .map(({ to }) => to);
  const next = {
    ticketId: ticket.ticketId,
    accountId: ticket.accountId,
    seq: 2,
    at: ticket.openedAt,
    recordedAt: ticket.openedAt,
  };

  it('is told to each address once, and as important as any letter of the desk’s people', () => {
    const [, toTier, ...others] = lettersFor(opening!, context);
    expect(others).toEqual([]);
    expect(toTier).toMatchObject({ to: 'ts1@example.com', important: true, ticketId: ticket.ticketId });
  });

  it('says whose doing it tells where that is the customer’s, and the desk’s own people’s and the clock’s is nobody’s', () => {
    const doneBy = (event: TicketEvent) =>
      lettersFor(event, { ...context, messageBody: 'Since nine.' }).map((one) => [one.to, one.doneBy]);
    expect(doneBy(opening!)).toEqual([
      ['ann@example.com', undefined],
      ['ts1@example.com', account.accountId],
    ]);
    const said = { ...next, type: 'message', actor: customer, messageId: 'msg_1', visibility: 'public' } as const;
    expect(doneBy(said)).toEqual([['ts1@example.com', account.accountId]]);
    const split = { ...opening!, actor: manager };
    expect(doneBy(split)).toContainEqual(['ts1@example.com', undefined]);
  });

  it('goes to nobody of a tier without addresses: managers hear of what goes wrong alone', () => {
    const tiers = { TS1: [], TS2: [], TS3: ['ts3@example.com'] };
    expect(readers(opening!, {}, { tiers })).toEqual([]);
    const said = { ...next, type: 'message', actor: customer, messageId: 'msg_1', visibility: 'public' } as const;
    expect(readers(said, {}, { tiers, messageBody: 'Since nine.' })).toEqual([]);
    const asked = { type: 'call-back-requested', actor: customer, phone: '1', span: 'PT30M', calendar: 'x' } as const;
    expect(readers({ ...next, ...asked }, {}, { tiers })).toContain('max@example.com');
    const climbed = {
      ...next,
      type: 'escalated',
      actor: manager,
      from: 'TS2',
      cause: 'hand',
      reason: 'Hard.',
    } as const;
    expect(readers({ ...climbed, to: 'TS3' }, { tier: 'TS3' }, { tiers })).toContain('ts3@example.com');
  });

  it('names the call where the desk takes no mail in', () => {
    expect(JSON.stringify(lettersFor(opening!, context)[1]!.body)).toContain(
      `To answer the customer, write a public message: POST /v1/tickets/${ticket.ticketId}/messages.`,
    );
  });

  it.each<[string, Partial<typeof ticket>]>([
    ['was answered', { answeredAt: ticket.openedAt }],
    ['was closed', { status: 'closed' }],
    ['was declined', { status: 'declined' }],
    ['has climbed since', { tier: 'TS2' }],
    ['is followed by the tier’s own address', { followers: ['ts1@example.com'] }],
  ])('is none about a new ticket that %s', (_, changes) => {
    expect(readers(opening!)).toEqual(['ts1@example.com']);
    expect(readers(opening!, changes)).toEqual([]);
  });

  it('is none about an assignment that was changed, and none with words that were erased', () => {
    const given = { ...next, type: 'assigned', actor: manager, engineer: 'eve@example.com' } as const;
    expect(readers(given, { assignee: 'EVE@example.com' })).toEqual(['eve@example.com']);
    expect(readers(given, { assignee: 'tom@example.com' })).toEqual([]);
    const said = { ...next, type: 'message', actor: customer, messageId: 'msg_1', visibility: 'public' } as const;
    expect(readers(said, {}, { messageBody: 'Hello.' })).toEqual(['ts1@example.com']);
    expect(readers(said, {}, { messageBody: '[erased]' })).toEqual([]);
    const contact = { email: 'erased-01J9ZC2M6Q4V7R8T5X3W1Y0N2K', name: '[erased]' };
    const [letter] = lettersFor(opening!, { ...context, ticket: { ...ticket, contact, description: '[erased]' } });
    expect(JSON.stringify(letter!.body)).not.toContain('It is for');
  });

  it('is one letter where its reader would get two about one event, the important one', () => {
    const asked = {
      ...next,
      type: 'call-back-requested',
      actor: customer,
      phone: '1',
      span: 'PT30M',
      calendar: 'x',
    } as const;
    const tiers = { ...addresses.tiers, TS1: ['Ann@example.com'] };
    expect(lettersFor(asked, { ...context, tiers }).map(({ title }) => title)).toEqual(['Call the customer']);
  });
});
