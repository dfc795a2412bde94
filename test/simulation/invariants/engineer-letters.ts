/**
 * Letters to engineers: a ticket that is new at their tier, climbs to it or is assigned to them, and their customer's word. Whose they are
 * follows from how the ticket stands when the desk gets to them, so a timeline gives for each event the readers that it may have had by
 * then. The trap: events that were written together are seen together, so between a miss and the climb that it causes nobody looks.
 */
import type { Json } from './table.ts';

/** How a ticket stands, as far as it says who is told. */
interface Standing {
  readonly tier: string;
  readonly assignee?: string;
  readonly isOver: boolean;
  readonly isAnswered: boolean;
  /** Who reads the customer's letters. */
  readonly customers: readonly string[];
}

/** Whom each tier's work is mailed to. */
export type TierAddresses = Readonly<Record<string, readonly string[]>>;

const begun = ({ tier, contact, followers = [] }: Json): Standing => ({
  ...{ tier: tier as string, isOver: false, isAnswered: false },
  customers: [(contact as Json).email, ...(followers as string[])] as string[],
});

const after = (standing: Standing, event: Json): Standing => {
  switch (event.type as string) {
    case 'message':
      return { ...standing, customers: [...standing.customers, ...((event.followers ?? []) as string[])] };
    case 'answered':
      return { ...standing, isAnswered: true };
    case 'escalated':
      return { ...standing, tier: event.to as string };
    case 'assigned':
      return { ...standing, assignee: event.engineer as string };
    case 'closed':
      return { ...standing, isOver: true };
    case 'reopened':
      return { ...standing, isOver: false };
    case 'classified':
      return event.as === 'declined' ? { ...standing, isOver: true } : standing;
    default:
      return standing;
  }
};

/** Whether an event is only ever written along with the one before it. */
const isOfTheSame = ({ type, cause }: Json): boolean =>
  ['answered', 'resumed'].includes(type as string) ||
  (['credited', 'escalated'].includes(type as string) && cause === 'miss') ||
  (type === 'reopened' && cause === 'message');

const addressed = (event: Json, { tier, assignee, isAnswered }: Standing, tiers: TierAddresses): readonly string[] => {
  const isCustomers = (event.actor as Json).role === 'customer';
  const workers = assignee === undefined ? (tiers[tier] ?? []) : [assignee];
  const whereItIs = (named: unknown): readonly string[] => (named === tier ? (tiers[tier] ?? []) : []);
  switch (event.type as string) {
    case 'opened':
      return isAnswered ? [] : whereItIs(event.tier);
    case 'missed':
      return whereItIs(event.escalatesTo);
    case 'escalated':
      return event.cause === 'hand' ? whereItIs(event.to) : [];
    case 'message':
      return isCustomers && event.visibility === 'public' && event.automatic !== true ? workers : [];
    case 'reopened':
      return isCustomers && event.cause === 'request' ? workers : [];
    case 'assigned':
      return assignee !== undefined && event.engineer === assignee ? [assignee] : [];
    default:
      return [];
  }
};

const readersIn = (event: Json, standing: Standing, tiers: TierAddresses): string[] => {
  const out = [(event.actor as Json).email as string | undefined, ...standing.customers];
  return standing.isOver ? [] : addressed(event, standing, tiers).filter((reader) => !out.includes(reader));
};

/**
 * The readers that each event of a timeline may have had, by what the desk saw when it got to it: at once, or within `lateMs` of an
 * event that was written down (`Infinity`: whenever).
 */
export const engineersTold = (
  events: readonly Json[],
  tiers: TierAddresses,
  lateMs: (event: Json) => number,
): readonly (readonly string[])[][] => {
  const [opened, ...rest] = events;
  if (opened === undefined) return [];
  const standings = [begun(opened)];
  for (const event of rest) standings.push(after(standings.at(-1)!, event));
  const seen = events.flatMap((_, place) => {
    const next = events[place + 1];
    return next !== undefined && isOfTheSame(next) ? [] : [place];
  });
  const writtenAt = (place: number): number => Date.parse(events[place]?.recordedAt as string);
  return events.map((event, place) => {
    const [first = place, ...later] = seen.filter((one) => one >= place);
    const latest = writtenAt(place) + lateMs(event);
    return [first, ...later.filter((one) => writtenAt(one) <= latest)].map((one) =>
      readersIn(event, standings[one]!, tiers),
    );
  });
};
