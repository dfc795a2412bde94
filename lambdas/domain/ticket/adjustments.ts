/**
 * What a ticket's events after its opening do to its account: make-goods and refunds put units back, a raised priority takes
 * more. One ledger entry for each event that moves units, its id the business fact (this event of this ticket), so that a second
 * write of the same fact is refused by the table itself (rule EV-03).
 */
import type { Account } from '../account/account.ts';
import { credit, type Booking } from '../account/bookings.ts';
import { unitsIn } from './charge.ts';
import { availableAt, drawUnits, type Draw, type LedgerEntry } from '../account/ledger.ts';
import type { Instant } from '../time/instant.ts';
import { refuse, type Refusal } from '../refusal.ts';
import type { TicketEvent } from './ticket-event.ts';
import { tellUnits, type Unit } from '../vocabulary.ts';

type EventOf<Type extends TicketEvent['type']> = Extract<TicketEvent, { type: Type }>;

const entryOf = (
  event: TicketEvent,
  entry: Pick<LedgerEntry, 'kind' | 'amount' | 'unit' | 'reason' | 'lots'>,
): LedgerEntry => ({
  ...entry,
  entryId: `led_${event.ticketId.slice('tkt_'.length)}-${String(event.seq)}`,
  accountId: event.accountId,
  at: event.at,
  recordedAt: event.recordedAt,
  ticketId: event.ticketId,
  actor: event.actor,
});

const lotsOf = (draws: readonly Draw[]): LedgerEntry['lots'] => draws.map(({ lotId, amount }) => ({ lotId, amount }));

/** Units taken after the opening, from the lots that the event names. */
const charged = (
  account: Account,
  event: TicketEvent,
  draws: readonly Draw[],
  unit: Unit,
  reason: string,
): Booking => ({
  account: {
    ...account,
    lots: account.lots.map((lot) => ({
      ...lot,
      remaining: lot.remaining - unitsIn(draws.filter(({ lotId }) => lotId === lot.lotId)),
    })),
  },
  entry: entryOf(event, { kind: 'charge', amount: unitsIn(draws), unit, reason, lots: lotsOf(draws) }),
});

const classified = (account: Account, event: EventOf<'classified'>): Booking | undefined => {
  const { as, unit, drawn, returned: amount, returnedTo } = event;
  if (drawn.length > 0) return charged(account, event, drawn, unit, `found to be ${as}`);
  if (returnedTo !== 'card' || amount === 0) return undefined;
  // The units were paid for and go to nobody: the billing system gives their price back.
  const entry = entryOf(event, { kind: 'refund-request', amount, unit, reason: `refund to card: ${as}`, lots: [] });
  return { account, entry };
};

const booked = (account: Account, event: TicketEvent): Booking | undefined => {
  switch (event.type) {
    case 'credited':
      return credit(account, event);
    case 'classified':
      return classified(account, event);
    case 'reprioritized':
      return event.drawn.length > 0
        ? charged(account, event, event.drawn, event.unit, `priority raised to ${event.to}`)
        : undefined;
    default:
      return undefined;
  }
};

/** Whether an event moves units of its account. */
export const movesUnits = (event: TicketEvent): boolean =>
  event.type === 'credited' || event.type === 'reprioritized' || event.type === 'classified';

/** What a ticket's events do to its account's units, in order; nothing where they move none. */
export const bookAdjustments = (
  account: Account,
  events: readonly TicketEvent[],
): { account: Account; entries: LedgerEntry[] } | undefined => {
  let after = account;
  const entries: LedgerEntry[] = [];
  for (const event of events) {
    const booking = booked(after, event);
    if (!booking) continue;
    after = booking.account;
    entries.push(booking.entry);
  }
  return entries.length === 0 ? undefined : { account: { ...after, version: account.version + 1 }, entries };
};

/** Takes units for a ticket that is open already, or refuses with what is missing. */
export const drawMore = (
  { lots }: Account,
  { amount, unit, now, addOn }: { amount: number; unit: Unit; now: Instant; addOn?: string | undefined },
): { ok: true; draws: Draw[] } | { ok: false; refusal: Refusal } => {
  const drawn = drawUnits(lots, amount, now, addOn);
  if (drawn.ok) return { ok: true, draws: drawn.draws };
  const available = availableAt(lots, now, addOn);
  const sentence = `This costs ${tellUnits(amount, unit)} more; ${String(available)} on hand, ${String(drawn.missing)} missing.`;
  return refuse('insufficient-credit', sentence, { unit, required: amount, available, missing: drawn.missing });
};
