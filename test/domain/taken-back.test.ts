/** A finding that a manager takes back: what the ticket costs then, at the priority that it has by then. */
import { describe, expect, it } from 'vitest';
import { creditUnits, type Draw } from '../../lambdas/domain/account/ledger.ts';
import { outstanding } from '../../lambdas/domain/ticket/charge.ts';
import { explain } from '../../lambdas/domain/explanation/explanation.ts';
import { settle } from '../../lambdas/domain/ticket/settle.ts';
import type { Priority } from '../../lambdas/domain/vocabulary.ts';
import { wordsFor } from '../../lambdas/handlers/mail/customer-words.ts';
import { ruleBook } from '../../lambdas/plans/rule-book.ts';
import { accountOn, engineer, having, openedOn } from '../support/records.ts';
import { asked, found, onHand, prioritized, step, story } from '../support/steps.ts';

const OPENED = '2026-03-02T15:00:00.000Z';
const at = (minutes: number) => new Date(Date.parse(OPENED) + minutes * 60_000).toISOString();
const opened = (priority: Priority) => openedOn(having(accountOn('luxsci-token-dedicated'), 20), OPENED, { priority });

describe('a ticket that was late is not charged again', () => {
  it('LX-09 LX-11 takes nothing for an emergency that was free when it was late, and the letters agree', () => {
    const late = story(opened('emergency'), found('free', at(10)), found('chargeable', at(61)));
    expect(late.events.map(({ type }) => type).filter((type) => type !== 'warned')).toEqual([
      'opened',
      'classified',
      'credited',
      'missed',
      'escalated',
      'classified',
    ]);
    expect(late.ticket).toMatchObject({ classification: { as: 'chargeable' }, charge: { amount: 10 }, credited: 10 });
    expect(onHand(late)).toBe(20);
    const [title, body] = wordsFor(late.events.at(-1)!, late.ticket)!;
    expect(title).toBe('What we found about your ticket');
    expect(JSON.stringify(body)).toContain('Nothing is taken for this ticket');
    const miss = late.events.find(({ type }) => type === 'missed')!;
    expect(JSON.stringify(wordsFor(miss, late.ticket))).toContain('Nothing is charged for this ticket');
    expect(settle(late.ticket, at(10_000)).events.filter(({ type }) => type === 'credited')).toEqual([]);
  });

  it('LX-11 takes the price again where no promise was missed', () => {
    const inTime = story(opened('emergency'), found('free', at(10)), found('chargeable', at(59)));
    expect(inTime.ticket).toMatchObject({ charge: { amount: 10 }, credited: 0 });
    expect(onHand(inTime)).toBe(10);
    expect(wordsFor(inTime.events.at(-1)!, inTime.ticket)?.[0]).toBe('Your ticket is charged');
  });
});

describe('a priority that changed while the ticket was free', () => {
  it('LX-03 LX-10 costs an emergency that was demoted meanwhile as an urgent ticket', () => {
    const demoted = story(opened('emergency'), found('free', at(10)), prioritized('urgent', at(20), engineer));
    expect(onHand(demoted)).toBe(20);
    const charged = found('chargeable', at(30))(demoted);
    expect(charged.ticket).toMatchObject({ priority: 'urgent', charge: { amount: 3 }, credited: 0 });
    expect(outstanding(charged.ticket)).toBe(3);
    expect(onHand(charged)).toBe(17);
    const told = explain(charged.events, ruleBook).charges.at(-1)!;
    expect(told).toMatchObject({ amount: 3, priority: 'urgent', cause: 'classified' });
    expect(told.sentences.join(' ')).toContain('so 3 tokens were taken for it.');
  });

  it('LX-03 LX-11 costs a standard ticket that was raised meanwhile as an emergency', () => {
    const raised = story(opened('standard'), found('free', at(10)), prioritized('emergency', at(20)));
    expect(onHand(raised)).toBe(20);
    const charged = found('chargeable', at(30))(raised);
    expect(charged.ticket).toMatchObject({ priority: 'emergency', charge: { amount: 10 }, credited: 0 });
    expect(onHand(charged)).toBe(10);
    const missed = settle(charged.ticket, at(81));
    expect(missed.events.find(({ type }) => type === 'credited')).toMatchObject({ amount: 10, cause: 'miss' });
  });

  it('LX-09 costs nothing where it was late at the new priority', () => {
    const raised = story(opened('standard'), found('free', at(10)), prioritized('emergency', at(20)));
    const late = found('chargeable', at(81))(raised);
    expect(late.ticket).toMatchObject({ charge: { amount: 10 }, credited: 10 });
    expect(onHand(late)).toBe(20);
  });
});

describe('a refund to the card of units that had come back before', () => {
  const day = 24 * 60;
  const expired = (source: Draw['source']): Draw => ({
    ...{ lotId: `lot_${source}`, source, acquiredAt: at(-400 * day), expiresAt: at(-day), amount: 10 },
  });
  /** A ticket that is paid from the thirty days' lot in which these units came back. */
  const paidFrom = (...draws: Draw[]) => {
    const { lots } = creditUnits([], draws, at(-day / 2), { lotId: 'lot_late', expiresAt: at(30 * day) });
    return openedOn({ ...accountOn('scalix-basic'), lots }, OPENED);
  };
  const refund = { type: 'classify', as: 'product-bug', refundTo: 'card' } as const;

  it('SX-13 goes to the card where all of them had been bought, also after they came back again', () => {
    const first = paidFrom(expired('purchase'));
    expect(story(first, step(refund, engineer, at(1))).events.at(-1)).toMatchObject({
      returned: 10,
      returnedTo: 'card',
    });
    const [again] = first.ticket.charge.draws;
    const second = paidFrom({ ...again!, expiresAt: at(-day) });
    expect(asked(second, refund, { actor: engineer, now: at(1) }).ok).toBe(true);
  });

  it('SX-13 goes back as credits where some of them were included or granted', () => {
    for (const draws of [[expired('grant')], [expired('purchase'), expired('grant')]]) {
      const refused = asked(paidFrom(...draws), refund, { actor: engineer, now: at(1) });
      expect(refused).toMatchObject({ ok: false, refusal: { code: 'validation' } });
    }
  });
});
