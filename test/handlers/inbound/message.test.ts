/** Reading a message: its words, whatever form they have; and any bytes at all, without an error. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMessage } from '../../../lambdas/handlers/inbound/message.ts';
import { textOfMarkup } from '../../../lambdas/handlers/text/plain-text.ts';
import { NO_MARKS } from '../../support/marks.ts';

const bytesOf = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'));

describe('a message', () => {
  it('gives its writers, signers, marks and words', async () => {
    const message = await readMessage(
      bytesOf(
        'From: =?utf-8?q?J=C3=B6rg?= <Joerg@example.com>',
        'DKIM-Signature: v=1; a=rsa-sha256;',
        ' d=Example.com; s=one; b=x',
        'Auto-Submitted: auto-replied (vacation)',
        'Precedence: BULK',
        'Message-ID: <1@example.com>',
        'Subject: =?utf-8?q?K=C3=A4se?=',
        'Content-Type: text/plain; charset=iso-8859-1',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        'Gr=FC=DFe=00',
      ),
    );
    expect(message).toEqual({
      authors: ['joerg@example.com'],
      signers: ['example.com'],
      marks: { ...NO_MARKS, autoSubmitted: ['auto-replied'], precedence: ['bulk'] },
      messageId: '<1@example.com>',
      references: [],
      cc: [],
      subject: 'Käse',
      text: 'Grüße',
      opening: 'Grüße',
      fullText: 'Grüße',
      attachments: [],
      said: 'words',
    });
  });

  it('says so where it has no subject or no text', async () => {
    expect(await readMessage(bytesOf('From: ann@example.com', '', ''))).toMatchObject({
      subject: '(no subject)',
      text: '(The mail has no text.)',
    });
  });

  it('is cut where it is too long, and says so', async () => {
    const message = await readMessage(bytesOf(`Subject: ${'s'.repeat(900)}`, '', 'x'.repeat(50_000)));
    expect(message?.subject).toHaveLength(200);
    expect(message?.text).toHaveLength(20_000);
    expect(message?.text).toMatch(/it is kept as it came\.\]$/);
  });

  it('of HTML alone becomes text', async () => {
    const message = await readMessage(
      bytesOf('Content-Type: text/html', '', '<style>p{}</style><p>Stuck &amp; <b>late</b></p><div>Caf&#233;</div>'),
    );
    expect(message?.text.split(/\s*\n\s*/)).toEqual(['Stuck & late', 'Café']);
  });

  it('with structures beyond bounds is not read', async () => {
    const open = Array.from({ length: 80 }, (_, level) => [
      `Content-Type: multipart/mixed; boundary=b${String(level)}`,
      '',
      `--b${String(level)}`,
    ]).flat();
    expect(await readMessage(bytesOf(...open, '', 'x'))).toBeUndefined();
    expect(await readMessage(bytesOf(`X: ${'x'.repeat(2_000_000)}`, '', 'x'))).toBeUndefined();
  });
});

describe('markup', () => {
  it.each([
    ['never ends', '<p'.repeat(200_000)],
    ['hides what never ends', '<style>'.repeat(60_000)],
    ['names characters without an end', '&#'.repeat(200_000)],
    ['is all space', ' '.repeat(400_000)],
  ])('that %s is read in one go', (_, html) => {
    // A step too many for each of them would take minutes, and the test's time would be over.
    expect(textOfMarkup(html).length).toBeLessThanOrEqual(html.length);
  });
});

const header = fc.constantFrom(
  'From: ',
  'Subject: =?utf-8?b?',
  'Content-Type: multipart/mixed; boundary=b',
  'Content-Type: text/html; charset=',
  'Content-Type: message/rfc822',
  'Content-Transfer-Encoding: base64',
  'DKIM-Signature: d=',
  'Message-ID: <',
  '--b',
  '--b--',
  '<style><p>&#x110000;',
  '',
);
const mailLike = fc
  .array(fc.tuple(header, fc.string({ unit: 'binary', maxLength: 30 })), { maxLength: 40 })
  .map((lines) => Buffer.from(lines.map(([start, rest]) => `${start}${rest}`).join('\r\n')));
const anyBytes = fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes));

it('no bytes make reading fail, and what is read keeps the bounds of a ticket', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(anyBytes, mailLike), async (bytes) => {
      const message = await readMessage(bytes);
      if (!message) return;
      expect(message.subject).toMatch(/^[^\p{Cc}]{1,200}$/u);
      expect(message.text.length).toBeLessThanOrEqual(20_000);
      expect(message.text.trim()).not.toBe('');
      expect(message.text).not.toMatch(/[^\P{Cc}\n\t]/u);
      expect(message.subject + message.text).toBe(Buffer.from(message.subject + message.text).toString());
      for (const author of message.authors) expect(author).toMatch(/^$|^[^@\s]+@[a-z0-9.-]+$/);
    }),
    { numRuns: 400 },
  );
});
