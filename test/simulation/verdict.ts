/**
 * Holds everything that a desk has stored, sent and started against what must be so. It owns how strict each look is: while lives go on
 * and things go wrong, what is late is only late; at the end nothing may be.
 */
import { createHash } from 'node:crypto';
import { aboutDead } from './dead-letters.ts';
import { clockFaults } from './invariants/clocks.ts';
import { ledgerFaults } from './invariants/ledgers.ts';
import { letterFaults } from './invariants/letters.ts';
import { promiseFaults } from './invariants/promises.ts';
import { referenceFaults } from './invariants/references.ts';
import { canonical, readStored } from './invariants/table.ts';
import type { Stored } from './invariants/table.ts';
import { timelineFaults } from './invariants/timelines.ts';
import type { Life } from './life.ts';
import { engineers } from './town.ts';
import type { World } from './world.ts';

export const MANAGERS = 'managers@desk.example.com';
const TIERS = { TS1: ['ts1@desk.example.com'], TS2: ['ts2@desk.example.com'], TS3: ['ts3@desk.example.com'] };
const ENGINEERS = new Set(engineers.map(({ email }) => email));
const STAFF = new Set([MANAGERS, ...Object.values(TIERS).flat(), ...ENGINEERS]);

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

const countEntries = ({ accounts }: Stored, kind: string): number =>
  [...accounts.values()].reduce((sum, { entries }) => sum + entries.filter((entry) => entry.kind === kind).length, 0);

export interface Look {
  readonly lives: readonly Life[];
  /** So late may be what time has caused, ms. */
  readonly graceMs: number;
  /** Nothing goes wrong. */
  readonly calm: boolean;
  /** Whether nothing is under way any more. */
  readonly last: boolean;
  /** When mails were handed over again that had lain in a dead-letter queue, by the ids of SES. */
  readonly mailsHandedOver: ReadonlyMap<string, number>;
}

export const look = async (world: World, { lives, graceMs, calm, last, mailsHandedOver }: Look): Promise<Verdict> => {
  const { desk, postOffice, writtenKeys } = world;
  const stored = await readStored(desk.engineEndpoint, desk.blueprint.tables[0]?.name ?? '', writtenKeys.all());
  const [sends, dead, now] = [postOffice.sends(), aboutDead(world), desk.clock.now()];
  const clocks = clockFaults(stored, desk.executions(), { now, calm, last, untold: dead });
  const staff = { managers: MANAGERS, tiers: TIERS, engineers: ENGINEERS };
  const letters = letterFaults(stored, sends, { now, calm, last, dead, ...staff });
  const faults = [
    ...ledgerFaults(stored),
    ...timelineFaults(stored),
    ...promiseFaults(stored, { now, graceMs, clocksLive: calm, mailsHandedOver }),
    ...clocks.faults,
    ...letters.faults,
    ...referenceFaults(stored, sends.times.keys(), STAFF),
    ...openingFaults(stored, lives),
  ];
  const { due, inside, sent, withheld, twice } = letters;
  return {
    faults,
    counts: {
      ...{
        tickets: stored.tickets.size,
        missed: count(stored, 'missed'),
        credited: count(stored, 'credited'),
      },
      ...{ granted: countEntries(stored, 'grant'), expired: countEntries(stored, 'expiry') },
      reportsSent: [...stored.letters].filter(([name, { sent: went }]) => name.startsWith('report-') && went).length,
      ...{ openWithClock: clocks.alive, openForSweep: clocks.swept },
      ...{
        lettersDue: due,
        lettersToEngineers: inside,
        lettersSent: sent,
        lettersWithheld: withheld,
        lettersTwice: twice,
      },
    },
    table: createHash('sha256').update(stored.items.map(canonical).join('\n')).digest('hex'),
  };
};
