/** The words of an invitation (RFC 5545) that has no others: what, when and where. Nothing else of a calendar is read. */
import { asLine, asProse } from '../../text/plain-text.ts';

const LONGEST = 20_000;

const FIELDS: readonly (readonly [property: string, label: string])[] = [
  ['SUMMARY', 'Invitation'],
  ['DTSTART', 'Begins'],
  ['DTEND', 'Ends'],
  ['LOCATION', 'Place'],
];

const unescaped = (value: string): string => value.replaceAll(/\\[nN]/g, '\n').replaceAll(/\\([,;\\])/g, '$1');

/** `20260302T150000Z` as people write it, with its zone where it names one. */
const readable = (value: string, parameters: string): string => {
  const [, year, month, day, hour, minute, utc] =
    /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})\d{2}(Z?))?$/.exec(value) ?? [];
  if (year === undefined) return value;
  const zone = utc === 'Z' ? ' UTC' : ` ${/TZID="?([^;:"]{1,60})/i.exec(parameters)?.[1] ?? ''}`.trimEnd();
  return `${year}-${month ?? ''}-${day ?? ''}${hour === undefined ? '' : ` ${hour}:${minute ?? ''}${zone}`}`;
};

/** What the first event of a calendar says; empty where it says nothing. */
export const wordsOfInvitation = (bytes: Uint8Array): string => {
  const text = Buffer.from(bytes.subarray(0, LONGEST)).toString();
  const unfolded = text.replaceAll(/\r\n?/g, '\n').replaceAll(/\n[ \t]/g, '');
  const lines = unfolded.slice(Math.max(0, unfolded.indexOf('BEGIN:VEVENT'))).split('\n');
  const find = (property: string): readonly [value: string, parameters: string] | undefined => {
    const pattern = new RegExp(`^${property}((?:;[^:]{0,300})?):(.*)$`, 'i');
    const found = lines.map((line) => pattern.exec(line)).find(Boolean);
    return found ? [found[2] ?? '', found[1] ?? ''] : undefined;
  };
  const described = FIELDS.flatMap(([property, label]) => {
    const found = find(property);
    const value = found ? asLine(readable(unescaped(found[0]), found[1]), 500) : '';
    return value === '' ? [] : [`${label}: ${value}`];
  });
  const more = asProse(unescaped(find('DESCRIPTION')?.[0] ?? ''), 5000);
  return [...described, ...(more === '' ? [] : ['', more])].join('\n');
};
