/**
 * Mail whose text is sealed. The desk holds no keys: it says in plain words what is there and keeps the sealed part as an attachment.
 * What is only signed within its text loses its frame.
 */
import type { Attachment as Part } from 'postal-mime';
import type { RawAttachment } from './attachments.ts';

export interface Opened {
  /** The text without armour; a sentence stands where something sealed stood. */
  readonly text: string;
  /** Sealed texts that stood within the text. */
  readonly attachments: readonly RawAttachment[];
}

const SEALED_TEXT = 'encrypted-message.asc';
const BEGIN = '-----BEGIN PGP ';
const ENCRYPTED = '-----BEGIN PGP MESSAGE-----';
const ENCRYPTED_END = '-----END PGP MESSAGE-----';
const SIGNED = '-----BEGIN PGP SIGNED MESSAGE-----';
const SIGNATURE = '-----BEGIN PGP SIGNATURE-----';
const SIGNATURE_END = '-----END PGP SIGNATURE-----';

const STOOD_HERE = `[A text encrypted with PGP stood here; the desk can’t read it. It is attached as ${SEALED_TEXT}.]`;

interface Span {
  readonly from: number;
  readonly to: number;
}

const spanOf = (text: string, begin: string, end: string): Span | undefined => {
  const from = text.indexOf(begin);
  if (from < 0) return undefined;
  const at = text.indexOf(end, from);
  return { from, to: at < 0 ? text.length : at + end.length };
};

/** What is signed in the clear, without its frame: a head of `Hash:` lines, dashes made safe, and the signature beneath. */
const withoutClearSignature = (text: string): string => {
  const from = text.indexOf(SIGNED);
  if (from < 0) return text;
  const signature = spanOf(text.slice(from), SIGNATURE, SIGNATURE_END);
  const inner = text.slice(from + SIGNED.length, signature && from + signature.from);
  const words = inner
    .replace(/^[^\n]*\n(?:[\w-]{1,30}: [^\n]*\n)*/, '')
    .split('\n')
    .map((line) => (line.startsWith('- ') ? line.slice(2) : line))
    .join('\n');
  return [text.slice(0, from), words, signature ? text.slice(from + signature.to) : ''].join('').trim();
};

/** Opens what of a text can be opened. */
export const openText = (text: string): Opened => {
  if (!text.includes(BEGIN)) return { text, attachments: [] };
  const span = spanOf(text, ENCRYPTED, ENCRYPTED_END);
  if (!span) return { text: withoutClearSignature(text), attachments: [] };
  const sealed = text.slice(span.from, span.to);
  return {
    text: `${text.slice(0, span.from)}${STOOD_HERE}${text.slice(span.to)}`,
    attachments: [{ filename: SEALED_TEXT, mimeType: 'application/pgp-encrypted', content: Buffer.from(sealed) }],
  };
};

const SMIME = ['application/pkcs7-mime', 'application/x-pkcs7-mime'];

/** How a mail is sealed whose text stands in one of its parts alone; nothing where it is not. */
export const sealOf = (parts: readonly Part[]): string | undefined => {
  const types = parts.map(({ mimeType }) => mimeType);
  if (types.includes('application/pgp-encrypted')) return 'The mail is encrypted with PGP; the desk can’t read it.';
  return types.some((type) => SMIME.includes(type))
    ? 'The mail is encrypted with S/MIME; the desk can’t read it.'
    : undefined;
};
