/** How letters say things: moments in the customer's zone, units, promises and tiers, each in the same words everywhere. */
import { toMillis, type Instant } from '../../domain/time/instant.ts';
import { deadlineOf, planCounts } from '../../domain/ticket/targets.ts';
import type { Ticket } from '../../domain/ticket/ticket.ts';
import type { Priority, TargetKind, Tier } from '../../domain/vocabulary.ts';
import type { List } from './body.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

/** Opening a format costs a hundred times what using it does, and a reminder tells fifty moments. */
const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, timeZoneName: 'longOffset', hourCycle: 'h23' },
    ...{ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  formats.set(timeZone, format);
  return format;
};

/** A moment as the customer's clock shows it: `Monday 2 March 2026, 14:00:00 (UTC-05:00)`. */
export const momentIn = (zone: string, at: Instant): string => {
  const parts = formatOf(zone).formatToParts(toMillis(at));
  const told = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  const { weekday, day, month, year, hour, minute, second, timeZoneName = '' } = told;
  // Of a zone that is on UTC it says `GMT` and no more.
  const offset = timeZoneName.slice('GMT'.length) || '+00:00';
  return `${weekday} ${day} ${month} ${year}, ${hour}:${minute}:${second} (UTC${offset})`;
};

/** The words for one, or for several. */
export const oneOrMore = (amount: number, one: string, more: string): string => (amount === 1 ? one : more);

const promised: Record<TargetKind, string> = {
  'first-response': 'a first answer',
  escalation: 'an answer',
  resolution: 'a solution',
  'call-back': 'a call',
};
/** The same as what may be late. */
export const owed: Record<TargetKind, string> = {
  'first-response': 'our first answer',
  escalation: 'our answer',
  resolution: 'our solution',
  'call-back': 'our call',
};
/** What a ticket is promised, by its terms. */
export const promisedOn = ({ terms, priority }: Pick<Ticket, 'terms' | 'priority'>, kind: TargetKind): string =>
  kind === 'resolution' && planCounts(terms, priority) ? 'a solution, or a plan for one,' : promised[kind];

export const tierTitles: Record<Tier, string> = {
  TS1: 'TS1, the support team',
  TS2: 'TS2, research and replication',
  TS3: 'TS3, patches and fixes',
};

/** `severity-2` as people say it: severity 2. */
export const priorityName = (priority: Priority): string => priority.replace('-', ' ');

/** The running promises of a ticket; nothing where there are none. */
export const promisesOf = (
  ticket: Pick<Ticket, 'targets' | 'terms' | 'pauses' | 'priority'> & Partial<Pick<Ticket, 'closures'>>,
): List | undefined => {
  const items = ticket.targets.flatMap((target) => {
    const deadline = target.state === 'running' ? deadlineOf(ticket, target) : undefined;
    const aim = target.guaranteed === false ? ' (our aim, and no guarantee)' : '';
    return deadline ? [`${promisedOn(ticket, target.kind)} by ${momentIn(ticket.terms.timeZone, deadline)}${aim}`] : [];
  });
  return items.length > 0 ? { lead: 'You can expect:', items } : undefined;
};
