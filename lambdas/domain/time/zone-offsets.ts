/**
 * The offsets of one time zone from UTC, looked up fast and in both directions. It owns what a local time means on the days
 * clocks change; it must not know calendars. The trap: asking Intl is thousands of times slower than counting,
 * so it is asked only once for each window of time, and the answers are kept.
 */
import { isZone } from './calendar.ts';
import { MILLIS_A_DAY } from './instant.ts';

/** A window of kept offsets. Long enough to be few, short enough that the first use of a zone is cheap. */
const windowMillis = 64 * MILLIS_A_DAY;
/** Offsets are compared at this distance. No zone has since 1990 changed its clocks and changed them back within weeks. */
const probeMillis = 4 * MILLIS_A_DAY;

/** A moment from which another offset holds. Both are in milliseconds; the offset is added to UTC to get local time. */
interface Change {
  readonly at: number;
  readonly offset: number;
}

/** Reads `GMT`, `GMT-03:30` or `GMT+05:53:28`, in milliseconds. */
const millisOf = (offset: string): number => {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] =
    /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(offset) ?? [];
  const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -size : size;
};

/** The offsets of one zone. Local times are milliseconds as if the local clock were UTC. */
export class ZoneOffsets {
  readonly #format: Intl.DateTimeFormat;
  readonly #windows = new Map<number, readonly Change[]>();

  /** Throws a RangeError for a name that is not in the tz database. */
  constructor(name: string) {
    if (!isZone(name)) throw new RangeError(`not an IANA time zone name: ${name}`);
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  }

  /** The offset from UTC at an instant, in milliseconds. */
  at(millis: number): number {
    const number = Math.floor(millis / windowMillis);
    let changes = this.#windows.get(number);
    if (!changes) {
      changes = this.#readWindow(number * windowMillis);
      this.#windows.set(number, changes);
    }
    let last = changes.length - 1;
    while (last > 0 && (changes[last]?.at ?? 0) > millis) last -= 1;
    return changes[last]?.offset ?? 0;
  }

  /** The local time at an instant. */
  toLocal(millis: number): number {
    return millis + this.at(millis);
  }

  /**
   * The instant of a local time. One that the clocks skip moves forward by as much as they skip, and of one that comes twice
   * the first is taken (what Temporal calls `compatible`).
   */
  toUtc(local: number): number {
    const before = this.at(local - MILLIS_A_DAY);
    const after = this.at(local + MILLIS_A_DAY);
    if (before === after) return local - before;
    if (this.at(local - before) === before) return local - before;
    if (this.at(local - after) === after) return local - after;
    return local - before;
  }

  #read(millis: number): number {
    const name = this.#format.formatToParts(millis).find(({ type }) => type === 'timeZoneName')?.value;
    return millisOf(name ?? '');
  }

  #readWindow(from: number): readonly Change[] {
    const changes: Change[] = [{ at: from, offset: this.#read(from) }];
    let offset = this.#read(from);
    for (let probe = from + probeMillis; probe <= from + windowMillis; probe += probeMillis) {
      const next = this.#read(probe);
      if (next !== offset) changes.push({ at: this.#findChange(probe - probeMillis, probe, offset), offset: next });
      offset = next;
    }
    return changes;
  }

  /** The first second in (from, to] at which the offset is no longer `offset`. */
  #findChange(from: number, to: number, offset: number): number {
    let [same, other] = [from, to];
    while (other - same > 1000) {
      const middle = same + Math.floor((other - same) / 2000) * 1000;
      if (this.#read(middle) === offset) same = middle;
      else other = middle;
    }
    return other;
  }
}

/** Every zone of the tz database fits, with its other spellings; names are validated before they come here. */
const mostZones = 1000;
const zones = new Map<string, ZoneOffsets>();

/** The offsets of a zone, shared by all calendars in it. Throws a RangeError for an unknown zone. */
export const zoneOffsets = (name: string): ZoneOffsets => {
  const known = zones.get(name);
  if (known) return known;
  const offsets = new ZoneOffsets(name);
  if (zones.size >= mostZones) zones.clear();
  zones.set(name, offsets);
  return offsets;
};
