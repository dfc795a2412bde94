/**
 * Letters: each that was due was sent, or kept back for a reason that is on record; none was sent again after it was recorded, or while
 * another run was between sending and recording it. The trap: what is on its way, or waits in a dead-letter queue, is not lost.
 */
import { DateTime } from 'luxon';
import { engineersTold, type TierAddresses } from './engineer-letters.ts';
import type { Json, Stored } from './table.ts';
import { DISPATCHED_WITHIN_MS, TRIED_WITHIN_MS } from './under-way.ts';
import type { Moment } from './under-way.ts';

/** What SES was given, by `cause to`. */
export interface Sends {
  readonly times: ReadonlyMap<string, number>;
  /** Letters that were sent again though their record stood there. */
  readonly needless: readonly string[];
  /** Letters that were sent while another run that had sent them was still at it. */
  readonly beside: readonly string[];
  /** Letters whose last sender ended before it wrote them down. */
  readonly unwritten: ReadonlySet<string>;
}

export interface LetterOptions extends Moment {
  readonly managers: string;
  readonly tiers: TierAddresses;
  /** Engineers by themselves, to whom tickets are assigned. */
  readonly engineers: ReadonlySet<string>;
  /** What lies in a dead-letter queue, by `cause`: its letters are not lost. */
  readonly dead: ReadonlySet<string>;
}

export interface LetterReport {
  readonly faults: string[];
  readonly due: number;
  /** Those of them that are for engineers. */
  readonly inside: number;
  readonly sent: number;
  readonly withheld: number;
  /** Letters that were sent again because a crash fell between sending and recording, or SES's answer was lost. */
  readonly twice: number;
}

/** What the customer is told of. */
const TOLD = new Set([
  ...['opened', 'missed', 'reprioritized', 'classified', 'split', 'split-quoted', 'call-back-requested'],
  ...['paused', 'planned', 'resolved', 'reopened', 'closed'],
]);

const tellsCustomer = (event: Json): boolean =>
  TOLD.has(event.type as string) ||
  (event.type === 'escalated' && event.cause === 'hand') ||
  (event.type === 'message' && event.visibility === 'public' && (event.actor as Json).role !== 'customer');

const tellsManagers = (event: Json): boolean =>
  event.type === 'missed' && (event.tellsManagers === true || event.target === 'call-back');

/** The plans that promise a report of each month. */
const REPORTED = new Set(['axigen-premium', 'axigen-golive']);
/** The desk sends reports at this hour of UTC, and is done with them within minutes. */
const REPORTS_AT = 'T08:10:00.000Z';
/** Their first weekdays may be holidays. */
const UNCERTAIN_MONTHS = new Set([1, 5]);

/** The first weekdays of months that have begun since an account was opened, until now. */
const reportDays = ({ timeZone, createdAt }: Json, now: number): DateTime[] => {
  const zone = timeZone as string;
  const days: DateTime[] = [];
  const begin = DateTime.fromISO(createdAt as string, { zone }).startOf('month');
  for (let month = begin.plus({ months: 1 }); month.toMillis() <= now; month = month.plus({ months: 1 })) {
    const day = month.plus({ days: month.weekday > 5 ? 8 - month.weekday : 0 });
    const due = Date.parse(`${day.toISODate() ?? ''}${REPORTS_AT}`);
    if (due <= now && !UNCERTAIN_MONTHS.has(month.month)) days.push(day);
  }
  return days;
};

/** Reports that must have gone out. A run that failed is made good by the next day's, so on the way nothing is certain. */
const reportsDue = ({ accounts }: Stored, { now, calm, last }: Moment): string[] =>
  [...accounts.values()].flatMap(({ accountId, record = {} }) => {
    if (!REPORTED.has(record.planId as string) || !(calm || last)) return [];
    const readers = (record.contacts as { email: string; role: string }[]).filter(
      ({ role }) => role === 'administrator',
    );
    return reportDays(record, now).flatMap((day) => {
      const cause = `report-${accountId}-${day.minus({ months: 1 }).toFormat('yyyy-MM')}`;
      return readers.map(({ email }) => `${cause} ${email.toLowerCase()}`);
    });
  });

