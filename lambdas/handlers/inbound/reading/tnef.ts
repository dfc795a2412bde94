/**
 * What Outlook packs into a `winmail.dat` (TNEF, MS-OXTNEF): plain or HTML text and the attachments. What it packs as rich text
 * stays in the file. The trap: every length in it comes from the mail, so each is held against what is there before it is used.
 */
import type { RawAttachment } from './attachments.ts';

export interface Unpacked {
  readonly plain: string;
  readonly html: string;
  readonly attachments: readonly RawAttachment[];
}

const SIGNATURE = 0x22_3e_9f_78;
const HEADER_BYTES = 6;
/** Level, tag and length before a value, and a checksum after it. */
const OVERHEAD_BYTES = 11;
const MOST_ATTRIBUTES = 5000;
const MOST_PROPERTIES = 2000;

const ATTRIBUTE = {
  body: 0x800c,
  messageProperties: 0x9003,
  attachmentBegins: 0x9002,
  attachmentData: 0x800f,
  attachmentTitle: 0x8010,
  attachmentProperties: 0x9005,
} as const;

const PROPERTY = { body: 0x1000, html: 0x1013, data: 0x3701, longName: 0x3707, type: 0x370e } as const;

/** Bytes of values that all have one length; others say theirs. */
const FIXED: Readonly<Record<number, number>> = {
  0x02: 4,
  0x03: 4,
  0x04: 4,
  0x05: 8,
  0x06: 8,
  0x07: 8,
  0x0a: 4,
  0x0b: 4,
  0x14: 8,
  0x40: 8,
  0x48: 16,
};
const VARIABLE = [0x0d, 0x1e, 0x1f, 0x102];
const UNICODE = 0x1f;
const MANY = 0x1000;

const ANSI = new TextDecoder('windows-1252');
const UTF16 = new TextDecoder('utf-16le');
const textOf = (bytes: Uint8Array, type = 0): string =>
  (type === UNICODE ? UTF16 : ANSI).decode(bytes).replaceAll('\0', '');

class Cursor {
  private at = 0;
  private readonly bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next bytes. Throws a RangeError where there are not so many. */
  take(length: number): Buffer {
    if (length > this.bytes.length - this.at) throw new RangeError('the container ends within a value');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  number16 = (): number => this.take(2).readUInt16LE();
  number32 = (): number => this.take(4).readUInt32LE();

  /** Bytes of a length that stands before them, filled up to a multiple of four. */
  takeCounted(): Buffer {
    const length = this.number32();
    const value = this.take(length);
    this.take((4 - (length % 4)) % 4);
    return value;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }
}

const skipName = (cursor: Cursor): void => {
  cursor.take(16);
  if (cursor.number32() === 0) cursor.take(4);
  else cursor.takeCounted();
};

/** The values of a property; the first is read, the others are passed over. */
const valueOf = (cursor: Cursor, type: number): Buffer => {
  const base = type & ~MANY;
  const isCounted = VARIABLE.includes(base) || (type & MANY) !== 0;
  const count = isCounted ? Math.min(cursor.number32(), MOST_PROPERTIES) : 1;
  const fixed = FIXED[base];
  if (fixed === undefined && !VARIABLE.includes(base)) throw new RangeError('a property is of an unknown type');
  const values = Array.from({ length: count }, () => (fixed === undefined ? cursor.takeCounted() : cursor.take(fixed)));
  return values[0] ?? Buffer.alloc(0);
};

type Properties = ReadonlyMap<number, { readonly bytes: Buffer; readonly text: string }>;

const propertiesIn = (bytes: Uint8Array): Properties => {
  const found = new Map<number, { bytes: Buffer; text: string }>();
  const wanted: readonly number[] = Object.values(PROPERTY);
  const cursor = new Cursor(bytes);
  try {
    const count = Math.min(cursor.number32(), MOST_PROPERTIES);
    for (let read = 0; read < count; read += 1) {
      const type = cursor.number16();
      const id = cursor.number16();
      if (id >= 0x8000) skipName(cursor);
      const value = valueOf(cursor, type);
      if (wanted.includes(id)) found.set(id, { bytes: value, text: id === PROPERTY.data ? '' : textOf(value, type) });
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return found;
};

interface Attribute {
  readonly name: number;
  readonly value: Buffer;
}

/** The attributes as far as they are whole. */
const attributesIn = (bytes: Uint8Array): Attribute[] => {
  const cursor = new Cursor(bytes);
  const attributes: Attribute[] = [];
  if (cursor.left < HEADER_BYTES || cursor.number32() !== SIGNATURE) return [];
  cursor.take(2);
  while (cursor.left >= OVERHEAD_BYTES && attributes.length < MOST_ATTRIBUTES) {
    cursor.take(1);
    const name = cursor.number32() & 0xffff;
    const length = cursor.number32();
    if (length + 2 > cursor.left) break;
    attributes.push({ name, value: cursor.take(length) });
    cursor.take(2);
  }
  return attributes;
};

/** The attributes of each attachment: each begins with one of its own. */
const byAttachment = (attributes: readonly Attribute[]): Attribute[][] => {
  const groups: Attribute[][] = [];
  for (const attribute of attributes) {
    if (attribute.name === ATTRIBUTE.attachmentBegins) groups.push([]);
    else groups.at(-1)?.push(attribute);
  }
  return groups;
};

const attachmentOf = (attributes: readonly Attribute[]): RawAttachment[] => {
  const valueOfName = (name: number) => attributes.find((one) => one.name === name)?.value;
  const properties = propertiesIn(valueOfName(ATTRIBUTE.attachmentProperties) ?? Buffer.alloc(0));
  const content = valueOfName(ATTRIBUTE.attachmentData) ?? properties.get(PROPERTY.data)?.bytes;
  if (!content) return [];
  const title = textOf(valueOfName(ATTRIBUTE.attachmentTitle) ?? Buffer.alloc(0));
  const filename = properties.get(PROPERTY.longName)?.text ?? title;
  return [{ filename, mimeType: properties.get(PROPERTY.type)?.text ?? '', content: new Uint8Array(content) }];
};

/** Unpacks a container, as far as it is whole; of anything else, nothing comes. */
export const unpack = (bytes: Uint8Array): Unpacked => {
  const attributes = attributesIn(bytes);
  const valueOfName = (name: number) => attributes.find((one) => one.name === name)?.value ?? Buffer.alloc(0);
  const properties = propertiesIn(valueOfName(ATTRIBUTE.messageProperties));
  return {
    plain: properties.get(PROPERTY.body)?.text ?? textOf(valueOfName(ATTRIBUTE.body)),
    html: properties.get(PROPERTY.html)?.text ?? '',
    attachments: byAttachment(attributes).flatMap(attachmentOf),
  };
};
