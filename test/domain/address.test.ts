/** What failures of mail add up to for an address, and what lifting a stop means for reports that are still on their way. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterFailure, afterLift, type Address, type Failure } from '../../lambdas/domain/mail/address.ts';
import { fromMillis } from '../../lambdas/domain/time/instant.ts';
import { manager } from '../support/records.ts';

const at = (seconds: number): string => fromMillis(Date.UTC(2026, 2, 2, 15) + seconds * 1000);
const failed = (state: Failure['state'], seconds: number, more: Partial<Failure> = {}): Failure => ({
  email: 'Ann@example.com',
  state,
  at: at(seconds),
  reason: 'It failed.',
  ...more,
});
const after = (failures: readonly Failure[], start?: Address): Address | undefined =>
  failures.reduce<Address | undefined>((known, failure) => afterFailure(known, failure) ?? known, start);

describe('an address', () => {
  it('is stopped by a bounce, under its name in lower case', () => {
    expect(after([failed('bounced', 1)])).toEqual({
      email: 'ann@example.com',
      version: 1,
      stop: { state: 'bounced', at: at(1), reason: 'It failed.' },
    });
  });

  it('that complained is never said to have bounced alone', () => {
    expect(after([failed('complained', 1), failed('bounced', 2)])?.stop?.state).toBe('complained');
    expect(after([failed('bounced', 1), failed('complained', 2)])?.stop).toMatchObject({
      state: 'complained',
      at: at(2),
    });
  });

  it('stands the same in whatever order and however often its failures are reported', () => {
    const one = fc
      .tuple(fc.constantFrom('bounced', 'complained'), fc.nat(5), fc.constantFrom('a', 'b'))
      .map(([state, seconds, reason]) => failed(state, seconds, { reason }));
    const reports = fc
      .array(one, { minLength: 1, maxLength: 6 })
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })));
    fc.assert(
      fc.property(reports, ([all, shuffled]) => {
        expect(after(shuffled)?.stop).toEqual(after(all)?.stop);
      }),
    );
  });

  it('does not change by a failure that is known, so that nothing is written', () => {
    const known = after([failed('complained', 1)]);
    expect(afterFailure(known, failed('complained', 1))).toBeUndefined();
    expect(afterFailure(known, failed('bounced', 0))).toBeUndefined();
  });
});

describe('a lifted stop', () => {
  const lifted = afterLift(after([failed('bounced', 1)]), { actor: manager, now: at(10), reason: 'Repaired.' });

  it('lets mail go there again, and says who said so', () => {
    expect(lifted).toEqual({
      email: 'ann@example.com',
      version: 2,
      lifted: { at: at(10), by: manager, reason: 'Repaired.' },
    });
  });

  it('is not undone by a report from before: late, repeated, or about a mail that was sent before', () => {
    expect(afterFailure(lifted, failed('bounced', 1))).toBeUndefined();
    expect(afterFailure(lifted, failed('complained', 9))).toBeUndefined();
    expect(afterFailure(lifted, failed('bounced', 20, { sentAt: at(9) }))).toBeUndefined();
  });

  it('gives way to what fails afterwards', () => {
    expect(afterFailure(lifted, failed('bounced', 20, { sentAt: at(15) }))?.stop?.at).toBe(at(20));
    // A complaint is a wish, whenever the mail was sent that it is about.
    expect(afterFailure(lifted, failed('complained', 20, { sentAt: at(9) }))).toMatchObject({
      version: 3,
      stop: { state: 'complained' },
      lifted: { at: at(10) },
    });
  });

  it('needs a stop', () => {
    expect(afterLift(undefined, { actor: manager, now: at(1) })).toBeUndefined();
    expect(afterLift(lifted, { actor: manager, now: at(11) })).toBeUndefined();
  });
});
