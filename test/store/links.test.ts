/** What a link says of the object behind it: names of every kind, and no type that a browser would run. */
import { describe, expect, it } from 'vitest';
import { dispositionOf, servedAs } from '../../lambdas/store/links.ts';

describe('a link', () => {
  it.each([
    'text/html',
    'image/svg+xml',
    'application/xhtml+xml',
    'text/xml',
    'text/javascript',
    'message/rfc822',
    '',
    'x',
  ])('serves %j as bytes', (type) => {
    expect(servedAs(type)).toBe('application/octet-stream');
  });

  it.each(['image/png', 'IMAGE/PNG', 'text/plain', 'application/pdf', 'video/mp4'])(
    'serves %j as what it is',
    (type) => {
      expect(servedAs(type)).toBe(type.toLowerCase());
    },
  );

  it.each<[string, string]>([
    ['report.pdf', `attachment; filename="report.pdf"; filename*=UTF-8''report.pdf`],
    ['a"b\\c%d.txt', `attachment; filename="a_b_c_d.txt"; filename*=UTF-8''a%22b%5Cc%25d.txt`],
    ["it's (1)*.txt", `attachment; filename="it's (1)*.txt"; filename*=UTF-8''it%27s%20%281%29%2A.txt`],
    ['übersicht.pdf', `attachment; filename="_bersicht.pdf"; filename*=UTF-8''%C3%BCbersicht.pdf`],
    ['a\r\nb\ud800.txt', `attachment; filename="a__b_.txt"; filename*=UTF-8''a%0D%0Ab%EF%BF%BD.txt`],
  ])('names %j', (filename, header) => {
    expect(dispositionOf(filename)).toBe(header);
  });
});
