/**
 * All pages of the catalogue as one document for paper, made from the pages of the built site: what they say and how they look
 * is theirs. Ids get the page in front, links between pages lead to places in the document, all others to the web.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JSDOM } from 'jsdom';

export interface BookPart { title: string; groups: { title: string; pages: BookPage[] }[] }
export interface BookPage { path: string; title: string; version: string }
export interface Release { title: string; version: string; date: string; licences: string; address: string }

/** @param sheetOf number of the sheet on which a page begins, for the contents; none while it is not known */
export function bookHtml(site: string, parts: readonly BookPart[], release: Release, sheetOf: (place: string) => number | undefined): string {
  const pages = parts.flatMap(({ groups }) => groups.flatMap((group) => group.pages));
  const documents = new Map(pages.map(({ path }) => [path, new JSDOM(readFileSync(join(site, path, 'index.html'), 'utf8')).window.document]));
  const places = new Set([...documents].flatMap(([path, { body }]) => [placeOf(path), ...[...body.querySelectorAll('main [id]')].map(({ id }) => placeOf(path, id))]));
  const sheets = new Set([...documents.values()].flatMap((document) => [...document.querySelectorAll('link[rel=stylesheet]')].map((link) => link.outerHTML)));
  const feet = pages.map(({ path, version }) => `@page ${placeOf(path)} { @bottom-left { content: "${new URL(`.${path}${version}/`, release.address).href}"; } }`);
  // The headings of part and group stand on the sheet of the page that follows them.
  const articles = parts.flatMap(({ title, groups }) => groups.flatMap((group, groupIndex) => group.pages.map(({ path }, index) => {
    const above = [...(index === 0 ? [running(release)] : []), ...(groupIndex + index === 0 ? [`<h1>${escaped(title)}</h1>`] : []), ...(index === 0 && groups.length > 1 ? [`<h2>${escaped(group.title)}</h2>`] : [])];
    return article(path, documents.get(path), above.join(''), places, release.address);
  })));
  return `<!doctype html>
<html lang="en" data-theme="light"><head><meta charset="utf-8"><title>${escaped(`${release.title} ${release.version}`)}</title>
${[...sheets].join('\n')}
<style>${readFileSync(new URL('../src/styles/book.css', import.meta.url), 'utf8')}\n${feet.join('\n')}</style></head><body>
${titlePage(release, pages)}
${contents(parts, release, sheetOf)}
${articles.join('\n')}
</body></html>`;
}

/** Name of a place in the document: a page, or something on it. */
export function placeOf(path: string, id?: string): string {
  return [path.replaceAll(/^\/|\/$/g, '').replaceAll('/', '-'), ...(id === undefined ? [] : [id])].join('--');
}

function titlePage({ title, version, date, licences, address }: Release, pages: readonly BookPage[]): string {
  const count = (kind: string): number => pages.filter(({ path }) => path.startsWith(`/${kind}/`)).length;
  const [name = title, subtitle = ''] = title.split(': ');
  return `<header class="book-title"><p class="name">${escaped(name)}</p>
<p class="subtitle">${escaped(subtitle)}</p>
<p>${count('patterns')} patterns, ${count('problems')} problems and ${count('guides')} guides</p>
<p>Version ${escaped(version)} of ${escaped(date)}</p>
<p><a href="${address}">${address}</a></p>
<p class="licences">${escaped(licences)} The latest version of each page stands at its address; the foot of each sheet names the one that it holds.</p></header>`;
}

function contents(parts: readonly BookPart[], release: Release, sheetOf: (place: string) => number | undefined): string {
  const line = ({ path, title }: BookPage): string => `<li><a href="#${placeOf(path)}"><span>${escaped(title)}</span><b>${sheetOf(placeOf(path)) ?? ''}</b></a></li>`;
  return `<nav class="book-contents">${running(release)}<h1>Contents</h1>${parts.map(({ title, groups }) => `<p class="part-name">${escaped(title)}</p>
${groups.map((group) => `<section>${groups.length === 1 ? '' : `<p>${escaped(group.title)}</p>`}<ul>${group.pages.map(line).join('')}</ul></section>`).join('\n')}`).join('\n')}</nav>`;
}

/** Above the heading of a part: Chromium writes a heading twice into the bookmarks where it is the first on a sheet of another name. */
function running({ title, version }: Release): string {
  return `<p class="kicker">${escaped(`${title.split(': ')[0]} ${version}`)}</p>`;
}

/** Headings go two levels down, below those of part and group. */
function article(path: string, document: Document | undefined, above: string, places: ReadonlySet<string>, address: string): string {
  const main = document?.querySelector('main');
  if (document === undefined || main === null || main === undefined) throw new Error(`${path} has no <main>`);
  for (const part of main.querySelectorAll('script, link, style, .print-hidden, .page-footer, .sl-anchor-link, .claim, copy-code, .diagram details, .sim :is(.sim-controls, .sim-actions, .sim-table, [data-editor]), [data-pagefind-filter], .moved')) part.remove();
  for (const details of main.querySelectorAll('details')) details.open = true;
  for (const [level, below] of [[3, 5], [2, 4], [1, 3]] as const) {
    for (const heading of main.querySelectorAll(`h${level}`)) {
      const lower = document.createElement(`h${below}`);
      for (const { name, value } of heading.attributes) lower.setAttribute(name, value);
      lower.classList.add(`was-h${level}`);
      lower.replaceChildren(...heading.childNodes);
      heading.replaceWith(lower);
    }
  }
  for (const link of main.querySelectorAll('a[href]')) link.setAttribute('href', bookLink(link.getAttribute('href') ?? '', path, places, address));
  for (const element of main.querySelectorAll('[id]')) if (element.closest('svg') === null) element.id = placeOf(path, element.id);
  for (const name of ['aria-labelledby', 'aria-describedby']) {
    for (const element of main.querySelectorAll(`:not(svg, svg *)[${name}]`)) element.setAttribute(name, (element.getAttribute(name) ?? '').split(' ').map((id) => placeOf(path, id)).join(' '));
  }
  const colours = [...document.querySelectorAll('.frame')].flatMap(({ classList }) => [...classList]).filter((name) => name.startsWith('in-'));
  return `<article class="${['book-page', ...colours].join(' ')}" id="${placeOf(path)}" style="page: ${placeOf(path)}">${above}${main.innerHTML}</article>`;
}

/** @param address of the site, where everything stands that the document does not hold */
export function bookLink(href: string, path: string, places: ReadonlySet<string>, address: string): string {
  const home = new URL(address);
  const url = new URL(href, new URL(`.${path}`, home));
  if (url.origin !== home.origin) return href;
  const inside = url.pathname.startsWith(home.pathname) ? `/${url.pathname.slice(home.pathname.length)}` : url.pathname;
  if (!places.has(placeOf(inside))) return url.href;
  const place = placeOf(inside, decodeURIComponent(url.hash.slice(1)));
  return `#${places.has(place) ? place : placeOf(inside)}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
