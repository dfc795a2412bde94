/**
 * The report of a mail server about a mail that was sent before (RFC 3464), and the older kind that has one header. It says what the
 * server says, of whom and of which mail, and takes nothing for true: anybody can write such a report.
 */
import type { Attachment as Part } from 'postal-mime';
import { asLine } from '../../text/plain-text.ts';
import { bytesOf } from './attachments.ts';
import { addressesIn, idsIn, type Headers } from './headers.ts';

export interface DeliveryReport {
  readonly action: 'failed' | 'delayed' | 'other';
  /** The addresses that the action is about, in lower case. */
  readonly recipients: string[];
  /** Ids of the mail that was sent, without brackets, the surest first. */
  readonly originalMessageIds: string[];
  /** Sending it again would fail again. */
  readonly permanent: boolean;
  /** One line of the server's own words; may be empty. */
  readonly diagnosis: string;
}

const LONGEST = 100_000;
const LONGEST_DIAGNOSIS = 500;
const MOST_RECIPIENTS = 50;
const MOST_IDS = 10;

type Fields = ReadonlyMap<string, string>;

const textIn = (part: Part): string => Buffer.from(bytesOf(part).subarray(0, LONGEST)).toString();

/** Groups of `Name: value` lines between blank ones; the first of two fields of a name counts. */
const groupsIn = (text: string): Fields[] =>
  text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/\n[ \t]+(?=\S)/g, ' ')
    .split(/\n\s*\n/)
    .map((group) => {
      const fields = new Map<string, string>();
      for (const line of group.split('\n')) {
        const [, name = '', value = ''] = /^([\w-]{1,60})[ \t]*:(.*)$/.exec(line) ?? [];
        if (name !== '' && !fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), value.trim());
      }
      return fields;
    });

const field = (fields: Fields, ...names: string[]): string => names.map((name) => fields.get(name)).find(Boolean) ?? '';

/** A value such as `rfc822; ann@example.com` without its type. */
const untyped = (value: string): string => value.replace(/^\s*[\w.-]{1,40}\s*;\s*/, '');

const addressOf = (fields: Fields): string[] => {
  const value = untyped(field(fields, 'original-recipient', 'final-recipient', 'x-actual-recipient'));
  return addressesIn([value.slice(0, 1000)]);
};

const ACTIONS: readonly DeliveryReport['action'][] = ['failed', 'delayed'];

const actionOf = (fields: Fields): DeliveryReport['action'] => {
  const action = field(fields, 'action').toLowerCase();
  return ACTIONS.find((known) => action.startsWith(known)) ?? 'other';
};

const isPermanent = (fields: Fields): boolean => {
  const status = /^\s*([245])\./.exec(field(fields, 'status'))?.[1];
  const diagnosis = untyped(field(fields, 'diagnostic-code'));
  return status === undefined ? /^\s*5\d\d/.test(diagnosis) : status === '5';
};

const COPIES = [
  'message/rfc822',
  'message/global',
  'text/rfc822-headers',
  'message/rfc822-headers',
  'message/global-headers',
];

/** The ids of the mail that came back, from its own headers. */
const idsOfCopies = (parts: readonly Part[]): string[] =>
  parts
    .filter(({ mimeType }) => COPIES.includes(mimeType))
    .flatMap((part) => {
      const [headers = new Map<string, string>()] = groupsIn(textIn(part).trimStart());
      return idsIn([field(headers, 'message-id')]);
    });

const STATUS = ['message/delivery-status', 'message/global-delivery-status'];

const structured = (all: Headers, parts: readonly Part[]): DeliveryReport | undefined => {
  const status = parts.find(({ mimeType }) => STATUS.includes(mimeType));
  if (!status) return undefined;
  const groups = groupsIn(textIn(status));
  const aboutMail = groups[0] ?? new Map<string, string>();
  const recipients = groups.filter((group) => group.has('action') || group.has('final-recipient'));
  const action = [...ACTIONS, 'other' as const].find((one) => recipients.some((group) => actionOf(group) === one));
  const concerned = recipients.filter((group) => actionOf(group) === action);
  const named = idsIn([
    field(aboutMail, 'x-original-message-id'),
    ...recipients.map((one) => field(one, 'x-original-message-id')),
  ]);
  const ids = [...idsOfCopies(parts), ...named, ...idsIn(all('in-reply-to', 'references'))];
  return {
    action: action ?? 'other',
    recipients: [...new Set(concerned.flatMap(addressOf))].slice(0, MOST_RECIPIENTS),
    originalMessageIds: [...new Set(ids)].slice(0, MOST_IDS),
    permanent: action === 'failed' && concerned.some(isPermanent),
    diagnosis: asLine(
      concerned.map((one) => untyped(field(one, 'diagnostic-code', 'status'))).find(Boolean) ?? '',
      LONGEST_DIAGNOSIS,
    ),
  };
};

/** What stands before the returned mail in a report without structure, and where that begins. */
const COPY_FOLLOWS = /^-{2,40}[^\n]{0,80}(?:copy|original message|returned)/im;

const bySingleHeader = (all: Headers, text: string): DeliveryReport | undefined => {
  const recipients = addressesIn(all('x-failed-recipients'));
  if (recipients.length === 0) return undefined;
  const copyAt = text.search(COPY_FOLLOWS);
  const said = copyAt < 0 ? text : text.slice(0, copyAt);
  const ids = /^message-id:[ \t]*(<[^<>\n]{1,300}>)/im.exec(copyAt < 0 ? text : text.slice(copyAt))?.[1] ?? '';
  const diagnosis = /^.*\b5(?:\d\d[ -]|\.\d{1,3}\.\d{1,3}\b).*$/m.exec(said)?.[0] ?? '';
  return {
    action: 'failed',
    recipients: recipients.slice(0, MOST_RECIPIENTS),
    originalMessageIds: idsIn([ids, ...all('in-reply-to', 'references')]).slice(0, MOST_IDS),
    permanent: diagnosis !== '',
    diagnosis: asLine(diagnosis, LONGEST_DIAGNOSIS),
  };
};

/** What a mail reports of another; nothing where it reports nothing. */
export const reportIn = (all: Headers, parts: readonly Part[], text: string): DeliveryReport | undefined =>
  structured(all, parts) ?? bySingleHeader(all, text);
