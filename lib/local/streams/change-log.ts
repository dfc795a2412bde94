/**
 * The streams of the template's tables: notes what each request to the engine writes, in the order of its answers, for the mappings whose
 * filter may want it. It must not know what becomes of a record. The engine's own streams are not used, because each write to a table costs
 * the engine a walk over all that its stream ever held. The trap: a write is noted before it is sent, so a desk that is killed in between
 * asks the table what came of it; and what others write to the engine by themselves is not seen.
 */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { JsonClient } from '../aws/json-client.ts';
import type { Journal } from '../journal.ts';
import { UNKNOWN } from '../pattern.ts';
import type { MappingPlan } from '../template/eventing.ts';
import type { TablePlan } from '../template/table-plan.ts';
import { isWrite, writesOf } from './writes.ts';
import type { Item, Write } from './writes.ts';

export type EventName = 'INSERT' | 'MODIFY' | 'REMOVE';

/** A record as DynamoDB gives it, less what only AWS knows. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: EventName;
  readonly dynamodb: {
    readonly Keys: Item;
    readonly NewImage?: Item;
    readonly SequenceNumber: string;
    readonly StreamViewType: string;
  };
}

/** An answer of the engine, as far as it says what came of a request. */
export interface EngineAnswer {
  readonly statusCode: number;
  readonly body: Uint8Array;
}

const noteSchema = z.object({
  mapping: z.string(),
  table: z.string(),
  key: z.record(z.string(), z.unknown()),
  eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
});
type Note = z.infer<typeof noteSchema> & {
  /** Counts up with the order in which records come; a note that is not written yet has the number of its request. */
  number: number;
  image?: Item | undefined;
  state: 'asked' | 'unsure' | 'written' | 'taken';
};

export interface ChangeLogOptions {
  readonly mappings: readonly MappingPlan[];
  readonly tables: readonly TablePlan[];
  /** Asks the engine for an item. */
  readonly call: JsonClient;
  readonly journal: Journal;
}

const PREFIX = 'stream/';
const unprocessedSchema = z.looseObject({ UnprocessedItems: z.record(z.string(), z.unknown()).default({}) });

export class ChangeLog {
  readonly #options: ChangeLogOptions;
  readonly #notes = new Set<Note>();
  #last: number;

  constructor(options: ChangeLogOptions) {
    this.#options = options;
    for (const [key, kept] of options.journal.entries(PREFIX)) {
      const note = noteSchema.safeParse(kept).data;
      // Former desks kept here how far they had read the engine's own stream.
      if (note === undefined) options.journal.delete(key);
      else this.#notes.add({ ...note, number: Number(key.slice(PREFIX.length)), state: 'unsure' });
    }
    // Above every number of a former run, of which nothing may be left.
    this.#last = Date.now() * 1000;
  }

  /** Sends a request to the engine and notes what it writes. Passes on the answer, or the error with which there was none. */
  async around<T extends EngineAnswer>(operation: string, body: string, send: () => Promise<T>): Promise<T> {
    const notes = isWrite(operation) ? await this.#expected(writesOf(operation, body, this.#options.tables)) : [];
    if (notes.length === 0) return send();
    for (const note of notes) this.#keep(note);
    try {
      const answer = await send();
      await this.#conclude(notes, answer);
      return answer;
    } catch (error) {
      for (const note of notes) if (note.state === 'asked') note.state = 'unsure';
      throw error;
    }
  }

