/**
 * Mail as people's programs write it, one file a way of writing, and beside them a table of what the desk reads. What a file says
 * of a field that the table does not name is of no account.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { screen } from '../../../lambdas/domain/mail/inbound.ts';
import { readMessage, type Message } from '../../../lambdas/handlers/inbound/message.ts';

interface Expected {
  readonly text?: string;
  /** What is shown of it where it opens a ticket, if that is more. */
  readonly opening?: string;
  readonly textHas?: readonly string[];
  readonly fullTextHas?: readonly string[];
  readonly subject?: string;
  readonly authors?: readonly string[];
  readonly cc?: readonly string[];
  readonly references?: readonly string[];
  /** Name, type, and whether the mail shows it within its text. */
  readonly attachments?: readonly (readonly [string, string, boolean?])[];
  /** The code under which the desk ignores it; null where it does not. */
  readonly automatic?: string | null;
  readonly report?: Message['report'] | null;
  readonly said?: Message['said'];
}

const FOLDER = new URL('../../fixtures/mail/', import.meta.url);
const KINDS = ['absence', 'charsets', 'forms', 'replies', 'reports'];
const table = JSON.parse(readFileSync(new URL('expected.json', FOLDER), 'utf8')) as Record<string, Expected>;

const PASSED = { spf: 'pass', dkim: 'pass', dmarc: 'pass', spam: 'pass', virus: 'pass' } as const;

/** Why the desk ignores a mail that everything else speaks for; null where it does not. */
const ignoredAs = (message: Message): string | null => {
  const screened = screen({ verdicts: PASSED, returnPath: 'ann@example.com', ...message });
  return screened.outcome === 'ignored' ? screened.code : null;
};

const namesOf = ({ attachments }: Message, expected: Expected['attachments'] = []) =>
  attachments.map(({ filename, contentType, inline }, at) =>
    expected[at]?.[2] === undefined ? [filename, contentType] : [filename, contentType, inline],
  );

it('has every fixture in the table', () => {
  const files = KINDS.flatMap((kind) => readdirSync(new URL(kind, FOLDER)).map((file) => `${kind}/${file}`));
  expect(files.sort()).toEqual(
    Object.keys(table)
      .map((name) => `${name}.eml`)
      .sort(),
  );
});

describe.each(KINDS)('%s', (kind) => {
  const cases = Object.entries(table).filter(([name]) => name.startsWith(`${kind}/`));

  it.each(cases)('%s', async (name, expected) => {
    const message = await readMessage(readFileSync(new URL(`${name}.eml`, FOLDER)));
    if (!message) throw new Error('the mail was not read');
    expect(message.text.trim()).not.toBe('');
    const seen = {
      ...message,
      attachments: namesOf(message, expected.attachments),
      automatic: ignoredAs(message),
      report: message.report ?? null,
    };
    const { textHas = [], fullTextHas = [], ...fields } = expected;
    expect(seen).toMatchObject({
      automatic: kind === 'absence' || kind === 'reports' ? expect.anything() : null,
      ...fields,
    });
    for (const words of textHas) expect(message.text).toContain(words);
    for (const words of fullTextHas) expect(message.fullText).toContain(words);
  });
});
