/**
 * What SES was given to send and what of it was written down, seen on the wire. A letter may go out twice where whoever sent it died before
 * its record.
 */
import type { Sends } from './invariants/letters.ts';
import type { Run } from './scheduler.ts';
import type { Call } from './world.ts';

const causeOf = (raw: string): string =>
  /^X-Makegood-Cause: (\S+)/im.exec(Buffer.from(raw, 'base64').toString('latin1'))?.[1] ?? '';

interface Put {
  readonly Item: { readonly pk: { S: string }; readonly sk: { S: string }; readonly withheld?: unknown };
}

export class PostOffice {
  readonly #times = new Map<string, number>();
  /** At which step a letter was first recorded. */
  readonly #recorded = new Map<string, number>();
  /** Who sent a letter that is not recorded yet. */
  readonly #under = new Map<string, Run>();
  readonly #needless: string[] = [];
  readonly #beside: string[] = [];

  /** Hears of a call that took effect at a step of the simulation. */
  saw({ run, operation, body }: Call, step: number): void {
    if (operation === 'SES.SendRawEmail') {
      const fields = new URLSearchParams(body);
      const name = `${causeOf(fields.get('RawMessage.Data') ?? '')} ${(fields.get('Destinations.member.1') ?? '').toLowerCase()}`;
      this.#times.set(name, (this.#times.get(name) ?? 0) + 1);
      if ((this.#recorded.get(name) ?? Infinity) < (run?.began ?? 0)) this.#needless.push(name);
      const before = this.#under.get(name);
      if (before !== undefined && before !== run && !before.over) this.#beside.push(name);
      if (run !== undefined) this.#under.set(name, run);
    } else if (operation.endsWith('.PutItem')) {
      const { pk, sk, withheld } = (JSON.parse(body) as Put).Item;
      if (!sk.S.startsWith('LETTER#') || withheld !== undefined) return;
      const name = `${sk.S.slice('LETTER#'.length)} ${pk.S.slice('MAILBOX#'.length)}`;
      if (!this.#recorded.has(name)) this.#recorded.set(name, step);
      this.#under.delete(name);
    }
  }

  sends(): Sends {
    const unwritten = new Set([...this.#under].flatMap(([name, run]) => (run.over ? [name] : [])));
    return { times: this.#times, needless: this.#needless, beside: this.#beside, unwritten };
  }
}
