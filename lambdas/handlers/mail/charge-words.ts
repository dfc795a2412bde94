/** What the customer reads of what a ticket costs, and of what comes back. */
import { placedBy, type Credited } from '../../domain/account/bookings.ts';
import { earnsMakeGood, outstanding, unitsIn } from '../../domain/ticket/charge.ts';
import type { Ticket } from '../../domain/ticket/ticket.ts';
import type { TicketEvent } from '../../domain/ticket/ticket-event.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { tellUnits } from '../../domain/vocabulary.ts';
import { momentIn, oneOrMore, owed } from './wording.ts';

type EventOf<Type extends TicketEvent['type']> = Extract<TicketEvent, { type: Type }>;

/** Which lateness gives the charge of this ticket back; nothing where none does. */
const late = ({ targets, terms }: EventOf<'opened'>): string | undefined => {
  const paying = targets.filter((target) => earnsMakeGood({ terms }, target));
  if (paying.length === 0) return undefined;
  return paying.length === targets.length ? 'we' : paying.map(({ kind }) => owed[kind]).join(' or ');
};

/** What an opening took, and what gives it back. */
export const costs = (event: EventOf<'opened'>): string => {
  const { amount, unit } = event.charge;
  if (amount === 0) return 'It is free of charge.';
  const who = late(event);
  const back = oneOrMore(amount, 'it comes back by itself', 'they come back by themselves');
  return `It cost ${tellUnits(amount, unit)}.${who === undefined ? '' : ` Should ${who} be late, ${back}.`}`;
};

/** Until when the units of a credit are good; nothing where they don't expire or it is not known. */
export const goodUntil = (credit: Credited | undefined, zone: string): string => {
  const expiring = credit ? placedBy(credit).filter(({ expiresAt }) => expiresAt !== undefined) : [];
  const moments = new Map<Instant, number>();
  for (const { expiresAt = '', amount } of expiring) moments.set(expiresAt, (moments.get(expiresAt) ?? 0) + amount);
  const [only] = moments;
  if (!credit || !only) return '';
  if (only[1] === credit.amount)
    return ` ${oneOrMore(credit.amount, 'It is', 'They are')} good until ${momentIn(zone, only[0])}.`;
  const each = [...moments].map(([at, amount]) => `${tellUnits(amount, credit.unit)} until ${momentIn(zone, at)}`);
  return ` They are good as follows: ${each.join(', and ')}.`;
};

/** Why a miss gives nothing back. */
const notAgain = (event: EventOf<'missed'>, ticket: Ticket): string => {
  const { charge, classification } = ticket;
  if (charge.amount === 0) return 'Nothing is credited, because nothing was charged for this ticket.';
  if (classification?.returnedTo === 'card' && classification.returned > 0)
    return 'Nothing is credited: what this ticket cost is refunded to your payment card.';
  return outstanding(ticket) === 0
    ? `What came back: the whole charge, ${tellUnits(charge.amount, event.unit)}, came back before. Nothing is charged for this ticket.`
    : 'Nothing is credited: on your plan, this promise gives nothing back where it is missed.';
};

/** What a miss gave back, or why it gave nothing. */
export const cameBack = (event: EventOf<'missed'>, ticket: Ticket, credit: Credited | undefined): string => {
  if (event.makeGood > 0) {
    const what = event.makeGood === ticket.charge.amount ? 'the whole charge' : 'all that was still out of the charge';
    const where = oneOrMore(event.makeGood, 'It is', 'They are');
    return `What came back: ${tellUnits(event.makeGood, event.unit)}, ${what} of this ticket. ${where} on your account already; you need not do anything.${goodUntil(credit, ticket.terms.timeZone)}`;
  }
  if (event.target === 'call-back') return 'A call-back is free, so there is nothing to give back.';
  return notAgain(event, ticket);
};

/** What another priority took or gave back. */
export const newCost = (
  { charge, drawn, returned, unit }: EventOf<'reprioritized'>,
  credit: Credited | undefined,
  zone: string,
): string => {
  const taken = unitsIn(drawn);
  if (taken > 0)
    return `What it costs: ${tellUnits(charge, unit)}; the difference of ${tellUnits(taken, unit)} was taken from your account.`;
  return returned > 0
    ? `What it costs: ${tellUnits(charge, unit)}; the difference of ${tellUnits(returned, unit)} is on your account again.${goodUntil(credit, zone)}`
    : 'It costs you nothing more.';
};
