/**
 * How much of a message is read. The parser's cost is mostly one of lines: one of encoded content is cheap, any other is worth ten
 * of those, and a message of nothing but line ends would take all memory there is. So lines are counted before it sees them.
 */

/** The most that SES takes in. */
const LARGEST_BYTES = 40 * 1024 * 1024;

/** What the lines of a message may cost together; about half a second's work. */
const LARGEST_COST = 90_000;
const COST = { boundary: 4, plain: 1, encoded: 0.25 } as const;

const LF = 10;
const DASH = 45;

const BASE64 = new Uint8Array(256);
for (const letter of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/='))
  BASE64[letter] = 1;

/** Encoded content comes in long lines of few letters; a look at every seventh tells it from prose. */
const looksEncoded = (bytes: Uint8Array, from: number, to: number): boolean => {
  if (to - from < 56) return false;
  for (let at = from; at < from + 56; at += 7) if (BASE64[bytes[at] ?? 0] !== 1) return false;
  return true;
};

const costOf = (bytes: Uint8Array, from: number, to: number): number => {
  if (bytes[from] === DASH && bytes[from + 1] === DASH) return COST.boundary;
  return looksEncoded(bytes, from, to) ? COST.encoded : COST.plain;
};

const isBlank = (byte: number | undefined): boolean => byte === 13 || byte === LF;

export interface Budgeted {
  readonly bytes: Uint8Array;
  readonly isCut: boolean;
}

/** A message without the blank lines before its headers, which would end them. */
export const withoutBlankStart = (message: Uint8Array): Uint8Array => {
  let start = 0;
  while (isBlank(message[start])) start += 1;
  return message.subarray(start);
};

/** The message as far as it is read; nothing where it is larger than any mail may be. */
export const withinBudget = (bytes: Uint8Array): Budgeted | undefined => {
  if (bytes.length > LARGEST_BYTES) return undefined;
  let cost = 0;
  for (let from = 0; from < bytes.length;) {
    const found = bytes.indexOf(LF, from);
    const to = found < 0 ? bytes.length : found + 1;
    cost += costOf(bytes, from, to);
    if (cost > LARGEST_COST) return { bytes: bytes.subarray(0, from), isCut: true };
    from = to;
  }
  return { bytes, isCut: false };
};
