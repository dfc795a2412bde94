/**
 * Timelines: unbroken, and played again from the opening they give the ticket that is stored, as far as this short reading of them goes.
 */
import type { Json, Stored, TicketItems } from './table.ts';

interface Played {
  status: string;
  tier: unknown;
  priority: unknown;
  assignee?: unknown;
  answeredAt?: unknown;
  resolvedAt?: unknown;
  closedAt?: unknown;
  unansweredSince?: unknown;
  score?: unknown;
  waits: number;
  closures: number;
  parts: number;
  followers: number;
  missed: number;
}

const begun = (opened: Json): Played => ({
  status: 'open',
  tier: opened.tier,
  priority: opened.priority,
  ...{ waits: 0, closures: 0, parts: 0, missed: 0 },
  followers: ((opened.followers ?? []) as unknown[]).length,
});

const play = (played: Played, event: Json): Played => {
  const { at } = event;
  switch (event.type as string) {
    case 'message':
      return { ...played, followers: played.followers + ((event.followers ?? []) as unknown[]).length };
    case 'answered':
      return { ...played, answeredAt: played.answeredAt ?? at, unansweredSince: undefined };
    case 'missed':
      return { ...played, missed: played.missed + 1, ...(event.tellsManagers === true && { unansweredSince: at }) };
    case 'escalated':
      return { ...played, tier: event.to };
    case 'assigned':
      return { ...played, assignee: event.engineer };
    case 'paused':
      return { ...played, status: 'waiting', waits: played.waits + 1 };
    case 'resumed':
      return { ...played, status: 'open' };
    case 'resolved':
      return { ...played, status: 'resolved', resolvedAt: at };
    case 'closed':
      return { ...played, status: 'closed', closedAt: at };
    case 'reopened': {
      const { resolvedAt, closedAt, ...rest } = played;
      const waits = rest.waits + (resolvedAt === undefined ? 0 : 1);
      return { ...rest, status: 'open', waits, closures: rest.closures + (closedAt === undefined ? 0 : 1) };
    }
    case 'reprioritized':
      return { ...played, priority: event.to };
    case 'classified':
      return event.as === 'declined' ? { ...played, status: 'declined' } : played;
    case 'split':
      return { ...played, parts: played.parts + (event.tickets as unknown[]).length };
    case 'rated':
      return { ...played, score: event.score };
    default:
      return played;
  }
};

const asStored = (record: Json, missed: number): Played => ({
  status: record.status as string,
  ...{ tier: record.tier, priority: record.priority, assignee: record.assignee, answeredAt: record.answeredAt },
  ...{ resolvedAt: record.resolvedAt, closedAt: record.closedAt, unansweredSince: record.unansweredSince },
  score: (record.rating as Json | undefined)?.score,
  waits: (record.pauses as unknown[]).length,
  closures: (record.closures as unknown[]).length,
  parts: ((record.splitInto ?? []) as unknown[]).length,
  followers: ((record.followers ?? []) as unknown[]).length,
  missed,
});

const text = (played: Played): string =>
  JSON.stringify(
    Object.entries(played)
      .filter(([, value]) => value !== undefined)
      .sort(),
  );

const faultsOf = ({ ticketId, item, record, events }: TicketItems): string[] => {
  if (record === undefined || item === undefined) return [`${ticketId} has a timeline and no ticket`];
  const [opened, ...rest] = events;
  if (opened?.type !== 'opened') return [`${ticketId}: its timeline does not begin with its opening`];
  const faults: string[] = [];
  if (
    events.some(({ seq, key }, place) => seq !== place + 1 || key !== `EVENT#${String(place + 1).padStart(8, '0')}`)
  ) {
    faults.push(`${ticketId}: its timeline has a gap`);
  }
  if (record.version !== events.length || item.version?.N !== String(events.length))
    faults.push(`${ticketId} is not as old as its timeline`);
  if (events.some((event, place) => place > 0 && (event.at as string) < (events[place - 1]?.at as string)))
    faults.push(`${ticketId}: time goes back`);
  const played = rest.reduce(play, begun(opened));
  const stored = asStored(record, played.missed);
  if (text(played) !== text(stored)) faults.push(`${ticketId}: played ${text(played)}, stored ${text(stored)}`);
  const missed = (record.targets as { state: string }[]).filter(({ state }) => state === 'missed').length;
  if (missed > played.missed)
    faults.push(`${ticketId}: ${String(missed)} promises are missed, ${String(played.missed)} misses told`);
  return faults;
};

export const timelineFaults = ({ tickets }: Stored): string[] => [...tickets.values()].flatMap(faultsOf);
