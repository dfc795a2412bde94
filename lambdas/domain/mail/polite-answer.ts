/**
 * Which mails that did nothing are answered, and to whom: a refusal, and only where it is certain that the answer reaches who wrote.
 * The trap: an answer to a forged writer makes the desk a sender of unwanted mail, and a quarantined one is a manager's to answer.
 */
import type { Stop, Verdicts } from './inbound.ts';

/** To whom the desk says why nothing was done. */
export interface PoliteAnswer {
  readonly to: string;
  readonly subject: string;
  /** The id that the writer's program gave the mail, in angle brackets. */
  readonly inReplyTo?: string;
}

/** Of a stranger's mail no word is kept, its subject neither. */
const PLAIN_SUBJECT = 'Your mail';
const STRANGERS = ['stranger', 'staff'];

interface Written {
  readonly sender: string;
  readonly subject: string;
  readonly messageId?: string;
}

/** The answer to a proven writer's mail. */
export const answerTo = (
  { outcome, code }: { readonly outcome: string; readonly code: string },
  { sender, subject, messageId }: Written,
): PoliteAnswer | undefined =>
  outcome === 'refused'
    ? {
        to: sender,
        subject: STRANGERS.includes(code) ? PLAIN_SUBJECT : subject,
        ...(messageId !== undefined && { inReplyTo: messageId }),
      }
    : undefined;

/** The answer to a mail that is too large to be read: its envelope's sender is all that is known, and SPF says whether that is true. */
export const answerToUnread = (
  outcome: Stop,
  { returnPath, verdicts }: { readonly returnPath: string; readonly verdicts: Verdicts },
): PoliteAnswer | undefined =>
  outcome === 'refused' && verdicts.spf === 'pass' && /^[^\s@]+@[^\s@]+$/.test(returnPath)
    ? { to: returnPath, subject: PLAIN_SUBJECT }
    : undefined;
