/**
 * Sending mail: one letter, once, and not too many to one address. A letter is claimed before it is sent and recorded after SES
 * took it, so a crash in between sends it again rather than never. Sending costs two writes beside SES, and no read unless the
 * letter was claimed before.
 */
import { SendRawEmailCommand, SESClient } from '@aws-sdk/client-ses';
import type { Instant } from '../../domain/time/instant.ts';
import { type Cap, claimMail, recordMail, recordWithheld, wasMailed } from '../../store/mails.ts';
import type { Table } from '../../store/table.ts';
import { tellError, type Log } from '../log.ts';
import type { Letter } from './letter.ts';
import { rawMessage, type Writer } from './message.ts';

export interface Post {
  /**
   * Sends a letter unless it was sent before. `cause` is the event, or the day of a reminder, that it is about; `now` is the cause's
   * own moment, the same each time that it is delivered.
   */
  readonly send: (letter: Letter, cause: string, now: Instant) => Promise<void>;
  /** The same for a cause that comes at several moments, such as each day for a while; it costs a read more. */
  readonly sendOnce: (letter: Letter, cause: string, now: Instant) => Promise<void>;
}

/**
 * Of letters that only confirm something, so many go to one address in an hour: a busy hour of one customer fits in, who opens a score
 * of tickets, and two machines that answer each other stop within the hour before anybody is harmed.
 */
export const MOST_ROUTINE_LETTERS = 50;

/**
 * Of letters that must arrive, so many: a bad hour of a whole desk fits in, and still nothing that goes wrong here can fill a mailbox or
 * empty the day's quota of SES.
 */
export const MOST_IMPORTANT_LETTERS = 400;

const capOf = ({ important }: Letter): Cap =>
  important ? { kind: 'important', most: MOST_IMPORTANT_LETTERS } : { kind: 'routine', most: MOST_ROUTINE_LETTERS };

export interface PostOptions {
  /** Without it mail is off, and each letter that is not sent is logged by its cause. */
  readonly sender: string | undefined;
  readonly deskName: string;
  readonly inbound?: Writer['inbound'];
  /** By which SES tells what becomes of the mail. */
  readonly configurationSet?: string | undefined;
  readonly log: Log;
  readonly ses?: SESClient;
  /** Whether an address may be written to at all: one that bounced or complained may not. */
  readonly mayReceive?: (to: string) => Promise<boolean>;
}

const keeping = (log: Log): Post => {
  const keep: Post['send'] = (_letter, cause) => {
    log.warn('mail is off: no sender is configured', { cause });
    return Promise.resolve();
  };
  return { send: keep, sendOnce: keep };
};

/**
 * SES did not take a letter. What fails a function stands in Lambda's own log and in its dead letter, so the error of SES, which names
 * addresses, is not passed on as a cause: only what the log would say of it.
 */
export class UnsentLetterError extends Error {
  override readonly name = 'UnsentLetterError';
}

const unsent =
  (cause: string) =>
  (error: unknown): never => {
    const { name, message } = tellError(error instanceof Error ? error : new Error(String(error)));
    throw new UnsentLetterError(`SES did not take the letter about ${cause}: ${String(name)}: ${String(message)}`);
  };

/** The post office of a function. */
export const openPost = (table: Table, options: PostOptions): Post => {
  const { sender, deskName, inbound, configurationSet, log, ses = new SESClient(), mayReceive } = options;
  if (sender === undefined) return keeping(log);
  const writer: Writer = { name: deskName, address: sender, inbound };

  /** Whether a letter is to be sent now; one that is kept back is on record. */
  const claim = async (letter: Letter, cause: string, at: Instant): Promise<boolean> => {
    const mail = { cause, to: letter.to };
    if (mayReceive && !(await mayReceive(letter.to))) {
      await recordWithheld(table, { ...mail, at, withheld: 'address-stopped' });
      log.info('mail withheld: the address takes none', { cause });
      return false;
    }
    const cap = capOf(letter);
    const claimed = await claimMail(table, mail, at, cap);
    if (claimed === 'over') {
      await recordWithheld(table, { ...mail, at, withheld: 'hourly-cap' });
      log.warn('mail withheld: too many to one address in an hour', { cause, ...cap });
    }
    return claimed === 'claimed';
  };

  const send: Post['send'] = async (letter, cause, now) => {
    if (!(await claim(letter, cause, now))) return;
    const { to, ticketId } = letter;
    const Data = await rawMessage(letter, writer, cause);
    const message = new SendRawEmailCommand({
      ...{ Source: writer.address, Destinations: [to], RawMessage: { Data } },
      ConfigurationSetName: configurationSet,
    });
    const { MessageId } = await ses.send(message).catch(unsent(cause));
    await recordMail(table, { cause, to, at: now, sesMessageId: MessageId ?? '', ticketId });
  };

  return {
    send,
    sendOnce: async (letter, cause, now) => {
      if (!(await wasMailed(table, cause, letter.to))) await send(letter, cause, now);
    },
  };
};
