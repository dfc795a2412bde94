/**
 * From letter to message: the bytes that SES sends. Headers say that no person wrote it, which ticket it is about, and where
 * answers go. It reads and writes no record. The trap: names and subjects come from people, so every header's text passes
 * `headerText`, and the composer encodes what is left.
 */
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { headerText, htmlText, plainText } from './body.ts';
import { CAUSE_HEADER, type Letter } from './letter.ts';
import { openReplyAddresses, threadIdOf } from './reply-address.ts';

/** The desk as it writes letters. */
export interface Writer {
  /** How the desk calls itself, and the address that SES knows it by. */
  readonly name: string;
  readonly address: string;
  /** Where the desk takes in mail, and what it signs the addresses there with; absent where it takes in none. */
  readonly inbound?: { readonly mailDomain: string; readonly secret: string } | undefined;
}

/** Says to other machines that no person wrote this, so that they do not answer it. */
const AUTOMATIC = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };

interface Mailbox {
  readonly name: string;
  readonly address: string;
}

const mailbox = (name: string, address: string): Mailbox => ({ name: headerText(name), address: headerText(address) });

/** Where answers go: to the person in whose name it is written, or else to the ticket. Absent: to the sender. */
const replyTo = ({ to, from, ticketId }: Letter, { name, inbound }: Writer): Mailbox | undefined => {
  if (from) return mailbox(from.name, from.email);
  if (!inbound || ticketId === undefined) return undefined;
  return mailbox(name, openReplyAddresses(inbound).for(ticketId, to));
};

/** What keeps a letter with those it belongs to: the mail that it answers, or else the ticket. */
const thread = (
  { ticketId, inReplyTo }: Letter,
  { inbound }: Writer,
): { references?: string[]; inReplyTo?: string } => {
  const own = ticketId === undefined ? [] : [threadIdOf(ticketId, inbound?.mailDomain)];
  const ids = [...own, ...(inReplyTo === undefined ? [] : [inReplyTo.replace(/[\s<>]/g, '')])];
  const references = ids.map((id) => `<${headerText(id)}>`);
  const answered = references.at(-1);
  return answered === undefined ? {} : { references, inReplyTo: answered };
};

/** The address is always the desk's, which SES knows; a person's name may stand before it. `cause` is what the letter is about. */
export const rawMessage = (letter: Letter, writer: Writer, cause: string): Promise<Buffer> => {
  const { to, subject, title = subject, body, from, attachment } = letter;
  const answersTo = replyTo(letter, writer);
  return new MailComposer({
    from: mailbox(from?.name ?? writer.name, writer.address),
    to: mailbox('', to),
    ...(answersTo && { replyTo: answersTo }),
    subject: headerText(subject),
    text: plainText(body),
    html: htmlText(title, body),
    // Keeps the words as they are: no line of the text is folded or joined on the way.
    textEncoding: 'quoted-printable',
    ...(attachment && { attachments: [{ ...attachment }] }),
    ...thread(letter, writer),
    headers: { ...AUTOMATIC, [CAUSE_HEADER]: headerText(cause) },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
};
