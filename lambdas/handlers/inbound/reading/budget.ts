/**
 * How much of a message is read. What costs the parser is a part, and so each line that might begin one; other lines cost little, but
 * a message of nothing but line ends has many. Both are counted before the parser sees them.
 */

/** The most that SES takes in. */
const LARGEST_BYTES = 40 * 1024 * 1024;

/** More than any program writes: the parts of a mail are a few dozen. Each is worth some twenty microseconds. */
const MOST_BOUNDARIES = 22_000;
/** Encoded, the largest mail has half a million. */
const MOST_LINES = 2_000_000;

const LF = 10;
const CR = 13;
const DASH = 45;

const isBlank = (byte: number | undefined): boolean => byte === CR || byte === LF;

/** Whether a line that begins there might be a boundary. */
export const startsWithDashes = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === DASH && bytes[at + 1] === DASH;

/** A message without the blank lines before its headers, which would end them. */
export const withoutBlankStart = (message: Uint8Array): Uint8Array => {
  let start = 0;
  while (isBlank(message[start])) start += 1;
  return message.subarray(start);
};

export interface Budgeted {
  readonly bytes: Uint8Array;
  readonly isCut: boolean;
}

/** The message as far as it is read; nothing where it is larger than any mail may be. */
export const withinBudget = (bytes: Uint8Array): Budgeted | undefined => {
  if (bytes.length > LARGEST_BYTES) return undefined;
  let [lines, boundaries] = [0, 0];
  for (let from = 0; from < bytes.length;) {
    lines += 1;
    if (startsWithDashes(bytes, from)) boundaries += 1;
    if (lines > MOST_LINES || boundaries > MOST_BOUNDARIES) return { bytes: bytes.subarray(0, from), isCut: true };
    const end = bytes.indexOf(LF, from);
    from = end < 0 ? bytes.length : end + 1;
  }
  return { bytes, isCut: false };
};
