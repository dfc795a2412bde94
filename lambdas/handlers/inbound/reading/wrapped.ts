/**
 * The message inside a signature of S/MIME that wraps it (CMS SignedData, RFC 5652): its words are readable, they only stand in a
 * container. The signature is not checked here or anywhere: what proves a writer is what the receiving server found. The trap: the
 * container is written in several ways, with lengths before its parts or with marks behind them, so both are followed.
 */
import { bytesOf } from './attachments.ts';
import { parseMail, type Parsed } from './parse.ts';

/** pkcs7-data and pkcs7-signedData, as they stand in a container. */
const DATA = Buffer.from('06092a864886f70d010701', 'hex');
const SIGNED_DATA = Buffer.from('06092a864886f70d010702', 'hex');

const OCTETS = 0x04;
const OCTETS_IN_PARTS = 0x24;
const EXPLICIT = 0xa0;
const MOST_PIECES = 200_000;

interface Element {
  readonly tag: number;
  readonly start: number;
  /** Where its content ends; the end of all bytes where only a mark tells. */
  readonly end: number;
}

/** The element that begins there; nothing where none does. */
const elementAt = (bytes: Buffer, at: number, limit: number): Element | undefined => {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined || at + 2 > limit) return undefined;
  if (first === 0x80) return { tag, start: at + 2, end: limit };
  if (first < 0x80) return { tag, start: at + 2, end: Math.min(at + 2 + first, limit) };
  const digits = first & 0x7f;
  if (digits > 4 || at + 2 + digits > limit) return undefined;
  const start = at + 2 + digits;
  return { tag, start, end: Math.min(start + bytes.readUIntBE(at + 2, digits), limit) };
};

/** The pieces of a string of octets, from its first to a mark of its end. */
const octetsOf = (bytes: Buffer, element: Element): Buffer[] => {
  if (element.tag === OCTETS) return [bytes.subarray(element.start, element.end)];
  if (element.tag !== OCTETS_IN_PARTS) return [];
  const pieces: Buffer[] = [];
  for (let at = element.start; at < element.end && pieces.length < MOST_PIECES;) {
    const piece = elementAt(bytes, at, element.end);
    if (piece?.tag !== OCTETS) break;
    pieces.push(bytes.subarray(piece.start, piece.end));
    at = piece.end;
  }
  return pieces;
};

/** The message that a signature wraps; nothing where there is none, or where it is encrypted. */
const wrappedIn = (container: Uint8Array): Uint8Array | undefined => {
  const bytes = Buffer.from(container.buffer, container.byteOffset, container.byteLength);
  // The container says within its first bytes what it is; the first data in it is what was signed.
  const kind = bytes.indexOf(SIGNED_DATA);
  if (kind < 0 || kind > 32) return undefined;
  const data = bytes.indexOf(DATA, kind);
  const explicit = data < 0 ? undefined : elementAt(bytes, data + DATA.length, bytes.length);
  if (explicit?.tag !== EXPLICIT) return undefined;
  const octets = elementAt(bytes, explicit.start, explicit.end);
  const message = octets ? Buffer.concat(octetsOf(bytes, octets)) : undefined;
  return message && message.length > 0 ? message : undefined;
};

const CONTAINERS = ['application/pkcs7-mime', 'application/x-pkcs7-mime'];

/** The message with the texts and parts of the one that its signature wraps, where it is such a message. */
export const unwrapped = async (parsed: Parsed): Promise<Parsed> => {
  const container = parsed.parts.find(({ mimeType }) => CONTAINERS.includes(mimeType));
  const message = container && parsed.bodies.length === 0 ? wrappedIn(bytesOf(container)) : undefined;
  const inner = message && (await parseMail(message));
  if (!inner) return parsed;
  const others = parsed.parts.filter((part) => part !== container);
  const signature = { ...container, mimeType: 'application/pkcs7-signature' } as Parsed['parts'][number];
  return { ...parsed, bodies: inner.bodies, parts: [...inner.parts, ...others, signature] };
};
