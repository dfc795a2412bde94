import { expect, it } from 'vitest';
import { isPhone, phoneIn } from '../../lambdas/domain/phone.ts';

it.each([
  ['Please call me at +1 555 0100.', '+1 555 0100'],
  ['Call +49 (0)30 1234-567 after lunch', '+49 (0)30 1234-567'],
  ['My number is (555) 010-0199, thanks', '(555) 010-0199'],
  ['Tel.: 030/1234567', '030/1234567'],
  ['Ring 01.23.45.67.89 please', '01.23.45.67.89'],
  ['Reach me on 5550100999', '5550100999'],
  ['Call +1 555 010 0199 ext. 12 please', '+1 555 010 0199 ext. 12'],
  ['+1\u00a0555\u00a00100\u20112233', '+1\u00a0555\u00a00100\u20112233'],
  ['In my office:\n4711\nAnn', '4711'],
  ['Order 12345678 is stuck.\nPhone: +1 555 0100\n', '+1 555 0100'],
  ['Fax: +1 555 0199, voice +1 555 0100', '+1 555 0100'],
  ['Since 2026-11-03 09:15 at 192.168.10.12, and since 3.11.2026: call +1 555 0100', '+1 555 0100'],
])('finds the number to call in %j', (text, expected) => {
  const found = phoneIn(text);
  expect(found).toBe(expected);
  expect(isPhone(found ?? '')).toBe(true);
});

it.each([
  'Nothing leaves the queue.',
  'Error 404 on 3 servers since 2026-11-03 09:15:00, or 03.11.2026, or 11/03/2026.',
  'The host 192.168.110.120 does not answer.',
  'See https://example.com/cases/12345678?id=12345678 and ABC-12345678, #12345678.',
  '[tkt_01J9ZC2M6Q4V7R8T5X3W1Y0N2K]',
  '12345678901234567890123456789',
  '12345678@example.com',
])('finds none in %j', (text) => {
  expect(phoneIn(text)).toBeUndefined();
});

it('takes time in proportion to the text, whatever stands in it', () => {
  const before = process.cpuUsage();
  for (const part of ['1 ', '((', '1   (  ', 'tel ', '\n', '+1', '1.1.', '1:'])
    phoneIn(part.repeat(20_000 / part.length));
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(1000);
});
