/** Leads readers of addresses that were given up to where their page stands now; what stood below moves along. */
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { pathBelow } from '../catalogue/path-below.ts';
import { parseRedirects, redirected, redirectsFile } from '../catalogue/redirects.ts';
import type { Redirect } from '../catalogue/redirects.ts';
import { askedPage } from './asked-page.ts';

/** While the site is edited. */
export function movedPages(): AstroIntegration {
  let [root, base] = ['', '/'];
  return {
    name: 'moved-pages',
    hooks: {
      'astro:config:done': ({ config }) => {
        [root, base] = [fileURLToPath(config.root), config.base];
      },
      'astro:server:setup': ({ server }) => {
        server.middlewares.use((request, response, next) => {
          const asked = askedPage(request, base);
          const file = join(root, redirectsFile);
          // Read anew: somebody may be writing it.
          const to = asked === undefined || !existsSync(file) ? undefined : redirected(asked, parseRedirects(readFileSync(file, 'utf8')).redirects);
          if (to === undefined) return next();
          response.writeHead(302, { Location: `${base.replace(/\/$/, '')}${to}` }).end();
        });
      },
    },
  };
}

/** Comes after whatever gathers pages: nobody should find the old address in a search or in the sitemap. @param site its origin @param base without a slash at its end @returns how many addresses lead on */
export function writeMovedPages(folder: string, redirects: readonly Redirect[], site: string, base: string): number {
  return redirects.filter(({ from }) => !from.includes('#')).map(({ from, to }) => {
    const [path = ''] = to.split('#');
    if (existsSync(join(folder, from, 'index.html'))) throw new Error(`content/data/redirects.yaml: "${from}" leads to "${to}", but the site has a page there; take out the entry, or the page`);
    if (!existsSync(join(folder, path, 'index.html'))) throw new Error(`content/data/redirects.yaml: "${from}" leads to "${to}", where the site has no page`);
    const below = to.includes('#') ? ['index.html'] : filesIn(join(folder, path));
    for (const name of below) {
      const target = join(folder, from, name);
      mkdirSync(dirname(target), { recursive: true });
      // A static host sends no redirect, so a file is given out at both addresses.
      if (!/(^|\/)index\.html$/.test(name)) cpSync(join(folder, path, name), target);
      else writeFileSync(target, movedPage(name === 'index.html' ? to : `${to}${name.slice(0, -'index.html'.length)}`, titleIn(readFileSync(join(folder, path, name), 'utf8')), site, base));
    }
    return below.length;
  }).reduce((sum, count) => sum + count, 0);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ parentPath, name }) => pathBelow(folder, join(parentPath, name)));
}

function movedPage(to: string, title: string, site: string, base: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Moved: ${title}</title>
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url=${base}${to}">
<link rel="canonical" href="${site}${base}${to}">
</head>
<body>
<h1>This page has moved</h1>
<p>It stands at <a href="${base}${to}">${site}${base}${to}</a> now.</p>
<script src="${base}/moved.js"></script>
</body>
</html>
`;
}

function titleIn(html: string): string {
  return /<title>([^<]*)<\/title>/.exec(html)?.[1] ?? '';
}
