/**
 * What a ticket costs and what of it is still out: its price by the terms it was opened under, and what each event does to the
 * charge. The one invariant: `charge.amount - credited` is the sum of `charge.draws`, the units taken that have not come back; so
 * nothing can come back twice, whatever mix of misses, reprioritizing and classifying leads there.
 */
import type { Draw } from '../account/ledger.ts';
import { chargeOf } from '../plan/plan.ts';
import type { Target, Ticket } from './ticket.ts';
import type { TicketEvent } from './ticket-event.ts';
import { isResponse, type Priority, type TargetKind } from '../vocabulary.ts';

type EventOf<Type extends TicketEvent['type']> = Extract<TicketEvent, { type: Type }>;

export const unitsIn = (draws: readonly Draw[]): number => draws.reduce((sum, { amount }) => sum + amount, 0);

/** Units taken for a ticket that have not come back. */
export const outstanding = ({ charge, credited: back }: Pick<Ticket, 'charge' | 'credited'>): number =>
  charge.amount - back;

/** What the ticket would cost at another priority, by its own terms; nothing where they have no price for it. */
export const priceAt = ({ terms, channel }: Ticket, priority: Priority): number | undefined =>
  chargeOf(terms.charges, { channel, priority });

/** Found to cost nothing: a bug, a free issue or none of the vendor's business; no later change is charged either. */
export const isFree = ({ classification }: Ticket): boolean =>
  classification !== undefined && classification.as !== 'chargeable';

/** Every span in which an answer is owed gives the make-good of the first response; a resolution its own; a call none. */
const makeGoodKind = (kind: TargetKind): TargetKind => (isResponse(kind) ? 'first-response' : kind);

/** Whether a miss of this promise gives the charge back (rule EV-12). */
export const earnsMakeGood = (ticket: Pick<Ticket, 'terms'>, target: Pick<Target, 'kind' | 'guaranteed'>): boolean =>
  target.guaranteed !== false && ticket.terms.makeGood.includes(makeGoodKind(target.kind));

/** Whether a promise was missed that gives the charge back: such a ticket is free for good, whatever becomes of it later (rule LX-09). */
export const wasLate = (ticket: Pick<Ticket, 'terms' | 'targets'>): boolean =>
  ticket.targets.some((target) => target.state === 'missed' && earnsMakeGood(ticket, target));

/** Of the units that are out, `amount` to give back: those first that were taken last. */
export const lastTaken = (draws: readonly Draw[], amount: number): Draw[] => {
  let owed = amount;
  return draws.toReversed().flatMap((draw) => {
    const taken = Math.min(draw.amount, owed);
    owed -= taken;
    return taken > 0 ? [{ ...draw, amount: taken }] : [];
  });
};

const without = (draws: readonly Draw[], returned: readonly Draw[]): Draw[] => {
  const owed = new Map<string, number>();
  for (const { lotId, amount } of returned) owed.set(lotId, (owed.get(lotId) ?? 0) + amount);
  return draws
    .toReversed()
    .flatMap((draw) => {
      const taken = Math.min(draw.amount, owed.get(draw.lotId) ?? 0);
      owed.set(draw.lotId, (owed.get(draw.lotId) ?? 0) - taken);
      return draw.amount > taken ? [{ ...draw, amount: draw.amount - taken }] : [];
    })
    .toReversed();
};

/** Units came back. What a lower priority gives back lowered the charge itself, so it is no credit against the charge. */
export const credited = (ticket: Ticket, { amount, draws, cause }: EventOf<'credited'>): Ticket => ({
  ...ticket,
  credited: ticket.credited + (cause === 'reprioritized' ? 0 : amount),
  charge: { ...ticket.charge, draws: without(ticket.charge.draws, draws) },
});

export const reprioritized = (
  ticket: Ticket,
  { charge: amount, drawn, returned }: EventOf<'reprioritized'>,
): Ticket => ({
  ...ticket,
  credited: amount - (outstanding(ticket) + unitsIn(drawn) - returned),
  charge: { ...ticket.charge, amount, draws: [...ticket.charge.draws, ...drawn] },
});

export const classified = (ticket: Ticket, { returned, returnedTo, drawn }: EventOf<'classified'>): Ticket => {
  const toCard = returnedTo === 'card';
  return {
    ...ticket,
    credited: ticket.credited + (toCard ? returned : 0) - unitsIn(drawn),
    charge: { ...ticket.charge, draws: [...(toCard ? [] : ticket.charge.draws), ...drawn] },
  };
};
