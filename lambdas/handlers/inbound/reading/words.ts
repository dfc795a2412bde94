/**
 * The words of a mail, whole: its texts in their order, each in the form that reads best, then those of the mails attached to it.
 * Where there are none it says what is there instead, so that nobody ever sees an empty ticket.
 */
import { decodeWords, type Attachment as Part } from 'postal-mime';
import { asLine } from '../../text/plain-text.ts';
import {
  attachmentFrom,
  attachmentsIn,
  bytesOf,
  MOST_ATTACHMENTS,
  type Attachment,
  type RawAttachment,
} from './attachments.ts';
import { wordsOfInvitation } from './calendar.ts';
import { headersOf } from './headers.ts';
import { textOfHtml } from './markup.ts';
import { parseMail, type Body, type Parsed } from './parse.ts';
import { isReadable } from './readable.ts';
import { withoutSigns } from './quotes.ts';
import { openText, sealOf } from './sealed.ts';
import { unpack } from './tnef.ts';

export const LONGEST_FULL_TEXT = 100_000;

/** A text of HTML is costly to read: the parts that a mail is made of are far fewer. */
const MOST_MARKUP_PARTS = 10;
/** A text may begin with much that is not shown. */
const LONGEST_PART = 4 * LONGEST_FULL_TEXT;
const MOST_MAILS_WITHIN = 3;
const LARGEST_MAIL_WITHIN = 5 * 1024 * 1024;
const LARGEST_CONTAINER = 25 * 1024 * 1024;

/** A plain form that only says that the other one is to be read. */
const isStub = (plain: string): boolean => plain.length < 400 && /\bhtml\b/i.test(plain);

/** The texts of bodies, one after another, as far as they count. */
const textOfBodies = (bodies: readonly Body[]): string => {
  const texts: string[] = [];
  let [length, markupParts] = [0, 0];
  for (const { plain: whole, html } of bodies) {
    if (length > LONGEST_FULL_TEXT) break;
    const plain = whole.slice(0, LONGEST_PART);
    const isPlainEnough = isReadable(plain) && !(isStub(plain) && html.length > plain.length);
    let text = plain;
    if (!isPlainEnough && html !== '' && (markupParts += 1) <= MOST_MARKUP_PARTS) text = textOfHtml(html);
    if (!isReadable(text)) text = isReadable(plain) ? plain : '';
    if (text !== '') texts.push(text.trimEnd().replace(/^(?:[ \t]*\r?\n)+/, ''));
    length += text.length;
  }
  return texts.join('\n\n');
};

const isMail = ({ mimeType }: Part): boolean => mimeType === 'message/rfc822';

/** The words of a mail that is attached to another one, under a head that says whose they are. */
const wordsOfMailWithin = async (part: Part): Promise<string> => {
  const bytes = bytesOf(part);
  const parsed = bytes.length > LARGEST_MAIL_WITHIN ? undefined : await parseMail(bytes);
  if (!parsed) return '';
  const all = headersOf(parsed);
  const head = [
    ['From', ...all('from')],
    ['Date', ...all('date')],
    ['Subject', ...all('subject')],
  ].flatMap(([name = '', value]) => (value === undefined ? [] : [`${name}: ${asLine(decoded(value), 500)}`]));
  const words = withoutSigns(textOfBodies(parsed.bodies));
  return ['---------- Attached message ----------', ...head, '', words].join('\n');
};

const LONGEST_HEADER = 20_000;

/** A header's text, with what it says in other charsets. */
export const decoded = (value = ''): string => decodeWords(value.slice(0, LONGEST_HEADER));

const mailsWithin = async (parts: readonly Part[]): Promise<string> => {
  const words = [];
  for (const part of parts.filter(isMail).slice(0, MOST_MAILS_WITHIN)) words.push(await wordsOfMailWithin(part));
  return words.filter((one) => one !== '').join('\n\n');
};

