/** What the failures of several letters about one cause say together. */
import { expect, it } from 'vitest';
import { HeldLetterError, tryEach } from '../../../lambdas/handlers/mail/post.ts';

const held = () => new HeldLetterError('another run is sending it');
const failing = (...failures: readonly (Error | undefined)[]) =>
  tryEach(failures, (failure) => (failure ? Promise.reject(failure) : Promise.resolve()));

it('letters that other runs have are told as that, however many they are', async () => {
  await expect(failing(held(), undefined)).rejects.toThrow(HeldLetterError);
  await expect(failing(held(), held())).rejects.toThrow(HeldLetterError);
});

it('one that was not sent is told before those that other runs have', async () => {
  await expect(failing(held(), new Error('SES is away'))).rejects.toThrow(/^2 of 2 failed, the first with Error/);
  await expect(failing(undefined, new RangeError('SES is away'))).rejects.toThrow(RangeError);
  await expect(failing(undefined, undefined)).resolves.toBeUndefined();
});
