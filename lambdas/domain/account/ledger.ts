/**
 * Units on hand: how lots are drawn, credited and added. Pure arithmetic over whole units; who may spend and why is decided
 * elsewhere. The trap: a lot that is spent keeps its place until it expires, because a make-good goes back to where it came from.
 */
import * as z from 'zod';
import { countSchema, wholeSchema } from '../numbers.ts';
import { instantSchema, type Instant } from '../time/instant.ts';
import { actorSchema, ledgerKindSchema, unitSchema } from '../vocabulary.ts';

export const lotSourceSchema = z.enum(['purchase', 'grant', 'credit']);

/** Units that were acquired together and expire together. */
export const lotSchema = z.strictObject({
  lotId: z.string(),
  source: lotSourceSchema,
  /** Units that the lot began with. */
  amount: countSchema,
  remaining: wholeSchema,
  acquiredAt: instantSchema,
  /** From this moment on the units can't be spent; absent: they do not expire. */
  expiresAt: instantSchema.optional(),
  /** The add-on that the units are for; absent: they are for the account's own plan. */
  addOn: z.string().optional(),
  /** Of a lot of units that came back: all of them had been bought. */
  bought: z.literal(true).optional(),
});
export type Lot = z.infer<typeof lotSchema>;

/** Units taken from one lot, with what is needed to put them back even when the lot's record is gone. */
export const drawSchema = lotSchema
  .pick({ lotId: true, source: true, acquiredAt: true, expiresAt: true, addOn: true, bought: true })
  .extend({ amount: countSchema });
export type Draw = z.infer<typeof drawSchema>;

/** Whether the units of a lot were paid for, before or after they came back; what was included or granted was not. */
export const wasBought = ({ source, bought }: Pick<Lot, 'source' | 'bought'>): boolean =>
  source === 'purchase' || bought === true;

/**
 * One line of an account's ledger. Never deleted, and never changed but to erase a person; amounts are positive, the kind gives the
 * direction.
 */
export const ledgerEntrySchema = z.strictObject({
  entryId: z.string(),
  accountId: z.string(),
  kind: ledgerKindSchema,
  amount: countSchema,
  unit: unitSchema,
  /** When it took effect: for a make-good, the deadline that was missed. */
  at: instantSchema,
  /** When the desk wrote it; later than `at` only if a timer was late. */
  recordedAt: instantSchema,
  reason: z.string(),
  ticketId: z.string().optional(),
  actor: actorSchema,
  /** The lots that the amount went to or came from. */
  lots: z.array(z.strictObject({ lotId: z.string(), amount: countSchema })),
});
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;

/** Calendar days that credited units live on when the lot they came from has expired meanwhile (rule EV-05). */
export const EXPIRED_CREDIT_DAYS = 30;

/** Spent lots that an account keeps on display; older ones are re-created from the ticket's record if a credit needs them. */
const SPENT_LOTS_KEPT = 50;

const isLive = (lot: { expiresAt?: Instant | undefined }, now: Instant): boolean =>
  lot.expiresAt === undefined || now < lot.expiresAt;

/** Soonest expiry first; lots without expiry last; among equals the older lot, then the id, so that the order is total. */
const bySoonestExpiry = (a: Lot, b: Lot): number =>
  compare(a.expiresAt ?? '~', b.expiresAt ?? '~') || compare(a.acquiredAt, b.acquiredAt) || compare(a.lotId, b.lotId);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Units that can be spent at `now` on tickets of the account's own plan, or of one of its add-ons. */
export const availableAt = (lots: readonly Lot[], now: Instant, addOn?: string): number =>
  lots.filter((lot) => lot.addOn === addOn && isLive(lot, now)).reduce((sum, lot) => sum + lot.remaining, 0);

/** The add-ons that an account has or had units of, as far as its lots tell. */
export const addOnsIn = (lots: readonly Lot[]): string[] => [
  ...new Set(lots.flatMap(({ addOn }) => (addOn === undefined ? [] : [addOn]))),
];

export const inSpendingOrder = (lots: readonly Lot[]): Lot[] => lots.toSorted(bySoonestExpiry);

