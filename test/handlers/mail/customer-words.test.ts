/** What the customer is told of what comes back, and when, is what the rules do under each programme. */
import { expect, it } from 'vitest';
import { settleAccount } from '../../../lambdas/domain/account/account-settle.ts';
import { expiryNotices } from '../../../lambdas/domain/account/notices.ts';
import type { Ticket } from '../../../lambdas/domain/ticket/ticket.ts';
import type { TicketEvent } from '../../../lambdas/domain/ticket/ticket-event.ts';
import { balanceLetters, expiryLetters } from '../../../lambdas/handlers/mail/account-letters.ts';
import { wordsFor } from '../../../lambdas/handlers/mail/customer-words.ts';
import { accountOn, engineer, having, manager, openedOn, planNamed } from '../../support/records.ts';
import { answered, settled, step, story } from '../../support/steps.ts';

/** Monday morning in New York. */
const OPENED = '2026-03-02T15:00:00.000Z';

const told = (events: readonly TicketEvent[], type: TicketEvent['type'], ticket: Ticket): string => {
  const event = events.find((one) => one.type === type);
  if (!event) throw new Error(`there is no ${type}`);
  return JSON.stringify(wordsFor(event, ticket));
};
const MUCH_LATER = '2026-03-31T15:00:00.000Z';
const atOnce = answered('2026-03-02T15:10:00.000Z');
const paused = (now: string) => step({ type: 'pause', reason: 'Which version?' }, engineer, now);
const foundFaulty = (refundTo?: 'card') =>
  step({ type: 'classify', as: 'product-bug', refundTo }, manager, '2026-03-02T15:20:00.000Z');
const onSeverities = () => {
  const account = accountOn('severity-enterprise', { createdAt: OPENED });
  const granted = settleAccount(account, planNamed('severity-enterprise'), OPENED).account;
  return openedOn(granted, OPENED, { priority: 'severity-2' });
};
const withTokens = () => openedOn(having(accountOn('luxsci-token-dedicated'), 20), OPENED, { priority: 'standard' });

it('an opening names the promise whose miss pays, where not every miss does', () => {
  const { ticket, events } = onSeverities();
  expect(ticket.targets.map(({ kind }) => kind)).toEqual(['first-response', 'resolution']);
  expect(told(events, 'opened', ticket)).toContain(
    'It cost 1 incident. Should our first answer be late, it comes back',
  );
  const tokens = withTokens();
  expect(told(tokens.events, 'opened', tokens.ticket)).toContain('Should we be late, it comes back by itself.');
});

it('a miss that pays nothing says so, and not that nothing was charged', () => {
  const { ticket, events } = story(onSeverities(), atOnce, settled(MUCH_LATER));
  expect(ticket).toMatchObject({ credited: 0, charge: { amount: 1 } });
  expect(told(events, 'missed', ticket)).toContain('on your plan, this promise gives nothing back');
});

it('a later miss tells that the charge came back before, by whatever it did', () => {
  const free = story(withTokens(), atOnce, foundFaulty(), settled(MUCH_LATER));
  expect(told(free.events, 'missed', free.ticket)).toContain('the whole charge, 1 token, came back before.');
  const refunded = story(withTokens(), atOnce, foundFaulty('card'), settled(MUCH_LATER));
  expect(told(refunded.events, 'missed', refunded.ticket)).toMatch(/Nothing is credited: .* to your payment card/);
});

it('a pause tells of a clock that stands still only where one was running', () => {
  const inTime = story(withTokens(), atOnce, paused('2026-03-02T16:00:00.000Z'));
  expect(told(inTime.events, 'paused', inTime.ticket)).toContain('stands still until you answer');
  const late = story(withTokens(), atOnce, settled(MUCH_LATER), paused('2026-03-31T16:00:00.000Z'));
  expect(told(late.events, 'paused', late.ticket)).not.toContain('stands still');
});

it('too few units of an add-on are told as its own', () => {
  const account = accountOn('axigen-premium');
  const plan = planNamed('axigen-gold');
  const [told] = balanceLetters({ account, plan, deskName: 'Desk' }, { left: 0, usual: 1 }, 'evt_1');
  expect(told?.letter.subject).toContain(`Too few incidents of ${plan.name}`);
  expect(JSON.stringify(told?.letter.body)).toMatch(
    /no incidents of .* left.*Tickets of your plan itself are not touched/,
  );
});

it('units that expire after the term are not said to pay for anything', () => {
  const bought = having(
    accountOn('scalix-basic-annual', { createdAt: '2026-01-10T10:00:00.000Z' }),
    50,
    '2026-06-10T10:00:00.000Z',
  );
  const plan = planNamed('scalix-basic-annual');
  const now = '2027-05-12T12:00:00.000Z';
  const letterTo = (renews: boolean): string => {
    const [subscription, lots] = [
      { startedAt: '2026-01-10T10:00:00.000Z', terms: 1, endsAt: '2027-01-10T10:00:00.000Z', renews },
      bought.lots.map((lot) => ({ ...lot, expiresAt: '2027-06-10T10:00:00.000Z' })),
    ];
    const account = { ...bought, subscription, lots };
    const [notice] = expiryNotices(account, now);
    return JSON.stringify(notice && expiryLetters(account, plan, notice, 'Desk')[0]?.letter.body);
  };
  expect(letterTo(true)).toContain('they pay for your next tickets');
  expect(letterTo(false)).toContain('The term of your plan has ended');
  expect(letterTo(false)).not.toContain('next tickets');
});

it('units of an add-on that expire are said to pay for its tickets, and for none where the plan is one without it', () => {
  const gold = planNamed('axigen-gold');
  const letterOn = (planId: string): string => {
    const bought = { source: 'purchase', amount: 2, remaining: 2, acquiredAt: '2026-06-10T10:00:00.000Z' } as const;
    const lot = { ...bought, lotId: 'lot_1', addOn: gold.planId, expiresAt: '2027-06-10T10:00:00.000Z' };
    const account = { ...accountOn(planId), lots: [lot] };
    const [notice] = expiryNotices(account, '2027-05-12T12:00:00.000Z');
    return JSON.stringify(notice && expiryLetters(account, gold, notice, 'Desk')[0]?.letter.body);
  };
  expect(letterOn('axigen-premium')).toContain(`2 incidents of ${gold.name} on the account`);
  expect(letterOn('axigen-premium')).toContain(`they pay for your next tickets of ${gold.name}.`);
  expect(letterOn('axigen-first')).toContain('Your plan is one without this add-on');
  expect(letterOn('axigen-first')).not.toContain('next tickets');
});
