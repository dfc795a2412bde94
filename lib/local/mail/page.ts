/**
 * A page for people who try the desk out: its clock and the mail it has sent. Everything on it comes from tickets and addresses
 * that somebody typed, so every value is escaped, and the page runs no script.
 */
import type { SentMail } from './outbox.ts';

/** Keeps the page from running or loading anything, whatever ends up in it. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
  'cache-control': 'no-store',
} as const;

const STYLE = `body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
article{border:1px solid #767676;border-radius:.4rem;padding:0 1rem;margin:1rem 0}
h2{font-size:1.15rem}dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1rem}dd{margin:0}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}`;

/** `now` is the desk's clock, ms since the epoch; the newest mail stands first. */
export function deskPage(now: number, mails: readonly SentMail[]): string {
  const list =
    mails.length === 0 ? '<p>No mail has been sent so far.</p>' : [...mails].reverse().map(mailArticle).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Makegood: the local desk</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>The local desk</h1>
<p>The desk's clock says ${moment(new Date(now).toISOString())}. Reload the page to see what is new.</p>
<section aria-labelledby="mail">
<h2 id="mail">Mail sent (${mails.length})</h2>
${list}
</section>
</main>
</body>
</html>
`;
}

function mailArticle(mail: SentMail): string {
  return `<article>
<h3>${escape(mail.subject)}</h3>
<dl><dt>To</dt><dd>${escape(mail.to)}</dd><dt>From</dt><dd>${escape(mail.from)}</dd><dt>Sent</dt><dd>${moment(mail.sentAt)}</dd></dl>
<pre>${escape(mail.text)}</pre>
</article>`;
}

const moment = (instant: string): string =>
  `<time datetime="${instant}">${instant.slice(0, 19).replace('T', ' ')} UTC</time>`;

const escape = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
