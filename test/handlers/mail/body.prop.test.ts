/** The two forms of a letter, whatever people typed: the same words, nothing but the desk's own elements, and no header made up. */
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { type Block, cleanLine, cleanText, htmlText, plainText } from '../../../lambdas/handlers/mail/body.ts';
import { writeLetter } from '../../../lambdas/handlers/mail/letter.ts';
import { rawMessage } from '../../../lambdas/handlers/mail/message.ts';

const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc
    .array(
      fc.constantFrom(
        ...['<', '>', '&', '"', "'", '&lt;', '</p>', '<script>', '<img src=x onerror=y>', '<!--', ']]>', 'javascript:'],
        ...['\r\n', '\n', '\r', '\0', '\u{1b}', '\u{2028}', '\u{202e}', '\u{2066}', '\u{d800}', '\u{fffe}', '\t', ' '],
        ...['Bcc: mallory@example.net', 'Subject: x', '=?UTF-8?Q?=0D=0ABcc:?=', '- ', 'ä', '日本', '🙂', ':', ',', ';'],
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join('')),
);
const url = fc.constantFrom('https://desk.example.com/v1/ratings/abc', 'http://127.0.0.1:1/x');
const block: fc.Arbitrary<Block> = fc.oneof(
  nasty,
  fc.record({ lead: nasty, items: fc.array(nasty, { minLength: 1, maxLength: 3 }) }),
  fc.record({ words: nasty, url }),
);
const body = fc.array(block, { minLength: 1, maxLength: 5 });

/** Every tag that a letter may have, to the letter: no attribute that anybody typed. */
const OURS =
  /<!doctype html>|<\/?(?:html|head|body|title|ul|p|li|h1|a|br)>|<html lang="en">|<meta charset="utf-8">|<meta name="viewport" content="width=device-width">|<meta name="color-scheme" content="light dark">|<(?:p|li|h1) dir="auto">|<a href="(?:https:\/\/desk\.example\.com\/v1\/ratings\/abc|http:\/\/127\.0\.0\.1:1\/x)">/g;
const UNESCAPED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const readBack = (html: string): string =>
  html.replace(OURS, ' ').replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => UNESCAPED[name] ?? '');
const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