export type Drawn =
  | { readonly ok: true; readonly lots: Lot[]; readonly draws: Draw[] }
  | { readonly ok: false; readonly missing: number };

/** Takes `amount` units from the live lots, soonest expiry first; or says how many are missing and takes nothing. */
export const drawUnits = (lots: readonly Lot[], amount: number, now: Instant, addOn?: string): Drawn => {
  const missing = amount - availableAt(lots, now, addOn);
  if (missing > 0) return { ok: false, missing };
  const draws: Draw[] = [];
  let owed = amount;
  const left = inSpendingOrder(lots).map((lot) => {
    const taken = lot.addOn === addOn && isLive(lot, now) ? Math.min(lot.remaining, owed) : 0;
    if (taken === 0) return lot;
    owed -= taken;
    const { remaining: _remaining, ...origin } = lot;
    draws.push({ ...origin, amount: taken });
    return { ...lot, remaining: lot.remaining - taken };
  });
  return { ok: true, lots: left, draws };
};

/**
 * A new lot on the account; spent lots beyond the number kept on display are forgotten, but no grant before its end: that it is there tells
 * what a month has brought.
 */
export const addLot = (lots: readonly Lot[], lot: Lot): Lot[] => {
  const spent = lots
    .filter((one) => one.remaining === 0 && (one.source !== 'grant' || !isLive(one, lot.acquiredAt)))
    .toSorted((a, b) => compare(b.acquiredAt, a.acquiredAt));
  const forgotten = new Set(spent.slice(SPENT_LOTS_KEPT).map(({ lotId }) => lotId));
  return inSpendingOrder([...lots.filter(({ lotId }) => !forgotten.has(lotId)), lot]);
};

/** Where units went that came back. */
export interface Placed extends Pick<Draw, 'lotId' | 'amount' | 'expiresAt'> {
  /** The lots that they had come from, where those have expired and the units are in a new one. */
  readonly replaces?: readonly string[];
}

/**
 * Where drawn units go that come back at `now`: into the lots they came from, and those of lots that have expired together into
 * `lateLot`, good for thirty days (rule EV-05). What is placed equals what was drawn.
 */
export const placesOf = (
  draws: readonly Draw[],
  now: Instant,
  lateLot: { lotId: string; expiresAt: Instant },
): Placed[] => {
  const back = draws.filter((one) => isLive(one, now));
  const late = draws.filter((one) => !isLive(one, now));
  const home = back.map(({ lotId, amount, expiresAt }) => ({ lotId, amount, ...(expiresAt && { expiresAt }) }));
  if (late.length === 0) return home;
  const amount = late.reduce((sum, one) => sum + one.amount, 0);
  return [...home, { ...lateLot, amount, replaces: [...new Set(late.map(({ lotId }) => lotId))] }];
};

/** Puts drawn units back to where `placesOf` says. Answers the lots and where each unit went. */
export const creditUnits = (
  lots: readonly Lot[],
  draws: readonly Draw[],
  now: Instant,
  lateLot: { lotId: string; expiresAt: Instant },
): { lots: Lot[]; placed: LedgerEntry['lots'] } => {
  const places = placesOf(draws, now, lateLot);
  const placed = places.map(({ lotId, amount }) => ({ lotId, amount }));
  let credited = [...lots];
  for (const draw of draws.filter((one) => isLive(one, now))) {
    const { amount, ...origin } = draw;
    const home = credited.find(({ lotId }) => lotId === draw.lotId);
    credited = home
      ? credited.map((lot) => (lot === home ? { ...lot, remaining: lot.remaining + amount } : lot))
      : addLot(credited, { ...origin, amount, remaining: amount });
  }
  const late = places.find(({ replaces }) => replaces !== undefined);
  if (!late) return { lots: credited, placed };
  const addOn = draws[0]?.addOn;
  const expired = draws.filter((one) => !isLive(one, now));
  const lot: Lot = {
    ...lateLot,
    source: 'credit',
    amount: late.amount,
    remaining: late.amount,
    acquiredAt: now,
    ...(addOn !== undefined && { addOn }),
    ...(expired.every(wasBought) && { bought: true }),
  };
  return { lots: addLot(credited, lot), placed };
};
