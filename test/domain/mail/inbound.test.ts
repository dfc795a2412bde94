import { describe, expect, it } from 'vitest';
import {
  authorsIn,
  screen,
  type AutomaticMarks,
  type ReceivedMail,
  type Verdicts,
} from '../../../lambdas/domain/mail/inbound.ts';
import { NO_MARKS } from '../../support/marks.ts';

const GOOD: Verdicts = { spf: 'pass', dkim: 'pass', dmarc: 'pass', spam: 'pass', virus: 'pass' };

const mail = ({
  verdicts,
  marks,
  ...changes
}: Partial<Omit<ReceivedMail, 'verdicts' | 'marks'>> & {
  verdicts?: Partial<Verdicts>;
  marks?: Partial<AutomaticMarks>;
}): ReceivedMail => ({
  verdicts: { ...GOOD, ...verdicts },
  marks: { ...NO_MARKS, ...marks },
  returnPath: 'ann@example.com',
  authors: ['ann@example.com'],
  signers: ['example.com'],
  ...changes,
});

const screened = (changes: Parameters<typeof mail>[0]): string => {
  const result = screen(mail(changes));
  return result.outcome === 'proven' ? `proven ${result.sender}` : `${result.outcome} ${result.code}`;
};

describe('a mail by itself', () => {
  it.each<[string, Parameters<typeof mail>[0]]>([
    ['proven ann@example.com', {}],
    ['refused virus', { verdicts: { virus: 'fail', spam: 'unknown', dmarc: 'fail' } }],
    ['refused spam', { verdicts: { spam: 'fail', virus: 'unknown' } }],
    ['refused dmarc-reject', { verdicts: { dmarc: 'fail', dmarcPolicy: 'reject' } }],
    ['quarantined dmarc-fail', { verdicts: { dmarc: 'fail', dmarcPolicy: 'quarantine' } }],
    ['quarantined dmarc-fail', { verdicts: { dmarc: 'fail', dmarcPolicy: 'none' } }],
    ['quarantined dmarc-fail', { verdicts: { dmarc: 'fail' } }],
    ['quarantined unauthenticated', { verdicts: { spf: 'fail', dkim: 'fail', dmarc: 'gray' } }],
    ['quarantined unauthenticated', { verdicts: { spf: 'gray', dkim: 'unknown' } }],
    ['quarantined not-scanned', { verdicts: { virus: 'gray' } }],
    ['quarantined not-scanned', { verdicts: { virus: 'unknown' } }],
    ['quarantined not-scanned', { verdicts: { spam: 'unknown' } }],
    ['quarantined not-checked', { verdicts: { dmarc: 'unknown' } }],
    ['quarantined dmarc-fail', { verdicts: { dmarc: 'fail' }, marks: { isOurs: true } }],
    ['ignored own-mail', { marks: { isOurs: true } }],
    ['ignored report', { marks: { isReport: true } }],
    ['ignored calendar-answer', { marks: { isCalendarAnswer: true } }],
    ['ignored reaction', { marks: { isReaction: true } }],
    ['ignored null-return-path', { returnPath: '' }],
    ['ignored null-return-path', { returnPath: 'mailer-daemon@example.com' }],
    ['ignored auto-submitted', { marks: { autoSubmitted: ['auto-replied'] } }],
    ['ignored auto-submitted', { marks: { autoSubmitted: ['no', 'auto-generated'] } }],
    ['ignored auto-submitted', { marks: { precedence: ['auto_reply'] } }],
    ['ignored out-of-office', { marks: { isOutOfOffice: true } }],
    ['proven ann@example.com', { marks: { autoSubmitted: ['no'] } }],
    ['ignored bulk', { marks: { precedence: ['list'] } }],
    ['proven ann@example.com', { marks: { precedence: ['first-class'] } }],
    ['ignored bulk', { marks: { isFromList: true } }],
    ['ignored auto-submitted', { marks: { autoSubmitted: ['auto-replied'] }, authors: [] }],
    ['refused no-author', { authors: [] }],
    ['refused no-author', { authors: [''] }],
    ['refused several-authors', { authors: ['ann@example.com', 'bob@example.com'] }],
    ['refused several-authors', { authors: ['ann@example.com', ''] }],
  ])('is %s: %j', (expected, changes) => {
    expect(screened(changes)).toBe(expected);
  });

  it.each<[string, string, Parameters<typeof mail>[0]]>([
    ['its own servers', 'proven ann@example.com', { verdicts: { dkim: 'fail' } }],
    ['other servers', 'quarantined not-aligned', { verdicts: { dkim: 'fail' }, returnPath: 'eve@example.net' }],
    [
      'a domain that only ends alike',
      'quarantined not-aligned',
      { verdicts: { dkim: 'fail' }, returnPath: 'eve@an-example.com' },
    ],
    ['its own signature', 'proven ann@example.com', { verdicts: { spf: 'fail' } }],
    ['another signature', 'quarantined not-aligned', { verdicts: { spf: 'fail' }, signers: ['example.net'] }],
    [
      'one of two signatures',
      'quarantined not-aligned',
      { verdicts: { spf: 'fail' }, signers: ['example.com', 'example.net'] },
    ],
    ['no signature that it names', 'quarantined not-aligned', { verdicts: { spf: 'fail' }, signers: [] }],
  ])('without DMARC, by %s is %s', (_, expected, { verdicts, ...changes }) => {
    expect(screened({ ...changes, verdicts: { dmarc: 'gray', ...verdicts } })).toBe(expected);
  });
});

describe('the addresses of a From header', () => {
  it.each<[string, string[]]>([
    ['ann@example.com', ['ann@example.com']],
    ['Ann <Ann@Example.com>', ['ann@example.com']],
    ['"Doe, Ann" <ann@example.com>', ['ann@example.com']],
    ['Doe, Ann <ann@example.com>', ['ann@example.com']],
    ['ann@example.com (Ann)', ['ann@example.com']],
    ['=?utf-8?q?J=C3=B6rg?= <joerg@example.com>', ['joerg@example.com']],
    ['"ann@example.com" <eve@example.net>', ['eve@example.net']],
    ['ann@example.com, eve@example.net', ['ann@example.com', 'eve@example.net']],
    ['ann@example.com <eve@example.net>', ['eve@example.net']],
    ['<ann@example.com> <eve@example.net>', ['']],
    ['Ann <ann@example.com> eve@example.net', ['']],
    ['Team: ann@example.com, eve@example.net;', ['', '']],
    ['ann@example.com@example.net', ['']],
    ['"Eve" <eve@example.net> "<ann@example.com>"', ['']],
    ['x (y <eve@example.net>) <ann@example.com>', ['']],
    ['"Ann <ann@example.com>', ['']],
    ['"Hans <IT>" <hans@example.com>', ['hans@example.com']],
    ['"Hans <hans@example.com>"', []],
    ['"Hans <IT>" <hans@example.com>, eve@example.net', ['']],
    ['ann@exаmple.com', ['']],
    [`${'x'.repeat(20_000)}@example.com`, ['']],
    ['nobody', []],
    ['', []],
  ])('%s', (header, expected) => {
    expect(authorsIn(header)).toEqual(expected);
  });
});
