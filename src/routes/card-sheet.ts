/** `card.css`: the site's colours, dark where the reader's system is, its two fonts, and the card. */
import type { APIRoute } from 'astro';
import card from '../styles/card.css?raw';
import sans from '../styles/fonts/ibm-plex-sans-400.woff2?url';
import sansBold from '../styles/fonts/ibm-plex-sans-600.woff2?url';
import serif from '../styles/fonts/source-serif-4-500.woff2?url';
import tokens from '../styles/tokens.css?raw';

const dark = /:root\[data-theme='dark'\] (\{[^}]*\})/;
if (!dark.test(tokens)) throw new Error("src/styles/tokens.css has no block :root[data-theme='dark'] for the card to take its dark colours from");
const colours = tokens.replace(dark, '@media (prefers-color-scheme: dark) { :root $1 }');

const fonts = [['IBM Plex Sans Subset', 400, sans], ['IBM Plex Sans Subset', 600, sansBold], ['Source Serif 4 Subset', 500, serif]]
  .map(([family, weight, url]) => `@font-face { font-family: '${family}'; font-weight: ${weight}; font-display: optional; src: url('${url}') format('woff2'); }`);

export const GET: APIRoute = () => new Response([...fonts, colours, card].join('\n'), { headers: { 'Content-Type': 'text/css; charset=utf-8' } });
