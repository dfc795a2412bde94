/** What mails brought to tickets, over HTTP: a file is there for whoever may read its message, and for nobody else (rule EV-09). */
import { placeOf, type Attachment, type MailSource } from '../../domain/ticket/attachment.ts';
import { isMessageFor, isWholeTextFor } from '../../domain/ticket/message.ts';
import { linkToFile } from '../../store/attachments.ts';
import { readFullText } from '../../store/full-texts.ts';
import { linkTo, servedAs } from '../../store/links.ts';
import { messageOf } from '../../store/lists.ts';
import { readTogether } from '../../store/read.ts';
import { RAW_MAIL_TYPE, rawMailKey } from '../inbound/raw-mail.ts';
import { ownTicket, type Caller } from '../commands/caller.ts';
import type { Desks, Queries } from './desk.ts';
import { Problem } from '../commands/problem.ts';

/** The opening is the first event of a ticket. */
const OPENING = 1;

interface Readable {
  readonly body: string;
  readonly attachments: readonly Attachment[];
  readonly mail?: MailSource | undefined;
  /** Whether all that its mail said is for the caller too. */
  readonly isWhole: boolean;
}

/** A message, or the opening, that the caller may read. */
const readable = async (
  { table }: Desks['files'],
  caller: Caller,
  { ticketId, seq }: { ticketId: string; seq: number },
): Promise<Readable> => {
  const found = await readTogether(table, { ticketId });
  const { description: body, attachments = [], mail } = ownTicket(caller, found.ticket);
  if (seq === OPENING) return { body, attachments, mail, isWhole: true };
  const message = await messageOf(table, { ticketId, seq });
  if (!message || !isMessageFor(caller.role, message)) {
    throw new Problem('not-found', 'There is no such message.');
  }
  return { ...message, isWhole: isWholeTextFor(caller.role, message) };
};

export const fileQueries = {
  getAttachment: async (desk, { caller, params, now }) => {
    const { seq, number } = placeOf(params.attachmentId);
    const { attachments, mail } = await readable(desk, caller, { ticketId: params.ticketId, seq });
    const file = attachments.find(({ attachmentId }) => attachmentId === params.attachmentId);
    if (!file || !mail || !desk.files) throw new Problem('not-found', 'There is no such file.');
    const { filename, size } = file;
    const link = await linkToFile(desk.files.attachments, { ...mail, number }, file, now);
    return { ...link, filename, contentType: servedAs(file.contentType), size };
  },
  getMessageText: async (desk, { caller, params: { ticketId, seq } }) => {
    const { body, mail, isWhole } = await readable(desk, caller, { ticketId, seq });
    const whole = isWhole && mail?.shortened === true ? await readFullText(desk.table, { ticketId, seq }) : undefined;
    return { ticketId, seq, text: whole ?? body };
  },
  getRawMail: async (desk, { caller, params, now }) => {
    const { mail } = await readable(desk, caller, params);
    if (!mail || mail.rawErased || !desk.files) throw new Problem('not-found', 'It came in no mail that is kept.');
    const filename = `${params.ticketId}-${String(params.seq)}.eml`;
    const object = { key: rawMailKey(mail.sesMessageId), filename, contentType: RAW_MAIL_TYPE };
    return { ...(await linkTo(desk.files.mails, object, now)), filename, contentType: servedAs(RAW_MAIL_TYPE) };
  },
} satisfies Queries<'files'>;
