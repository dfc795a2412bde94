/**
 * From what SES told of a mail to what may become of it: judged by its verdicts, read, and screened. Nothing is decided here that the
 * rules do not decide, and nothing is written.
 */
import { ATTACHMENT_LIMITS } from '../../domain/mail/attachments.ts';
import { judge, screen, stop, type Stopped, type Verdicts } from '../../domain/mail/inbound.ts';
import { answerFor, type Answer } from '../../domain/mail/answer.ts';
import { readMessage, type Message } from './message.ts';
import { readRawMail } from './raw-mail.ts';
import type { MailSettings } from './settings.ts';

/** Base64 writes three bytes as four, and ends a line after 76. */
const ENCODED = (4 / 3) * (78 / 76);
/**
 * All the files that are kept of a mail, as mail carries them, and 2 MB for texts and headers: a function of this size reads it with room
 * to spare.
 */
export const LARGEST_MESSAGE_BYTES = Math.ceil(ATTACHMENT_LIMITS.bytesTogether * ENCODED) + 2 * 1024 * 1024;

export type Examined =
  | { readonly stopped: Stopped; readonly answer?: Answer | undefined; readonly message?: Message }
  | { readonly stopped?: undefined; readonly sender: string; readonly message: Message };

const isFromUs = (authors: readonly string[], { sender, replyAddresses }: MailSettings): boolean =>
  authors.some((author) => author === sender || replyAddresses?.read(author) !== undefined);

/** The stored message as it is read; or why it can't be. */
export const readStored = async (
  { store }: MailSettings,
  sesMessageId: string,
): Promise<Message | 'too-large' | 'unreadable'> => {
  const bytes = await readRawMail(store, sesMessageId, LARGEST_MESSAGE_BYTES);
  return bytes === 'too-large' ? bytes : ((await readMessage(bytes)) ?? 'unreadable');
};

/** A stored message, and what SES told of it. */
interface Stored {
  readonly sesMessageId: string;
  readonly returnPath: string;
  readonly verdicts: Verdicts;
}

/** `vouched`: a manager answers for the writer, so the verdicts count no more. Throws where the message is not stored. */
export const examine = async (
  settings: MailSettings,
  { sesMessageId, verdicts, returnPath }: Stored,
  vouched = false,
): Promise<Examined> => {
  const judged = vouched ? undefined : judge(verdicts);
  if (judged) return { stopped: judged };
  const message = await readStored(settings, sesMessageId);
  if (message === 'too-large') {
    const stopped = stop('refused', 'too-large', 'The mail is larger than the desk reads.');
    return { stopped, answer: answerFor({ ...stopped, envelope: { returnPath, spf: verdicts.spf } }) };
  }
  if (message === 'unreadable') return { stopped: stop('quarantined', 'unreadable', 'The mail can’t be read.') };
  const mail = { verdicts, returnPath, ...message, isFromUs: isFromUs(message.authors, settings) };
  const screened = screen(mail, vouched);
  return screened.outcome === 'proven' ? { sender: screened.sender, message } : { stopped: screened, message };
};
