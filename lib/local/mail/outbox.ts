/**
 * The mail that the desk has sent: kept in the journal for who asks, and as files where there is a folder for them. It must not
 * know who sends. The trap: like SES it overwrites Message-ID and Date, so nobody may count on the ones they wrote.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import type { DeskClock } from '../clock.ts';
import type { Journal } from '../journal.ts';

export interface SentMail {
  readonly messageId: string;
  /** By the desk's clock. */
  readonly sentAt: string;
  readonly from: string;
  /** The addresses it went to, separated by commas. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Empty where the mail has no HTML. */
  readonly html: string;
  /** By lower-case name; a header that occurs several times has its values joined by line breaks. */
  readonly headers: Readonly<Record<string, string>>;
  /** The configuration set that it was sent with. */
  readonly configurationSet?: string;
}

export interface OutboxOptions {
  readonly journal: Journal;
  readonly clock: DeskClock;
  /** Where each mail is also put as an `.eml` file. */
  readonly folder?: string;
}

const PREFIX = 'mail/';

export class Outbox {
  readonly #options: OutboxOptions;
  #count: number;

  constructor(options: OutboxOptions) {
    this.#options = options;
    // Not how many there are: a number was given away to each letter that was lost on its way into the journal.
    this.#count = Number(options.journal.entries(PREFIX).at(-1)?.[0].slice(PREFIX.length) ?? 0);
    if (options.folder !== undefined) mkdirSync(options.folder, { recursive: true });
  }

  /** Sends a raw message to the given addresses, or else to those that it names itself. Answers SES's id of it. */
  async send(raw: Buffer, destinations: readonly string[], configurationSet?: string): Promise<string> {
    const { journal, clock, folder } = this.#options;
    const messageId = `${randomUUID()}-000000`;
    const sentAt = new Date(clock.now());
    const message = stamp(raw, messageId, sentAt);
    const mail = await PostalMime.parse(message, { forceRfc822Attachments: true });
    const named = [mail.to, mail.cc, mail.bcc].flatMap((list) => list ?? []).map(({ address }) => address ?? '');
    const number = (this.#count += 1);
    const sent: SentMail = {
      messageId,
      sentAt: sentAt.toISOString(),
      from: mail.from?.address ?? '',
      to: (destinations.length > 0 ? destinations : named.filter(Boolean)).join(', '),
      subject: mail.subject ?? '',
      text: mail.text ?? '',
      html: mail.html ?? '',
      headers: joined(mail.headers),
      ...(configurationSet !== undefined && { configurationSet }),
    };
    if (folder !== undefined) writeFileSync(join(folder, `${padded(number)}.eml`), message);
    journal.set(keyOf(number), sent);
    return messageId;
  }

  /** The latest mail that fits. */
  latest(fits: (mail: SentMail) => boolean): SentMail | undefined {
    for (let number = this.#count; number > 0; number -= 1) {
      const mail = this.#options.journal.get(keyOf(number)) as SentMail | undefined;
      if (mail !== undefined && fits(mail)) return mail;
    }
    return undefined;
  }

  /** Everything sent so far, oldest first. */
  all(): SentMail[] {
    return this.#options.journal.entries(PREFIX).map(([, mail]) => mail as SentMail);
  }
}

const padded = (number: number): string => String(number).padStart(8, '0');
const keyOf = (number: number): string => PREFIX + padded(number);

/** Replaces Message-ID and Date in the head of a message; a folded line goes with its header. */
function stamp(raw: Buffer, messageId: string, sentAt: Date): Buffer {
  const text = raw.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length;
  const head = text
    .slice(0, end)
    .split(/\r?\n(?![ \t])/)
    .filter((line) => !/^(message-id|date)\s*:/i.test(line));
  const own = [
    `Message-ID: <${messageId}@email.amazonses.com>`,
    `Date: ${sentAt.toUTCString().replace('GMT', '+0000')}`,
  ];
  return Buffer.from([...head, ...own].join('\r\n') + text.slice(end), 'latin1');
}

function joined(headers: readonly { key: string; value: string }[]): Record<string, string> {
  const byName = new Map<string, string>();
  for (const { key, value } of headers) {
    const before = byName.get(key);
    byName.set(key, before === undefined ? value : `${before}\n${value}`);
  }
  return Object.fromEntries(byName);
}
