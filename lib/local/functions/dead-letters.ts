/**
 * Keeps what a function could not be made to take: the template's dead-letter queues, as one list. It must not know why a letter
 * is dead. Each is also said aloud in the log, because on one machine nobody watches an alarm.
 */
import type { Journal } from '../journal.ts';
import type { Log } from './sandbox.ts';

export interface DeadLetter {
  /** Absent where the template names no queue: on AWS the event would be gone. */
  readonly queueArn?: string;
  readonly body: unknown;
}

const PREFIX = 'dead-letter/';

export class DeadLetters {
  readonly #journal: Journal;
  readonly #log: Log;
  #count: number;

  constructor(journal: Journal, log: Log) {
    this.#journal = journal;
    this.#log = log;
    // By the number of the last one and not by how many there are: some may have been taken out.
    this.#count = Number(journal.entries(PREFIX).at(-1)?.[0].slice(PREFIX.length) ?? 0);
  }

  put(queueArn: string | undefined, body: unknown): void {
    this.#count += 1;
    const letter: DeadLetter = { ...(queueArn !== undefined && { queueArn }), body };
    this.#journal.set(`${PREFIX}${String(this.#count).padStart(8, '0')}`, letter);
    this.#log(`dead letter for ${queueArn ?? 'no queue'}: ${JSON.stringify(body)}`);
  }

  all(): DeadLetter[] {
    return this.#journal.entries(PREFIX).map(([, letter]) => letter as DeadLetter);
  }

  /** Those of a queue, with what each is taken out by. */
  in(queueArn: string): { readonly id: string; readonly body: unknown }[] {
    return this.#journal.entries(PREFIX).flatMap(([id, stored]) => {
      const letter = stored as DeadLetter;
      return letter.queueArn === queueArn ? [{ id, body: letter.body }] : [];
    });
  }

  /** Takes a letter out; one that is gone already is no error, as with SQS. */
  remove(id: string): void {
    if (id.startsWith(PREFIX)) this.#journal.delete(id);
  }
}
