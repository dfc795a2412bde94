/** The headers of a message, by name. The trap: any of them may come often, be endless or make no sense. */
import { authorsIn } from '../../../domain/mail/inbound.ts';
import type { Parsed } from './parse.ts';

/** Bounds what one header may cost to look through. */
const LONGEST_VALUE = 20_000;

/** The values of all headers of some names, in the order of the names and then of the message. */
export type Headers = (...names: string[]) => string[];

export const headersOf = ({ headers }: Pick<Parsed, 'headers'>): Headers => {
  const byName = new Map<string, string[]>();
  for (const { key, value } of headers) {
    const values = byName.get(key);
    if (values) values.push(value);
    else byName.set(key, [value]);
  }
  return (...names) => names.flatMap((name) => byName.get(name) ?? []);
};

/** A header's value without its parameters and comments. */
export const word = (value: string): string =>
  value
    .slice(0, 200)
    .replace(/[;(].*$/s, '')
    .trim()
    .toLowerCase();

/** A parameter of a header such as `report-type`, in lower case; empty where it has none. */
export const parameter = (value: string, name: string): string =>
  new RegExp(`;\\s*${name}\\s*=\\s*"?([^";\\s]*)`, 'i').exec(value.slice(0, LONGEST_VALUE))?.[1]?.toLowerCase() ?? '';

const LONGEST_ID = 250;
const MOST_IDS = 50;

/** The ids in the values of headers, without their brackets, newest first: each value tells them oldest first. */
export const idsIn = (values: readonly string[]): string[] => {
  const ids = values.flatMap((value) => {
    const end = value.slice(-LONGEST_VALUE);
    // Some programs leave out the brackets of a single id.
    if (/^[^\s<>]+@[^\s<>]+$/.test(end)) return [end];
    return [...end.matchAll(/<([^<>]{1,1000})>/g)].map(([, id = '']) => id.replaceAll(/\s/g, '')).reverse();
  });
  return [...new Set(ids)].filter((id) => id.length > 0 && id.length <= LONGEST_ID).slice(0, MOST_IDS);
};

const MOST_ADDRESSES = 50;

/** The plain addresses in the values of headers, in lower case. */
export const addressesIn = (values: readonly string[]): string[] =>
  [...new Set(values.flatMap(authorsIn))].filter((address) => address !== '').slice(0, MOST_ADDRESSES);

/**
 * The domain that a DKIM signature names, or an empty text where it names none, or names several. A verifier tells the tags by their case and
 * passes over those that it does not know (RFC 6376, 3.2): `D=` beside `d=` is somebody's who wants to be taken for another.
 */
export const signerIn = (signature: string): string => {
  if (signature.length > LONGEST_VALUE) return '';
  const tags = signature.split(';').map((tag) => /^\s*d\s*=(.*)$/s.exec(tag)?.[1]);
  const [domain = '', ...others] = tags.filter((named) => named !== undefined);
  return others.length === 0 ? domain.trim().toLowerCase() : '';
};