describe('the HTML of a letter', () => {
  it('has no element but the desk’s own, and every other angle bracket is escaped', () => {
    fc.assert(
      fc.property(nasty, body, (title, blocks) => {
        const rest = htmlText(title, blocks).replace(OURS, '');
        expect(rest).not.toMatch(/[<>]/);
        expect(rest.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
      }),
    );
  });

  it('says what the plain text says, word for word', () => {
    fc.assert(
      fc.property(nasty, fc.array(nasty, { minLength: 1, maxLength: 5 }), (title, texts) => {
        const heading = words(cleanLine(title));
        const html = words(readBack(htmlText(title, texts)));
        expect(html).toEqual([...heading, ...heading, ...words(plainText(texts))]);
      }),
    );
  });

  it('has its paragraphs, lists and links', () => {
    const blocks = [
      'Hello Ann,',
      'One\ntwo\n\nthree',
      { lead: 'You can expect:', items: ['a first answer', 'a\nb'] },
      { words: 'Rate', url: 'https://desk.example.com/x' },
    ];
    expect(plainText(blocks)).toBe(
      'Hello Ann,\n\nOne\ntwo\n\nthree\n\nYou can expect:\n- a first answer\n- a\n  b\n\nRate: https://desk.example.com/x\n',
    );
    expect(/<h1[^]*(?=<\/body>)/.exec(htmlText('We have <it>', blocks))?.[0]).toBe(
      [
        '<h1 dir="auto">We have &lt;it&gt;</h1>',
        '<p dir="auto">Hello Ann,</p>',
        '<p dir="auto">One<br>two</p>',
        '<p dir="auto">three</p>',
        '<p dir="auto">You can expect:</p>',
        '<ul>',
        '<li dir="auto">a first answer</li>',
        '<li dir="auto">a<br>b</li>',
        '</ul>',
        '<p><a href="https://desk.example.com/x">Rate</a></p>',
        '',
      ].join('\n'),
    );
  });

  it('keeps out what turns or ends a line, and keeps writing of every script', () => {
    expect(cleanText('a\u{202e}b\u{2066}c\0d\u{1b}[31me\r\nf\u{2028}g\u{d800}h\ti')).toBe('abcd[31me\nf\ngh\ti');
    expect(cleanText('שלום\u{200f} עולם – Grüße, 日本 🙂')).toBe('שלום\u{200f} עולם – Grüße, 日本 🙂');
  });
});

describe('the headers of a letter', () => {
  const writer = {
    name: 'Support desk',
    address: 'support@example.com',
    inbound: { mailDomain: 'desk.example.com', secret: 'a secret' },
  };
  const EXPECTED = [
    ...['auto-submitted', 'content-type', 'date', 'from', 'in-reply-to', 'message-id', 'mime-version', 'references'],
    ...['reply-to', 'subject', 'to', 'x-auto-response-suppress', 'x-makegood-cause'],
  ];
  const ticketId = 'tkt_01J9ZC2M6Q4V7R8T5X3W1Y0N2M';

  it('are the same few, whatever stands in names, subjects and causes', async () => {
    await fc.assert(
      fc.asyncProperty(nasty, nasty, nasty, nasty, async (title, about, name, cause) => {
        const reader = { email: 'ann@example.com', name };
        const letter = writeLetter({ reader, title, about, ticketId, body: ['x'], signature: name });
        const raw = await rawMessage(letter, { ...writer, name }, `c${cause}`);
        const { headers, to, from, replyTo, subject, bcc, cc } = await PostalMime.parse(raw);
        expect(headers.map(({ key }) => key).toSorted()).toEqual(EXPECTED);
        expect(to).toEqual([{ address: 'ann@example.com', name: '' }]);
        expect(from?.address).toBe('support@example.com');
        expect(replyTo?.map(({ address }) => address)).toEqual([
          expect.stringMatching(/^reply\+[0-9a-z]{26}\.[a-z2-7]{20}@desk\.example\.com$/),
        ]);
        expect([cc, bcc]).toEqual([undefined, undefined]);
        expect(subject ?? '').not.toMatch(/[\p{Cc}\u{202a}-\u{202e}\u{2066}-\u{2069}]/u);
      }),
      { numRuns: 150 },
    );
  });

  it('name one recipient, even where an address looks like several', async () => {
    const reader = { email: 'ann@example.com, mallory@example.net\r\nBcc: eve@example.net' };
    const raw = await rawMessage(writeLetter({ reader, title: 'T', body: ['x'], signature: 's' }), writer, 'c');
    const { headers } = await PostalMime.parse(raw);
    expect(headers.filter(({ key }) => key === 'to' || key === 'bcc')).toHaveLength(1);
  });

  it('refer to the mail that a letter answers, whatever its id looks like', async () => {
    const letter = {
      to: 'ann@example.com',
      subject: 'Re: x',
      body: ['x'],
      inReplyTo: 'a@example.com>\r\nBcc: <m@example.net',
    };
    const { headers } = await PostalMime.parse(await rawMessage(letter, writer, 'c'));
    const named = (key: string) => headers.filter((one) => one.key === key).map(({ value }) => value);
    expect(named('in-reply-to')).toEqual(['<a@example.comBcc:m@example.net>']);
    expect([named('references').length, named('bcc')]).toEqual([1, []]);
  });

  it('say that no person wrote it, which ticket it is about, and where answers go', async () => {
    const letter = writeLetter({
      reader: { email: 'Ann@Example.com', name: 'Ann' },
      ...{ title: 'We have your ticket', about: 'Mail is stuck', ticketId, body: ['x'], signature: 'Desk' },
    });
    const head = async (to: typeof writer | Omit<typeof writer, 'inbound'>) =>
      Object.fromEntries(
        (await PostalMime.parse(await rawMessage(letter, to, 'tkt_1-1'))).headers.map((one) => [one.key, one.value]),
      );
    expect(await head(writer)).toMatchObject({
      'auto-submitted': 'auto-generated',
      'x-auto-response-suppress': 'All',
      'x-makegood-cause': 'tkt_1-1',
      references: `<${ticketId}@desk.example.com>`,
      'in-reply-to': `<${ticketId}@desk.example.com>`,
      'reply-to': expect.stringContaining('reply+01j9zc2m6q4v7r8t5x3w1y0n2m.') as string,
      subject: `We have your ticket: Mail is stuck [${ticketId}]`,
    });
    const without = await head({ name: 'Desk', address: 'support@example.com' });
    expect(without).toMatchObject({ references: `<${ticketId}@makegood.invalid>` });
    expect(without).not.toHaveProperty('reply-to');
  });
});
