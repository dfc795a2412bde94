/** What the names of charsets stand for, and the one that a page of HTML gives itself. */

/** What a charset's name stands for; nothing where nobody knows it. */
export const encodingOf = (label: string): string | undefined => {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
};

/** As far as browsers look for it, and somewhat more. */
const LONGEST_START = 4096;

const META = /<meta\s[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{1,40})/i;

/** Whether bytes are UTF-8 and more than ASCII. */
const isPlainlyUtf8 = (bytes: Uint8Array): boolean => {
  try {
    return /[^\0-\u{7f}]/u.test(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return false;
  }
};

/**
 * The charset that a page of HTML names in itself (`<meta charset>`, or in its `http-equiv`), for a part that names none. The trap: a
 * program that writes a page anew as UTF-8 may leave its old name in it, and one that could be read as ASCII so far is no UTF-16.
 */
export const charsetInMarkup = (bytes: Uint8Array): string | undefined => {
  const start = Buffer.from(bytes.subarray(0, LONGEST_START)).toString('latin1');
  const encoding = encodingOf(META.exec(start)?.[1] ?? '');
  if (encoding === undefined || encoding.startsWith('utf-16') || isPlainlyUtf8(bytes)) return undefined;
  return encoding;
};
