/** Every combination of verdicts there is, held against the published order of what is refused and what waits. */
import { describe, expect, it } from 'vitest';
import { screen, type ReceivedMail, type Verdict, type Verdicts } from '../../../lambdas/domain/mail/inbound.ts';
import { NO_MARKS } from '../../support/marks.ts';

const words: readonly Verdict[] = ['pass', 'fail', 'gray', 'unknown'];
const policies = [undefined, 'none', 'quarantine', 'reject'] as const;

const all: readonly Verdicts[] = words.flatMap((spf) =>
  words.flatMap((dkim) =>
    words.flatMap((dmarc) =>
      words.flatMap((spam) =>
        words.flatMap((virus) => policies.map((dmarcPolicy) => ({ spf, dkim, dmarc, spam, virus, dmarcPolicy }))),
      ),
    ),
  ),
);

/** A mail whose envelope and signature are its author's own. */
const mail = (verdicts: Verdicts, changes: Partial<ReceivedMail> = {}): ReceivedMail => ({
  verdicts,
  returnPath: 'ann@example.com',
  authors: ['ann@example.com'],
  signers: ['example.com'],
  marks: NO_MARKS,
  ...changes,
});

/** The published rule, told again: each line by itself, from the worst to the best. */
const expected = ({ spf, dkim, dmarc, spam, virus, dmarcPolicy }: Verdicts): string => {
  if (virus === 'fail') return 'refused virus';
  if (spam === 'fail') return 'refused spam';
  if (dmarc === 'fail') return dmarcPolicy === 'reject' ? 'refused dmarc-reject' : 'quarantined dmarc-fail';
  if (![spf, dkim].includes('pass')) return 'quarantined unauthenticated';
  if (virus !== 'pass' || spam !== 'pass') return 'quarantined not-scanned';
  return dmarc === 'unknown' ? 'quarantined not-checked' : 'proven';
};

const screened = (one: ReceivedMail, vouched?: boolean): string => {
  const result = screen(one, vouched);
  return result.outcome === 'proven' ? 'proven' : `${result.outcome} ${result.code}`;
};

describe('the verdicts of a mail', () => {
  it('EV-10 decide in the published order, whatever they are', () => {
    expect(all).toHaveLength(4 ** 6);
    for (const verdicts of all) {
      expect({ verdicts, is: screened(mail(verdicts)) }).toEqual({ verdicts, is: expected(verdicts) });
    }
  });

  it('EV-10 prove nobody whose domain they are not about', () => {
    const forged = { returnPath: 'mallory@example.net', signers: ['example.net'] };
    for (const verdicts of all) {
      const is = screened(mail(verdicts, forged));
      if (verdicts.dmarc !== 'pass') expect({ verdicts, is }).not.toMatchObject({ is: 'proven' });
    }
  });

  it('EV-10 are asked before anything that the mail says of itself', () => {
    const automatic = { returnPath: '' };
    for (const verdicts of all) {
      const is = screened(mail(verdicts, automatic));
      expect({ verdicts, is }).toEqual({
        verdicts,
        is: expected(verdicts) === 'proven' ? 'ignored null-return-path' : expected(verdicts),
      });
    }
  });

  it('count no more once a manager vouches for the writer; what a machine wrote stays a machine’s', () => {
    for (const verdicts of all) {
      expect(screened(mail(verdicts), true)).toBe('proven');
      expect(screened(mail(verdicts, { returnPath: '' }), true)).toBe('ignored null-return-path');
      expect(screened(mail(verdicts, { authors: ['ann@example.com', 'bob@example.com'] }), true)).toBe(
        'refused several-authors',
      );
    }
  });
});
