/**
 * Mail that somebody built to be slow to read: each kind grows something that a reader may do for every line, part or letter. None is larger
 * than what the desk reads.
 */

const HEAD = 'From: ann@example.com\r\nSubject: Mail is stuck\r\n';
const MB = 1_000_000;

const fill = (piece: string, length: number): string => piece.repeat(Math.ceil(length / piece.length));
const plain = (text: string, headers = ''): string =>
  `${HEAD}${headers}Content-Type: text/plain; charset=utf-8\r\n\r\n${text}`;
const answer = (text: string): string => plain(text, 'In-Reply-To: <1@example.com>\r\n');
const html = (text: string): string => `${HEAD}Content-Type: text/html; charset=utf-8\r\n\r\n${text}`;
const encoded = (type: string, text: string): string =>
  `${HEAD}Content-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(text)
    .toString('base64')
    .replaceAll(/.{76}/g, '$&\r\n')}`;
const parts = (count: number, part: string, after = ''): string =>
  `${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n${`--b\r\n${part}\r\n`.repeat(count)}${after}--b--\r\n`;
const nested = (depth: number, boundary = 'b'): string =>
  Array.from({ length: depth }, (_, level) => {
    const name = `${boundary}${String(level)}`;
    return `Content-Type: multipart/mixed; boundary=${name}\r\n\r\n--${name}\r\n`;
  }).join('');
/** HTML beside a plain part, which a reader may want in plain form too. */
const mixed = (markup: string): string =>
  parts(1, `Content-Type: text/html\r\n\r\n${markup}`, '--b\r\nContent-Type: text/plain\r\n\r\nfooter\r\n');

const lines = (piece: string, length = MB): string => fill(`${piece}\r\n`, length);

