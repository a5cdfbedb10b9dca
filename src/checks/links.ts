/** Links of a page, with the place of their address in the file. */
import type { SourcePage } from './content-tree.ts';
import { componentsOf, mdxOf } from './mdx-page.ts';
import type { Span } from './mdx-page.ts';

export interface Link extends Span { url: string }

export function linksOf(page: SourcePage): Link[] {
  const written = mdxOf(page).nodes.flatMap(({ node, start, end }) => {
    if ((node.type !== 'link' && node.type !== 'image' && node.type !== 'definition') || node.url === '') return [];
    const at = page.text.lastIndexOf(node.url, end);
    return at < start ? [] : [{ url: node.url, start: at, end: at + node.url.length }];
  });
  const attributes = componentsOf(page).flatMap((component) => ['href', 'src'].flatMap((name) => {
    const url = component.attributes[name];
    return url === undefined || url === '' ? [] : [{ url, ...component.at(name) }];
  }));
  return [...written, ...attributes].sort((a, b) => a.start - b.start);
}

/** An address below the site: from the root, or a place on the page itself. */
export function isInside({ url }: Link): boolean {
  return /^(?:[/#]|\.{0,2}[\w-]+\/|[\w-]+(?:\/|$)|\.)/.test(url) && !/^[a-z][a-z\d+.-]*:/i.test(url) && !url.startsWith('//');
}