const isContainer = ({ mimeType, filename, content }: Part): boolean =>
  (mimeType === 'application/ms-tnef' ||
    mimeType === 'application/vnd.ms-tnef' ||
    /^winmail\.dat$/i.test(filename ?? '')) &&
  bytesOf({ content }).length <= LARGEST_CONTAINER;

const NAMED_IN_NOTICE = 10;

const noticeOf = (reason: string, attachments: readonly Attachment[]): string => {
  const names = attachments.slice(0, NAMED_IN_NOTICE).map(({ filename }) => filename);
  const more = attachments.length > names.length ? ` and ${String(attachments.length - names.length)} more` : '';
  return `(${reason}${names.length === 0 ? '' : ` Attached: ${names.join(', ')}${more}.`})`;
};

const NO_TEXT = 'The mail has no text.';
const KEPT = 'It is kept as it came.';

/** Why nobody can read a mail that has no text: what is there instead. */
const reasonFor = (parts: readonly Part[], hasContainer: boolean): string => {
  if (hasContainer)
    return `The mail’s text is in a file of Outlook’s own kind (winmail.dat); the desk can’t read it. ${KEPT}`;
  const isInvitation = parts.some(({ mimeType }) => mimeType === 'text/calendar' || mimeType === 'application/ics');
  return isInvitation ? `The mail is an invitation. ${NO_TEXT}` : NO_TEXT;
};

export interface Words {
  /** What the writer's own text says, quotes included, with the signs of those that are surely such; may be empty. */
  readonly own: string;
  /** What mails attached to it say; may be empty. */
  readonly within: string;
  /** What is to be said of the mail beside its texts, or in their place; may be empty. */
  readonly notice: string;
  readonly attachments: readonly Attachment[];
  /** Some of its text, or all, is in a form that the desk can't read. */
  readonly isSealed: boolean;
}

const invitationIn = (parts: readonly Part[]): string => {
  const part = parts.find(({ mimeType }) => mimeType === 'text/calendar' || mimeType === 'application/ics');
  return part ? wordsOfInvitation(bytesOf(part)) : '';
};

/** Reads all words of a mail. `broken` is its body as it came, for a mail whose parts can't be told apart. */
export const wordsOf = async ({ bodies, parts, isCut }: Parsed, broken: () => string): Promise<Words> => {
  const containers = parts
    .filter(isContainer)
    .slice(0, 2)
    .map((part) => unpack(bytesOf(part)));
  const texts = textOfBodies([
    ...bodies,
    ...(bodies.some(({ plain, html }) => isReadable(plain) || isReadable(html)) ? [] : containers),
  ]);
  const { text, attachments: sealedTexts } = openText(texts);
  const packed: RawAttachment[] = [...sealedTexts, ...containers.flatMap(({ attachments }) => attachments)];
  const own = isReadable(text) ? text : bodies.length + parts.length === 0 ? broken() : invitationIn(parts);
  const attachments = attachmentsIn(parts);
  attachments.push(...packed.map((raw, at) => attachmentFrom(raw, attachments.length + at + 1)));
  const within = await mailsWithin(parts);
  const seal = sealOf(parts);
  const isSilent = !isReadable(own) && !isReadable(within);
  const reason = seal === undefined ? (isSilent ? reasonFor(parts, containers.length > 0) : '') : `${seal} ${KEPT}`;
  const isSealed = seal !== undefined || sealedTexts.length > 0 || (isSilent && containers.length > 0);
  const notices = [
    reason === '' ? '' : noticeOf(reason, attachments),
    parts.length > MOST_ATTACHMENTS
      ? `[Of its attachments the first ${String(MOST_ATTACHMENTS)} are read. ${KEPT}]`
      : '',
    isCut ? '[The mail is longer than the desk reads; it is kept as it came.]' : '',
  ];
  return { own, within, notice: notices.filter((one) => one !== '').join('\n\n'), attachments, isSealed };
};
