/**
 * A page as a card in somebody else's page: HTML without a script, with one style sheet. Where a host sends headers, the
 * addresses that end in `/card/` are the ones that may be framed by everybody: `frame-ancestors *` there, `'self'` elsewhere.
 */
import { filePathOf } from './addresses.ts';
import { atlas } from './authorship.ts';
import type { CitedPage } from './cited-page.ts';
import { longDay } from './day.ts';
import { escaped } from './escaped.ts';

export interface CardWords {
  /** What the page is, for example "Data pattern". */
  kicker: string;
  /** Class that colours it. */
  colour?: string | undefined;
  /** SVG of our own. */
  glyph?: string | undefined;
  /** Address of the style sheet. */
  sheet: string;
  /** Address of the home page. */
  home: string;
}

/** Below the site. */
export function cardPathOf({ kind, slug }: Pick<CitedPage, 'kind' | 'slug'>): string {
  return filePathOf(kind, slug, 'card/');
}

export function cardHtml({ title, description, address, version, date }: CitedPage, { kicker, colour, glyph, sheet, home }: CardWords): string {
  return `<!doctype html>
<html lang="en"${colour === undefined ? '' : ` class="${colour}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(title)} · ${atlas}</title>
<link rel="canonical" href="${escaped(address)}">
<link rel="stylesheet" href="${escaped(sheet)}">
</head>
<body>
<main>
${glyph === undefined ? '' : `<span class="glyph" aria-hidden="true">${glyph}</span>\n`}<p class="kicker">${escaped(kicker)}</p>
<h1><a href="${escaped(address)}" target="_blank" rel="noopener">${escaped(title)}</a></h1>
<p>${escaped(description)}</p>
<p class="facts">Version ${escaped(version)} · <time datetime="${date}">${longDay(date)}</time> · <a href="${escaped(home)}" target="_blank" rel="noopener">${atlas}</a></p>
</main>
</body>
</html>
`;
}