/** Whether the letters about an event must have gone out by now. */
const isOverdue = (event: Json, cause: string, { now, calm, last, dead }: LetterOptions): boolean => {
  if (calm || last) return true;
  const age = now - Date.parse(event.recordedAt as string);
  return age > DISPATCHED_WITHIN_MS + TRIED_WITHIN_MS && !dead.has(cause);
};

/** A call that a customer asks for, and an answer that falls due, are told to the tier besides. */
const ALSO_TOLD = new Set(['warned', 'call-back-requested']);

/**
 * Letters to engineers that are due, and faults of those that went to somebody else. What is due is what the desk may have seen and has
 * sent; where it has sent nothing of that, what it saw first.
 */
const engineerLetters = (
  { tickets, letters }: Stored,
  { times }: Sends,
  options: LetterOptions,
): { readonly due: string[]; readonly faults: string[] } => {
  const { tiers, engineers, calm, dead } = options;
  const due: string[] = [];
  const allowed = new Set<string>();
  const isDone = (name: string): boolean =>
    times.has(name) ? letters.get(name)?.sent === true : letters.get(name)?.withheld !== undefined;
  for (const { ticketId, events } of tickets.values()) {
    const causeOf = ({ seq }: Json): string => `${ticketId}-${String(seq)}`;
    const late = calm ? 0 : DISPATCHED_WITHIN_MS + TRIED_WITHIN_MS;
    const told = engineersTold(events, tiers, (event) => (dead.has(causeOf(event)) ? Infinity : late));
    for (const [place, event] of events.entries()) {
      const cause = causeOf(event);
      const sets = (told[place] ?? []).map((readers) => readers.map((reader) => `${cause} ${reader.toLowerCase()}`));
      const also = ALSO_TOLD.has(event.type as string) ? Object.values(tiers).flat() : [];
      for (const name of [...sets.flat(), ...also.map((reader) => `${cause} ${reader}`)]) allowed.add(name);
      if (isOverdue(event, cause, options)) due.push(...(sets.find((set) => set.every(isDone)) ?? sets[0] ?? []));
    }
  }
  const inside = new Set([...engineers, ...Object.values(tiers).flat()]);
  const faults = [...times.keys()].flatMap((name) =>
    name.startsWith('tkt_') && inside.has(name.slice(name.indexOf(' ') + 1)) && !allowed.has(name)
      ? [`the letter ${name} is no news to its reader`]
      : [],
  );
  return { due, faults };
};

export const letterFaults = (stored: Stored, sends: Sends, options: LetterOptions): LetterReport => {
  const { tickets, letters } = stored;
  const { managers } = options;
  const toEngineers = engineerLetters(stored, sends, options);
  const faults = [
    ...toEngineers.faults,
    ...sends.needless.map((name) => `the letter ${name} was sent again though it was recorded`),
    ...sends.beside.map((name) => `the letter ${name} was sent by two runs at once`),
  ];
  const due = new Set([...reportsDue(stored, options), ...toEngineers.due]);
  for (const { ticketId, record, events } of tickets.values()) {
    const readers = new Set([(record?.contact as Json | undefined)?.email as string]);
    for (const event of events) {
      for (const follower of (event.followers ?? []) as string[]) readers.add(follower);
      const cause = `${ticketId}-${String(event.seq)}`;
      if (!isOverdue(event, cause, options)) continue;
      if (tellsCustomer(event)) for (const reader of readers) due.add(`${cause} ${reader.toLowerCase()}`);
      if (tellsManagers(event)) due.add(`${cause} ${managers}`);
    }
  }
  let withheld = 0;
  for (const name of due) {
    const recorded = letters.get(name);
    const times = sends.times.get(name) ?? 0;
    // Mail to an address may stop between a sender's end and the next try, which can't know that the letter went out.
    if (recorded?.withheld !== undefined && (times === 0 || sends.unwritten.has(name))) withheld += 1;
    else if (times === 0 || recorded?.sent !== true)
      faults.push(`the letter ${name} was sent ${String(times)} times and is ${recorded ? '' : 'not '}on record`);
  }
  const times = [...sends.times.values()];
  const sent = times.reduce((sum, one) => sum + one, 0);
  const inside = toEngineers.due.length;
  return { faults, due: due.size, inside, sent, withheld, twice: sent - times.length };
};
