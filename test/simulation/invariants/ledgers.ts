/**
 * Units: the ledger adds up to the lots, lot by lot; nothing is negative; each ticket has paid what its timeline says, and got it back
 * once.
 */
import type { AccountItems, Json, Stored, TicketItems } from './table.ts';

const SIGNS: Readonly<Record<string, number>> = {
  purchase: 1,
  grant: 1,
  credit: 1,
  charge: -1,
  expiry: -1,
  'refund-request': 0,
};

const sum = (parts: readonly { amount: number }[]): number => parts.reduce((total, { amount }) => total + amount, 0);

const accountFaults = ({ accountId, record, entries }: AccountItems): string[] => {
  if (record === undefined) return [`${accountId} has entries and no account`];
  const faults: string[] = [];
  const byLot = new Map<string, number>();
  for (const entry of entries) {
    const sign = SIGNS[entry.kind as string];
    if (sign === undefined) faults.push(`${accountId}: nobody knows what ${String(entry.kind)} is`);
    const lots = entry.lots as { lotId: string; amount: number }[];
    if (sign !== 0 && sum(lots) !== entry.amount)
      faults.push(`${String(entry.entryId)} moves other units than it says`);
    for (const { lotId, amount } of lots) byLot.set(lotId, (byLot.get(lotId) ?? 0) + (sign ?? 0) * amount);
  }
  const ids = entries.map(({ entryId }) => entryId as string);
  if (new Set(ids).size !== ids.length) faults.push(`${accountId}: an entry is there twice`);
  const lots = new Map(
    (record.lots as { lotId: string; remaining: number }[]).map(({ lotId, remaining }) => [lotId, remaining]),
  );
  for (const [lotId, remaining] of lots) if (remaining < 0) faults.push(`${lotId} holds ${String(remaining)}`);
  for (const lotId of new Set([...byLot.keys(), ...lots.keys()])) {
    const [ledger, held] = [byLot.get(lotId) ?? 0, lots.get(lotId) ?? 0];
    if (ledger !== held)
      faults.push(`${accountId}: the ledger says ${String(ledger)} of ${lotId}, the account ${String(held)}`);
  }
  return faults;
};

/** What a ticket has paid and not got back, by its timeline. */
const outstandingOf = (events: readonly Json[]): number =>
  events.reduce((out, event) => {
    if (event.type === 'opened') return (event.charge as { amount: number }).amount;
    if (event.type === 'credited') return out - (event.amount as number);
    if (event.type === 'reprioritized') return out + sum(event.drawn);
    if (event.type === 'classified')
      return out + sum(event.drawn) - (event.returnedTo === 'card' ? (event.returned as number) : 0);
    return out;
  }, 0);

const ticketFaults = ({ ticketId, record, events }: TicketItems, entries: readonly Json[]): string[] => {
  const faults: string[] = [];
  const of = (kind: string) => entries.filter((entry) => entry.kind === kind);
  const out = outstandingOf(events);
  const booked = sum(of('charge') as any) - sum(of('credit') as any) - sum(of('refund-request') as any);
  if (booked !== out) faults.push(`${ticketId}: its timeline leaves ${String(out)} paid, the ledger ${String(booked)}`);
  if (out < 0) faults.push(`${ticketId} got back more than it paid`);
  const credited = events.filter(({ type }) => type === 'credited');
  if (credited.length !== of('credit').length)
    faults.push(`${ticketId}: ${String(credited.length)} credits told, ${String(of('credit').length)} booked`);
  const charge = record?.charge as { amount: number } | undefined;
  if (charge !== undefined && charge.amount - (record?.credited as number) !== out)
    faults.push(`${ticketId}: its record does not say what is out`);
  return faults;
};

export const ledgerFaults = ({ accounts, tickets }: Stored): string[] => {
  const byTicket = new Map<string, Json[]>();
  for (const { entries } of accounts.values()) {
    for (const entry of entries) {
      if (entry.ticketId !== undefined) byTicket.set(entry.ticketId, [...(byTicket.get(entry.ticketId) ?? []), entry]);
    }
  }
  return [
    ...[...accounts.values()].flatMap(accountFaults),
    ...[...tickets.values()].flatMap((ticket) => ticketFaults(ticket, byTicket.get(ticket.ticketId) ?? [])),
  ];
};
