/**
 * What is left of a person who was erased: a pseudonym where their address stood, and a mark where their words and their name stood. It
 * changes texts and nothing else: amounts, moments, numbers and the order of what happened stay whole. The trap: a record must still
 * fit its schema afterwards, so a name is looked for in prose alone, where no rule reads it.
 */
import { ULID_PATTERN } from '../ids.ts';
import { isAddress } from '../mail/inbound.ts';

/** Stands where words were. */
export const ERASED = '[erased]';

/** Somebody whose traces are erased. */
export interface Person {
  /** What stands where the address stood, from now on. */
  readonly pseudonym: string;
  /** In lower case. */
  readonly email: string;
  /** Absent where the desk has no name for the address. */
  readonly name?: string | undefined;
  /** Telephone numbers that belong to the person. */
  readonly phones?: readonly string[];
}

/** It is no address, so that nothing can ever be sent to it, and nobody can sign in with it. */
export const pseudonymOf = (id: string): string => `erased-${id}`;

const PSEUDONYM = new RegExp(`^erased-${ULID_PATTERN}$`);
export const isErased = (address: string): boolean => PSEUDONYM.test(address);

/** Whether an address is the person's, or stands for it already: what was begun and broken off is found again. */
export const isPerson = ({ email, pseudonym }: Person, address: string | undefined): boolean =>
  address?.toLowerCase() === email || address === pseudonym;

/** The fields that people fill with words of their own. */
const PROSE = new Set([
  'subject',
  'description',
  'body',
  'text',
  'reason',
  'summary',
  'comment',
  'note',
  'purpose',
  'filename',
  'preview',
]);

/** Short texts of people's own that rules read as well: the person goes out of them, and the rest stays. */
const NAMED = new Set(['category']);

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The address as a whole, and not as the end or the beginning of another. */
const addressIn = (email: string): RegExp =>
  new RegExp(`(?<![A-Za-z0-9._%+-])${literally(email)}(?![A-Za-z0-9-]|\\.[A-Za-z0-9])`, 'gi');

/** A name of several words in any case; a single one may be a word of the language too, and counts as it is written alone. */
const nameIn = (name: string): RegExp => {
  const words = name.trim().split(/\s+/);
  const flags = words.length > 1 ? 'giu' : 'gu';
  return new RegExp(`(?<![\\p{L}\\p{N}])${words.map(literally).join('\\s+')}(?![\\p{L}\\p{N}])`, flags);
};

type Rewrite = (text: string) => string;

const anywhere = (person: Person): Rewrite => {
  const address = addressIn(person.email);
  return (text) => text.replaceAll(address, person.pseudonym);
};

/** Outside prose: what is an address as a whole is the person's or another's, such as `x=ann@example.com` beside `ann@example.com`. */
const plainly = (person: Person): Rewrite => {
  const within = anywhere(person);
  return (text) => (isAddress(text) && !isPerson(person, text) ? text : within(text));
};

const inProse = (person: Person): Rewrite => {
  const { name = '', phones = [] } = person;
  const others = [
    ...(name.trim() === '' ? [] : [nameIn(name)]),
    ...phones.map((phone) => new RegExp(literally(phone), 'g')),
  ];
  const address = anywhere(person);
  return (text) => others.reduce((left, other) => left.replaceAll(other, ERASED), address(text));
};

/** Whether a text names the person. */
export const names = (person: Person, text: string): boolean => inProse(person)(text) !== text;

/**
 * A record without the person: the address becomes the pseudonym wherever it stands, and in prose the name goes too. `own`: the person
 * wrote it, so all prose in it goes, and the number to call.
 */
export const erasedRecord = <Kept>(person: Person, record: Kept, own: boolean): Kept => {
  const [plain, prose] = [plainly(person), inProse(person)];
  const rewritten = (value: unknown, field: string): unknown => {
    if (typeof value === 'string') {
      if (field === 'phone' && own) return ERASED;
      if (NAMED.has(field)) return prose(value);
      if (!PROSE.has(field)) return plain(value);
      return own && value !== '' ? ERASED : prose(value);
    }
    if (Array.isArray(value)) return value.map((one) => rewritten(one, field));
    if (typeof value !== 'object' || value === null) return value;
    const isTheirs = 'email' in value && typeof value.email === 'string' && isPerson(person, value.email);
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, key === 'name' && isTheirs ? ERASED : rewritten(part, key)]),
    );
  };
  return rewritten(record, '') as Kept;
};
