/**
 * Pages that the API answers to browsers: one shell, one style sheet, no script, nothing from elsewhere. It knows no operation. The
 * trap: what people wrote is on these pages, and whoever holds the address of one may act, so no header may let either leave it.
 */
import { createHash } from 'node:crypto';
import { Markup, markup } from '../text/markup.ts';
import type { Page } from './desk.ts';

const STYLE = `:root{color-scheme:light dark}body{font:1.125rem/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}
fieldset{border:1px solid;padding:.5rem 1rem;margin:0 0 1rem}input,textarea,button{font:inherit}textarea{width:100%;box-sizing:border-box}
label{display:inline-block;padding:.25rem .5rem}button{padding:.5rem 1.5rem}`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** The address of a page may be a right to act: it is kept from other sites, caches, frames and search engines. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'cache-control': 'no-store',
};

export const HTML = 'text/html; charset=utf-8';

export const pageOf = (title: string, content: Markup): Page => ({
  headers: HEADERS,
  text: markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}</main>
</body>
</html>
`.text,
});
