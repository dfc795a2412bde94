/**
 * The addresses that answers come back to: each names a ticket and is signed for the one person it was given to. The trap: whoever
 * reads a mail sees its reply address, so the signature proves the thread and never the writer.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface ReplyAddresses {
  /** The address to which this person answers about this ticket. */
  readonly for: (ticketId: string, contact: string) => string;
  /** What an address says, or nothing where it is no reply address of this desk. */
  readonly read: (recipient: string) => { ticketId: string; provesFor(contact: string): boolean } | undefined;
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
/** A hundred bits; with `reply+` and the ticket the local part stays below the 64 characters that mail allows. */
const SIGNATURE_CHARACTERS = 20;

const base32 = (bytes: Uint8Array): string => {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => BASE32[Number.parseInt(five, 2)]).join('');
};

export const openReplyAddresses = ({ secret, mailDomain }: { secret: string; mailDomain: string }): ReplyAddresses => {
  const sign = (ticketId: string, contact: string): string =>
    base32(createHmac('sha256', secret).update(`${ticketId}\n${contact.toLowerCase()}`).digest()).slice(
      0,
      SIGNATURE_CHARACTERS,
    );
  return {
    for: (ticketId, contact) =>
      `reply+${ticketId.replace(/^tkt_/, '').toLowerCase()}.${sign(ticketId, contact)}@${mailDomain}`,
    read: (recipient) => {
      const [, ulid, signature, domain] =
        /^reply\+([0-9a-hjkmnp-tv-z]{26})\.([a-z2-7]{20})@([^@]+)$/.exec(recipient.toLowerCase()) ?? [];
      if (ulid === undefined || signature === undefined || domain !== mailDomain.toLowerCase()) return undefined;
      const ticketId = `tkt_${ulid.toUpperCase()}`;
      return {
        ticketId,
        provesFor: (contact) => timingSafeEqual(Buffer.from(sign(ticketId, contact)), Buffer.from(signature)),
      };
    },
  };
};

/** The ticket that a reference of this desk's own names: `tkt_…@desk.example.com`. */
export const ticketIdInThread = (reference: string, mailDomain: string): string | undefined => {
  const [, ticketId, domain] = /^(tkt_[0-9A-HJKMNP-TV-Z]{26})@([^@]+)$/.exec(reference) ?? [];
  return domain?.toLowerCase() === mailDomain.toLowerCase() ? ticketId : undefined;
};
