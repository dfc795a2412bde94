/** Whether a mail of the vendor's people is an answer, by what it says and brings. */
import { describe, expect, it } from 'vitest';
import { isOwnFile, type TypedFile } from '../../../lambdas/domain/mail/attachments.ts';
import { unanswering, type Said } from '../../../lambdas/domain/mail/said.ts';

const file = (contentType: string, changes: Partial<TypedFile> = {}): TypedFile => ({
  ...{ filename: 'x', contentType, size: 10, inline: false },
  ...changes,
});
const LOG = file('text/plain');
const LOGO = file('image/png', { inline: true });

describe('a mail of an engineer', () => {
  it.each<[string, Said, TypedFile[], boolean, string | undefined]>([
    ['with words', 'words', [], false, undefined],
    ['without text', 'nothing', [], false, 'no-text'],
    ['without text that a manager releases', 'nothing', [], true, 'no-text'],
    ['with a logo alone', 'nothing', [LOGO], false, 'no-text'],
    ['with a file alone', 'nothing', [LOGO, LOG], false, undefined],
    ['with a quote alone', 'repeated', [LOGO], false, 'no-own-words'],
    ['with a quote alone, which a manager takes for an answer', 'repeated', [], true, undefined],
    ['with a quote and a file', 'repeated', [LOG], false, undefined],
    ['that is sealed', 'sealed', [LOG], false, 'sealed'],
    ['that is sealed and released', 'sealed', [LOG], true, 'sealed'],
  ])('AX-04 %s', (_, said, attachments, vouched, code) => {
    const stopped = unanswering({ said, attachments }, vouched);
    expect(stopped?.code).toBe(code);
    if (stopped)
      expect(stopped).toMatchObject({ outcome: 'quarantined', reason: expect.stringMatching(/^[A-Z].+\.$/) });
  });
});

it.each<[boolean, TypedFile]>([
  [true, file('application/pdf', { inline: true })],
  [true, file('image/png')],
  [false, file('image/png', { inline: true })],
  [false, file('text/plain', { size: 0 })],
  [false, file('application/pkcs7-signature')],
  [false, file('application/x-pkcs7-signature')],
  [false, file('application/pgp-signature')],
  [false, file('application/pgp-keys')],
  [false, file('text/calendar')],
  [false, file('text/vcard')],
  [false, file('application/ms-tnef')],
  [false, file('application/octet-stream', { filename: 'WINMAIL.DAT' })],
])('somebody attached it themselves: %s %j', (expected, one) => {
  expect(isOwnFile(one)).toBe(expected);
});