  /** The records that a mapping has not been given, in order; where it is not known whether one was written, the table is asked. */
  async take(mapping: string): Promise<StreamRecord[]> {
    const own = [...this.#notes].filter((note) => note.mapping === mapping);
    const settled = new Set<string>();
    for (const note of own) {
      if (note.state !== 'unsure') continue;
      // Two requests may have asked to write one item, and nobody heard which of them the engine refused.
      const item = JSON.stringify([note.table, note.key]);
      if (settled.has(item)) this.#drop(note);
      else await this.#settle(note);
      settled.add(item);
    }
    const written = own.filter(({ state }) => state === 'written').sort((a, b) => a.number - b.number);
    for (const note of written) note.state = 'taken';
    return written.map((note) => this.#recordOf(note));
  }

  /** Forgets the records of a mapping up to this one: it is done with them. */
  forget(mapping: string, sequenceNumber: string): void {
    for (const note of this.#notes) {
      if (note.mapping === mapping && note.state === 'taken' && sequenceOf(note) <= sequenceNumber) this.#drop(note);
    }
  }

  /** Notes of what a request may write, for each mapping that may want it. */
  async #expected(writes: readonly Write[]): Promise<Note[]> {
    const notes: Note[] = [];
    for (const write of writes) {
      for (const plan of this.#options.mappings) {
        if (plan.tableName !== write.table || !mayWant(plan, write, UNKNOWN)) continue;
        const eventName = await this.#eventName(write);
        if (!mayWant(plan, write, eventName)) continue;
        const { table, key, image } = write;
        notes.push({ mapping: plan.id, table, key, image, eventName, number: this.#next(), state: 'asked' });
      }
    }
    return notes;
  }

  async #eventName({ table, key, removes, isNew }: Write): Promise<EventName> {
    if (removes) return 'REMOVE';
    return isNew || (await this.#read(table, key)) === undefined ? 'INSERT' : 'MODIFY';
  }

  async #conclude(notes: readonly Note[], { statusCode, body }: EngineAnswer): Promise<void> {
    const refused = statusCode >= 400 && statusCode < 500;
    const whole =
      statusCode === 200 &&
      Object.keys(unprocessedSchema.parse(JSON.parse(Buffer.from(body).toString('utf8'))).UnprocessedItems).length ===
        0;
    for (const note of notes) {
      if (refused) this.#drop(note);
      else if (whole && (note.image !== undefined || note.eventName === 'REMOVE')) this.#write(note);
      else note.state = 'unsure';
      if (whole && note.state === 'unsure') await this.#settle(note);
    }
  }

  /** The image is as the item stands now, perhaps after a later write, whose own record follows. */
  async #settle(note: Note): Promise<void> {
    const item = await this.#read(note.table, note.key);
    if ((item === undefined) !== (note.eventName === 'REMOVE')) {
      this.#drop(note);
      return;
    }
    note.image = item;
    if (this.#planOf(note)?.matches(this.#recordOf(note)) === true) this.#write(note);
    else this.#drop(note);
  }

  /** Its place in the order is the moment at which it is known to be written. */
  #write(note: Note): void {
    const before = journalKey(note);
    note.number = this.#next();
    note.state = 'written';
    this.#keep(note);
    // A desk that is killed between the two delivers the record twice, and not never.
    this.#options.journal.delete(before);
  }

  #keep(note: Note): void {
    this.#notes.add(note);
    const { mapping, table, key, eventName } = note;
    this.#options.journal.set(journalKey(note), { mapping, table, key, eventName });
  }

  #drop(note: Note): void {
    this.#notes.delete(note);
    this.#options.journal.delete(journalKey(note));
  }

  #recordOf(note: Note): StreamRecord {
    const { eventName, key: Keys, image } = note;
    const StreamViewType = 'NEW_IMAGE';
    const dynamodb = { Keys, ...(image && { NewImage: image }), SequenceNumber: sequenceOf(note), StreamViewType };
    return { eventID: randomUUID(), eventName, dynamodb };
  }

  #planOf({ mapping }: Note): MappingPlan | undefined {
    return this.#options.mappings.find(({ id }) => id === mapping);
  }

  async #read(table: string, key: Item): Promise<Item | undefined> {
    const answer = await this.#options.call('GetItem', { TableName: table, Key: key, ConsistentRead: true });
    return z.looseObject({ Item: z.record(z.string(), z.unknown()).optional() }).parse(answer).Item;
  }

  #next(): number {
    return (this.#last += 1);
  }
}

const mayWant = (plan: MappingPlan, { key, image, removes }: Write, eventName: EventName | typeof UNKNOWN): boolean =>
  plan.matches({ eventName, dynamodb: { Keys: key, NewImage: removes ? undefined : (image ?? UNKNOWN) } });

const journalKey = ({ number }: Note): string => `${PREFIX}${String(number).padStart(17, '0')}`;

/** Digits of one length, as AWS's are, so that they sort as text. */
const sequenceOf = ({ number }: Note): string => `1${String(number).padStart(20, '0')}`;
