/**
 * Sending mail: one letter, once, and not too many to one address. A letter is claimed before it is sent and recorded after SES took it:
 * no two runs have it at the same moment, and a crash in between sends it again rather than never. A letter costs two writes beside SES;
 * all letters about one cause cost a read, and one that was claimed before costs more.
 */
import { SendRawEmailCommand, SESClient } from '@aws-sdk/client-ses';
import type { Instant } from '../../domain/time/instant.ts';
import { attempt } from '../../store/attempt.ts';
import { clientSettings } from '../../store/client-settings.ts';
import { type Cap, claimMail, recordMail, recordWithheld, wasMailed } from '../../store/mails.ts';
import type { Table } from '../../store/table.ts';
import { tellError, type Log } from '../log.ts';
import type { Letter } from './letter.ts';
import { rawMessage, type Writer } from './message.ts';

export interface Post {
  /**
   * Sends letters unless they were sent before, each of them whatever becomes of the others. `cause` is the event, or the day of a
   * reminder, that they are about; `now` is the cause's own moment, the same each time that it is delivered.
   */
  readonly send: (letters: readonly Letter[], cause: string, now: Instant) => Promise<void>;
  /** The same of one letter for a cause that comes at several moments, such as each day for a while; it costs a read more. */
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

/**
 * Of those, so many tell one of the vendor's addresses what the people of one account do: more than anybody reads of one customer in an
 * hour, and the queue has the rest. So who writes without end does not keep back that a promise to others falls due.
 */
export const MOST_LETTERS_OF_AN_ACCOUNT = 100;

const capOf = ({ important, doneBy }: Letter): Cap => {
  if (!important) return { kind: 'routine', most: MOST_ROUTINE_LETTERS };
  const of = doneBy === undefined ? undefined : { accountId: doneBy, most: MOST_LETTERS_OF_AN_ACCOUNT };
  return { kind: 'important', most: MOST_IMPORTANT_LETTERS, ...(of && { of }) };
};

export interface PostOptions {
  /** Without it mail is off, and each letter that is not sent is logged by its cause. */
  readonly sender: string | undefined;
  readonly deskName: string;
  readonly inbound?: Writer['inbound'];
  /** By which SES tells what becomes of the mail. */
  readonly configurationSet?: string | undefined;
  readonly log: Log;
  readonly ses?: SESClient;
  /** Which of these addresses, in lower case, may not be written to: those that bounced or complained. */
  readonly stopped?: (emails: readonly string[]) => Promise<Pick<ReadonlySet<string>, 'has'>>;
  /** The present, in ms since the epoch. */
  readonly clock?: () => number;
}

/**
 * So long SES may take for a letter: half of the time of the function with the least of it, so that the letter is written down as well.
 * One that was given up may have gone out, so the shorter this is, the more letters go out twice.
 */
export const SES_SECONDS = 15;

/** SES knows no token by which it would take a letter once, so nothing is sent again but by a claim. */
export const sesSettings = {
  ...clientSettings,
  maxAttempts: 1,
  requestHandler: { ...clientSettings.requestHandler, requestTimeout: SES_SECONDS * 1000 },
} as const;

const keeping = (log: Log): Post => {
  const sendOnce: Post['sendOnce'] = (_letter, cause) => {
    log.warn('mail is off: no sender is configured', { cause });
    return Promise.resolve();
  };
  return {
    send: async (letters, cause, now) => {
      for (const letter of letters) await sendOnce(letter, cause, now);
    },
    sendOnce,
  };
};

/**
 * SES did not take a letter, or several were not sent. What fails a function stands in Lambda's own log and in its dead letter, so the
 * error of SES, which names addresses, is not passed on as a cause: only what the log would say of it.
 */
export class UnsentLetterError extends Error {
  override readonly name = 'UnsentLetterError';
}

/** Another run has claimed a letter: whoever finds it so must try again, for that run may yet die. */
export class HeldLetterError extends Error {
  override readonly name = 'HeldLetterError';
}

const unsent =
  (cause: string) =>
  (error: unknown): never => {
    const { name, message } = tellError(error instanceof Error ? error : new Error(String(error)));
    throw new UnsentLetterError(`SES did not take the letter about ${cause}: ${String(name)}: ${String(message)}`);
  };

/** The one refusal after which a letter is sent again at once: of so many in a second SES surely did not take this one. */
const waitWhereTooFast = (error: unknown): 'stale' => {
  if (error instanceof Error && /sending rate exceeded/i.test(error.message)) return 'stale';
  throw error;
};

/** Fails at the end where one failed: nobody waits for a letter because the one to another was refused. */
export const tryEach = async <One>(all: readonly One[], work: (one: One) => Promise<void>): Promise<void> => {
  const failures: Error[] = [];
  for (const one of all) {
    await work(one).catch((error: unknown) => failures.push(error instanceof Error ? error : new Error(String(error))));
  }
  const troubles = failures.filter((failure) => !(failure instanceof HeldLetterError));
  // Where others are at all that failed here, nothing is wrong, and that is what the failure has to say.
  const [first] = troubles.length > 0 ? troubles : failures;
  if (!first) return;
  if (failures.length === 1 || troubles.length === 0) throw first;
  const { name, message } = tellError(first);
  throw new UnsentLetterError(
    `${String(failures.length)} of ${String(all.length)} failed, the first with ${String(name)}: ${String(message)}`,
  );
};

/** The post office of a function. */
export const openPost = (table: Table, options: PostOptions): Post => {
  const { sender, deskName, inbound, configurationSet, log, stopped } = options;
  const { ses = new SESClient(sesSettings), clock = Date.now } = options;
  if (sender === undefined) return keeping(log);
  const writer: Writer = { name: deskName, address: sender, inbound };

  const withholdFromStopped = async (letter: Letter, cause: string, at: Instant): Promise<void> => {
    await recordWithheld(table, { cause, to: letter.to, at, withheld: 'address-stopped' });
    log.info('mail withheld: the address takes none', { cause });
  };

  /** Whether a letter is to be sent now; one that is kept back is on record. */
  const claim = async (letter: Letter, cause: string, at: Instant): Promise<boolean> => {
    const mail = { cause, to: letter.to };
    const cap = capOf(letter);
    const claimed = await claimMail(table, mail, at, cap, clock());
    if (claimed === 'held') throw new HeldLetterError(`another run is sending the letter about ${cause}`);
    if (claimed === 'over') {
      await recordWithheld(table, { ...mail, at, withheld: 'hourly-cap' });
      log.warn('mail withheld: too many to one address in an hour', { cause, ...cap });
    }
    return claimed === 'claimed';
  };

  const sendOne = async (letter: Letter, cause: string, now: Instant): Promise<void> => {
    if (!(await claim(letter, cause, now))) return;
    const { to, ticketId } = letter;
    const Data = await rawMessage(letter, writer, cause);
    const message = new SendRawEmailCommand({
      ...{ Source: writer.address, Destinations: [to], RawMessage: { Data } },
      ConfigurationSetName: configurationSet,
    });
    const handOver = () => ses.send(message).catch(waitWhereTooFast);
    const { MessageId } = await attempt(handOver).catch(unsent(cause));
    await recordMail(table, { cause, to, at: now, sesMessageId: MessageId ?? '', ticketId });
  };

  const send: Post['send'] = async (letters, cause, now) => {
    if (letters.length === 0) return;
    const closed = await stopped?.(letters.map(({ to }) => to.toLowerCase()));
    await tryEach(letters, (letter) =>
      (closed?.has(letter.to.toLowerCase()) === true ? withholdFromStopped : sendOne)(letter, cause, now),
    );
  };

  return {
    send,
    sendOnce: async (letter, cause, now) => {
      if (!(await wasMailed(table, cause, letter.to))) await send([letter], cause, now);
    },
  };
};
