/**
 * Sending mail: one letter, once. A record per cause and recipient says that it went out; it is written after SES took the mail,
 * so a crash in between sends it again rather than never.
 */
import { SendRawEmailCommand, SESClient } from '@aws-sdk/client-ses';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import type { Instant } from '../../domain/time/instant.ts';
import { recordMail, wasMailed } from '../../store/mails.ts';
import type { Table } from '../../store/table.ts';
import type { Log } from '../log.ts';
import type { Letter } from './letters.ts';

export interface Post {
  /** Sends a letter unless it was sent before. `cause` is the event, or the day of a reminder, that it is about. */
  readonly send: (letter: Letter, cause: string, now: Instant) => Promise<void>;
}

/** Says to other machines that no person wrote this, so that they do not answer it. */
const AUTOMATIC = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };

/** The address is always the desk's, which SES knows; a person's name may stand before it, and answers go to that person. */
const rawMessage = (
  { to, subject, text, from: person, attachment, inReplyTo }: Letter,
  desk: { name: string; address: string },
  cause: string,
): Promise<Buffer> =>
  new MailComposer({
    from: person ? { name: person.name, address: desk.address } : desk,
    ...(person && { replyTo: { name: person.name, address: person.email } }),
    to,
    subject,
    text,
    ...(inReplyTo !== undefined && { inReplyTo: `<${inReplyTo}>`, references: [`<${inReplyTo}>`] }),
    ...(attachment && { attachments: [{ ...attachment }] }),
    headers: { ...AUTOMATIC, 'X-Makegood-Cause': cause },
  })
    .compile()
    .build();

interface Sender {
  readonly from: { readonly name: string; readonly address: string };
  readonly log: Log;
  readonly ses: SESClient;
  /** By which SES tells what becomes of the mail. */
  readonly configurationSet?: string | undefined;
  /** Whether mail goes to an address; a letter to any other is left unsent. */
  readonly mayReceive: (to: string) => Promise<boolean>;
}

const sending = (table: Table, { from, log, ses, configurationSet, mayReceive }: Sender): Post => ({
  send: async (letter, cause, now) => {
    if (await wasMailed(table, cause, letter.to)) return;
    if (!(await mayReceive(letter.to))) {
      log.warn('not mailed: mail to the address has stopped', { cause });
      return;
    }
    const Data = await rawMessage(letter, from, cause);
    const { MessageId } = await ses.send(
      new SendRawEmailCommand({
        ...{ Source: from.address, Destinations: [letter.to], RawMessage: { Data } },
        ConfigurationSetName: configurationSet,
      }),
    );
    await recordMail(table, { cause, to: letter.to, at: now, sesMessageId: MessageId ?? '' });
  },
});

const keeping = (log: Log): Post => ({
  send: (_letter, cause) => {
    log.warn('mail is off: no sender is configured', { cause });
    return Promise.resolve();
  },
});

/** The post office of a function. Without a sender mail is off and each letter that is not sent is logged by its cause. */
export const openPost = (
  table: Table,
  {
    sender,
    deskName,
    log,
    ses = new SESClient(),
    mayReceive = () => Promise.resolve(true),
    configurationSet,
  }: { sender: string | undefined; deskName: string; ses?: SESClient; mayReceive?: Sender['mayReceive'] } & Pick<
    Sender,
    'log' | 'configurationSet'
  >,
): Post =>
  sender === undefined
    ? keeping(log)
    : sending(table, { from: { name: deskName, address: sender }, log, ses, configurationSet, mayReceive });
