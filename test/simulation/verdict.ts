/**
 * Holds everything that a desk has stored, sent and started against what must be so. It owns how strict each look is: while lives go on
 * and things go wrong, what is late is only late; at the end nothing may be.
 */
import { createHash } from 'node:crypto';
import { clockFaults } from './invariants/clocks.ts';
import { ledgerFaults } from './invariants/ledgers.ts';
import { letterFaults } from './invariants/letters.ts';
import { promiseFaults } from './invariants/promises.ts';
import { referenceFaults } from './invariants/references.ts';
import { canonical, readStored } from './invariants/table.ts';
import type { Stored } from './invariants/table.ts';
import { timelineFaults } from './invariants/timelines.ts';
import type { Life } from './life.ts';
import type { World } from './world.ts';

export const MANAGERS = 'managers@desk.example.com';
const STAFF = new Set([MANAGERS, ...['ts1', 'ts2', 'ts3'].map((tier) => `${tier}@desk.example.com`)]);

export interface Verdict {
  readonly faults: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  /** A digest of the whole table. */
  readonly table: string;
}

/** One ticket for each problem that was opened, and none twice however often its opener asked. */
const openingFaults = ({ tickets }: Stored, lives: readonly Life[]): string[] => {
  const known = new Map<string, string[]>();
  for (const { ticketId, record } of tickets.values()) {
    const subject = record?.subject as string;
    known.set(subject, [...(known.get(subject) ?? []), ticketId]);
  }
  return lives.flatMap(({ subject, ticketId, acknowledged }) => {
    const found = known.get(subject) ?? [];
    if (found.length > 1) return [`${subject} was opened ${String(found.length)} times`];
    return acknowledged && found[0] !== ticketId
      ? [`${subject} was acknowledged as ${ticketId ?? ''} and is ${found[0] ?? 'not there'}`]
      : [];
  });
};

const count = (stored: Stored, type: string): number =>
  [...stored.tickets.values()].reduce(
    (sum, { events }) => sum + events.filter((event) => event.type === type).length,
    0,
  );

export interface Look {
  readonly lives: readonly Life[];
  /** So late may be what time has caused, ms. */
  readonly graceMs: number;
  readonly clocksLive: boolean;
  /** Whether nothing is under way any more. */
  readonly last: boolean;
}

export const look = async (
  { desk, postOffice }: World,
  { lives, graceMs, clocksLive, last }: Look,
): Promise<Verdict> => {
  const stored = await readStored(desk.engineEndpoint, desk.blueprint.tables[0]?.name ?? '');
  const clocks = clockFaults(stored, desk.executions(), clocksLive);
  const sends = postOffice.sends();
  const letters = letterFaults(stored, sends, MANAGERS);
  const faults = [
    ...ledgerFaults(stored),
    ...timelineFaults(stored),
    ...promiseFaults(stored, { now: desk.clock.now(), graceMs, clocksLive }),
    ...referenceFaults(stored, sends.times.keys(), STAFF),
    ...openingFaults(stored, lives),
    ...(last ? [...clocks.faults, ...letters.faults] : []),
  ];
  const { alive, swept } = clocks;
  const { due, sent, withheld, twice } = letters;
  return {
    faults,
    counts: {
      ...{
        tickets: stored.tickets.size,
        missed: count(stored, 'missed'),
        credited: count(stored, 'credited'),
      },
      ...{ openWithClock: alive, openForSweep: swept },
      ...{ lettersDue: due, lettersSent: sent, lettersWithheld: withheld, lettersTwice: twice },
    },
    table: createHash('sha256').update(stored.items.map(canonical).join('\n')).digest('hex'),
  };
};
