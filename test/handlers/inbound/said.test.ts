/** What an engineer's program sends of a mail in which nobody wrote a word, and of one in which somebody did. */
import { describe, expect, it } from 'vitest';
import { readMessage } from '../../../lambdas/handlers/inbound/message.ts';

const saidBy = async (type: string, ...body: string[]) => {
  const head = ['Subject: Re: it', 'In-Reply-To: <1@desk.example.com>', `Content-Type: ${type}; charset=utf-8`];
  return (await readMessage(Buffer.from([...head, '', ...body].join('\r\n'))))?.said;
};

/** As GMX, WEB.DE and mail.com begin a quote. */
const SENT_FIRST =
  '<b>Sent:</b>&nbsp;Monday<br><b>From:</b>&nbsp;a@example.com<br><b>To:</b>&nbsp;b<br><b>Subject:</b>&nbsp;x';

describe('AX-04 an answer', () => {
  it.each<[string, string, string]>([
    ['nothing', 'text/plain', ''],
    ['nothing', 'text/plain', '\u{a0}\r\n \r\n'],
    ['nothing', 'text/html', '<p>&nbsp;</p>'],
    ['nothing', 'text/html', '<p><a href="https://example.com"><img src="cid:1" alt="Example"></a></p>'],
    ['nothing', 'text/plain', '[cid:logo.png@01DA]'],
    ['repeated', 'text/plain', '> Which release?'],
    ['repeated', 'text/plain', 'On Mon, Mar 2, 2026 at 10:05 AM, Ann wrote:\r\n> Which release?\r\n\r\n-- \r\nBob'],
    ['repeated', 'text/plain', '[cid:logo.png@01DA]\r\n\r\n> Which release?'],
    ['repeated', 'text/plain', 'Sent from my iPhone\r\n\r\nOn Mon, Mar 2, 2026 at 10:05 AM, Ann wrote:\r\n> Which?'],
    ['repeated', 'text/plain', '-- \r\nBob\r\nExample Inc.'],
    [
      'repeated',
      'text/plain',
      'Gesendet: Montag, 2. März 2026\r\nVon: "Desk" <a@example.com>\r\nAn: b\r\nBetreff: x\r\n\r\nWhich?',
    ],
    ['repeated', 'text/plain', 'Date: Mon, 2 Mar 2026\r\nFrom: a@example.com\r\nTo: b\r\nSubject: x\r\n\r\nWhich?'],
    ['repeated', 'text/html', `<div>&nbsp;<div name="quote"><div>${SENT_FIRST}</div><div>Which?</div></div></div>`],
    ['repeated', 'text/plain', '>>> a@example.com 02.03.2026 10:05 >>>\r\nWhich?'],
    ['repeated', 'text/html', '<blockquote type="cite">Which release?</blockquote>'],
    ['repeated', 'text/plain', 'Sent from the desk of Bob\r\n\r\n> Which release?'],
    ['repeated', 'text/plain', '> Which release?\r\n\r\n--\r\nBob'],
    ['words', 'text/html', '<blockquote style="margin:0 0 0 40px;border:none">Restart it.</blockquote>'],
    ['words', 'text/plain', 'Run this:\r\n\r\n> restart service mail'],
    ['sealed', 'text/plain', '-----BEGIN PGP MESSAGE-----\r\n\r\nhQEM\r\n-----END PGP MESSAGE-----'],
    ['words', 'text/plain', '11.4\r\n\r\n> Which release?'],
    ['words', 'text/plain', '> Which release?\r\n\r\n11.4\r\n\r\n-- \r\nBob'],
    ['words', 'text/plain', '> Which release?\r\n11.4\r\n> And since when?'],
    ['words', 'text/plain', `-- \r\n${'step failed with a message about the queue\r\n'.repeat(40)}`],
    ['words', 'text/plain', 'Restart [the queue].'],
    ['words', 'text/html', '<p>Restart it.</p><img alt="Example">'],
  ])('says %s: %s %j', async (said, type, body) => {
    expect(await saidBy(type, body)).toBe(said);
  });
});
