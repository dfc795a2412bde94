/**
 * The addresses by which answers find their ticket: each is signed for one ticket and one contact, so nobody can make one up, and
 * one that was passed on is worth nothing in another's hands. It knows no mail and no record. The trap: mail programs change the
 * case of addresses, so everything that is signed is compared in lower case.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { ULID_PATTERN } from '../../domain/ids.ts';

/** The domain of thread ids where the desk takes in no mail; such a domain can't exist. */
export const NO_MAIL_DOMAIN = 'makegood.invalid';

/** How the address of an answer begins. */
export const REPLY_PREFIX = 'reply+';

const TICKET_PREFIX = 'tkt_';
const ULID = ULID_PATTERN.toLowerCase();
const SIGNATURE = '[a-z2-7]{20}';
const SIGNED_ADDRESS = new RegExp(`^reply\\+(${ULID})\\.(${SIGNATURE})@(.+)$`);
const SIGNED_ID = new RegExp(`^(${ULID})\\.(${SIGNATURE})$`);
const THREAD_ID = new RegExp(`^${TICKET_PREFIX}(${ULID})@(.+)$`);

/** 100 bits: an address has room for no more, and nobody can try them out against the desk. */
const SIGNATURE_CHARACTERS = 20;
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** RFC 4648 base32 in lower case, without padding: one character for each 5 bits. */
const base32 = (bytes: Uint8Array): string =>
  [...bytes]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
    .match(/.{5}/g)
    ?.map((bits) => BASE32[Number.parseInt(bits, 2)])
    .join('') ?? '';

const sign = (secret: string, text: string): string =>
  base32(createHmac('sha256', secret).update(text).digest()).slice(0, SIGNATURE_CHARACTERS);

const isSame = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1'));

const ulidOf = (ticketId: string): string => ticketId.slice(TICKET_PREFIX.length).toLowerCase();
const ticketOf = (ulid: string): string => `${TICKET_PREFIX}${ulid.toUpperCase()}`;

/** A ticket named by something signed; whoever holds it may act for the contact that it was signed for, and for no other. */
export interface SignedTicket {
  readonly ticketId: string;
  provesFor(contact: string): boolean;
}

const signedTicket = (ulid: string, signature: string, expected: (ticketId: string, contact: string) => string) => {
  const ticketId = ticketOf(ulid);
  return { ticketId, provesFor: (contact: string) => isSame(signature, expected(ticketId, contact.toLowerCase())) };
};

export interface ReplyAddresses {
  /** The address at which this contact answers about this ticket. */
  for(ticketId: string, contact: string): string;
  /** What an address of a mail's recipient says; nothing where it is none of ours. */
  read(recipient: string): SignedTicket | undefined;
}

export const openReplyAddresses = ({ secret, mailDomain }: { secret: string; mailDomain: string }): ReplyAddresses => {
  const signature = (ticketId: string, contact: string) => sign(secret, `${ticketId}\n${contact.toLowerCase()}`);
  return {
    for: (ticketId, contact) => `${REPLY_PREFIX}${ulidOf(ticketId)}.${signature(ticketId, contact)}@${mailDomain}`,
    read: (recipient) => {
      const [, ulid, signed, domain] = SIGNED_ADDRESS.exec(recipient.toLowerCase()) ?? [];
      if (ulid === undefined || signed === undefined || domain !== mailDomain.toLowerCase()) return undefined;
      return signedTicket(ulid, signed, signature);
    },
  };
};

export interface RatingTokens {
  /** What lets this contact rate this ticket without signing in. */
  for(ticketId: string, contact: string): string;
  read(token: string): SignedTicket | undefined;
}

/** The same secret, and never the same signature: what is signed for a rating says so. */
export const openRatingTokens = (secret: string): RatingTokens => {
  const signature = (ticketId: string, contact: string) =>
    sign(secret, `rating\n${ticketId}\n${contact.toLowerCase()}`);
  return {
    for: (ticketId, contact) => `${ulidOf(ticketId)}.${signature(ticketId, contact)}`,
    read: (token) => {
      const [, ulid, signed] = SIGNED_ID.exec(token) ?? [];
      return ulid === undefined || signed === undefined ? undefined : signedTicket(ulid, signed, signature);
    },
  };
};

/** The id by which mail programs keep the letters of a ticket together, without `<` and `>`. */
export const threadIdOf = (ticketId: string, mailDomain: string = NO_MAIL_DOMAIN): string =>
  `${ticketId}@${mailDomain}`;

const SES_ID = /^([A-Za-z0-9._-]{1,200})@(?:[a-z0-9-]+\.)?amazonses\.com$/i;

/** The id that SES gave the letter which a reference names, without `<` and `>`; nothing where it is none that SES sent. */
export const sesIdIn = (reference: string): string | undefined => SES_ID.exec(reference)?.[1];

/** The ticket whose thread a reference names, without `<` and `>`; nothing where it is none of ours. It proves nothing. */
export const ticketIdInThread = (reference: string, mailDomain: string): string | undefined => {
  const [, ulid, domain] = THREAD_ID.exec(reference.trim().toLowerCase()) ?? [];
  return ulid === undefined || domain !== mailDomain.toLowerCase() ? undefined : ticketOf(ulid);
};
