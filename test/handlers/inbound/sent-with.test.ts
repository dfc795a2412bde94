/** Last lines that telephones and programs add to a text, and such as people write. */
import { describe, expect, it } from 'vitest';
import { wordsOfOpening } from '../../../lambdas/handlers/inbound/reading/reply.ts';

const shownAbove = (line: string): string => wordsOfOpening(`It fails.\n\n${line}`, 'x');

describe('a last line that', () => {
  it.each([
    'Sent from my iPhone',
    'Sent from my Galaxy S24 Ultra.',
    'Sent from my mobile phone',
    'Sent from Yahoo Mail on Android <https://example.com>',
    'Sent with Proton Mail secure email.',
    'Sent from Outlook for iOS',
    'Sent from Mail for Windows 10',
    'Get Outlook for iOS<https://example.com>',
    'Outlook für Android herunterladen',
    'Von meinem iPhone gesendet',
    'Von meinem/meiner Galaxy gesendet',
    'Gesendet mit der GMX Mail App',
    'Envoyé de mon iPhone',
    'Enviado desde mi iPhone',
    'Inviato da iPhone',
    'Verzonden vanaf mijn iPad',
    'Wysłane z iPhone’a',
    'Skickat från min iPhone',
    'Sendt fra min iPhone',
    'Lähetetty iPhonesta',
    'Отправлено с iPhone',
    'iPhone’umdan gönderildi',
    'iPhoneから送信',
    '나의 iPhone에서 보냄',
    '发自我的 iPhone',
  ])('a program adds is taken off: %s', (line) => {
    expect(shownAbove(line)).toBe('It fails.');
  });

  it.each([
    'Outlook for Mac 16.89',
    'Outlook for Windows 11',
    'Download Outlook for Windows',
    'Sent from the server at 10:05, it never came.',
    'Sent by mail.',
    'Mail sent',
    'New phone sent.',
    'Sent from phone to phone',
    'Sent with Outlook',
    'Gesendet von meinem iPhone kommt nichts an',
    'Sent from my iPhone it fails too',
    'Lähetetty eilen',
    'Wysłane z opóźnieniem',
  ])('somebody wrote stays: %s', (line) => {
    expect(shownAbove(line)).toBe(`It fails.\n\n${line}`);
  });
});
