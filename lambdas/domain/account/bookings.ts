/**
 * How an account's units change other than by opening tickets: bought, and credited back. Each change is a new state of the
 * account together with the ledger entry that says why; neither is ever written without the other.
 */
import type { Account } from './account.ts';
import { hasLapsed } from './account-settle.ts';
import { MILLIS_A_DAY, fromMillis, laterOf, toMillis, type Instant } from '../time/instant.ts';
import {
  addLot,
  creditUnits,
  EXPIRED_CREDIT_DAYS,
  placesOf,
  type LedgerEntry,
  type Lot,
  type Placed,
} from './ledger.ts';
import { dayOf } from '../time/month.ts';
import { addPeriods } from '../time/periods.ts';
import type { Plan } from '../plan/plan.ts';
import { refuse, type Refusal } from '../refusal.ts';
import { eventId, type TicketEvent } from '../ticket/ticket-event.ts';
import type { Actor } from '../vocabulary.ts';

export interface Booking {
  readonly account: Account;
  readonly entry: LedgerEntry;
}

/**
 * Units bought by an account, for its plan or for an add-on (`plan` then is the add-on). A plan that sells packs refuses other
 * amounts (rule SX-07); bought points expire (rule SX-08); an add-on is sold as long as its plan runs (rule AX-01).
 */
export const purchase = (
  account: Account,
  plan: Plan,
  request: { amount: number; actor: Actor; now: Instant; id: string },
): ({ ok: true; lot: Lot } & Booking) | { ok: false; refusal: Refusal } => {
  const { amount, actor, now, id } = request;
  const { packs, validFor } = plan.purchases;
  if (plan.addOnTo && account.subscription && hasLapsed(account, now)) {
    const { endsAt: endedAt } = account.subscription;
    const sentence = `${plan.name} is sold while the plan that it is added to runs; its term ended on ${dayOf(endedAt, account.timeZone)}.`;
    return refuse('not-entitled', sentence, { endedAt });
  }
  if (packs?.length === 0) {
    return refuse('validation', `The plan ${plan.name} sells no ${plan.unit}s.`, { packs });
  }
  if (packs && !packs.includes(amount)) {
    return refuse('validation', `The plan ${plan.name} sells packs of ${packs.join(', ')} ${plan.unit}s only.`, {
      packs,
    });
  }
  const expiresAt = validFor === undefined ? undefined : addPeriods(now, validFor, 1, account.timeZone);
  const lot: Lot = {
    lotId: `lot_${id}`,
    source: 'purchase',
    amount,
    remaining: amount,
    acquiredAt: now,
    ...(expiresAt && { expiresAt }),
    ...(plan.addOnTo && { addOn: plan.planId }),
  };
  const entry: LedgerEntry = {
    entryId: `led_${id}`,
    accountId: account.accountId,
    kind: 'purchase',
    amount,
    unit: plan.unit,
    at: now,
    recordedAt: now,
    reason: 'units bought',
    actor,
    lots: [{ lotId: lot.lotId, amount }],
  };
  return {
    ok: true,
    lot,
    entry,
    account: { ...account, version: account.version + 1, lots: addLot(account.lots, lot) },
  };
};

export type Credited = Extract<TicketEvent, { type: 'credited' }>;

/** Why units came back, as the ledger says it. */
const reasons: Record<Credited['cause'], (event: Credited) => string> = {
  miss: ({ target }) => `make-good: ${target ?? 'promise'} missed`,
  reprioritized: () => 'priority lowered',
  classified: () => 'found to cost nothing',
};

/**
 * The lot of what can't go back where it came from; the event alone names it, so it can be told without the account. Its days count from
 * the credit's own moment: a timer that was late does not change it.
 */
const lateLotOf = (event: Credited) => ({
  lotId: `lot_${eventId(event).slice('tkt_'.length)}`,
  expiresAt: fromMillis(toMillis(event.at) + EXPIRED_CREDIT_DAYS * MILLIS_A_DAY),
});

/** Where the units of a credit went, and until when they are good. */
export const placedBy = (event: Credited): Placed[] => placesOf(event.draws, event.recordedAt, lateLotOf(event));

/**
 * A credit on the account: the units go back to the lots they came from. The entry's id is the business fact (this event of
 * this ticket), so a second write of the same credit is refused by the table itself (rule EV-03). The trap: whoever decided the credit
 * may have had an earlier moment than whoever wrote a lot off meanwhile, and nothing goes back into a lot that was written off.
 */
export const credit = (account: Account, event: Credited): Booking => {
  const id = `${event.ticketId.slice('tkt_'.length)}-${String(event.seq)}`;
  const at = laterOf(event.recordedAt, account.expiredTo ?? event.recordedAt);
  const { lots, placed } = creditUnits(account.lots, event.draws, at, lateLotOf(event));
  const entry: LedgerEntry = {
    entryId: `led_${id}`,
    accountId: account.accountId,
    kind: 'credit',
    amount: event.amount,
    unit: event.unit,
    at: event.at,
    recordedAt: event.recordedAt,
    reason: reasons[event.cause](event),
    ticketId: event.ticketId,
    actor: event.actor,
    lots: placed,
  };
  return { entry, account: { ...account, version: account.version + 1, lots } };
};
