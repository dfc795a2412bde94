/** Reading holds for any bytes: it never fails, keeps its bounds, loses no words, and takes no time that somebody could make long. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMessage, type Message } from '../../../lambdas/handlers/inbound/message.ts';
import { safeName } from '../../../lambdas/handlers/inbound/reading/attachments.ts';
import { textOfHtml } from '../../../lambdas/handlers/inbound/reading/markup.ts';
import { wordsOfAnswer, wordsOfOpening } from '../../../lambdas/handlers/inbound/reading/reply.ts';
import { unpack } from '../../../lambdas/handlers/inbound/reading/tnef.ts';
import { HOSTILE } from '../../support/hostile-mail.ts';

const FOLDER = new URL('../../fixtures/mail/', import.meta.url);
const FIXTURES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.eml'))
  .map((name) => readFileSync(new URL(name, FOLDER)));

const isWellFormed = (text: string): boolean => Buffer.from(text).toString() === text;

const expectBounded = (message: Message): void => {
  expect(message.subject).toMatch(/^[^\p{Cc}]{1,200}$/u);
  for (const [text, longest] of [[message.text, 20_000] as const, [message.fullText, 100_000] as const]) {
    expect(text.length).toBeLessThanOrEqual(longest);
    expect(text.trim()).not.toBe('');
    expect(text).not.toMatch(/[^\P{Cc}\n\t]/u);
    expect(isWellFormed(text)).toBe(true);
  }
  expect(message.references.length).toBeLessThanOrEqual(50);
  for (const id of message.references) expect(id).toMatch(/^[^<>\s]{1,250}$/);
  expect(message.cc.length).toBeLessThanOrEqual(50);
  for (const address of message.cc) expect(address).toMatch(/^[^@\s]+@[a-z0-9.-]+$/);
  for (const author of message.authors) expect(author).toMatch(/^$|^[^@\s]+@[a-z0-9.-]+$/);
  for (const { filename, contentType } of message.attachments) {
    expect(filename).toMatch(/^[^\p{Cc}/\\]{1,200}$/u);
    expect(isWellFormed(filename)).toBe(true);
    expect(contentType).toMatch(/^[^/\s]+\/[^/\s]+$/);
  }
};

/** A mail as somebody sent it, with pieces cut out, doubled, moved or made of other bytes. */
const spoilt = fc
  .tuple(
    fc.constantFrom(...FIXTURES),
    fc.constantFrom(...FIXTURES),
    fc.array(fc.tuple(fc.nat(), fc.nat(400), fc.nat(), fc.constantFrom('cut', 'double', 'take', 'flip')), {
      maxLength: 6,
    }),
    fc.uint8Array({ maxLength: 20 }),
  )
  .map(([mail, other, changes, bytes]) =>
    changes.reduce((now, [from, length, otherFrom, way]) => {
      const at = from % (now.length + 1);
      const rest = now.subarray(way === 'cut' || way === 'flip' ? at + length : at);
      const piece =
        way === 'double' ? now.subarray(at, at + length) : other.subarray(otherFrom % other.length).subarray(0, length);
      const middle = way === 'cut' ? [] : [way === 'flip' ? Buffer.from(bytes) : piece];
      return Buffer.concat([now.subarray(0, at), ...middle, rest]);
    }, mail),
  );

it('a mail that was spoilt on its way is read within bounds, or not at all', async () => {
  await fc.assert(
    fc.asyncProperty(spoilt, async (bytes) => {
      const message = await readMessage(bytes);
      if (message) expectBounded(message);
    }),
    { numRuns: 200 },
  );
});

const line = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '> ',
    '>> x',
    '-- ',
    '--',
    'Sent from my phone',
    'On Mon, Mar 2, 2026 at 10:05, Ann <a@example.com> wrote:',
  ),
  fc.constantFrom(
    'From: Ann <a@example.com>',
    'Sent: Monday',
    'To: b@example.com',
    'Subject: x',
    '-----Original Message-----',
  ),
  fc.constantFrom(
    '---------- Forwarded message ---------',
    '________________',
    'Ann wrote:',
    'see below',
    '2026 schrieb Ann:',
  ),
  fc.string({ maxLength: 30 }).map((text) => text.replaceAll('\n', ' ')),
);
const texts = fc.array(line, { maxLength: 40 }).map((lines) => lines.join('\n').trim());
const subjects = fc.constantFrom('x', 'Re: x', 'AW: x', 'Fwd: x');
const ways = fc.constantFrom(wordsOfAnswer, wordsOfOpening);

