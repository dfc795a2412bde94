/**
 * Which files of a mail are kept with its ticket, and what is said of the others. The trap: nothing is lost by a limit, because the
 * stored mail has every file, so the words about what was left out must say so.
 */

export interface MailedFile {
  readonly filename: string;
  /** In bytes. */
  readonly size: number;
  /** It is shown within the text, as a picture of a signature is. */
  readonly inline: boolean;
}

/** A file with its type and subtype, in lower case. */
export interface TypedFile extends MailedFile {
  readonly contentType: string;
}

/** What programs add to a mail for themselves, or for its writer: signatures, keys, cards, invitations and Outlook's container. */
const NO_FILE =
  /^(?:application\/(?:(?:x-)?pkcs7-\w+|pgp-\w+|ics|(?:vnd\.)?ms-tnef)|text\/(?:(?:x-)?vcard|directory|calendar))$/;

/** Whether somebody attached the file: no picture within the text, such as a logo, and nothing that a program added. */
export const isOwnFile = ({ contentType, filename, size, inline }: TypedFile): boolean =>
  size > 0 &&
  !(inline && contentType.startsWith('image/')) &&
  !NO_FILE.test(contentType) &&
  !/^winmail\.dat$/i.test(filename);

const MEGABYTE = 1024 * 1024;

/** More files than people attach by hand; files as large as SES delivers to most; together what one function holds in memory. */
export const ATTACHMENT_LIMITS = { count: 25, bytesEach: 10 * MEGABYTE, bytesTogether: 20 * MEGABYTE } as const;

export interface LeftOut {
  readonly filename: string;
  readonly size: number;
  readonly why: 'count' | 'each' | 'together';
}

export interface Selection<File> {
  /** In the order of the mail. */
  readonly kept: readonly File[];
  readonly left: readonly LeftOut[];
}

/** Files that somebody attached come before pictures within the text, where not all of them can be kept. */
export const selectFiles = <File extends MailedFile>(files: readonly File[]): Selection<File> => {
  const kept = new Set<File>();
  const left: LeftOut[] = [];
  let together = 0;
  const why = ({ size }: File): LeftOut['why'] | undefined => {
    if (size > ATTACHMENT_LIMITS.bytesEach) return 'each';
    if (kept.size >= ATTACHMENT_LIMITS.count) return 'count';
    return together + size > ATTACHMENT_LIMITS.bytesTogether ? 'together' : undefined;
  };
  for (const file of [...files.filter(({ inline }) => !inline), ...files.filter(({ inline }) => inline)]) {
    const reason = why(file);
    if (reason === undefined) {
      kept.add(file);
      together += file.size;
    } else left.push({ filename: file.filename, size: file.size, why: reason });
  }
  return { kept: files.filter((file) => kept.has(file)), left };
};

const REASONS: Readonly<Record<LeftOut['why'], string>> = {
  count: `one mail may bring ${String(ATTACHMENT_LIMITS.count)} files`,
  each: `one file may have ${String(ATTACHMENT_LIMITS.bytesEach / MEGABYTE)} MB`,
  together: `all files of a mail may have ${String(ATTACHMENT_LIMITS.bytesTogether / MEGABYTE)} MB`,
};

const UNITS = [
  { bytes: MEGABYTE, name: 'MB' },
  { bytes: 1024, name: 'kB' },
] as const;

const sizeInWords = (size: number): string => {
  const unit = UNITS.find(({ bytes }) => size >= bytes);
  return unit ? `${String(Math.round((size / unit.bytes) * 10) / 10)} ${unit.name}` : `${String(size)} bytes`;
};

/** A mail with thousands of files must not drown its own words. */
const MOST_NAMED = 10;

/** Names in plain words what was not kept; empty where all was. */
export const wordsForLeftOut = (left: readonly LeftOut[]): string => {
  if (left.length === 0) return '';
  const named = left
    .slice(0, MOST_NAMED)
    .map(({ filename, size, why }) => `- ${filename} (${sizeInWords(size)}): ${REASONS[why]}.`);
  const more = left.length > MOST_NAMED ? [`- and ${String(left.length - MOST_NAMED)} more.`] : [];
  return ['Not kept with the ticket, only in the mail as it came:', ...named, ...more].join('\n');
};
