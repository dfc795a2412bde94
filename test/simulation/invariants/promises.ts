/**
 * Promises: what is kept was kept in time, what is missed was missed at its very deadline and told once, what runs is not over; and each
 * miss gave back all that was still out, once, and only then.
 */
import { usedUpAt } from './business-time.ts';
import type { Stretch } from './business-time.ts';
import type { Json, Stored, TicketItems } from './table.ts';

export interface PromiseOptions {
  /** The clock, ms since the epoch. */
  readonly now: number;
  /** So long after its deadline a promise may still be unsettled, and a miss unwritten. */
  readonly graceMs: number;
  /** Whether no clock has died: the sweep looks for deadlines and not for warnings, so a warning dies with its clock. */
  readonly clocksLive: boolean;
  /**
   * When mails were handed over again that had lain in a dead-letter queue, ms since the epoch, by the ids of SES: what such a mail opens
   * counts from the moment at which it came, and nobody can have written anything of it before.
   */
  readonly mailsHandedOver: ReadonlyMap<string, number>;
}

const at = (text: unknown): number => Date.parse(text as string);

/**
 * The stretches that a promise's clock leaves out, as far as they are over: what still goes on where the promise ended, as with a ticket
 * that is closed while it waits, goes up to that end.
 */
const leftOut = (record: Json, kind: string, ended: number | undefined): Stretch[] => {
  const over = (list: unknown): Stretch[] =>
    (list as { from: string; to?: string }[]).flatMap(({ from, to }): Stretch[] => {
      const until = to === undefined ? ended : at(to);
      return until === undefined || until <= at(from) ? [] : [[at(from), until]];
    });
  return [...(kind === 'resolution' ? over(record.pauses) : []), ...over(record.closures)];
};

const targetFaults = (record: Json, target: Json, { now, graceMs }: PromiseOptions): string[] => {
  const calendar = ((record.terms as Json).calendars as Json)[target.calendar as string] as Json;
  const ended = target.endedAt === undefined ? undefined : at(target.endedAt);
  const without = leftOut(record, target.kind as string, ended);
  const due = usedUpAt(calendar, at(target.startedAt), target.span as string, without);
  const what = `${String(record.ticketId)}: ${String(target.kind)} of ${String(target.startedAt)}, due ${new Date(due).toISOString()},`;
  if (target.state === 'running') return due + graceMs < now ? [`${what} is over and nobody wrote it down`] : [];
  if (target.state === 'missed') return ended === due ? [] : [`${what} was missed at ${String(target.endedAt)}`];
  return ended !== undefined && ended > due
    ? [`${what} is ${String(target.state)} since ${String(target.endedAt)}`]
    : [];
};

const earnsBack = (opened: Json, kind: string): boolean =>
  ((opened.terms as Json).makeGood as string[]).includes(kind === 'escalation' ? 'first-response' : kind);

const missFaults = (
  { ticketId, events }: TicketItems,
  { graceMs, clocksLive, mailsHandedOver }: PromiseOptions,
): string[] => {
  const [opened] = events;
  if (opened === undefined) return [];
  const { sesMessageId = '' } = (opened.mail ?? {}) as { sesMessageId?: string };
  const thereAt = mailsHandedOver.get(sesMessageId) ?? at(opened.recordedAt);
  const faults: string[] = [];
  const missed = new Set<string>();
  let out = (opened.charge as { amount: number }).amount;
  for (const [place, event] of events.entries()) {
    const next = events[place + 1];
    const what = `${ticketId} event ${String(event.seq)}`;
    const prompt = event.type === 'missed' || (event.type === 'warned' && clocksLive);
    if (prompt && at(event.recordedAt) - Math.max(at(event.at), thereAt) > graceMs)
      faults.push(`${what} was late: ${String(event.at)} written at ${String(event.recordedAt)}`);
    if (event.type === 'missed') {
      const promise = `${String(event.target)} ${String(event.tier)} ${String(event.deadline)}`;
      if (missed.has(promise)) faults.push(`${what}: the same promise was missed twice`);
      missed.add(promise);
      const owed = earnsBack(opened, event.target as string) ? out : 0;
      if (event.makeGood !== owed) faults.push(`${what} gives back ${String(event.makeGood)} of ${String(owed)}`);
      const follows = next?.type === 'credited' && next.cause === 'miss';
      if (owed > 0 !== follows)
        faults.push(`${what}: ${owed > 0 ? 'its credit is missing' : 'a credit that it did not earn'}`);
    }
    if (event.type === 'credited') {
      if (event.cause === 'miss' && events[place - 1]?.type !== 'missed')
        faults.push(`${what}: a credit without a miss`);
      out -= event.amount as number;
    }
    const drawn = ((event.drawn ?? []) as { amount: number }[]).reduce((sum, { amount }) => sum + amount, 0);
    if (event.type === 'reprioritized') out += drawn;
    if (event.type === 'classified') out += drawn - (event.returnedTo === 'card' ? (event.returned as number) : 0);
  }
  return faults;
};

export const promiseFaults = ({ tickets }: Stored, options: PromiseOptions): string[] =>
  [...tickets.values()].flatMap((ticket) => [
    ...((ticket.record?.targets ?? []) as Json[]).flatMap((target) =>
      targetFaults(ticket.record ?? {}, target, options),
    ),
    ...missFaults(ticket, options),
  ]);
