/** Addresses and tokens that nobody can make up: each is good for one ticket and one contact, and for one purpose. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  NO_MAIL_DOMAIN,
  openRatingTokens,
  openReplyAddresses,
  threadIdOf,
  ticketIdInThread,
} from '../../../lambdas/handlers/mail/reply-address.ts';

const TICKET = 'tkt_01J9ZC2M6Q4V7R8T5X3W1Y0N2M';
const OTHER = 'tkt_01J9ZC2M6Q4V7R8T5X3W1Y0N2N';
const addresses = openReplyAddresses({ secret: 'a secret', mailDomain: 'desk.example.com' });
const tokens = openRatingTokens('a secret');

describe('a reply address', () => {
  const address = addresses.for(TICKET, 'Ann@Example.com');

  it('proves its ticket for its contact, in any case, and for nobody else', () => {
    for (const written of [address, address.toUpperCase()]) {
      const read = addresses.read(written);
      expect(read?.ticketId).toBe(TICKET);
      expect(read?.provesFor('ann@example.com')).toBe(true);
      expect(read?.provesFor('ANN@example.com')).toBe(true);
      expect(read?.provesFor('uwe@example.com')).toBe(false);
    }
  });

  it('fits into the local part of an address', () => {
    expect(address).toMatch(/^reply\+01j9zc2m6q4v7r8t5x3w1y0n2m\.[a-z2-7]{20}@desk\.example\.com$/);
    expect(address.indexOf('@')).toBeLessThanOrEqual(64);
  });

  it('is the HMAC-SHA256 of ticket and contact in base32, to the letter', () => {
    expect(address).toBe('reply+01j9zc2m6q4v7r8t5x3w1y0n2m.cwgbyyyigyfsnsg57cg7@desk.example.com');
  });

  it('proves nothing once a character of it is changed, or with another secret', () => {
    const local = address.slice(0, address.indexOf('@'));
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: local.length - 1 }),
        fc.string({ minLength: 1, maxLength: 1 }),
        (at, one) => {
          fc.pre(local[at] !== one.toLowerCase());
          const forged = `${local.slice(0, at)}${one}${local.slice(at + 1)}@desk.example.com`;
          expect(addresses.read(forged)?.provesFor('ann@example.com') ?? false).toBe(false);
        },
      ),
    );
    const elsewhere = openReplyAddresses({ secret: 'another', mailDomain: 'desk.example.com' });
    expect(elsewhere.read(address)?.provesFor('ann@example.com')).toBe(false);
  });

  it('is none where it is of another domain, or no such address at all', () => {
    const local = address.slice(0, address.indexOf('@'));
    for (const other of ['support@desk.example.com', `${local}@example.net`, local, '', `x${address}`, 'reply+@x']) {
      expect(addresses.read(other)).toBeUndefined();
    }
  });

  it('differs from ticket to ticket and from contact to contact', () => {
    const all = [TICKET, OTHER].flatMap((id) =>
      ['ann@example.com', 'uwe@example.com'].map((to) => addresses.for(id, to)),
    );
    expect(new Set(all.map((one) => one.split('.')[1])).size).toBe(4);
  });
});

describe('the token of a rating link', () => {
  it('rates its ticket for its contact only', () => {
    const read = tokens.read(tokens.for(TICKET, 'ann@example.com'));
    expect(read?.ticketId).toBe(TICKET);
    expect([read?.provesFor('Ann@example.com'), read?.provesFor('uwe@example.com')]).toEqual([true, false]);
    expect(openRatingTokens('another').read(tokens.for(TICKET, 'ann@example.com'))?.provesFor('ann@example.com')).toBe(
      false,
    );
  });

  it('is not what a reply address shows', () => {
    const shown = /\+([^@]+)@/.exec(addresses.for(TICKET, 'ann@example.com'))?.[1] ?? '';
    expect(tokens.read(shown)?.ticketId).toBe(TICKET);
    expect(tokens.read(shown)?.provesFor('ann@example.com')).toBe(false);
    const reply = `reply+${tokens.for(TICKET, 'ann@example.com')}@desk.example.com`;
    expect(addresses.read(reply)?.provesFor('ann@example.com')).toBe(false);
  });
});

describe('a thread id', () => {
  it('names its ticket, whatever mail programs do to its case, and never that of another desk', () => {
    const id = threadIdOf(TICKET, 'desk.example.com');
    expect(ticketIdInThread(id, 'desk.example.com')).toBe(TICKET);
    expect(ticketIdInThread(id.toLowerCase(), 'DESK.example.com')).toBe(TICKET);
    expect(ticketIdInThread(threadIdOf(TICKET), NO_MAIL_DOMAIN)).toBe(TICKET);
    for (const other of [threadIdOf(TICKET), threadIdOf(TICKET, 'example.net'), 'tkt_1@desk.example.com', 'x', '']) {
      expect(ticketIdInThread(other, 'desk.example.com')).toBeUndefined();
    }
  });
});