export const HOSTILE: Readonly<Record<string, () => string>> = {
  'parts nested 10,000 deep': () => `${HEAD}${nested(10_000)}\r\nx`,
  'parts nested 29 deep with long names and 100,000 lines alike': () =>
    `${HEAD}${nested(29, 'b'.repeat(60))}\r\n${lines(`--${'b'.repeat(60)}`, 6 * MB)}`,
  '20,000 parts of text': () => parts(20_000, 'Content-Type: text/plain\r\n\r\nx'),
  '20,000 parts of HTML': () => parts(20_000, 'Content-Type: text/html\r\n\r\n<p>x'),
  '20,000 attachments': () => parts(20_000, 'Content-Type: a/b\r\n\r\nx'),
  '200,000 parts of nothing': () => parts(200_000, ''),
  '20,000 mails within': () => parts(20_000, 'Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nx'),
  'mails within mails': () => `${HEAD}${'Content-Type: message/rfc822\r\n\r\n'.repeat(20_000)}x`,
  '30 MB of text': () => plain(lines('x'.repeat(76), 30 * MB)),
  '30 MB in one line': () => plain('x '.repeat(15 * MB)),
  '30 MB attached': () => encoded('application/pdf', 'x'.repeat(22 * MB)),
  '10 MB of line ends': () => plain('\n'.repeat(10 * MB)),
  '1 MB of headers': () => `${lines('X: y', MB)}\r\nx`,
  'headers without end': () => `${HEAD}${lines('X: y', 20 * MB)}`,
  'a header of 900 kB': () => `${HEAD}X: ${'x'.repeat(900_000)}\r\n\r\nx`,
  'a header of 100,000 folds': () => `${HEAD}X: ${lines(' x', 900_000)}\r\nx`,
  'a subject of encoded words': () => `From: a@example.com\r\nSubject: ${fill('=?utf-8?q?=41?= ', 900_000)}\r\n\r\nx`,
  'a subject that begins encoded words': () => `From: a@example.com\r\nSubject: ${fill('=?a?q?', 900_000)}\r\n\r\nx`,
  'a subject of brackets': () => `From: a@example.com\r\nSubject: ${fill('[', 900_000)}\r\n\r\nx`,
  'receivers without end': () => `${HEAD}To: ${fill('a <a@example.com>, ', 900_000)}\r\n\r\nx`,
  'receivers in quotes and comments': () => `${HEAD}To: ${fill('"(<\\', 900_000)}\r\n\r\nx`,
  'an author in brackets': () => `From: ${fill('(<', 900_000)}\r\n\r\nx`,
  'references without end': () => `${HEAD}References: ${fill('<a@example.com> ', 900_000)}\r\n\r\nx`,
  'references that only begin': () => `${HEAD}References: ${fill('<', 900_000)}\r\n\r\nx`,
  'a signature of parameters': () => `${HEAD}DKIM-Signature: ${fill('; d ', 900_000)}\r\n\r\nx`,
  'a type of parameters': () => `${HEAD}Content-Type: text/plain${fill('; a*1*=%41', 900_000)}\r\n\r\nx`,
  'a type of comments': () => `${HEAD}Content-Type: ${fill('(', 900_000)}\r\n\r\nx`,
  'HTML of 100,000 tags in each other': () => html(fill('<div>', 500_000)),
  'HTML of bold in bold': () => encoded('text/html', fill('<b>', MB)),
  'HTML of quotes in quotes': () => encoded('text/html', fill('<blockquote><p>x', MB)),
  'HTML of 90 quotes around much': () => encoded('text/html', `${'<blockquote>'.repeat(90)}${fill('<p>x', MB)}`),
  'HTML of quotes in an element of many classes': () =>
    encoded('text/html', `<div class="${fill('a ', 100_000)}">${fill('<blockquote>x</blockquote>', MB)}`),
  'HTML of lists in lists': () => encoded('text/html', `${'<ul><li>'.repeat(45)}${fill('<li>x', MB)}`),
  'HTML of tables in tables': () => encoded('text/html', fill('<table><tr><td>', MB)),
  'HTML of <': () => encoded('text/html', fill('<', MB)),
  'HTML of >': () => encoded('text/html', fill('>', MB)),
  'HTML of &': () => encoded('text/html', fill('&#', MB)),
  'HTML of spaces': () => encoded('text/html', `<pre>${fill(`x${' '.repeat(50_000)}`, MB)}`),
  'HTML of comments that never end': () => encoded('text/html', fill('<!--<style><script><head>', MB)),
  'HTML of styles': () => encoded('text/html', fill('<style>x</style>', 5 * MB)),
  'HTML of links that never end, beside text': () => mixed(fill('<a href="x', MB)),
  'HTML of cells beside text': () => mixed(fill('<td><tr><li>', MB)),
  'a text of >': () => answer(fill('>', MB)),
  'a text of <': () => answer(fill('<', MB)),
  'lines of >': () => answer(lines('>')),
  'lines of > and text by turns': () => answer(lines(`> ${'x'.repeat(70)}\r\nx`)),
  'lines that end in a colon': () => answer(lines('x:')),
  'lines that look like the head of a quote': () => answer(lines('On 2026 a <a@example.com>:')),
  'lines of wrote': () => answer(lines('On Mon, wrote:\r\n> x')),
  'lines that look like headers': () => answer(lines('From: a\r\nTo: b')),
  'marked lines that look like headers, by turns': () => answer(lines(`${'> To: a\r\n'.repeat(8)}x`)),
  'marked lines that end in a colon, by turns': () => answer(lines('> On 2026 a <a@example.com>:\r\nx')),
  'lines that look like headers but for the writer': () => answer(lines('To: a\r\nSubject: b')),
  'one line between marks': () => answer(`>>> ${fill('@', MB)} 2026 >>>`),
  'a last line of what it was sent with': () => answer(`x\n\nSent from ${fill("iphone'", MB)}`),
  'lines of rules': () => answer(lines('-'.repeat(200))),
  'lines of delimiters': () => answer(lines('--')),
  'one line of dashes': () => answer(fill('-', MB)),
  'Dutch heads of quotes': () => answer(lines('Op schreef :')),
  'Swedish heads of quotes': () => answer(lines('abc. skrev :')),
  'a line of Dutch heads': () => answer(`${fill('Op schreef ', MB)}:`),
  'blank lines': () => answer(`x${lines('')}x`),
  spaces: () => answer(`x${fill(' ', MB)}x`),
  'lines of spaces': () => answer(lines(' '.repeat(500))),
  'text of accents': () => answer(fill('e\u{301}\u{302}:\n', MB)),
  'one letter of 100,000 accents': () => answer(`e${'\u{301}'.repeat(100_000)}:\n> x`),
  'armour that never ends': () => answer(fill('-----BEGIN PGP MESSAGE-----\n', MB)),
  'signed armour that never ends': () => answer(fill('-----BEGIN PGP SIGNED MESSAGE-----\nHash: x\n', MB)),
  'a text in no charset': () => `${HEAD}\r\n${'\u{fffd}'.repeat(300_000)}`,
  'an invitation of one line': () => encoded('text/calendar', `BEGIN:VEVENT\nSUMMARY${';'.repeat(MB)}`),
  'an invitation of escapes': () => encoded('text/calendar', `BEGIN:VEVENT\nDESCRIPTION:${fill('\\', MB)}`),
  'a container of nothing': () => encoded('application/ms-tnef', `\x78\x9f\x3e\x22${'\0'.repeat(MB)}`),
  'a report of one field': () =>
    parts(1, `Content-Type: message/delivery-status\r\n\r\nA: b\r\n\r\n${lines(' ')}Action: failed${lines('')}`),
  'a report of 50,000 receivers': () =>
    parts(
      1,
      `Content-Type: message/delivery-status\r\n\r\n${lines('Final-Recipient: rfc822; a\r\nAction: failed\r\n')}`,
    ),
  'a failed receiver and a long line': () =>
    plain(`${fill('5 ', MB)}\r\n${fill('-', MB)}`, 'X-Failed-Recipients: a@example.com\r\n'),
};
