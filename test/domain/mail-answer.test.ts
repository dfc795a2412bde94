/** Who is told that a mail did nothing: its writer, where that is proven, and nobody else. */
import { describe, expect, it } from 'vitest';
import { answerFor, isToldAlready, type Undone } from '../../lambdas/domain/mail/answer.ts';

const refused = (more: Partial<Undone> = {}): Undone => ({
  outcome: 'refused',
  code: 'not-entitled',
  sender: 'ann@example.com',
  subject: 'Mail is stuck',
  messageId: '<1@mail.example.com>',
  ...more,
});
const unread = (spf: 'pass' | 'fail' | 'gray' | 'unknown', returnPath = 'ann@example.com', code = 'too-large') =>
  answerFor({ outcome: 'refused', code, envelope: { returnPath, spf } });

describe('the answer to a mail that did nothing', () => {
  it('goes to the writer, under the subject and the id of the mail', () => {
    expect(answerFor(refused())).toEqual({
      to: 'ann@example.com',
      subject: 'Mail is stuck',
      inReplyTo: '1@mail.example.com',
    });
  });

  it('is for refusals alone: what was ignored or waits for a person is not answered', () => {
    for (const outcome of ['ignored', 'quarantined', 'opened', 'replied']) {
      expect(answerFor(refused({ outcome }))).toBeUndefined();
    }
  });

  it('goes to nobody who is not proven', () => {
    for (const code of ['virus', 'spam', 'dmarc-reject', 'several-authors', 'no-author', 'not-entitled']) {
      expect(unread('pass', 'ann@example.com', code)).toBeUndefined();
    }
  });

  it('to a mail too large to be read goes to the envelope’s sender where SPF vouches for it', () => {
    expect(unread('pass')).toEqual({ to: 'ann@example.com', subject: '' });
    for (const spf of ['fail', 'gray', 'unknown'] as const) expect(unread(spf)).toBeUndefined();
    expect(unread('pass', '')).toBeUndefined();
  });

  it.each([
    'MAILER-DAEMON@example.com',
    'postmaster@example.com',
    'no-reply@example.com',
    'noreply@example.com',
    'do-not-reply@example.com',
    'list-bounces@example.com',
    'bounces+ann=example.com@example.net',
    'owner-list@example.com',
    'not an address',
    'a@b@example.com',
    // Mail comes from any of these, and SES sends to none.
    'änne@example.com',
    'an\u200bn@example.com',
    'an\u0000n@example.com',
    'a..b@example.com',
    'ann@example..com',
    `ann@${'b'.repeat(250)}.com`,
  ])('does not go to %s', (address) => {
    expect(unread('pass', address)).toBeUndefined();
    expect(answerFor(refused({ sender: address }))).toBeUndefined();
  });

  it.each(['nora@example.com', 'bounty@example.com', 'ownership@example.com', 'ann.bounce@example.com'])(
    'goes to %s, which is a person for all that is known',
    (address) => {
      expect(answerFor(refused({ sender: address }))?.to).toBe(address);
    },
  );

  it('keeps no word of a stranger’s mail', () => {
    expect(answerFor(refused({ code: 'stranger' }))).toEqual({
      ...{ to: 'ann@example.com', subject: '', inReplyTo: '1@mail.example.com' },
    });
  });

  it('is not given twice for the same reason within an hour, and is for another reason or later', () => {
    const before = { code: 'insufficient-credit', reason: '10 missing.', at: '2026-03-02T15:00:00.000Z' };
    const then = (more: Partial<typeof before>) => isToldAlready(before, { ...before, ...more });
    expect(then({ at: '2026-03-02T15:59:59.999Z' })).toBe(true);
    expect(then({ at: '2026-03-02T16:00:00.000Z' })).toBe(false);
    expect(then({ reason: '5 missing.' })).toBe(false);
    expect(then({ code: 'too-many' })).toBe(false);
  });

  it('leaves out an id that could write lines of its own into the head of a mail', () => {
    for (const messageId of ['a b', '<a\r\nBcc: eve@example.net>', '', `<${'x'.repeat(300)}>`, undefined]) {
      expect(answerFor(refused({ messageId }))).toEqual({ to: 'ann@example.com', subject: 'Mail is stuck' });
    }
  });
});