/** Whether all of one list stands in another, in its order. */
const standsIn = (lines: readonly string[], others: readonly string[]): boolean => {
  let at = 0;
  return lines.every((one) => (at = others.indexOf(one, at) + 1) > 0);
};

it('what is shown of a text is lines of it, in their order, and something wherever there is something', () => {
  fc.assert(
    fc.property(texts, subjects, ways, (text, subject, wordsOf) => {
      const shown = wordsOf(text, subject);
      expect(shown.trim() === '').toBe(text.trim() === '');
      const trimmed = (lines: string): string[] => lines.split('\n').map((one) => one.trim());
      expect(standsIn(trimmed(shown), trimmed(text))).toBe(true);
    }),
    { numRuns: 200 },
  );
});

it('of a mail that opens a ticket all is shown, whatever it looks like, where nothing in it is a signature', () => {
  const unsigned = texts.filter((text) => !/^--\s$|^Sent from/m.test(text));
  fc.assert(
    fc.property(unsigned, subjects, (text, subject) => {
      expect(wordsOfOpening(text, subject)).toBe(text);
    }),
    { numRuns: 200 },
  );
});

it('what a writer puts above a quote is shown whole, whatever the quote says', () => {
  const word = fc.constantFrom('queue', 'release', 'server', 'it', 'fails', 'again', '11.4', 'today');
  const own = fc.array(word, { minLength: 1, maxLength: 30 }).map((words) => words.join(' '));
  const quoted = fc.array(fc.string({ maxLength: 50 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(own, quoted, (words, lines) => {
      const quote = lines.flatMap((one) => one.split('\n')).map((one) => `> ${one}`);
      const text = [words, '', 'On 3/2/26 16:05, Support wrote:', ...quote].join('\n');
      expect(wordsOfAnswer(text, 'Re: x')).toBe(words);
    }),
  );
});

it('any markup becomes text, and any container comes apart', () => {
  const tag = fc.constantFrom(
    '<p>',
    '</p>',
    '<blockquote>',
    '</blockquote>',
    '<li>',
    '<ol>',
    '<a href=x>',
    '<img alt=',
    '<!--',
    '<td>',
    '&#',
  );
  const markup = fc
    .array(fc.oneof(tag, fc.string({ maxLength: 10 })), { maxLength: 60 })
    .map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(markup, (html) => {
      expect(textOfHtml(html)).not.toMatch(/[\u{e000}\u{e001}]/u);
    }),
    { numRuns: 200 },
  );
  const container = fc
    .uint8Array({ maxLength: 300 })
    .map((bytes) => Buffer.concat([Buffer.from('789f3e220100', 'hex'), bytes]));
  fc.assert(
    fc.property(container, (bytes) => {
      expect(unpack(bytes).attachments.length).toBeLessThanOrEqual(30);
    }),
    { numRuns: 200 },
  );
});

it('a name of a file keeps no path and nothing unseen', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
      expect(safeName(name)).toMatch(/^[^\p{Cc}/\\\u{202a}-\u{202e}]{0,200}$/u);
      expect(safeName(name)).not.toMatch(/^\./);
    }),
    { numRuns: 250 },
  );
});

describe('a mail that is built to be slow', () => {
  /**
   * The aim is a second of work on one processor. The bound is some times that, in processor time, so that a slower machine or a
   * busy one decides nothing; a step of another order would take minutes, or all memory.
   */
  const LONGEST_MS = 4000;

  it.each(Object.entries(HOSTILE))('of %s is read in little time', { timeout: 120_000 }, async (_, build) => {
    const bytes = Buffer.from(build());
    const before = process.cpuUsage();
    const message = await readMessage(bytes);
    const { user } = process.cpuUsage(before);
    expect(user / 1000).toBeLessThan(LONGEST_MS);
    if (message) expectBounded(message);
  });
});
