/**
 * Keeps what a mail brings beside the words that are shown: its files, its whole text, and which mail it was. The files are kept
 * before the transaction that refers to them; where that is never written, they lie there and nothing shows them.
 */
import { selectFiles, wordsForLeftOut } from '../../domain/mail/attachments.ts';
import { attachmentIdOf, type Attachment, type MailSource } from '../../domain/ticket/attachment.ts';
import { keepFiles } from '../../store/attachments.ts';
import type { Change } from '../../store/commit.ts';
import type { FullText } from '../../store/full-texts.ts';
import type { ObjectStore } from '../../store/links.ts';
import type { Message } from './message.ts';

interface KeptMail {
  readonly sesMessageId: string;
  readonly message: Pick<Message, 'text' | 'fullText' | 'attachments'>;
}

/** The files of a mail, with their sizes. */
export const sized = ({ attachments }: Pick<Message, 'attachments'>) =>
  attachments.map((file) => ({ ...file, size: file.content.byteLength }));

/** The words that are shown: the mail's own, and what was not kept of it. */
export const shownText = (message: KeptMail['message']): string => {
  const { left } = selectFiles(sized(message));
  return left.length === 0 ? message.text : `${message.text}\n\n${wordsForLeftOut(left)}`;
};

interface Brought {
  readonly attachments: readonly Attachment[];
  readonly mail: MailSource;
}

const opening = <Part extends Change>(change: Part, { attachments, mail }: Brought): Part => {
  const { ticket, events = [] } = change;
  // Like a field of the request: an opening without files does not name them.
  const brought = { ...(attachments.length > 0 && { attachments: [...attachments] }), mail };
  return {
    ...change,
    ...(ticket && { ticket: { ...ticket, after: { ...ticket.after, ...brought } } }),
    events: events.map((event) => (event.type === 'opened' ? { ...event, ...brought } : event)),
  };
};

/**
 * The change with what the mail brought to it: to the message that it adds, or else to the ticket that it opens. Its files have been
 * kept when this is done.
 */
export const keeping = async <Part extends Change>(
  store: ObjectStore | undefined,
  { sesMessageId, message }: KeptMail,
  change: Part,
): Promise<Part> => {
  const { kept } = selectFiles(sized(message));
  if (kept.length > 0) {
    if (!store) throw new Error('there is no place for the files of a mail');
    await keepFiles(
      store,
      sesMessageId,
      kept.map(({ content }) => content),
    );
  }
  const added = change.messages?.[0];
  const seq = added?.seq ?? 1;
  const ticketId = added?.ticketId ?? change.ticket?.after.ticketId ?? '';
  const shortened = message.fullText !== message.text;
  const fullTexts: FullText[] = shortened ? [{ ticketId, seq, text: message.fullText }] : [];
  const brought: Brought = {
    attachments: kept.map(({ filename, contentType, size }, index) => ({
      ...{ attachmentId: attachmentIdOf({ seq, number: index + 1 }), filename, contentType, size },
    })),
    mail: { sesMessageId, shortened },
  };
  if (!added) return { ...opening(change, brought), fullTexts };
  return { ...change, messages: [{ ...added, ...brought, attachments: [...brought.attachments] }], fullTexts };
};
